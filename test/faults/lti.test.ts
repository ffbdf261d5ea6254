import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, textOf, type Page } from '../../scripts/driver/browser.js';
import { launch } from '../../scripts/driver/launch.js';
import type { Fault, ServiceName } from '../../scripts/demo-lms/index.js';
import { startTestTool, type TestTool } from '../support/tool.js';

/**
 * Each fault of the LMS at each of its services: what the person sees, what is tried again, what is kept. The tool waits
 * three seconds for an answer here, so a slow LMS is one that takes four.
 */
const FAULTS = {
  'slow beyond our patience': { kind: 'slow', ms: 4000 },
  'too many requests': { kind: 'too-many', retryAfter: 1 },
  'an error of its own': { kind: 'error' },
  'a connection that breaks before the answer': { kind: 'cut' },
} as const satisfies Record<string, Fault>;
type FaultName = keyof typeof FAULTS;
const NAMES = Object.keys(FAULTS) as FaultName[];

const COURSE = '2';

describe.each(['standard', 'moodle'] as const)('faults of a %s LMS', (manner) => {
  let tool: TestTool;
  let home: string;
  let csrf: string;
  let students: readonly string[];
  const browser = createBrowser();

  async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      if (await holds()) return;
      await sleep(50);
    }
    throw new Error(`Not within 25 seconds: ${what}`);
  }
  const page = async (path: string): Promise<string> => textOf(await browser.get(`${home}${path}`));
  const calls = (service: ServiceName, from: number) =>
    tool.lms.log.slice(from).filter((entry) => entry.service === service);
  const asJson = { Accept: 'application/json' };
  const cellOf = async (column: string, sub: string) =>
    (
      JSON.parse((await browser.get(`${home}/results/state.json`, asJson)).html) as {
        cells: Record<string, { state: string; base: string }>;
      }
    ).cells[`${column} ${sub}`];

  beforeAll(async () => {
    tool = await startTestTool(manner);
    const tutor = tool.lms.people.find(({ kind }) => kind === 'tutor')?.id ?? '';
    students = tool.lms.people.filter(({ kind }) => kind === 'student').map(({ id }) => id);
    home = (await launch(tool.lms, tutor, COURSE, browser)).url.replace(/\/$/, '');
    await browser.get(`${home}/?lang=en`);
    await until(async () => /\b6[0-2] students/.test(await page('/students')), 'the first reading');
    csrf = /name="csrf" content="([^"]+)"/.exec((await browser.get(`${home}/results`)).html)?.[1] ?? '';
  }, 60_000);
  afterEach(() => tool.lms.faults.clear());
  afterAll(() => tool.close());

  const readAgain = () => browser.post(`${home}/students/read`, { _csrf: csrf }, { Origin: tool.url });
  const rosterIsBack = () =>
    until(async () => {
      const text = await page('/students');
      return /Read (today|at|\d)/i.test(text) && !text.includes('did not answer');
    }, 'the roster is read again');

  /** Where the token or the roster fails, the list that was read stays, with the reason above it. */
  async function rosterFails(service: 'token' | 'roster', fault: Fault): Promise<void> {
    if (service === 'token') tool.lms.endTokens();
    const from = tool.lms.log.length;
    tool.lms.faults.set(fault, { service });
    await readAgain();
    const words = /did not answer|asked us to wait|gave Serik no key/;
    await until(async () => words.test(await page('/students')), 'the reason is shown');
    const shown = await page('/students');
    expect(shown).toMatch(words);
    // Kept: everybody who was on the list.
    expect(shown).toMatch(/\b6[0-2] students/);
    tool.lms.faults.clear();
    // Tried again by itself, or by the tutor where somebody in the LMS has to act first.
    if (shown.includes('gave Serik no key')) await readAgain();
    await rosterIsBack();
    expect(calls(service, from).length).toBeGreaterThan(1);
    expect(await page('/students')).toMatch(/\b6[0-2] students/);
  }

  describe.each(NAMES)('%s', (name) => {
    const fault = FAULTS[name];
    const sub = () => students[NAMES.indexOf(name)] ?? '';

    test(
      'at the token: the old course list stays, with the reason; it is read again',
      () => rosterFails('token', fault),
      60_000,
    );

    test(
      'at the roster: the old course list stays, with the reason; it is read again',
      () => rosterFails('roster', fault),
      60_000,
    );

    /** A mark on its way: it waits, is tried again, and arrives once. */
    async function markArrives(service: 'lineitems' | 'results' | 'scores', column: string): Promise<void> {
      const before = (await cellOf(column, sub()))?.base ?? '';
      const value = 50 + ['lineitems', 'results', 'scores'].indexOf(service);
      const body = { column, sub: sub(), base: before, value: String(value) };
      const saved = await browser.json('PATCH', `${home}/results`, body, { 'X-CSRF-Token': csrf });
      expect(saved.status).toBe(200);
      const from = tool.lms.log.length;
      tool.lms.faults.set(fault, { service, times: 1 });
      const marks = JSON.stringify([[column, sub(), value]]);
      await browser.json('POST', `${home}/results/send`, { marks }, { 'X-CSRF-Token': csrf });
      await until(async () => (await cellOf(column, sub()))?.state === 'sent', 'the mark is sent');
      // Kept as it was entered, and in the gradebook once.
      expect((await cellOf(column, sub()))?.base).toBe(String(value));
      const taken = tool.lms.log.slice(from).filter(({ accepted }) => accepted === true);
      expect(taken.map(({ userId, score }) => [userId, score])).toEqual([[sub(), value]]);
      const labels = tool.lms.gradebook(COURSE).columns.map(({ label }) => label);
      expect(labels).toEqual([...new Set(labels)]);
      expect(await page('/results')).toContain('Sent: ');
    }

    test('at the results: a mark waits and arrives once', () => markArrives('results', 'midterm-1'), 60_000);
    test('at the scores: a mark waits and arrives once', () => markArrives('scores', 'midterm-2'), 60_000);

    test('at the line items: the overview of a new course says so, and the columns are read again', async () => {
      const course = tool.lms.copyCourse(COURSE);
      const tutor = tool.lms.people.find(({ kind }) => kind === 'tutor')?.id ?? '';
      tool.lms.faults.set(fault, { service: 'lineitems', times: 1 });
      const from = tool.lms.log.length;
      const first = await launch(tool.lms, tutor, course.id, browser);
      expect(first.status).toBe(200);
      const overview = async () => textOf(await browser.get(first.url));
      await until(async () => (await overview()).includes('Grade book reached'), 'the columns are there');
      expect(calls('lineitems', from).length).toBeGreaterThan(1);
    }, 60_000);

    test('at the key set: whoever is known gets in on the keys that we have', async () => {
      tool.lms.faults.set(fault, { service: 'jwks' });
      const student = tool.lms.people.find(({ kind }) => kind === 'student')?.id ?? '';
      expect((await launch(tool.lms, student, COURSE)).status).toBe(200);
    }, 60_000);
  });

  test('the key set down, and signed with a new key: the launch is refused in words, sessions go on; then it works', async () => {
    const student = tool.lms.people.find(({ kind }) => kind === 'student')?.id ?? '';
    tool.lms.faults.set({ kind: 'jwks-down' });
    await tool.lms.rotateKeys();
    const refused: Page = await launch(tool.lms, student, COURSE);
    expect(refused.status).toBe(401);
    expect(textOf(refused)).toMatch(/keys cannot be reached|could not sign you in/);
    expect((await browser.get(`${home}/students`)).status).toBe(200);
    tool.lms.faults.clear();
    // An unknown key makes us look again, but not more often than every ten seconds.
    await until(async () => (await launch(tool.lms, student, COURSE)).status === 200, 'the new keys are known');
  }, 60_000);

  test('a clock two minutes ahead: launches are refused in words, services go on', async () => {
    tool.lms.faults.set({ kind: 'clock', seconds: 120 });
    const student = tool.lms.people.find(({ kind }) => kind === 'student')?.id ?? '';
    const refused = await launch(tool.lms, student, COURSE);
    expect(textOf(refused)).toContain('The clocks of the two servers differ');
    await readAgain();
    await rosterIsBack();
  }, 60_000);

  test('a clock two minutes behind: the token comes expired, and that is said', async () => {
    tool.lms.faults.set({ kind: 'clock', seconds: manner === 'moodle' ? -180 : -420 });
    const student = tool.lms.people.find(({ kind }) => kind === 'student')?.id ?? '';
    const refused = await launch(tool.lms, student, COURSE);
    expect(textOf(refused)).toContain('had expired before it came here');
  }, 60_000);
});
