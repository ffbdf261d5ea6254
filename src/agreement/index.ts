import type { Connection } from 'mongoose';
import { contentOf, errorsOf, ownersOf, parsePath, type CheckCode, type Maps } from '../integration-map/index.js';
import type { IntegrationMap } from '../integration-map/index.js';
import { courseRef, type Course, type CourseRef } from '../launch/course.js';
import { newCode } from './code.js';
import { differencesOf, NOTHING } from './differences.js';
import { createRoleStore, type RoleStore } from './role-store.js';
import { after, covers, type AgreeingRole, type GivenRole } from './rules.js';
import { createVersionStore, type Decision } from './version-store.js';
import { inForceOf, openOf, type Comment, type Signer, type Version, type WholeVersion } from './version.js';

export { printedCode } from './code.js';
export { paperOf, plannedBy, type Paper } from './paper.js';
export { qrOf, type Qr } from './qr.js';
export type { AgreeingRole, GivenRole, Standing } from './rules.js';

/** Somebody who may agree, and when a letter reminded them last. */
export interface Agreer extends Signer {
  readonly remindedAt: Date | null;
}

export type SubmitOutcome =
  | { readonly outcome: 'submitted'; readonly number: number }
  | { readonly outcome: 'faults'; readonly faults: readonly CheckCode[] }
  | { readonly outcome: 'no-map' | 'changed' | 'open' | 'same' };

export interface AnswerTo {
  readonly act: 'agree' | 'return';
  readonly role: AgreeingRole;
  readonly by: Signer;
  readonly at: Date;
  readonly comment: string;
  readonly comments: readonly { readonly place: string; readonly text: string }[];
}

export interface Agreement extends Pick<
  RoleStore,
  'remember' | 'people' | 'reminded' | 'isKnown' | 'give' | 'take' | 'rolesOf' | 'holders'
> {
  ready(): Promise<void>;
  /** Newest first, without what they say. */
  versions(course: CourseRef): Promise<readonly Version[]>;
  version(course: CourseRef, number: number): Promise<WholeVersion | undefined>;
  /** Of one LMS: those that wait for an answer. */
  open(platform: string): Promise<readonly Version[]>;
  byCode(code: string): Promise<{ readonly version: Version; readonly current: Version } | undefined>;
  /** Makes a version of the map as it stands, if it stands as the submitter saw it (`revision`). */
  submit(
    course: Course,
    asked: { readonly revision: number; readonly reason: string; readonly by: Signer; readonly at: Date },
  ): Promise<SubmitOutcome>;
  /** By whoever submitted it, while it waits. */
  withdraw(version: Version, by: Signer, at: Date): Promise<'withdrawn' | 'refused' | 'changed'>;
  /** Agrees or returns what this person saw; of two at once one decides, and the other is told (`changed`). */
  answer(version: Version, answer: AnswerTo): Promise<'decided' | 'refused' | 'changed'>;
  /** Those who may agree this course's map as this. */
  whoMay(course: Course, role: AgreeingRole): Promise<readonly Agreer[]>;
  /** The version in force, whole. */
  inForce(course: CourseRef): Promise<WholeVersion | undefined>;
}

const SHOWN_OPEN = 200;
const TRIES = 5;

/** Whoever wrote last in a cell that is still there, or changed the map last. */
function editorsOf(map: IntegrationMap): string[] {
  const written = Object.entries(map.edits).filter(([path]) => {
    const parsed = parsePath(path);
    return parsed !== undefined && ownersOf(map, parsed).every(({ item }) => !item.deleted);
  });
  return [...new Set([map.updatedBy.sub, ...written.map(([, { by }]) => by)])];
}

const commentsOf = ({ role, by, at, comments }: AnswerTo): Comment[] =>
  comments.map(({ place, text }) => ({ place, text, role, name: by.name, at }));

function decisionOf(state: Version['state'], answer: AnswerTo): Decision {
  const { role, by, at, comment } = answer;
  const comments = commentsOf(answer);
  if (answer.act === 'return') return { state, comments, closed: { by, at } };
  const signature = { role, ...by, at, comment };
  return state === 'in-force'
    ? { state, signature, comments, inForceAt: at, code: newCode() }
    : { state, signature, comments };
}

export function createAgreement(connection: Connection, { maps }: { readonly maps: Pick<Maps, 'find'> }): Agreement {
  const store = createVersionStore(connection);
  const roles = createRoleStore(connection);

  async function submit(
    ...[course, { revision, reason, by, at }]: Parameters<Agreement['submit']>
  ): Promise<SubmitOutcome> {
    const map = await maps.find(course);
    if (!map) return { outcome: 'no-map' };
    if (map.revision !== revision) return { outcome: 'changed' };
    const faults = errorsOf(map).map(({ code }) => code);
    if (faults.length > 0) return { outcome: 'faults', faults };
    const content = contentOf(map);
    for (let tries = 0; tries < TRIES; tries++) {
      const versions = await store.list(course);
      if (openOf(versions)) return { outcome: 'open' };
      const inForce = inForceOf(versions);
      const base = inForce && (await store.find(course, inForce.number));
      const changes = differencesOf(base?.content ?? NOTHING, content).length;
      if (base && changes === 0) return { outcome: 'same' };
      const number = (versions[0]?.number ?? 0) + 1;
      const inserted = await store.insert({
        ...courseRef(course),
        courseId: course.id,
        number,
        discipline: map.head.discipline === '' ? course.title : map.head.discipline,
        submittedBy: by,
        submittedAt: at,
        reason,
        editors: editorsOf(map),
        basedOn: inForce?.number ?? null,
        changes,
        content,
      });
      if (inserted === 'inserted') return { outcome: 'submitted', number };
    }
    return { outcome: 'open' };
  }

  async function answer(version: Version, given: AnswerTo): Promise<'decided' | 'refused' | 'changed'> {
    const state = after(version.state, given.act, given.role);
    if (!state) return 'refused';
    for (let tries = 0; tries < TRIES; tries++) {
      const outcome = await store.decide(version, decisionOf(state, given));
      if (outcome !== 'code-taken') return outcome;
    }
    throw new Error('Every code that was drawn is taken');
  }

  return {
    ...roles,
    async ready() {
      await Promise.all([store.ready(), roles.ready()]);
    },
    versions: (course) => store.list(course),
    version: (course, number) => store.find(course, number),
    open: (platform) => store.open(platform, SHOWN_OPEN),
    async byCode(code) {
      const version = await store.byCode(code);
      if (!version) return undefined;
      return { version, current: inForceOf(await store.list(version)) ?? version };
    },
    inForce: (course) => store.inForce(course),
    submit,
    async withdraw(version, by, at) {
      const state = version.submittedBy.sub === by.sub ? after(version.state, 'withdraw', 'submitter') : undefined;
      if (!state) return 'refused';
      const outcome = await store.decide(version, { state, closed: { by, at } });
      return outcome === 'decided' ? 'withdrawn' : 'changed';
    },
    answer,
    async whoMay(course, role) {
      const holders = await roles.holders(course.platform);
      const may = holders.filter((holder) => holder.role === role && covers(holder, course));
      return [...new Map(may.map(({ sub, name, remindedAt }) => [sub, { sub, name, remindedAt }])).values()];
    },
  };
}

export const hasRoleFor = (roles: readonly GivenRole[], course: Course): boolean =>
  roles.some((role) => covers(role, course));
