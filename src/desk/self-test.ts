import type { Course } from '../launch/course.js';
import type { CallLms, GradeService, HttpAnswer, LmsFetch, Platform, RosterOutcome } from '../lti/index.js';

/** The parts that are tried, in order. The browser's own part runs in the browser. */
export const TESTS = [
  'lms-keys',
  'token',
  'our-keys',
  'roster',
  'columns-read',
  'columns-create',
  'columns-delete',
  'clock',
] as const;
export type TestName = (typeof TESTS)[number];

/** `idle`: could not be tried. `reason` is a key of the catalogue `desk`, below `test.reason`; its fix below `test.fix`. */
export interface TestResult {
  readonly name: TestName;
  readonly outcome: 'ok' | 'warn' | 'bad' | 'idle';
  readonly ms: number;
  readonly reason: string;
  /** A number for the sentence: people, seconds, status. */
  readonly count: number;
}

export interface SelfTestDeps {
  readonly lmsFetch: LmsFetch;
  /** Asks for an access token anew, whatever is kept. */
  readonly askToken: (platform: Platform) => Promise<HttpAnswer>;
  readonly readRoster: (course: Course) => Promise<RosterOutcome>;
  readonly grades: GradeService;
  readonly callLms: CallLms;
  readonly clockToleranceSeconds: number;
  readonly now: () => Date;
}

type Verdict = Omit<TestResult, 'name' | 'ms'>;

const verdict = (outcome: Verdict['outcome'], reason: string, count = 0): Verdict => ({ outcome, reason, count });

/** A difference that people do not notice and no server minds. */
const CLOSE_SECONDS = 5;

function keysVerdict(answer: HttpAnswer): Verdict {
  if (answer.failure !== undefined) return verdict('bad', answer.failure);
  if (answer.status !== 200) return verdict('bad', 'status', answer.status);
  try {
    const { keys } = JSON.parse(answer.body) as { keys?: unknown };
    return Array.isArray(keys) && keys.length > 0 ? verdict('ok', 'keys', keys.length) : verdict('bad', 'no-keys');
  } catch {
    return verdict('bad', 'no-keys');
  }
}

const isToken = (answer: HttpAnswer): boolean => answer.status === 200 && /"access_token"/.test(answer.body);

/** The LMS reads our keys to check our signature: so its answer tells whether it could. */
function ourKeysVerdict(answer: HttpAnswer): Verdict {
  if (isToken(answer)) return verdict('ok', 'read');
  if (answer.failure !== undefined) return verdict('idle', 'not-asked');
  // Moodle that cannot read a tool's key set answers a page with 404; the specification's word is invalid_client.
  if (answer.status === 404) return verdict('bad', 'not-read');
  if (/invalid_scope/.test(answer.body)) return verdict('ok', 'read');
  return verdict('bad', 'not-trusted', answer.status);
}

function tokenVerdict(answer: HttpAnswer): Verdict {
  if (isToken(answer)) return verdict('ok', 'given');
  if (answer.failure !== undefined) return verdict('bad', answer.failure);
  return verdict('bad', /invalid_scope/.test(answer.body) ? 'scope' : 'status', answer.status);
}

/** `Date` comes in whole seconds, cut off, and the way takes time: half of both is taken into account. */
function clockVerdict(answer: HttpAnswer, ms: number, deps: SelfTestDeps): Verdict {
  const date = Date.parse(answer.headers['date'] ?? '');
  if (Number.isNaN(date)) return verdict('idle', 'no-date');
  const apart = Math.abs(Math.round((deps.now().getTime() - ms / 2 - (date + 500)) / 1000));
  if (apart <= CLOSE_SECONDS) return verdict('ok', 'apart', apart);
  return verdict(apart < deps.clockToleranceSeconds ? 'warn' : 'bad', 'apart', apart);
}

/** The LMS's answer to a reason and, for the sentence, its status. */
const failed = ({ reason, answer }: { reason: string; answer?: { status: number } | undefined }): Verdict =>
  verdict(reason === 'not-offered' ? 'idle' : 'bad', reason, answer?.status ?? 0);

async function rosterVerdict(deps: SelfTestDeps, course: Course | undefined): Promise<Verdict> {
  if (!course) return verdict('idle', 'no-course');
  const outcome = await deps.readRoster(course);
  if (outcome.read === 'failed') return failed(outcome);
  return verdict('ok', 'people', outcome.members.length);
}

async function columnsRead(deps: SelfTestDeps, course: Course | undefined): Promise<Verdict> {
  if (!course) return verdict('idle', 'no-course');
  const outcome = await deps.grades.listLineItems(course);
  return outcome.read === 'all' ? verdict('ok', 'columns', outcome.lineItems.length) : failed(outcome);
}

/** Open edX cannot take a column away again (403 even with the right): there nothing is made. */
const cannotDelete = (course: Course): boolean => course.services.resourceLinkId?.startsWith('block-v1:') === true;

/** Makes a column that nobody will look for, and takes it away again. */
async function columnsWritten(
  deps: SelfTestDeps,
  course: Course | undefined,
  time: <T>(work: () => Promise<T>) => Promise<{ value: T; ms: number }>,
): Promise<TestResult[]> {
  const idle = (reason: string): TestResult[] => [
    { name: 'columns-create', ms: 0, ...verdict('idle', reason) },
    { name: 'columns-delete', ms: 0, ...verdict('idle', reason) },
  ];
  if (!course) return idle('no-course');
  if (cannotDelete(course)) return idle('cannot-delete');
  const stamp = deps.now().getTime().toString(36);
  const wish = { label: 'Serik', scoreMaximum: 1, resourceId: `serik:self-test:${stamp}`, tag: 'self-test' };
  const made = await time(() => deps.grades.ensureLineItem(course, wish));
  if (made.value.read === 'failed')
    return [
      { name: 'columns-create', ms: made.ms, ...failed(made.value) },
      { name: 'columns-delete', ms: 0, ...verdict('idle', 'nothing-made') },
    ];
  const { lineItem } = made.value;
  const gone = await time(() => deps.grades.deleteLineItem(course, lineItem.id));
  return [
    { name: 'columns-create', ms: made.ms, ...verdict('ok', 'made') },
    {
      name: 'columns-delete',
      ms: gone.ms,
      ...(gone.value.read === 'failed' ? failed(gone.value) : verdict('ok', 'deleted')),
    },
  ];
}

/**
 * Tries each service of one platform, in its last launched course, over the wire as real work would. It changes nothing
 * that stays: the one grade column that it makes it takes away.
 */
export async function runSelfTest(
  deps: SelfTestDeps,
  platform: Platform,
  course: Course | undefined,
): Promise<readonly TestResult[]> {
  async function time<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
    const start = performance.now();
    const value = await work();
    return { value, ms: Math.round(performance.now() - start) };
  }
  const keys = await time(() => deps.lmsFetch({ method: 'GET', url: platform.jwksUrl }));
  const token = await time(() => deps.askToken(platform));
  const roster = await time(() => rosterVerdict(deps, course));
  const columns = await time(() => columnsRead(deps, course));
  const written =
    columns.value.outcome === 'bad'
      ? await columnsWritten(deps, undefined, time)
      : await columnsWritten(deps, course, time);
  return [
    { name: 'lms-keys', ms: keys.ms, ...keysVerdict(keys.value) },
    { name: 'token', ms: token.ms, ...tokenVerdict(token.value) },
    { name: 'our-keys', ms: token.ms, ...ourKeysVerdict(token.value) },
    { name: 'roster', ms: roster.ms, ...roster.value },
    { name: 'columns-read', ms: columns.ms, ...columns.value },
    ...written,
    { name: 'clock', ms: keys.ms, ...clockVerdict(keys.value, keys.ms, deps) },
  ];
}
