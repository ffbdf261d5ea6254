import type { Connection } from 'mongoose';
import { contentOf, faultsOf, ownersOf, parsePath, type Fault, type Maps } from '../integration-map/index.js';
import type { IntegrationMap } from '../integration-map/index.js';
import { courseRef, type Course, type CourseRef } from '../launch/course.js';
import { newCode } from './code.js';
import { differencesOf, NOTHING } from './differences.js';
import { createRoleStore, type RoleStore } from './role-store.js';
import {
  after,
  AGREEING_ROLES,
  covers,
  standingOf,
  type AgreeingRole,
  type GivenRole,
  type Standing,
} from './rules.js';
import { createVersionStore, type Decision } from './version-store.js';
import { inForceOf, openOf, type Comment, type Signer, type Version, type WholeVersion } from './version.js';

export { printedCode } from './code.js';
export { qrOf, type Qr } from './qr.js';
export type { AgreeingRole, GivenRole, Standing } from './rules.js';

/** A line of the document's signature block. */
export interface SignatureLine {
  readonly role: 'teacher' | AgreeingRole;
  /** Empty where nobody signed yet, or where the LMS tells no names. */
  readonly name: string;
  readonly at: Date | null;
  readonly state: 'signed' | 'waiting' | 'returned' | 'none';
}

export interface Signatures {
  readonly version: number;
  /** Of the verification page; nothing before the version came into force. */
  readonly code: string | null;
  readonly state: Standing;
  /** In the order of Appendix 1. */
  readonly signatures: readonly SignatureLine[];
}

export type SubmitOutcome =
  | { readonly outcome: 'submitted'; readonly number: number }
  | { readonly outcome: 'faults'; readonly faults: readonly Fault[] }
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
  'remember' | 'people' | 'isKnown' | 'give' | 'take' | 'rolesOf' | 'holders'
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
  /** Names of those who may agree this course's map as this. */
  whoMay(course: Course, role: AgreeingRole): Promise<readonly Signer[]>;
  /** Of the version in force, or else of the newest; nothing where none was submitted. */
  signatures(course: CourseRef): Promise<Signatures | undefined>;
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

function linesOf({ submittedBy, submittedAt, signatures, state }: Version): SignatureLine[] {
  const lines = AGREEING_ROLES.map((role): SignatureLine => {
    const signed = signatures.find((signature) => signature.role === role);
    if (signed) return { role, name: signed.name, at: signed.at, state: 'signed' };
    return {
      role,
      name: '',
      at: null,
      state: state === 'returned' ? 'returned' : state === 'withdrawn' ? 'none' : 'waiting',
    };
  });
  return [{ role: 'teacher', name: submittedBy.name, at: submittedAt, state: 'signed' }, ...lines];
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
    const faults = faultsOf(map);
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
      return [...new Map(may.map(({ sub, name }) => [sub, { sub, name }])).values()];
    },
    async signatures(course) {
      const versions = await store.list(course);
      const shown = inForceOf(versions) ?? versions[0];
      if (!shown) return undefined;
      const { number: version, code } = shown;
      return { version, code, state: standingOf(shown, versions), signatures: linesOf(shown) };
    },
  };
}

export const hasRoleFor = (roles: readonly GivenRole[], course: Course): boolean =>
  roles.some((role) => covers(role, course));
