import { startDemoLms, type DemoLms, type DemoLmsOptions, type MannerName } from '../../scripts/demo-lms/index.js';
import {
  addedByHand,
  ALL_SCOPES,
  call,
  registered,
  startFakeTool,
  tokenFor,
  type Answer,
  type FakeTool,
} from './fake-tool.js';

export const MANNERS = ['standard', 'moodle'] as const;
export type Manner = (typeof MANNERS)[number];

export const TYPE = {
  item: 'application/vnd.ims.lis.v2.lineitem+json',
  items: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  roster: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
};

export const COURSE = '2';

/** A demo LMS with a registered and active fake tool, and the tool's service calls. */
export interface Bench {
  readonly lms: DemoLms;
  readonly tool: FakeTool;
  readonly clientId: string;
  /** The first course. */
  readonly course: string;
  /** Service addresses of a launch by the tutor. */
  readonly roster: string;
  readonly lineItems: string;
  get(url: string, accept?: string): Promise<Answer>;
  send(method: 'POST' | 'PUT' | 'DELETE', url: string, type?: string, body?: unknown): Promise<Answer>;
  item(body: Record<string, unknown>): Promise<string>;
  score(item: string, body: Record<string, unknown> | string): Promise<Answer>;
  student(index: number): string;
  readonly tutor: string;
  /** No columns, no faults. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export const claim = (claims: Record<string, unknown>, name: string) =>
  claims[`https://purl.imsglobal.org/spec/${name}`] as Record<string, unknown> | undefined;

/** The address with more path, before its query. */
export const under = (address: string, part: string): string => {
  const url = new URL(address);
  url.pathname += part;
  return url.href;
};

/** By dynamic registration, and by hand in Open edX, which has none. */
export async function startBench(
  manner: MannerName,
  {
    registration = {},
    scope = ALL_SCOPES,
    ...options
  }: Partial<DemoLmsOptions> & { registration?: Record<string, unknown>; scope?: string } = {},
): Promise<Bench> {
  const tool = await startFakeTool();
  const lms = await startDemoLms({ port: 0, manner, ...options });
  const clientId = manner === 'open-edx' ? addedByHand(lms, tool).clientId : await registered(lms, tool, registration);
  const tutor = lms.people.find(({ kind }) => kind === 'tutor')?.id ?? '';
  const course = lms.courses[0]?.id ?? '';
  const claims = lms.launchClaims(course, tutor);
  const roster = String(claim(claims, 'lti-nrps/claim/namesroleservice')?.['context_memberships_url']);
  const lineItems = String(claim(claims, 'lti-ags/claim/endpoint')?.['lineitems']);
  const token = await tokenFor(lms, tool, scope);
  const students = lms.people.filter(({ kind }) => kind === 'student');
  const bench: Bench = {
    lms,
    tool,
    clientId,
    course,
    roster,
    lineItems,
    tutor,
    student: (index) => students[index]?.id ?? '',
    get: (url, accept) =>
      call(url, { headers: { Authorization: `Bearer ${token}`, ...(accept === undefined ? {} : { Accept: accept }) } }),
    send: (method, url, type, body) =>
      call(url, {
        method,
        headers: { Authorization: `Bearer ${token}`, ...(type === undefined ? {} : { 'Content-Type': type }) },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async item(body) {
      const made = await bench.send('POST', lineItems, TYPE.item, { label: 'Test', scoreMaximum: 100, ...body });
      return String(made.json()['id']);
    },
    score: (item, body) => bench.send('POST', under(item, '/scores'), TYPE.score, body),
    async clear() {
      lms.faults.clear();
      lms.acceptGrades(COURSE, false);
      for (const { id } of (await bench.get(lineItems, TYPE.items)).list()) await bench.send('DELETE', String(id));
    },
    async close() {
      await Promise.all([lms.close(), tool.close()]);
    },
  };
  return bench;
}

export const scoreOf = (userId: string, scoreGiven: number, changes: Record<string, unknown> = {}) => ({
  userId,
  scoreGiven,
  scoreMaximum: 100,
  activityProgress: 'Completed',
  gradingProgress: 'FullyGraded',
  timestamp: new Date().toISOString(),
  ...changes,
});
