import type { Connection } from 'mongoose';
import type { CourseRef } from '../launch/course.js';
import { createBookingStore } from './booking-store.js';
import { consultationModels } from './models.js';
import { faultsOf, isVoid } from './rules.js';
import type { Claim, Slot } from './slot.js';
import { createSeats } from './seats.js';
import { createSlotStore } from './slot-store.js';

export interface Board {
  /** In order of time. */
  readonly slots: readonly Slot[];
  readonly claims: readonly Claim[];
}

/** How often students' pages look for seats that are nobody's; staff's pages always do. */
const MEND_EVERY_MS = 60_000;

/** Slots, seats and claims of a course. */
export function createConsultationStore(connection: Connection) {
  const models = consultationModels(connection);
  const tutors = createSlotStore(models);
  const seats = createSeats(models);
  const { claimsOf, seatOf, releaseSeat, settle } = seats;
  const { book, cancel } = createBookingStore(seats);

  const read = async (ref: CourseRef): Promise<Board> => {
    const slots = await tutors.list(ref);
    return { slots, claims: slots.length === 0 ? [] : await claimsOf(ref) };
  };

  /** All that there is, after putting right what a process that died in the middle of a booking left behind. */
  const board = async (ref: CourseRef, now: Date): Promise<Board> => {
    const found = await read(ref);
    const { stalled, orphans } = faultsOf(found.slots, found.claims, now);
    if (stalled.length === 0 && orphans.length === 0) return found;
    for (const claim of stalled) await settle(ref, claim, now);
    for (const { slot, seat } of orphans) await releaseSeat(ref, slot, seat);
    return read(ref);
  };

  const mended = new Map<string, number>();

  return {
    async ready(): Promise<void> {
      await Promise.all([models.slots.init(), models.claims.init()]);
    },
    board,
    /** The slots without anyone's seat: a course may have thousands of students. What died is still put right now and then. */
    async outline(ref: CourseRef, now: Date): Promise<readonly Slot[]> {
      const key = JSON.stringify([ref.platform, ref.deployment, ref.context]);
      if (now.getTime() - (mended.get(key) ?? 0) > MEND_EVERY_MS) {
        mended.set(key, now.getTime());
        await board(ref, now);
      }
      return tutors.outline(ref);
    },
    /** The slots that this student holds a seat in, in order of time. */
    async held(ref: CourseRef, sub: string, now: Date): Promise<readonly Slot[]> {
      const before = await claimsOf(ref, sub);
      const stalled = before.filter(({ trying }) => trying !== null && isVoid(trying, now));
      for (const claim of stalled) await settle(ref, claim, now);
      const claims = stalled.length === 0 ? before : await claimsOf(ref, sub);
      const slots = await Promise.all(claims.map((claim) => seatOf(ref, claim)));
      return slots.filter((slot) => slot !== null).sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
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
