import type { Connection } from 'mongoose';
import type { CourseRef } from '../launch/course.js';
import { createBookingStore } from './booking-store.js';
import { consultationModels } from './models.js';
import { faultsOf } from './rules.js';
import type { Claim, Slot } from './slot.js';
import { createSlotStore } from './slot-store.js';

export interface Board {
  /** In order of time. */
  readonly slots: readonly Slot[];
  readonly claims: readonly Claim[];
}

/** Slots, seats and claims of a course. */
export function createConsultationStore(connection: Connection) {
  const models = consultationModels(connection);
  const tutors = createSlotStore(models);
  const { book, cancel, claimsOf, releaseSeat, settle } = createBookingStore(models);

  const read = async (ref: CourseRef): Promise<Board> => {
    const slots = await tutors.list(ref);
    return { slots, claims: await claimsOf(ref) };
  };

  return {
    async ready(): Promise<void> {
      await Promise.all([models.slots.init(), models.claims.init()]);
    },
    /** All that there is, after putting right what a process that died in the middle of a booking left behind. */
    async board(ref: CourseRef, now: Date): Promise<Board> {
      const board = await read(ref);
      const { stalled, orphans } = faultsOf(board.slots, board.claims, now);
      if (stalled.length === 0 && orphans.length === 0) return board;
      for (const claim of stalled) await settle(ref, claim);
      for (const { slot, seat } of orphans) await releaseSeat(ref, slot, seat);
      return read(ref);
    },
    findSlot: tutors.find,
    addSlots: tutors.add,
    editSlot: tutors.edit,
    publish: tutors.publish,
    cancelSlot: tutors.cancel,
    deleteDraft: tutors.deleteDraft,
    book,
    cancelBooking: cancel,
  };
}

export type ConsultationStore = ReturnType<typeof createConsultationStore>;
