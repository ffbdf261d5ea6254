import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, textOf } from '../../scripts/driver/browser.js';
import { launch } from '../../scripts/driver/launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const COURSE = '2';

describe.each(['standard', 'moodle'] as const)('marks on their way to a %s LMS', (manner) => {
  let tool: TestTool;
  let home: string;
  let csrf: string;
  let students: readonly string[];
  const browser = createBrowser();

  beforeAll(async () => {
    tool = await startTestTool(manner);
    const tutor = tool.lms.people.find(({ kind }) => kind === 'tutor');
    students = tool.lms.people.filter(({ kind }) => kind === 'student').map(({ id }) => id);
    home = (await launch(tool.lms, tutor?.id ?? '', COURSE, browser)).url.replace(/\/$/, '');
    await browser.get(`${home}/?lang=en`);
    await until(async () => (await browser.get(`${home}/results.csv`)).html.split('\r\n').length > students.length);
    csrf = /name="csrf" content="([^"]+)"/.exec((await browser.get(`${home}/results`)).html)?.[1] ?? '';
  }, 60_000);
  afterAll(() => tool.close());

  async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (await holds()) return;
      await sleep(50);
    }
    throw new Error('It did not come to pass within 30 seconds');
  }

  const json = async (method: 'PATCH' | 'POST', path: string, body: object) => {
    const answer = await browser.json(method, `${home}${path}`, body, { 'X-CSRF-Token': csrf });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.html.slice(0, 200)}`);
  };
  const states = async () =>
    JSON.parse((await browser.get(`${home}/results/state.json`, { Accept: 'application/json' })).html) as {
      waiting: boolean;
      cells: Record<string, { state: string; base: string; text: string }>;
    };
  const stateOf = async (sub: string, column: string) => (await states()).cells[`${column} ${sub}`]?.state;
  const settled = () => until(async () => !(await states()).waiting);

  const enter = async (column: string, marks: readonly (readonly [string, number])[]) => {
    const { cells } = await states();
    for (const [sub, value] of marks) {
      const base = cells[`${column} ${sub}`]?.base ?? '';
      await json('PATCH', '/results', { column, sub, base, value: String(value) });
    }
  };
  const send = (column: string, marks: readonly (readonly [string, number])[]) =>
    json('POST', '/results/send', { marks: JSON.stringify(marks.map(([sub, value]) => [column, sub, value])) });

  const columnId = (label: string) => {
    const column = tool.lms.gradebook(COURSE).columns.find((one) => one.label === label);
    if (!column) throw new Error(`No column "${label}" in the LMS`);
    return column.id;
  };
  const held = (label: string) =>
    tool.lms.gradebook(COURSE).rows.flatMap(({ userId, marks }) => {
      const mark = marks[columnId(label)];
      return mark === null || mark === undefined ? [] : [[userId, mark] as const];
    });
  const byPerson = (marks: readonly (readonly [string, number])[]) =>
    [...marks].sort(([one], [other]) => one.localeCompare(other));
  const taken = (from: number) => tool.lms.log.slice(from).filter(({ accepted }) => accepted === true);

  test('sixty marks arrive, each once, in one column', async () => {
    const marks = students.map((sub, n) => [sub, 40 + n / 4] as const);
    await enter('midterm-1', marks);
    expect(tool.lms.log.filter(({ service }) => service === 'scores')).toEqual([]);
    await send('midterm-1', marks);
    await settled();
    expect(byPerson(held('Midterm 1'))).toEqual(byPerson(marks));
    expect(
      taken(0)
        .map(({ userId }) => userId)
        .sort(),
    ).toEqual([...students].sort());
    const made = tool.lms.log.filter(({ service, method }) => service === 'lineitems' && method === 'POST');
    expect(made).toHaveLength(1);
    expect(textOf(await browser.get(`${home}/results`))).toContain(`Sent: ${students.length}`);
  }, 60_000);

  test("a teacher's newer mark is not overwritten; the tutor keeps it or replaces it", async () => {
    const [kept = '', replaced = ''] = students;
    await sleep(1100);
    for (const sub of [kept, replaced]) tool.lms.setGrade(COURSE, columnId('Midterm 1'), sub, 21);
    const marks = [
      [kept, 90],
      [replaced, 91],
    ] as const;
    await enter('midterm-1', marks);
    await send('midterm-1', marks);
    await settled();
    expect([await stateOf(kept, 'midterm-1'), await stateOf(replaced, 'midterm-1')]).toEqual(['newer', 'newer']);
    expect(new Map(held('Midterm 1')).get(kept)).toBe(21);
    const shown = { column: 'midterm-1', theirs: '21' };
    await json('POST', '/results/decide', { ...shown, do: 'keep', sub: kept, value: '90' });
    await json('POST', '/results/decide', { ...shown, do: 'ours', sub: replaced, value: '91' });
    await settled();
    const { cells } = await states();
    expect(cells[`midterm-1 ${kept}`]).toEqual({ state: 'sent', base: '21', text: '21' });
    expect(cells[`midterm-1 ${replaced}`]).toEqual({ state: 'sent', base: '91', text: '91' });
    expect([new Map(held('Midterm 1')).get(kept), new Map(held('Midterm 1')).get(replaced)]).toEqual([21, 91]);
  }, 60_000);

  test('errors, haste and lost answers on the way cost no mark and double none', async () => {
    const marks = students.map((sub, n) => [sub, 20 + n] as const);
    await enter('midterm-2', marks);
    const from = tool.lms.log.length;
    tool.lms.faults.set({ kind: 'error' }, { service: 'scores', times: 4 });
    tool.lms.faults.set({ kind: 'too-many', retryAfter: 1 }, { service: 'scores', times: 3 });
    tool.lms.faults.set({ kind: 'cut' }, { service: 'scores', times: 5 });
    await send('midterm-2', marks);
    await settled();
    tool.lms.faults.clear();
    expect(byPerson(held('Midterm 2'))).toEqual(byPerson(marks));
    expect(
      taken(from)
        .map(({ userId }) => userId)
        .sort(),
    ).toEqual([...students].sort());
    expect(Object.values((await states()).cells).filter(({ state }) => state !== 'sent')).toEqual([]);
  }, 60_000);

  test('the mark of a student who was unenrolled is refused with its reason, and goes after enrolment', async () => {
    const gone = students[5] ?? '';
    await enter('exam', [[gone, 55]]);
    tool.lms.unenrol(COURSE, gone);
    await send('exam', [[gone, 55]]);
    await settled();
    expect(await stateOf(gone, 'exam')).toBe('refused');
    const page = textOf(await browser.get(`${home}/results`));
    expect(page).toContain('refused the mark: this person is not enrolled in the course as a student.');
    tool.lms.enrol(COURSE, gone, 'student');
    await json('POST', '/results/again', { marks: JSON.stringify([['exam', gone, 55]]) });
    await settled();
    expect([await stateOf(gone, 'exam'), held('Final control')]).toEqual(['sent', [[gone, 55]]]);
  }, 60_000);
});
