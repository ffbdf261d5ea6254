import type { CourseRef } from '../launch/course.js';
import type { Role } from '../launch/permissions.js';

/** One person of the course's roster, as the LMS's Names and Roles service said it last. */
export interface Participant {
  readonly sub: string;
  readonly name?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
  /** Nothing where the LMS names no role that we serve. */
  readonly role?: Role | undefined;
  /** Names of this person's groups in the LMS; nothing where the LMS offers none. */
  readonly groups?: readonly string[] | undefined;
}

export interface RosterState {
  readonly state: 'never' | 'reading' | 'read' | 'failed' | 'not-offered';
  /** Of the last complete read. */
  readonly readAt?: Date | undefined;
  readonly pages: number;
  readonly people: number;
  /** Students who were on the roster and are not any more. */
  readonly left?: number | undefined;
  /** Why the last read failed: a key of the catalogue `participants`, under `reason`. */
  readonly reason?: string | undefined;
}

/** What other rooms may ask of the roster. People who left the course are not in it. */
export interface Participants {
  /** Ordered by name; people without a name come last. */
  students(course: CourseRef): Promise<readonly Participant[]>;
  find(course: CourseRef, subs: readonly string[]): Promise<ReadonlyMap<string, Participant>>;
  rosterState(course: CourseRef): Promise<RosterState>;
  /** Both at once, of one moment. */
  roster(course: CourseRef): Promise<{ readonly students: readonly Participant[]; readonly state: RosterState }>;
}
