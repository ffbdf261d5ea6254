import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { textOf, type Page } from '../../scripts/driver/browser.js';
import {
  CLAIM,
  csrfOf,
  open,
  personOf,
  until,
  without,
  NRPS,
  inContext,
  type Opened,
} from '../support/crafted-launch.js';
import { besideTheTool } from '../support/tool-stores.js';
import { startTestTool, type TestTool } from '../support/tool.js';

/** Names and Role Provisioning Services 2.0, over the whole way: launch, read, and what a read means for people's sessions. */
describe.each(['standard', 'moodle'] as const)('names and roles of a %s LMS', (manner) => {
  let tool: TestTool;
  let tutor: Opened;
  beforeAll(async () => {
    tool = await startTestTool(manner);
    // Moodle lists a non-editing teacher as a learner; whoever was launched as staff is none.
    await open(tool, { person: personOf(tool.lms, 'assistant') });
    tutor = await open(tool);
    await until(async () => (await students()).includes('Course list read'), 'The first read');
  }, 60_000);
  afterEach(() => tool.lms.faults.clear());
  afterAll(() => tool.close());

  const see = ({ browser, home }: Opened, path: string): Promise<Page> => browser.get(`${home}${path}`);
  const students = async () => textOf(await see(tutor, '/students'));
  const rosterCalls = () => tool.lms.log.filter(({ service }) => service === 'roster');
  const tokenCalls = () => tool.lms.log.filter(({ service }) => service === 'token');

  const ask = async () => {
    const asked = await tutor.browser.post(
      `${tutor.home}/students/read`,
      { _csrf: csrfOf(await see(tutor, '/students')) },
      { Origin: tool.url },
    );
    expect(asked.status).toBe(200);
  };
  const waiting = async () => (await see(tutor, '/students/state.json')).html.includes('true');
  /** A read from its request to its end. */
  async function readAgain(): Promise<void> {
    const before = rosterCalls().length;
    await ask();
    await until(() => rosterCalls().length > before, 'The read');
    await until(async () => !(await waiting()), 'The end of the read');
  }

  const student = (nth: number) => personOf(tool.lms, 'student', nth);
  const nameOf = (id: string) => tool.lms.people.find((person) => person.id === id)?.name ?? '';

  test('the launch of a tutor reads the whole list, page after page, with one token', async () => {
    const text = await students();
    expect(text).toContain('60 students');
    for (const nth of [0, 29, 58]) expect(text).toContain(nameOf(student(nth)).replace(/\s+/g, ' '));
    expect(rosterCalls().map(({ status }) => status)).toEqual(rosterCalls().map(() => 200));
    expect(rosterCalls().length).toBeGreaterThanOrEqual(manner === 'standard' ? 3 : 1);
  });

  test('a launch of a student asks the LMS for no list', async () => {
    const before = rosterCalls().length;
    await open(tool, { person: student(0) });
    expect((await students()).includes('60 students')).toBe(true);
    expect(rosterCalls().length).toBe(before);
  });

  test('a person who was unenrolled is kept as left, loses the session in this course, and only in this one', async () => {
    const gone = student(5);
    tool.lms.enrol('3', gone, 'student');
    const here = await open(tool, { person: gone });
    const there = await open(tool, { person: gone, course: '3', browser: here.browser });
    const csrf = csrfOf(await see(tutor, '/results'));
    const mark = { column: 'exam', sub: gone, base: '', value: '44.5' };
    const saved = await tutor.browser.json('PATCH', `${tutor.home}/results`, mark, { 'X-CSRF-Token': csrf });
    expect(saved.status).toBe(200);

    tool.lms.unenrol('2', gone);
    await readAgain();
    await until(async () => (await see(here, '/')).status === 404, 'The end of the session');
    for (const path of ['/plan', '/consultations']) expect((await see(here, path)).status).toBe(404);
    expect((await see(there, '/plan')).status).toBe(200);
    const text = await students();
    expect(text).toContain('59 students');
    expect(text).toContain('1 student left the course');
    expect(text).not.toContain(nameOf(gone));

    // The mark is still there when the person is.
    tool.lms.enrol('2', gone, 'student');
    await readAgain();
    expect(await students()).toContain('60 students');
    expect((await see(tutor, '/results.csv')).html).toContain('44.5');
    expect((await open(tool, { person: gone, browser: here.browser })).page.status).toBe(200);
    expect((await see(here, '/plan')).status).toBe(200);
  }, 60_000);

  test('a tutor who was removed loses the session too, and comes back as what the LMS says then', async () => {
    const removed = personOf(tool.lms, 'tutor', 1);
    const theirs = await open(tool, { person: removed });
    expect((await see(theirs, '/results')).status).toBe(200);
    const csrf = csrfOf(theirs.page);
    tool.lms.unenrol('2', removed);
    await readAgain();
    await until(async () => (await see(theirs, '/results')).status === 404, 'The end of the session');
    const act = await theirs.browser.post(`${theirs.home}/students/read`, { _csrf: csrf }, { Origin: tool.url });
    expect(act.status).toBe(404);
    expect((await see(tutor, '/results')).status).toBe(200);

    // Whoever learns in the course by now is a student and no teacher who only looks.
    tool.lms.enrol('2', removed, 'student');
    const learning = await open(tool, { person: removed });
    expect(textOf(learning.page)).not.toContain('You see the course as a student');
    expect((await see(learning, '/results')).status).toBe(403);
    tool.lms.enrol('2', removed, 'tutor');
  }, 60_000);

  test('a tutor who was made a student loses what a tutor may', async () => {
    const fallen = personOf(tool.lms, 'tutor', 1);
    await readAgain();
    const theirs = await open(tool, { person: fallen });
    expect((await see(theirs, '/map')).status).toBe(200);
    tool.lms.enrol('2', fallen, 'student');
    await readAgain();
    await until(async () => (await see(theirs, '/map')).status === 404, 'The end of the session');
    tool.lms.enrol('2', fallen, 'tutor');
    await readAgain();
  }, 60_000);

  test('who was suspended is gone', async () => {
    const suspended = student(6);
    const theirs = await open(tool, { person: suspended });
    tool.lms.suspend('2', suspended, true);
    await readAgain();
    await until(async () => (await see(theirs, '/')).status === 404, 'The end of the session');
    expect(await students()).toContain('59 students');
    tool.lms.suspend('2', suspended, false);
    await readAgain();
    expect(await students()).toContain('60 students');
  }, 60_000);

  test('who stands in no list keeps the session: an administrator, and an assistant whom Moodle lists as a learner', async () => {
    const people = [personOf(tool.lms, 'leader'), personOf(tool.lms, 'administrator'), personOf(tool.lms, 'assistant')];
    const opened = [];
    for (const person of people) opened.push(await open(tool, { person }));
    await readAgain();
    await readAgain();
    for (const each of opened) expect((await see(each, '/students')).status).toBe(200);
    expect(await students()).toContain('60 students');
    expect(await students()).not.toContain(nameOf(personOf(tool.lms, 'assistant')));
  }, 60_000);

  test(
    manner === 'standard'
      ? 'a list that fails on page 2 removes nobody and ends no session'
      : 'a list that fails removes nobody and ends no session',
    async () => {
      const last = await open(tool, { person: student(59) });
      const gone = student(7);
      const theirs = await open(tool, { person: gone });
      tool.lms.unenrol('2', gone);
      // The LMS offered to tell what changed; this read is to be a whole one, in pages.
      const beside = await besideTheTool(tool);
      await beside.connection.collection('rosters').updateMany({}, { $set: { differencesUrl: '' } });
      await beside.close();
      const before = rosterCalls().length;
      // The first page comes slowly, and while it is on its way the LMS breaks for all that follow.
      if (manner === 'standard') tool.lms.faults.set({ kind: 'slow', ms: 600 }, { service: 'roster', times: 1 });
      else tool.lms.faults.set({ kind: 'error' }, { service: 'roster', times: 1 });
      await ask();
      await until(() => rosterCalls().length > before, 'The read');
      if (manner === 'standard') {
        tool.lms.faults.set({ kind: 'error' }, { service: 'roster', times: 1 });
        await until(() => rosterCalls().length > before + 1, 'Page 2');
        expect(rosterCalls()[before]?.status).toBe(200);
        expect(rosterCalls()[before + 1]?.path).toContain('from=25');
      }
      await until(
        () =>
          rosterCalls()
            .slice(before)
            .some(({ status }) => status === 500),
        'The failure',
      );
      expect(await students()).toContain('60 students');
      expect((await see(theirs, '/plan')).status).toBe(200);
      expect((await see(last, '/plan')).status).toBe(200);
      // It is tried again by itself; then, and not before, the one who left is gone, and only this one.
      await until(async () => (await students()).includes('59 students'), 'The next try');
      await until(async () => (await see(theirs, '/plan')).status === 404, 'The end of the session');
      expect((await see(last, '/plan')).status).toBe(200);
      tool.lms.enrol('2', gone, 'student');
      await readAgain();
    },
    60_000,
  );

  test('the token is kept from read to read, and fetched once more when the LMS forgot it', async () => {
    const before = tokenCalls().length;
    await readAgain();
    await readAgain();
    expect(tokenCalls().length).toBe(before);
    tool.lms.endTokens();
    await readAgain();
    // One for the list, and where the LMS has groups another one, for theirs.
    expect(tokenCalls().length).toBe(before + (manner === 'standard' ? 2 : 1));
    expect(await students()).toContain('60 students');
    expect(rosterCalls().at(-1)?.status).toBe(200);
  }, 60_000);

  test('a course whose LMS offers no list says so, and marks and times work on', async () => {
    const change = (claims: Record<string, unknown>) => inContext({ id: 'without a list' })(without(claims, NRPS));
    const opened = await open(tool, { change });
    await until(async () => !(await see(opened, '/students/state.json')).html.includes('true'), 'The answer');
    expect((await see(opened, '/students')).status).toBe(200);
    expect(textOf(await see(opened, '/students'))).not.toContain(nameOf(student(0)));
    expect((await see(opened, '/consultations')).status).toBe(200);
    expect((await see(opened, '/results')).status).toBe(200);
    expect(opened.claims[`${CLAIM}/context`]).toMatchObject({ id: 'without a list' });
  });
});
