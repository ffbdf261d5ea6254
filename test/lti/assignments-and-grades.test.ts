import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { formsOf, frameOf, submit, createBrowser, textOf } from '../../scripts/driver/browser.js';
import { createGradeService } from '../../src/lti/services/grades.js';
import { csrfOf, open, personOf, until, type Opened } from '../support/crafted-launch.js';
import { besideTheTool, type BesideTheTool } from '../support/tool-stores.js';
import { startTestTool, type TestTool } from '../support/tool.js';

type Marks = readonly (readonly [string, number])[];

/** Assignment and Grade Services 2.0, over the whole way: a mark is entered, sent, and stands in the LMS's gradebook. */
describe.each(['standard', 'moodle'] as const)('assignments and grades of a %s LMS', (manner) => {
  let tool: TestTool;
  let tutor: Opened;
  let beside: BesideTheTool;
  let csrf: string;
  beforeAll(async () => {
    tool = await startTestTool(manner);
    beside = await besideTheTool(tool);
    tutor = await open(tool);
    await until(async () => (await get('/results.csv')).split('\r\n').length > 60, 'The course list');
    csrf = csrfOf(await tutor.browser.get(`${tutor.home}/results`));
  }, 60_000);
  afterEach(() => tool.lms.faults.clear());
  afterAll(async () => {
    await beside.close();
    await tool.close();
  });

  const get = async (path: string) => (await tutor.browser.get(`${tutor.home}${path}`)).html;
  const student = (nth: number) => personOf(tool.lms, 'student', nth);
  const json = async (method: 'PATCH' | 'POST', path: string, body: object) => {
    const answer = await tutor.browser.json(method, `${tutor.home}${path}`, body, { 'X-CSRF-Token': csrf });
    expect([path, answer.status]).toEqual([path, 200]);
  };
  const states = async () =>
    JSON.parse((await tutor.browser.get(`${tutor.home}/results/state.json`, { Accept: 'application/json' })).html) as {
      waiting: boolean;
      cells: Record<string, { state: string; base: string }>;
    };
  const stateOf = async (column: string, sub: string) => (await states()).cells[`${column} ${sub}`]?.state;
  async function enterAndSend(column: string, marks: Marks): Promise<void> {
    const { cells } = await states();
    for (const [sub, value] of marks)
      await json('PATCH', '/results', {
        column,
        sub,
        base: cells[`${column} ${sub}`]?.base ?? '',
        value: String(value),
      });
    await json('POST', '/results/send', { marks: JSON.stringify(marks.map(([sub, value]) => [column, sub, value])) });
    await until(async () => !(await states()).waiting, 'The sending');
  }

  const columns = () => tool.lms.gradebook('2').columns;
  const columnsOf = (label: string) => columns().filter((column) => column.label === label);
  /** The marks of the one column with this label. */
  const held = (label: string): Record<string, number> => {
    const found = columnsOf(label);
    expect(found).toHaveLength(1);
    const id = found[0]?.id ?? '';
    return Object.fromEntries(
      tool.lms.gradebook('2').rows.flatMap(({ userId, marks }) => {
        const mark = marks[id];
        return mark === null || mark === undefined ? [] : [[userId, mark]];
      }),
    );
  };
  const calls = (service: string, method: string, from = 0) =>
    tool.lms.log.slice(from).filter((call) => call.service === service && call.method === method);

  test('marks that are entered and sent arrive, in one column of their maximum, and nothing goes before that', async () => {
    const marks = [0, 1, 2, 3].map((nth) => [student(nth), 50 + nth * 12.25] as const);
    const from = tool.lms.log.length;
    expect(columns()).toEqual([]);
    await enterAndSend('midterm-1', marks);
    expect(held('Midterm 1')).toEqual(Object.fromEntries(marks));
    expect(columnsOf('Midterm 1')[0]?.maximum).toBe(100);
    expect(calls('lineitems', 'POST', from)).toHaveLength(1);
    expect(calls('scores', 'POST', from)).toHaveLength(4);
    for (const [sub] of marks) expect(await stateOf('midterm-1', sub)).toBe('sent');
  }, 60_000);

  test('zero is a mark, and so is the maximum', async () => {
    await enterAndSend('midterm-1', [
      [student(4), 0],
      [student(5), 100],
    ]);
    expect(held('Midterm 1')).toMatchObject({ [student(4)]: 0, [student(5)]: 100 });
  }, 60_000);

  test('a changed mark replaces the one before, in the same column', async () => {
    await enterAndSend('midterm-1', [[student(0), 77]]);
    expect(held('Midterm 1')[student(0)]).toBe(77);
    expect(held('Midterm 1')[student(1)]).toBe(62.25);
  }, 60_000);

  test('a column whose address we lost is found again by resourceId and tag, rather than made twice', async () => {
    const from = tool.lms.log.length;
    // As after a backup from before the first sending was restored.
    const lost = await beside.connection
      .collection('grade_columns')
      .updateMany({ column: 'midterm-1', lineItem: { $regex: tool.lms.url } }, { $set: { lineItem: '' } });
    expect(lost.modifiedCount).toBe(1);
    await enterAndSend('midterm-1', [[student(1), 88]]);
    expect(held('Midterm 1')[student(1)]).toBe(88);
    expect(calls('lineitems', 'POST', from)).toEqual([]);
    const looked = calls('lineitems', 'GET', from).map(({ path }) => new URL(path, tool.lms.url).searchParams);
    expect(looked.map((query) => query.get('resource_id'))).toContain('serik:midterm-1');
  }, 60_000);

  test('a column that was deleted in the LMS is made anew, once, and holds what is sent from then on', async () => {
    const { clientId = '' } = tool.lms.tools()[0] ?? {};
    const platform = await tool.app.platforms.find(tool.lms.url, clientId);
    const course = await tool.app.courses.byId(tutor.courseId);
    if (!platform || !course) throw new Error('The course of the launch is not known');
    const grades = createGradeService({ callLms: beside.callLms });
    const listed = await grades.listLineItems(course, 'serik:midterm-1');
    const lineItem = listed.read === 'all' ? listed.lineItems[0] : undefined;
    expect(lineItem).toMatchObject({ label: 'Midterm 1', tag: 'midterm-1', scoreMaximum: 100 });
    expect(await grades.deleteLineItem(course, lineItem?.id ?? '')).toEqual({ read: 'gone' });
    expect(columnsOf('Midterm 1')).toEqual([]);

    const from = tool.lms.log.length;
    await enterAndSend('midterm-1', [
      [student(2), 91],
      [student(3), 92],
    ]);
    expect(held('Midterm 1')).toEqual({ [student(2)]: 91, [student(3)]: 92 });
    expect(calls('lineitems', 'POST', from)).toHaveLength(1);
  }, 60_000);

  test('the column that the LMS made with a placed link is used: no second one is made', async () => {
    // As an administrator does where the tool was registered without it.
    const [registered] = tool.lms.tools();
    if (registered) Object.assign(registered, { deepLinkingUri: `${tool.url}/lti/launch` });
    const browser = createBrowser();
    await browser.get(`${tool.lms.url}/switch?to=${personOf(tool.lms, 'tutor')}&return=/course/2`);
    const initiation = await browser.get(frameOf(await browser.get(`${tool.lms.url}/course/2/select`)));
    const page = await submit(browser, await submit(browser, initiation, '/lti/login'), '/lti/launch');
    const chosen = await browser.post(page.url, { _csrf: csrfOf(page), place: 'mooc' }, { Origin: tool.url });
    const form = formsOf(chosen).find(({ fields }) => 'JWT' in fields);
    await submit(browser, await browser.post(form?.action ?? '', form?.fields ?? {}), '/course/2/links');
    const [column] = columns().filter(({ label }) => label !== 'Midterm 1');
    expect(column?.maximum).toBe(100);

    const from = tool.lms.log.length;
    await enterAndSend('mooc', [[student(6), 64]]);
    expect(await stateOf('mooc', student(6))).toBe('sent');
    expect(calls('lineitems', 'POST', from)).toEqual([]);
    expect(held(column?.label ?? '')).toEqual({ [student(6)]: 64 });
  }, 60_000);

  test('two tutors who send at once make one column', async () => {
    const other = await open(tool, { person: personOf(tool.lms, 'tutor', 1) });
    const from = tool.lms.log.length;
    const theirs = csrfOf(await other.browser.get(`${other.home}/results`));
    const mine = { column: 'midterm-2', sub: student(8), base: '', value: '31' };
    await json('PATCH', '/results', mine);
    await json('PATCH', '/results', { ...mine, sub: student(9), value: '32' });
    const send = (who: Opened, token: string, sub: string, value: number) =>
      who.browser.json(
        'POST',
        `${who.home}/results/send`,
        { marks: JSON.stringify([['midterm-2', sub, value]]) },
        { 'X-CSRF-Token': token },
      );
    const sent = await Promise.all([send(tutor, csrf, student(8), 31), send(other, theirs, student(9), 32)]);
    expect(sent.map(({ status }) => status)).toEqual([200, 200]);
    await until(async () => !(await states()).waiting, 'The sending');
    expect(held('Midterm 2')).toEqual({ [student(8)]: 31, [student(9)]: 32 });
    expect(calls('lineitems', 'POST', from)).toHaveLength(1);
  }, 60_000);

  test('the token is kept from call to call, and fetched once more when the LMS forgot it', async () => {
    await enterAndSend('exam', [[student(10), 10]]);
    const from = tool.lms.log.length;
    await enterAndSend('exam', [[student(11), 11]]);
    expect(calls('token', 'POST', from)).toEqual([]);
    tool.lms.endTokens();
    const sentAt = tool.lms.log.length;
    await enterAndSend('exam', [[student(12), 12]]);
    expect(calls('token', 'POST', sentAt)).toHaveLength(1);
    expect(held('Final control')).toEqual({ [student(10)]: 10, [student(11)]: 11, [student(12)]: 12 });
    const accepted = tool.lms.log.slice(sentAt).filter((call) => call.accepted === true);
    expect(accepted.map(({ userId, score }) => [userId, score])).toEqual([[student(12), 12]]);
  }, 60_000);

  // In Moodle an assistant and a leader launch as instructors.
  const others = manner === 'standard' ? ['student', 'assistant', 'leader'] : ['student'];
  test(`who is no tutor sends nothing: ${others.join(', ')}`, async () => {
    const from = tool.lms.log.length;
    for (const kind of others) {
      const who = await open(tool, { person: personOf(tool.lms, kind) });
      const token = csrfOf(who.page);
      const body = { marks: JSON.stringify([['exam', student(10), 99]]) };
      const sent = await who.browser.json('POST', `${who.home}/results/send`, body, { 'X-CSRF-Token': token });
      expect(sent.status).toBe(403);
    }
    expect(calls('scores', 'POST', from)).toEqual([]);
    expect(textOf(await tutor.browser.get(`${tutor.home}/results`))).toContain('Results');
  });
});
