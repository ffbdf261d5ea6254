import type { Connection } from 'mongoose';
import type { CourseRef } from '../launch/course.js';
import { coverageOf, nextOf, offersOf, ownOf } from './rules.js';
import type { NextSlot, Offer, OwnBooking, StageCoverage } from './slot.js';
import { createConsultationStore, type ConsultationStore } from './store.js';

export { STAGES } from './slot.js';
export type { NextSlot, OwnBooking, PlaceKind, Stage, StageCoverage } from './slot.js';
export { dayOf, placeOf, timesOf, type Reader } from './times.js';

/** The consultations, as other rooms may use them. */
export interface Consultations extends ConsultationStore {
  /** What students are offered: published slots that have not begun, full ones too, in order of time. */
  offers(course: CourseRef, now: Date): Promise<readonly Offer[]>;
  /** A student's bookings, at most one a stage, in order of time; those that the tutor cancelled stay until another is made. */
  own(course: CourseRef, sub: string, now: Date): Promise<readonly OwnBooking[]>;
  /** All three stages, in their order. */
  coverage(
    course: CourseRef,
    students: readonly { readonly sub: string }[],
    now: Date,
  ): Promise<readonly StageCoverage[]>;
  /** Coverage, and the published slots that come next or run now, in order of time. For staff: it holds the addresses to join by. */
  glance(
    course: CourseRef,
    students: readonly { readonly sub: string }[] | Promise<readonly { readonly sub: string }[]>,
    now: Date,
    limit: number,
  ): Promise<{ readonly stages: readonly StageCoverage[]; readonly nextSlots: readonly NextSlot[] }>;
}

export function createConsultations(connection: Connection): Consultations {
  const store = createConsultationStore(connection);
  return {
    ...store,
    offers: async (course, now) => offersOf(await store.outline(course, now), now),
    own: async (course, sub, now) => ownOf(await store.held(course, sub, now), now),
    async coverage(course, students, now) {
      const slots = students.length === 0 ? await store.outline(course, now) : (await store.board(course, now)).slots;
      return coverageOf(slots, students, now);
    },
    async glance(course, students, now, limit) {
      const [{ slots }, people] = await Promise.all([store.board(course, now), students]);
      return { stages: coverageOf(slots, people, now), nextSlots: nextOf(slots, now, limit) };
    },
  };
}
