/**
 * How a version of the integration map comes into force. Regulation, Appendix 1, signatures: compiled by the teacher; agreed by
 * the programme leader of the School and by the director of online education, in this order.
 */
export const STATES = ['draft', 'submitted', 'agreed-by-leader', 'in-force', 'returned', 'withdrawn'] as const;
/** The director's agreement brings a version into force in the same step: it is the last that was missing. */
export type State = (typeof STATES)[number];

export const ACTS = ['submit', 'agree', 'return', 'withdraw'] as const;
export type Act = (typeof ACTS)[number];

export const AGREEING_ROLES = ['programme-leader', 'director'] as const;
export type AgreeingRole = (typeof AGREEING_ROLES)[number];

/** What somebody is to a version. Roles in the course are not among them but for the one that may change the map. */
export const PARTS = ['tutor', 'submitter', ...AGREEING_ROLES] as const;
export type Part = (typeof PARTS)[number];

const NEXT: Readonly<Record<State, Partial<Record<Act, Partial<Record<Part, State>>>>>> = {
  draft: { submit: { tutor: 'submitted' } },
  submitted: {
    agree: { 'programme-leader': 'agreed-by-leader' },
    return: { 'programme-leader': 'returned' },
    withdraw: { submitter: 'withdrawn' },
  },
  'agreed-by-leader': {
    agree: { director: 'in-force' },
    return: { director: 'returned' },
    withdraw: { submitter: 'withdrawn' },
  },
  'in-force': {},
  returned: {},
  withdrawn: {},
};

/** The state that follows; nothing where this is not to be done in this state, or not by this part. */
export const after = (state: State, act: Act, part: Part): State | undefined => NEXT[state][act]?.[part];

/** Who owes an answer. */
export function owedBy(state: State): AgreeingRole | undefined {
  return AGREEING_ROLES.find((role) => after(state, 'agree', role) !== undefined);
}

/** A role that an administrator of the LMS gave. A course role is never one. */
export interface GivenRole {
  readonly role: AgreeingRole;
  /** How the short name or the title of the courses begins; empty: all courses of the LMS. */
  readonly scope: string;
}

const plain = (text: string) => text.normalize('NFC').trim().toLocaleLowerCase('ru');

export function covers(
  { role, scope }: GivenRole,
  course: { readonly label: string; readonly title: string },
): boolean {
  if (role === 'director' || scope === '') return true;
  return [course.label, course.title].some((text) => plain(text).startsWith(plain(scope)));
}

export interface Authors {
  readonly submittedBy: { readonly sub: string };
  /** Whoever wrote something that stands in the version. */
  readonly editors: readonly string[];
}

export const isOwn = ({ submittedBy, editors }: Authors, sub: string): boolean =>
  submittedBy.sub === sub || editors.includes(sub);

export type Answer = { readonly role: AgreeingRole } | { readonly refused: 'not-now' | 'not-yours' | 'own-map' };

/** May this person answer this version now, and as what? */
export function mayAnswer(
  asked: {
    readonly version: Authors & { readonly state: State };
    readonly course: { readonly label: string; readonly title: string };
    readonly sub: string;
    readonly roles: readonly GivenRole[];
  },
  agreeOwnMap: boolean,
): Answer {
  const { version, course, sub, roles } = asked;
  const role = owedBy(version.state);
  if (!role) return { refused: 'not-now' };
  if (!roles.some((given) => given.role === role && covers(given, course))) return { refused: 'not-yours' };
  return isOwn(version, sub) && !agreeOwnMap ? { refused: 'own-map' } : { role };
}

const DAY_MS = 24 * 3_600_000;

/** Whole days. */
export const daysBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.floor((to.getTime() - from.getTime()) / DAY_MS));

/** A state as it is seen from today: one that a later version took the place of is no longer in force. */
export type Standing = State | 'replaced';

export function standingOf(
  { number, state }: { readonly number: number; readonly state: State },
  all: readonly { readonly number: number; readonly state: State }[],
): Standing {
  const later = all.some((other) => other.state === 'in-force' && other.number > number);
  return state === 'in-force' && later ? 'replaced' : state;
}
