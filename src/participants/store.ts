import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import type { Role } from '../launch/permissions.js';
import { roleOf } from '../launch/roles.js';
import type { Member } from '../lti/index.js';
import type { Participant, Participants, RosterState } from './roster.js';

interface Row extends CourseRef {
  sub: string;
  name?: string | undefined;
  givenName?: string | undefined;
  familyName?: string | undefined;
  email?: string | undefined;
  role?: Role | undefined;
  /** The complete read that found this person; only the current read's people are the roster. */
  readId: string;
}

/** Moodle lists a non-editing teacher as a learner; the launch knows better, and what it said once is kept. */
interface StaffRow extends CourseRef {
  sub: string;
}

interface StateRow extends CourseRef {
  state: RosterState['state'];
  readId: string;
  readAt?: Date;
  pages: number;
  people: number;
  reason?: string;
}

const text = { type: String, required: true } as const;
const course = { platform: text, deployment: text, context: text };

function models(connection: Connection) {
  const people = new Schema<Row>(
    {
      ...course,
      sub: text,
      name: String,
      givenName: String,
      familyName: String,
      email: String,
      role: String,
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
      reason: String,
    },
    { versionKey: false, collection: 'rosters' },
  );
  states.index({ platform: 1, deployment: 1, context: 1 }, { unique: true });
  const staff = new Schema<StaffRow>({ ...course, sub: text }, { versionKey: false, collection: 'course_staff' });
  staff.index({ platform: 1, deployment: 1, context: 1, sub: 1 }, { unique: true });
  return {
    staff: connection.model<StaffRow>('CourseStaff', staff),
    people: connection.model<Row>('Participant', people),
    states: connection.model<StateRow>('Roster', states),
  };
}

const participantOf = ({ sub, name, givenName, familyName, email, role }: Row): Participant => ({
  sub,
  name,
  givenName,
  familyName,
  email,
  role,
});

const collator = new Intl.Collator(['kk', 'ru', 'en']);
const byName = (a: Participant, b: Participant) =>
  a.name === undefined || b.name === undefined
    ? Number(a.name === undefined) - Number(b.name === undefined) || a.sub.localeCompare(b.sub)
    : collator.compare(a.name, b.name) || a.sub.localeCompare(b.sub);

export interface ParticipantStore extends Participants {
  ready(): Promise<void>;
  /** This person was launched as one who teaches here: whatever the roster says, no student. */
  rememberStaff(ref: CourseRef, sub: string): Promise<void>;
  /** Says that a read is under way, without losing what the last one found. */
  reading(ref: CourseRef): Promise<void>;
  /** Takes in a complete read: its people are written beside the old ones, then it becomes the current one in one step. */
  replace(ref: CourseRef, members: readonly Member[], read: { id: string; at: Date; pages: number }): Promise<void>;
  failed(ref: CourseRef, reason: string): Promise<void>;
}

export function createParticipantStore(connection: Connection): ParticipantStore {
  const { people, staff, states } = models(connection);

  const setState = (ref: CourseRef, set: Partial<StateRow>) =>
    states.updateOne(courseRef(ref), { $set: set }, { upsert: true });

  const readIdOf = async (ref: CourseRef): Promise<string> =>
    (await states.findOne(courseRef(ref)).lean<StateRow | null>())?.readId ?? '';

  /** The people of the current read. Where it was replaced between the two look-ups, the new one is taken. */
  async function current(ref: CourseRef, subs?: readonly string[]): Promise<Row[]> {
    let readId = await readIdOf(ref);
    for (let tries = 0; readId !== '' && tries < 5; tries += 1) {
      const who = subs === undefined ? {} : { sub: { $in: [...subs] } };
      const rows = await people.find({ ...courseRef(ref), readId, ...who }).lean<Row[]>();
      const now = await readIdOf(ref);
      if (now === readId) return rows;
      readId = now;
    }
    return [];
  }

  return {
    async ready() {
      await Promise.all([people.init(), staff.init(), states.init()]);
    },
    async rememberStaff(ref, sub) {
      const row = { ...courseRef(ref), sub };
      await staff.updateOne(row, { $setOnInsert: row }, { upsert: true }).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });
    },
    async students(ref) {
      const [rows, teaching] = await Promise.all([current(ref), staff.find(courseRef(ref)).lean<StaffRow[]>()]);
      const staffSubs = new Set(teaching.map(({ sub }) => sub));
      return rows
        .filter(({ role, sub }) => role === 'student' && !staffSubs.has(sub))
        .map(participantOf)
        .sort(byName);
    },
    async find(ref, subs) {
      const [rows, teaching] = await Promise.all([current(ref, subs), staff.find(courseRef(ref)).lean<StaffRow[]>()]);
      const staffSubs = new Set(teaching.map(({ sub }) => sub));
      return new Map(
        rows.map((row) => {
          const person = participantOf(row);
          const knownBetter = row.role === 'student' && staffSubs.has(row.sub);
          return [row.sub, knownBetter ? { ...person, role: 'assistant' as const } : person];
        }),
      );
    },
    async rosterState(ref) {
      const row = await states.findOne(courseRef(ref)).lean<StateRow | null>();
      if (!row) return { state: 'never', pages: 0, people: 0 };
      const { state, readAt, pages, people: count, reason } = row;
      return { state, readAt, pages, people: count, reason };
    },
    async reading(ref) {
      await setState(ref, { state: 'reading' });
    },
    async replace(ref, members, { id, at, pages }) {
      await people.insertMany(
        members.map(({ sub, roles, ...facts }) => ({
          ...courseRef(ref),
          sub,
          ...facts,
          role: roleOf(roles),
          readId: id,
        })),
      );
      const set = { state: 'read', readId: id, readAt: at, pages, people: members.length, reason: '' } as const;
      const before = await readIdOf(ref);
      await setState(ref, set);
      // The generation before stays for whoever is reading it now; older ones, and what a crash left, go.
      await people.deleteMany({ ...courseRef(ref), readId: { $nin: [id, before] } });
    },
    async failed(ref, reason) {
      await setState(ref, { state: reason === 'not-offered' ? 'not-offered' : 'failed', reason });
    },
  };
}
