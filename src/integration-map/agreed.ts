import type { Course, CourseRef } from '../launch/course.js';
import type { Agreed } from './documents/signatures.js';
import { dayOf, say, type Reader } from './labels.js';
import type { IntegrationMap } from './map.js';
import type { MapStore } from './store.js';

/** A version of the course's map by its number, or the one that says what this map says; nothing where there is none. */
export type PaperOf = (
  course: Course,
  asked: number | IntegrationMap,
) => Promise<{ readonly map: IntegrationMap; readonly agreed: Agreed } | undefined>;

/** What students go by: the version in force, or the map as it stands while none is. */
export interface Planned {
  readonly map: IntegrationMap;
  /** Nothing while no version is in force. */
  readonly inForce: { readonly version: number; readonly since: Date } | null;
}

export type PlannedOf = (course: CourseRef) => Promise<Planned | null>;

/** Where nothing is ever agreed. */
export const draftOf =
  (maps: Pick<MapStore, 'find'>): PlannedOf =>
  async (course) => {
    const map = await maps.find(course);
    return map && { map, inForce: null };
  };

/** How far the students may rely on it. */
export const reliance = (reader: Reader, { inForce }: Planned): string =>
  inForce
    ? say(reader, 'plan.in-force', { version: inForce.version, day: dayOf(reader, inForce.since) })
    : say(reader, 'plan.not-agreed');
