import { Schema, type Connection } from 'mongoose';
import type { CourseRef } from '../launch/course.js';
import type { RosterPerson } from './roster-change.js';
import type { RosterState } from './roster.js';

export interface PersonRow extends CourseRef, RosterPerson {
  /** The read that this row belongs to; only the current read's people are the roster. */
  readId: string;
}

export interface StateRow extends CourseRef {
  state: RosterState['state'];
  readId: string;
  readAt?: Date;
  pages: number;
  people: number;
  /** Students who left. */
  left: number;
  reason?: string;
  /** Where the LMS tells what changed since the last read; empty where it does not. */
  differencesUrl: string;
  /** When the whole roster was read last, not only its differences. */
  wholeReadAt?: Date;
  /**
   * Whoever was launched here as staff: Moodle lists a non-editing teacher as a learner; the launch knows better, and what it
   * said once is kept.
   */
  staff: string[];
  /** Who left or may do less since, and whose sessions were not ended yet. */
  untold: string[];
}

const text = { type: String, required: true } as const;
const course = { platform: text, deployment: text, context: text };

export function rosterModels(connection: Connection) {
  const people = new Schema<PersonRow>(
    {
      ...course,
      sub: text,
      name: String,
      givenName: String,
      familyName: String,
      email: String,
      role: String,
      // Unknown is something else than none.
      groups: { type: [String], default: undefined },
      leftAt: Date,
      readId: text,
    },
    { versionKey: false, collection: 'participants' },
  );
  people.index({ platform: 1, deployment: 1, context: 1, readId: 1, sub: 1 }, { unique: true });
  const states = new Schema<StateRow>(
    {
      ...course,
      state: text,
      readId: { type: String, default: '' },
      readAt: Date,
      pages: { type: Number, default: 0 },
      people: { type: Number, default: 0 },
      left: { type: Number, default: 0 },
      reason: String,
      differencesUrl: { type: String, default: '' },
      wholeReadAt: Date,
      staff: { type: [String], default: [] },
      untold: { type: [String], default: [] },
    },
    { versionKey: false, collection: 'rosters' },
  );
  states.index({ platform: 1, deployment: 1, context: 1 }, { unique: true });
  return {
    people: connection.model<PersonRow>('Participant', people),
    states: connection.model<StateRow>('Roster', states),
  };
}
