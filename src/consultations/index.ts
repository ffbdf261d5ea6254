import type { Connection } from 'mongoose';
import type { CourseRef } from '../launch/course.js';
import { coverageOf, nextOf, offersOf, ownOf, stagesOf } from './rules.js';
import type { NextSlot, Offer, OwnBooking, PlannedStage, StageCoverage } from './slot.js';
import { createConsultationStore, type ConsultationStore } from './store.js';

export { STAGES } from './slot.js';
export type { NextSlot, OwnBooking, PlaceKind, PlannedStage, Stage, StageCoverage } from './slot.js';
export { plannedView } from './planned.js';
export { dayOf, placeOf, timesOf, type Reader } from './times.js';

/** The consultations, as other rooms may use them. */
export interface Consultations extends ConsultationStore {
  /** What students are offered: published slots that have not begun, full ones too, in order of time. */
  offers(course: CourseRef, now: Date): Promise<readonly Offer[]>;
  /** A student's bookings, at most one a stage, in order of time; those that the tutor cancelled stay until another is made. */
  own(course: CourseRef, sub: string, now: Date): Promise<readonly OwnBooking[]>;
  /** What the applied map plans; nothing before one was applied. */
  planned(course: CourseRef): Promise<readonly PlannedStage[] | null>;
  /** The course's stages, in their order. */
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

export function createConsultations(
  connection: Connection,
  { planned = () => Promise.resolve(null) }: Partial<Pick<Consultations, 'planned'>> = {},
): Consultations {
  const store = createConsultationStore(connection);
  return {
    ...store,
    planned,
    offers: async (course, now) => offersOf(await store.outline(course, now), now),
    own: async (course, sub, now) => ownOf(await store.held(course, sub, now), now),
    async coverage(course, students, now) {
      const read =
        students.length === 0 ? store.outline(course, now) : store.board(course, now).then(({ slots }) => slots);
      const [slots, plans] = await Promise.all([read, planned(course)]);
      return coverageOf(slots, students, now, stagesOf(plans, slots));
    },
    async glance(course, students, now, limit) {
      const [{ slots }, people, plans] = await Promise.all([store.board(course, now), students, planned(course)]);
      return { stages: coverageOf(slots, people, now, stagesOf(plans, slots)), nextSlots: nextOf(slots, now, limit) };
    },
  };
}
