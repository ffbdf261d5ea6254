import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { courseRef, type CourseRef } from '../launch/course.js';
import { claimOf, isDuplicate, slotKey, slotOf, type ClaimRow, type ConsultationModels, type SlotRow } from './models.js';
import { isVoid, phaseOf } from './rules.js';
import type { BookOutcome, CancelOutcome, Claim, Slot } from './slot.js';

export interface Asked {
  readonly slot: string;
  /** The slot that the student wants to leave for it, as the page showed it. */
  readonly from?: string | undefined;
  readonly sub: string;
  readonly name: string;
}

const TRIES = 60;
/** How many looks another request of the same student gets to finish before its work is taken over. */
const PATIENCE = 30;
const LOOK_MS = 40;

/**
 * Seats and claims are two documents, so every step is one conditional update and the claim decides. A seat's token is
 * announced in the claim (`trying`), then the seat is taken, then the claim says that it is sure; whoever finds the claim
 * changed in between gives the seat back. Whatever a dying process leaves is therefore visible, and can be finished or undone.
 */
export function createBookingStore({ slots, claims }: ConsultationModels) {
  const findSlot = async (ref: CourseRef, id: string): Promise<Slot | null> => {
    const row = await slots.findOne(slotKey(ref, id)).lean<SlotRow | null>();
    return row && slotOf(row);
  };

  const claimKey = (ref: CourseRef, { stage, sub }: Pick<Claim, 'stage' | 'sub'>) => ({ ...courseRef(ref), stage, sub });

  const findClaim = async (ref: CourseRef, key: Pick<Claim, 'stage' | 'sub'>): Promise<Claim | null> => {
    const row = await claims.findOne(claimKey(ref, key)).lean<ClaimRow | null>();
    return row && claimOf(row);
  };

  async function announce(ref: CourseRef, before: Claim | null, key: Pick<Claim, 'stage' | 'sub'>, trying: Claim['trying']): Promise<boolean> {
    if (before) {
      const same = { ...claimKey(ref, key), slot: before.slot, token: before.token, trying: null };
      return (await claims.updateOne(same, { $set: { trying } })).modifiedCount === 1;
    }
    try {
      await claims.create({ ...claimKey(ref, key), slot: null, token: null, trying });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** Takes the announcement back; a claim that held nothing else is gone with it. */
  async function withdraw(ref: CourseRef, claim: Pick<Claim, 'stage' | 'sub'>, token: string): Promise<void> {
    const mine = { ...claimKey(ref, claim), 'trying.token': token };
    const { deletedCount } = await claims.deleteOne({ ...mine, slot: null });
    if (deletedCount === 0) await claims.updateOne(mine, { $set: { trying: null } });
  }

  async function makeSure(ref: CourseRef, claim: Pick<Claim, 'stage' | 'sub'>, slot: string, token: string): Promise<boolean> {
    const mine = { ...claimKey(ref, claim), 'trying.token': token };
    const { modifiedCount } = await claims.updateOne(mine, { $set: { slot, token, trying: null } });
    if (modifiedCount === 1) return true;
    // Somebody who found us slow may have finished it for us.
    return (await findClaim(ref, claim))?.token === token;
  }

  async function takeSeat(ref: CourseRef, { slot, sub, name }: Asked, token: string, now: Date): Promise<boolean> {
    const open = { ...slotKey(ref, slot), state: 'published', startsAt: { $gt: now }, free: { $gt: 0 }, 'bookings.sub': { $ne: sub } } as const;
    const { modifiedCount } = await slots.updateOne(open, { $inc: { free: -1 }, $push: { bookings: { sub, name, at: now, token } } });
    return modifiedCount === 1;
  }

  /** Once only, however often it is called. A cancelled slot keeps its list: it says who was affected. */
  async function releaseSeat(ref: CourseRef, slot: string, seat: { sub: string; token: string }): Promise<void> {
    const { sub, token } = seat;
    await slots.updateOne(
      { ...slotKey(ref, slot), state: 'published', bookings: { $elemMatch: { sub, token } } },
      { $inc: { free: 1 }, $pull: { bookings: { sub, token } } },
    );
  }

  async function leave(ref: CourseRef, { sub, slot, token }: Claim): Promise<void> {
    if (slot !== null && token !== null) await releaseSeat(ref, slot, { sub, token });
  }

  /** Finishes what another request of this student began and left: its seat stands, or its announcement is void. */
  async function settle(ref: CourseRef, claim: Claim): Promise<void> {
    const { trying, sub } = claim;
    if (!trying) return;
    const slot = await findSlot(ref, trying.slot);
    const seated = slot?.state === 'published' && slot.bookings.some((seat) => seat.sub === sub && seat.token === trying.token);
    if (!seated) await withdraw(ref, claim, trying.token);
    else if (await makeSure(ref, claim, trying.slot, trying.token)) await leave(ref, claim);
  }

  /** Why the student may not go on to this slot with the seat they hold; nothing where they may. */
  async function held(ref: CourseRef, claim: Claim | null, { from }: Asked, now: Date): Promise<'free' | 'leaving' | 'already-booked'> {
    const current = claim?.slot == null ? null : await findSlot(ref, claim.slot);
    if (current?.state !== 'published') return 'free';
    return from === current.id && phaseOf(current, now) === 'open' ? 'leaving' : 'already-booked';
  }

  /** Why a seat could not be had. A seat of this student's that no claim knows is given back, and nothing is in the way any more. */
  async function whyNot(ref: CourseRef, { slot: id, sub }: Asked, now: Date): Promise<'again' | 'full' | 'gone'> {
    const slot = await findSlot(ref, id);
    if (!slot || phaseOf(slot, now) !== 'open') return 'gone';
    const stray = slot.bookings.find((seat) => seat.sub === sub);
    if (stray) await releaseSeat(ref, id, stray);
    return stray || slot.free > 0 ? 'again' : 'full';
  }

  async function attempt(ref: CourseRef, asked: Asked, slot: Slot, claim: Claim | null, now: Date): Promise<BookOutcome | 'again'> {
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
    async book(ref: CourseRef, asked: Asked, now: Date): Promise<BookOutcome | 'no-such-slot'> {
      let looks = 0;
      for (let tries = 0; tries < TRIES; tries++) {
        const slot = await findSlot(ref, asked.slot);
        if (!slot || slot.state === 'draft') return 'no-such-slot';
        const claim = await findClaim(ref, { stage: slot.stage, sub: asked.sub });
        if (claim?.trying) {
          if (isVoid(claim.trying, now) || ++looks > PATIENCE) await settle(ref, claim);
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
    async cancel(ref: CourseRef, { slot: id, sub }: Pick<Asked, 'slot' | 'sub'>, now: Date): Promise<CancelOutcome | 'no-such-slot'> {
      let looks = 0;
      for (let tries = 0; tries < TRIES; tries++) {
        const slot = await findSlot(ref, id);
        if (!slot || slot.state === 'draft') return 'no-such-slot';
        const key = { stage: slot.stage, sub };
        const claim = await findClaim(ref, key);
        if (claim?.trying) {
          if (isVoid(claim.trying, now) || ++looks > PATIENCE) await settle(ref, claim);
          else await pause(LOOK_MS);
          continue;
        }
        if (claim?.slot !== id || slot.state !== 'published') return 'not-booked';
        if (phaseOf(slot, now) !== 'open') return 'too-late';
        const { deletedCount } = await claims.deleteOne({ ...claimKey(ref, key), slot: id, token: claim.token, trying: null });
        if (deletedCount === 0) continue;
        await leave(ref, claim);
        return 'cancelled';
      }
      throw new Error('A cancellation found no quiet moment');
    },

    releaseSeat,
    settle,
    async claimsOf(ref: CourseRef): Promise<Claim[]> {
      return (await claims.find(courseRef(ref)).lean<ClaimRow[]>()).map(claimOf);
    },
  };
}
