import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CourseRef } from '../launch/course.js';
import { isVoid, phaseOf } from './rules.js';
import type { Asked, Seats } from './seats.js';
import type { BookOutcome, CancelOutcome, Claim, Slot } from './slot.js';

const TRIES = 60;
/** How many looks another request of the same student gets to finish before its work is taken over. */
const PATIENCE = 30;
const LOOK_MS = 40;

/** What students do: take a seat, move to another, give it back. */
export function createBookingStore(seats: Seats) {
  const { findSlot, findClaim, announce, withdraw, makeSure, takeSeat, releaseSeat, leave, settle, drop } = seats;

  /** Why the student may not go on to this slot with the seat they hold; nothing where they may. */
  async function held(
    ref: CourseRef,
    claim: Claim | null,
    { from }: Asked,
    now: Date,
  ): Promise<'free' | 'leaving' | 'already-booked'> {
    const current = claim?.slot == null ? null : await findSlot(ref, claim.slot);
    if (current?.state !== 'published') return 'free';
    return from === current.id && phaseOf(current, now) === 'open' ? 'leaving' : 'already-booked';
  }

  /** Why a seat could not be had. A seat of this student's that no claim knows is given back, and nothing is in the way any more. */
  async function whyNot(ref: CourseRef, { slot: id, sub }: Asked, now: Date): Promise<'again' | 'full' | 'gone'> {
    const slot = await findSlot(ref, id);
    if (!slot || phaseOf(slot, now) !== 'open') return 'gone';
    const seat = slot.bookings.find((one) => one.sub === sub);
    if (!seat) return slot.free > 0 ? 'again' : 'full';
    // Read after the seat was: another request of this student may have taken it in the meantime.
    const claim = await findClaim(ref, { stage: slot.stage, sub });
    if (claim?.token !== seat.token && claim?.trying?.token !== seat.token) await releaseSeat(ref, id, seat);
    return 'again';
  }

  async function attempt(
    ref: CourseRef,
    asked: Asked,
    slot: Slot,
    claim: Claim | null,
    now: Date,
  ): Promise<BookOutcome | 'again'> {
    if (phaseOf(slot, now) !== 'open') return 'gone';
    const standing = await held(ref, claim, asked, now);
    if (standing === 'already-booked') return 'already-booked';
    const key = { stage: slot.stage, sub: asked.sub };
    const token = randomBytes(9).toString('base64url');
    if (!(await announce(ref, claim, key, { slot: slot.id, token, at: now }))) return 'again';
    if (!(await takeSeat(ref, asked, token, now))) {
      await withdraw(ref, key, token);
      return whyNot(ref, asked, now);
    }
    if (!(await makeSure(ref, key, slot.id, token))) {
      await releaseSeat(ref, slot.id, { sub: asked.sub, token });
      return 'again';
    }
    if (claim) await leave(ref, claim);
    return standing === 'leaving' ? 'moved' : 'booked';
  }

  return {
    /**
     * Takes a seat, or moves the student's seat of this stage there: the old one is held until the new one is sure. The same
     * request again changes nothing and says the same. `no-such-slot` where students cannot know of it.
     */
    book: async (ref: CourseRef, asked: Asked, now: Date): Promise<BookOutcome | 'no-such-slot'> => {
      let looks = 0;
      for (let tries = 0; tries < TRIES; tries++) {
        const slot = await findSlot(ref, asked.slot);
        if (!slot || slot.state === 'draft') return 'no-such-slot';
        const claim = await findClaim(ref, { stage: slot.stage, sub: asked.sub });
        if (claim?.trying) {
          if (isVoid(claim.trying, now) || ++looks > PATIENCE) await settle(ref, claim, now);
          else await pause(LOOK_MS);
          continue;
        }
        if (claim?.slot === slot.id && slot.state === 'published') return asked.from === undefined ? 'booked' : 'moved';
        const outcome = await attempt(ref, asked, slot, claim, now);
        if (outcome !== 'again') return outcome;
      }
      throw new Error('A booking found no quiet moment');
    },

    /** Gives the student's own seat back, until the consultation begins. */
    cancel: async (
      ref: CourseRef,
      { slot: id, sub }: Pick<Asked, 'slot' | 'sub'>,
      now: Date,
    ): Promise<CancelOutcome | 'no-such-slot'> => {
      let looks = 0;
      for (let tries = 0; tries < TRIES; tries++) {
        const slot = await findSlot(ref, id);
        if (!slot || slot.state === 'draft') return 'no-such-slot';
        const key = { stage: slot.stage, sub };
        const claim = await findClaim(ref, key);
        if (claim?.trying) {
          if (isVoid(claim.trying, now) || ++looks > PATIENCE) await settle(ref, claim, now);
          else await pause(LOOK_MS);
          continue;
        }
        if (claim?.slot !== id || slot.state !== 'published') return 'not-booked';
        if (phaseOf(slot, now) !== 'open') return 'too-late';
        if (!(await drop(ref, claim))) continue;
        await leave(ref, claim);
        return 'cancelled';
      }
      throw new Error('A cancellation found no quiet moment');
    },
  };
}
