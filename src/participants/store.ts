import { LRUCache } from 'lru-cache';
import type { Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import { roleOf } from '../launch/roles.js';
import type { Member } from '../lti/index.js';
import { amendedRoster, nextRoster, type NextRoster, type RosterChange, type RosterPerson } from './roster-change.js';
import { rosterModels, type PersonRow, type StateRow } from './roster-models.js';
import type { Participant, Participants, RosterState } from './roster.js';

const personOf = ({ sub, name, givenName, familyName, email, role, groups, leftAt }: PersonRow): RosterPerson => ({
  sub,
  name,
  givenName,
  familyName,
  email,
  role,
  groups,
  leftAt,
});

const participantOf = (row: PersonRow): Participant => {
  const { leftAt: _leftAt, ...participant } = personOf(row);
  return participant;
};

const memberAsParticipant = ({ roles, ...facts }: Member): Participant => ({ ...facts, role: roleOf(roles) });

const collator = new Intl.Collator(['kk', 'ru', 'en']);
const byName = (a: Participant, b: Participant) =>
  a.name === undefined || b.name === undefined
    ? Number(a.name === undefined) - Number(b.name === undefined) || a.sub.localeCompare(b.sub)
    : collator.compare(a.name, b.name) || a.sub.localeCompare(b.sub);

/** Differences are added up for so long; then the whole roster is read again, whatever the LMS says of them. */
const WHOLE_READ_EVERY_MS = 24 * 3_600_000;
/** Of a course each; a course has up to some thousand people. */
const KEPT_READS = 30;
const TRIES = 5;

export interface RosterRead {
  /** Unique. */
  readonly id: string;
  readonly at: Date;
  readonly pages: number;
  /** Where the LMS will tell what changes from here on. */
  readonly differencesUrl?: string | undefined;
}

export interface ParticipantStore extends Participants {
  ready(): Promise<void>;
  /** This person was launched as one who teaches here: whatever the roster says, no student. */
  rememberStaff(ref: CourseRef, sub: string): Promise<void>;
  /** They left, or the LMS says by now that they are less here than they were. */
  forgetStaff(ref: CourseRef, subs: readonly string[]): Promise<void>;
  /** Says that a read is under way, without losing what the last one found. */
  reading(ref: CourseRef): Promise<void>;
  /** Takes in a complete read: its people are written beside the old ones, then it becomes the current one in one step. */
  replace(ref: CourseRef, members: readonly Member[], read: RosterRead): Promise<RosterChange>;
  /** Takes in what changed since the last read, in the same way. */
  amend(
    ref: CourseRef,
    changes: { readonly members: readonly Member[]; readonly gone: readonly string[] },
    read: RosterRead,
  ): Promise<RosterChange>;
  failed(ref: CourseRef, reason: string): Promise<void>;
  /** Where to ask for what changed; nothing where the whole roster is to be read. */
  differencesUrl(ref: CourseRef, now: Date): Promise<string | undefined>;
  /** Who left or may do less, of all reads whose news was not passed on yet. It outlives a process that ends in between. */
  untold(ref: CourseRef): Promise<readonly string[]>;
  told(ref: CourseRef, subs: readonly string[]): Promise<void>;
}

function rosterStateOf(row: StateRow | null): RosterState {
  if (!row) return { state: 'never', pages: 0, people: 0 };
  const { state, readAt, pages, people, left, reason } = row;
  return { state, readAt, pages, people, left, reason };
}

export function createParticipantStore(connection: Connection): ParticipantStore {
  const { people, states } = rosterModels(connection);

  const stateOf = (ref: CourseRef) => states.findOne(courseRef(ref)).lean<StateRow | null>();

  const setState = (ref: CourseRef, set: Partial<StateRow>) =>
    states.updateOne(courseRef(ref), { $set: set }, { upsert: true });

  const readIdOf = async (ref: CourseRef): Promise<string> => (await stateOf(ref))?.readId ?? '';

  /** A read's people never change once it is the current one: the last used reads are kept. */
  const kept = new LRUCache<string, PersonRow[]>({ max: KEPT_READS });

  /** The people of the current read. Where it was replaced between the two look-ups, the new one is taken. */
  async function current(ref: CourseRef, subs?: readonly string[], state?: StateRow | null): Promise<PersonRow[]> {
    let readId = state === undefined ? await readIdOf(ref) : (state?.readId ?? '');
    for (let tries = 0; readId !== '' && tries < TRIES; tries += 1) {
      const known = kept.get(readId);
      if (known) return subs === undefined ? known : known.filter(({ sub }) => subs.includes(sub));
      const who = subs === undefined ? {} : { sub: { $in: [...subs] } };
      const rows = await people.find({ ...courseRef(ref), readId, ...who }).lean<PersonRow[]>();
      const now = await readIdOf(ref);
      if (now === readId) {
        const here = rows.filter(({ leftAt }) => !leftAt).sort(byName);
        if (subs === undefined) kept.set(readId, here);
        return here;
      }
      readId = now;
    }
    return [];
  }

  /** The state is there before it is changed under a condition, so that a condition that fails never inserts a second one. */
  const touch = (ref: CourseRef, state: StateRow['state'] = 'reading') =>
    states
      .updateOne(courseRef(ref), { $setOnInsert: { state, readId: '' } }, { upsert: true })
      .catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });

  /** One attempt; nothing where another read came in meanwhile, whose people and leavers have to be counted in. */
  async function tryCommit(
    ref: CourseRef,
    read: RosterRead & { readonly whole: boolean },
    next: (before: readonly RosterPerson[]) => NextRoster,
  ): Promise<RosterChange | undefined> {
    const before = await readIdOf(ref);
    const rows = before === '' ? [] : await people.find({ ...courseRef(ref), readId: before }).lean<PersonRow[]>();
    const after = next(rows.map(personOf));
    await people.insertMany(after.people.map((person) => ({ ...courseRef(ref), ...person, readId: read.id })));
    const left = after.people.filter(({ leftAt }) => leftAt);
    const set = {
      state: 'read',
      readId: read.id,
      readAt: read.at,
      pages: read.pages,
      people: after.people.length - left.length,
      left: left.filter(({ role }) => role === 'student').length,
      reason: '',
      differencesUrl: read.differencesUrl ?? '',
      ...(read.whole ? { wholeReadAt: read.at } : {}),
    } as const;
    const news = [...after.change.left, ...after.change.fell];
    const taken = await states.updateOne(
      { ...courseRef(ref), readId: before },
      { $set: set, $addToSet: { untold: { $each: news } } },
    );
    if (taken.matchedCount === 0) {
      await people.deleteMany({ ...courseRef(ref), readId: read.id });
      return undefined;
    }
    // The generation before stays for whoever is reading it now; older ones, and what a crash left, go.
    await people.deleteMany({ ...courseRef(ref), readId: { $nin: [read.id, before] } });
    return after.change;
  }

  async function commit(...[ref, read, next]: Parameters<typeof tryCommit>): Promise<RosterChange> {
    await touch(ref);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const id = tries === 0 ? read.id : `${read.id}/${tries}`;
      const change = await tryCommit(ref, { ...read, id }, next);
      if (change) return change;
    }
    throw new Error('The roster of one course is being read again and again at once');
  }

  async function roster(ref: CourseRef) {
    const state = await stateOf(ref);
    const rows = await current(ref, undefined, state);
    const staffSubs = new Set(state?.staff);
    const students = rows.filter(({ role, sub }) => role === 'student' && !staffSubs.has(sub)).map(participantOf);
    return { students, state: rosterStateOf(state) };
  }

  return {
    async ready() {
      await Promise.all([people.init(), states.init()]);
    },
    async rememberStaff(ref, sub) {
      await touch(ref, 'never');
      await states.updateOne(courseRef(ref), { $addToSet: { staff: sub } });
    },
    async forgetStaff(ref, subs) {
      await states.updateOne(courseRef(ref), { $pullAll: { staff: [...subs] } });
    },
    students: async (ref) => (await roster(ref)).students,
    roster,
    async find(ref, subs) {
      const state = await stateOf(ref);
      const rows = await current(ref, subs, state);
      const staffSubs = new Set(state?.staff);
      return new Map(
        rows.map((row) => {
          const person = participantOf(row);
          const knownBetter = row.role === 'student' && staffSubs.has(row.sub);
          return [row.sub, knownBetter ? { ...person, role: 'assistant' as const } : person];
        }),
      );
    },
    rosterState: async (ref) => rosterStateOf(await stateOf(ref)),
    async reading(ref) {
      await setState(ref, { state: 'reading' });
    },
    replace: (ref, members, read) =>
      commit(ref, { ...read, whole: true }, (before) => nextRoster(before, members.map(memberAsParticipant), read.at)),
    amend: (ref, { members, gone }, read) =>
      commit(ref, { ...read, whole: false }, (before) =>
        amendedRoster(before, { members: members.map(memberAsParticipant), gone }, read.at),
      ),
    async failed(ref, reason) {
      await setState(ref, { state: reason === 'not-offered' ? 'not-offered' : 'failed', reason });
    },
    async differencesUrl(ref, now) {
      const row = await stateOf(ref);
      if (!row?.wholeReadAt || !row.differencesUrl) return undefined;
      return now.getTime() - row.wholeReadAt.getTime() < WHOLE_READ_EVERY_MS ? row.differencesUrl : undefined;
    },
    untold: async (ref) => (await stateOf(ref))?.untold ?? [],
    async told(ref, subs) {
      await states.updateOne(courseRef(ref), { $pullAll: { untold: [...subs] } });
    },
  };
}
