import { isDuplicateKey } from '../database/duplicate.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import { claimOf, slotKey, slotOf, type ClaimRow, type ConsultationModels, type SlotRow } from './models.js';
import { phaseOf } from './rules.js';
import type { Claim, Slot } from './slot.js';

export interface Asked {
  readonly slot: string;
  /** The slot that the student wants to leave for it, as the page showed it. */
  readonly from?: string | undefined;
  readonly sub: string;
  readonly name: string;
}

/** Whose claim, on which stage. */
export type ClaimKey = Pick<Claim, 'stage' | 'sub'>;

/**
 * Seats and claims are two documents, so every step is one conditional update and the claim decides. A seat's token is
 * announced in the claim (`trying`), then the seat is taken, then the claim says that it is sure; whoever finds the claim
 * changed in between gives the seat back. Whatever a dying process leaves is therefore visible, and can be finished or undone.
 */
export function createSeats({ slots, claims }: ConsultationModels) {
  const findSlot = async (ref: CourseRef, id: string): Promise<Slot | null> => {
    const row = await slots.findOne(slotKey(ref, id)).lean<SlotRow | null>();
    return row && slotOf(row);
  };

  const claimKey = (ref: CourseRef, { stage, sub }: ClaimKey) => ({
    ...courseRef(ref),
    stage,
    sub,
  });

  const findClaim = async (ref: CourseRef, key: ClaimKey): Promise<Claim | null> => {
    const row = await claims.findOne(claimKey(ref, key)).lean<ClaimRow | null>();
    return row && claimOf(row);
  };

  async function announce(
    ref: CourseRef,
    before: Claim | null,
    key: ClaimKey,
    trying: Claim['trying'],
  ): Promise<boolean> {
    if (before) {
      const same = { ...claimKey(ref, key), slot: before.slot, token: before.token, trying: null };
      return (await claims.updateOne(same, { $set: { trying } })).modifiedCount === 1;
    }
    try {
      await claims.create({ ...claimKey(ref, key), slot: null, token: null, trying });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Takes the announcement back, if it still stands; a claim that held nothing else is gone with it. */
  async function withdraw(ref: CourseRef, claim: ClaimKey, token: string): Promise<boolean> {
    const mine = { ...claimKey(ref, claim), 'trying.token': token };
    const { deletedCount } = await claims.deleteOne({ ...mine, slot: null });
    if (deletedCount === 1) return true;
    return (await claims.updateOne(mine, { $set: { trying: null } })).modifiedCount === 1;
  }

  async function makeSure(ref: CourseRef, claim: ClaimKey, slot: string, token: string): Promise<boolean> {
    const mine = { ...claimKey(ref, claim), 'trying.token': token };
    const { modifiedCount } = await claims.updateOne(mine, { $set: { slot, token, trying: null } });
    if (modifiedCount === 1) return true;
    // Somebody who found us slow may have finished it for us.
    return (await findClaim(ref, claim))?.token === token;
  }

  async function takeSeat(ref: CourseRef, { slot, sub, name }: Asked, token: string, now: Date): Promise<boolean> {
    const open = {
      ...slotKey(ref, slot),
      state: 'published',
      startsAt: { $gt: now },
      free: { $gt: 0 },
      'bookings.sub': { $ne: sub },
    } as const;
    const { modifiedCount } = await slots.updateOne(open, {
      $inc: { free: -1 },
      $push: { bookings: { sub, name, at: now, token } },
    });
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
  async function settle(ref: CourseRef, claim: Claim, now: Date): Promise<void> {
    const { trying, sub } = claim;
    if (!trying) return;
    const wanted = await findSlot(ref, trying.slot);
    const current = claim.slot === null ? null : await findSlot(ref, claim.slot);
    const seated = wanted?.state === 'published' && wanted.bookings.some((seat) => seat.token === trying.token);
    // Nobody was told of the move yet: a seat that is still ahead is not given up for a time that has begun meanwhile.
    const tooLate =
      wanted !== null && phaseOf(wanted, now) !== 'open' && current !== null && phaseOf(current, now) === 'open';
    if (seated && !tooLate) {
      if (await makeSure(ref, claim, trying.slot, trying.token)) await leave(ref, claim);
    } else if ((await withdraw(ref, claim, trying.token)) && seated) {
      await releaseSeat(ref, trying.slot, { sub, token: trying.token });
    }
  }

  return {
    findSlot,
    findClaim,
    announce,
    withdraw,
    makeSure,
    takeSeat,
    releaseSeat,
    leave,
    settle,
    /** Ends a claim that holds this seat and is not being moved. */
    drop: async (ref: CourseRef, claim: Claim): Promise<boolean> => {
      const { slot, token } = claim;
      const { deletedCount } = await claims.deleteOne({ ...claimKey(ref, claim), slot, token, trying: null });
      return deletedCount === 1;
    },
    /** Of a course, or of one student there. */
    claimsOf: async (ref: CourseRef, sub?: string): Promise<Claim[]> => {
      const whose = { ...courseRef(ref), ...(sub === undefined ? {} : { sub }) };
      return (await claims.find(whose).lean<ClaimRow[]>()).map(claimOf);
    },

    /** The slot that a claim holds a seat in, with no other seat in it. */
    seatOf: async (ref: CourseRef, { slot, sub, token }: Claim): Promise<Slot | null> => {
      if (slot === null || token === null) return null;
      const held = { ...slotKey(ref, slot), bookings: { $elemMatch: { sub, token } } };
      const row = await slots.findOne(held).select('-bookings').lean<SlotRow | null>();
      return row && slotOf({ ...row, bookings: [] });
    },
  };
}

export type Seats = ReturnType<typeof createSeats>;
