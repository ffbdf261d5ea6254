import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { LANGUAGES } from '../../src/web/i18n.js';
import { testDatabase } from '../support/database.js';
import { people, resultsApp, type ResultsApp } from './results-app.js';

let database: { connection: Connection; close(): Promise<void> };
let room: ResultsApp;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  room = await resultsApp(database.connection, people(3));
});

const change = (value: unknown, base: unknown = null, sub = 'u1') => ({ column: 'midterm-1', sub, base, value });
const mark = async (sub = 'u1', column: 'midterm-1' | 'exam' = 'midterm-1') =>
  (await room.results.sheet(room.course)).cell(column, sub);
/** A form with the first row's mark for midterm 1. */
const form = (text: string, base = '', more: Record<string, string> = {}) => ({
  'sub.0': 'u1',
  'base.0.midterm-1': base,
  'mark.0.midterm-1': text,
  ...more,
});

const CHANGES = [
  ['PATCH', '/results'],
  ['POST', '/results'],
  ['POST', '/results/send'],
  ['POST', '/results/again'],
  ['POST', '/results/decide'],
  ['POST', '/results/maximum'],
] as const;

test.each(['assistant', 'observer', 'student'] as const)('an %s changes and sends nothing', async (role) => {
  for (const [method, path] of CHANGES) {
    const test_ = method === 'PATCH' ? room.patch(change(80), { role }) : room.json(path, {}, { role });
    await test_.expect(403);
  }
  expect((await mark()).value).toBeNull();
});

test('a student reads none of it', async () => {
  for (const path of ['/results', '/results/state.json', '/results.csv'])
    await room.get(path, { role: 'student' }).expect(403);
});

const digest = async (most: number) => {
  const { students } = await room.results.sheet(room.course);
  return room.results.digest(room.course, students, most);
};

test.each(['assistant', 'observer'] as const)(
  'an %s reads the marks and finds nothing to type or press',
  async (role) => {
    await room.enter('u1', 81.5);
    const page = await room.get('/results', { role }).expect(200);
    expect(page.text).toContain('<b data-value>81.5</b>');
    expect(page.text).toContain('only a tutor enters and sends marks');
    // Signing out, above the page, is everybody's.
    expect(page.text.split('<main')[1]).not.toMatch(/name="mark\.|name="_csrf"|results-grid|Send \d/);
  },
);

test('a change without the token of the session is refused', async () => {
  await room.patch(change(80)).set('X-CSRF-Token', 'another').expect(409);
  expect((await mark()).value).toBeNull();
});

test('a mark is saved as it is typed, with comma or point', async () => {
  const first = await room.patch(change('80,5')).expect(200);
  expect(first.body).toMatchObject({
    cells: { 'midterm-1 u1': { state: 'changed', base: '80.5', text: '80.5' } },
    waiting: false,
    sentence: 'Changed: 1',
  });
  await room.patch(change('', '80.5')).expect(200);
  expect((await mark()).value).toBeNull();
});

test.each([
  ['eighty', 'Not a number. Type 85 or 85.5'],
  ['80.555', 'At most two decimals'],
  ['-1', 'A mark is 0 or more'],
  ['101', 'The maximum is 100'],
])('"%s" is refused with words', async (text, words) => {
  const answer = await room.patch(change(text)).expect(400);
  expect(answer.body).toMatchObject({ fault: words });
  expect((await mark()).value).toBeNull();
});

test('of two tutors the second is shown both marks and who entered the first', async () => {
  await room.patch(change('70'), { sub: 'tutor-2' }).expect(200);
  const answer = await room.patch(change('80')).expect(409);
  expect(answer.body).toMatchObject({ conflict: { theirs: 70, mine: '80', by: 'Person tutor-2' } });
  expect((answer.body as { conflict: { html: string } }).conflict.html).toContain(
    'Person tutor-2 entered 70 at 10:41. You typed 80.',
  );
  expect((await mark()).value).toBe(70);
});

test('nobody outside the course list gets a mark', async () => {
  await room.patch(change(80, null, 'stranger')).expect(404);
  await room.patch({ ...change(80), column: 'another' }).expect(400);
  await room.post('/results', form('80', '', { 'sub.0': 'stranger' })).expect(404);
  expect((await room.results.sheet(room.course)).left).toBe(0);
});

test('the form saves what was changed and leaves the rest', async () => {
  await room.enter('u2', 60);
  const posted = {
    ...form('80'),
    'sub.1': 'u2',
    'base.1.midterm-1': '60',
    'mark.1.midterm-1': '60',
    'mark.1.exam': '45,5',
  };
  const answer = await room.post('/results', { ...posted, 'base.1.exam': '', column: 'exam', q: 'stu' }).expect(303);
  expect(answer.headers['location']).toBe(`/c/${room.course.id}/results?q=stu&column=exam&saved=2`);
  expect([(await mark()).value, (await mark('u2')).value, (await mark('u2', 'exam')).value]).toEqual([80, 60, 45.5]);
});

test('a form with a wrong mark comes back as it was typed, and the right marks are saved', async () => {
  const posted = { ...form('8o'), 'sub.1': 'u2', 'base.1.midterm-1': '', 'mark.1.midterm-1': '75' };
  const page = await room.post('/results', posted).expect(400);
  expect(page.text).toMatch(/name="mark\.0\.midterm-1" value="8o"[^>]*aria-invalid="true"/);
  expect(page.text).toContain('Not a number. Type 85 or 85.5');
  expect([(await mark()).value, (await mark('u2')).value]).toEqual([null, 75]);
});

test('a form that meets another mark shows both and asks; each answer does what it says', async () => {
  await room.patch(change('70'), { sub: 'tutor-2' }).expect(200);
  const page = await room.post('/results', form('80')).expect(409);
  expect(page.text).toContain('Person tutor-2 entered 70 at 10:41. You typed 80.');
  expect(page.text).toMatch(/name="mark\.0\.midterm-1" value="80"/);
  expect(page.text).toMatch(/name="base\.0\.midterm-1" value=""/);
  await room.post('/results', form('80')).expect(409);
  await room.post('/results', form('80', '', { take: 'theirs 0.midterm-1' })).expect(303);
  expect((await mark()).value).toBe(70);
  await room.post('/results', form('80', '', { take: 'mine 0.midterm-1 70' })).expect(303);
  expect((await mark()).value).toBe(80);
});

test('only marks that are still as they were shown are sent', async () => {
  await room.enter('u1', 80);
  await room.enter('u2', 70);
  const shown = JSON.stringify([
    ['midterm-1', 'u1', 80],
    ['midterm-1', 'u2', 60],
    ['midterm-1', 'stranger', 5],
  ]);
  const answer = await room.post('/results/send', { marks: shown }).expect(303);
  expect(answer.headers['location']).toBe(`/c/${room.course.id}/results?sent=1&left=2`);
  expect([(await mark()).state, (await mark('u2')).state]).toEqual(['waiting', 'changed']);
  await room.post('/results/send', { marks: '[["midterm-1"]]' }).expect(400);
  await room.post('/results/send', { marks: 'no' }).expect(400);
});

test('the panel lists only changes, and the summary counts each state', async () => {
  for (const [sub, value] of [
    ['u1', 80],
    ['u2', 70],
    ['u3', 60],
  ] as const)
    await room.enter(sub, value);
  await room.send(
    [
      ['midterm-1', 'u1', 80],
      ['midterm-1', 'u2', 70],
    ],
    ({ sub }) =>
      sub === 'u1'
        ? { then: 'refused', reason: 'not-enrolled' }
        : { then: 'retry', reason: 'unreachable', afterMs: 60_000 },
  );
  expect((await digest(5)).columns[0]).toEqual({
    column: 'midterm-1',
    entered: 3,
    unsent: 1,
    sent: 0,
    waiting: 1,
    refused: 1,
  });
  expect((await digest(5)).refusals).toEqual([{ sub: 'u1', column: 'midterm-1', reason: 'not-enrolled' }]);
  const page = (await room.get('/results').expect(200)).text;
  expect(page).toContain('Send 1 mark<');
  expect(page).toContain('Moodle refused the mark: this person is not enrolled in the course as a student.');
  expect(page).toContain('Ask the dean’s office to enrol the student, then send again.');
  expect(page).toContain('Moodle does not answer. The marks go by themselves');
  const found = (await room.get('/results?state=refused').expect(200)).text;
  expect([...found.matchAll(/name="sub\.\d+" value="(\w+)"/g)].map(([, sub]) => sub)).toEqual(['u1']);
});

test("the LMS's newer mark is kept, or replaced after confirming", async () => {
  await room.enter('u1', 80);
  await room.send([['midterm-1', 'u1', 80]], () => ({
    then: 'refused',
    reason: 'newer-in-lms',
    detail: { theirs: 21 },
  }));
  const page = (await room.get('/results').expect(200)).text;
  expect(page).toContain('Someone set 21 in Moodle. Here it is 80.');
  expect(page).toContain('21 will be lost in Moodle.');
  const decision = { column: 'midterm-1', sub: 'u1', value: '80' };
  await room.json('/results/decide', { ...decision, do: 'keep', theirs: '22' }).expect(200);
  expect((await mark()).value).toBe(80);
  await room.post('/results/decide', { ...decision, do: 'ours', theirs: '21' }).expect(303);
  expect((await mark()).state).toBe('waiting');
  await room.send([['midterm-1', 'u1', 80]], () => ({
    then: 'refused',
    reason: 'newer-in-lms',
    detail: { theirs: 21 },
  }));
  await room.post('/results/decide', { ...decision, do: 'keep', theirs: '21' }).expect(303);
  expect(await mark()).toMatchObject({ value: 21, inLms: 21, state: 'sent' });
});

test('the maximum is a whole number, and stays once marks were sent', async () => {
  const bad = await room.post('/results/maximum', { column: 'midterm-1', maximum: 'lots' }).expect(400);
  expect(bad.text).toContain('A whole number from 1 to 1000');
  expect(bad.text).toMatch(/name="maximum" value="lots"/);
  await room.post('/results/maximum', { column: 'midterm-1', maximum: '40' }).expect(303);
  expect((await room.patch(change('41')).expect(400)).body).toMatchObject({ fault: 'The maximum is 40' });
  await room.enter('u1', 40);
  await room.json('/results/send', { marks: JSON.stringify([['midterm-1', 'u1', 40]]) }).expect(200);
  const late = await room.post('/results/maximum', { column: 'midterm-1', maximum: '50' }).expect(303);
  expect(late.headers['location']).toContain('notice=fixed');
});

test('marks above a maximum that was lowered are shown and not sent', async () => {
  await room.enter('u1', 80);
  await room.post('/results/maximum', { column: 'midterm-1', maximum: '40' }).expect(303);
  expect((await mark()).state).toBe('over');
  const answer = await room.post('/results/send', { marks: '[["midterm-1","u1",80]]' }).expect(303);
  expect(answer.headers['location']).toContain('sent=0&left=1');
});

test('the table for a spreadsheet runs no formula', async () => {
  await room.enrol([
    { sub: 'u1', name: '=HYPERLINK("http://evil")', email: '@sum;1' },
    { sub: 'u2', name: 'Plain "Name"', email: 'u2@example.edu' },
  ]);
  await room.enter('u2', 80.5);
  const csv = await room.get('/results.csv', { role: 'assistant', language: 'ru' }).expect(200);
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(csv.text.split('\r\n')).toEqual([
    '\ufeffИмя;Почта;Номер в LMS;Рубежный контроль 1;Рубежный контроль 1: состояние;Рубежный контроль 2;Рубежный контроль 2: состояние;Итоговый контроль;Итоговый контроль: состояние',
    '"\'=HYPERLINK(""http://evil"")";"\'@sum;1";u1;;Нет балла;;Нет балла;;Нет балла',
    '"Plain ""Name""";u2@example.edu;u2;80,5;Изменён;;Нет балла;;Нет балла',
    '',
  ]);
});

test.each(LANGUAGES)('every state and every reason has its words in %s', async (language) => {
  const reasons = [
    'not-enrolled',
    'no-permission',
    'no-token',
    'locked',
    'column-gone',
    'bad-answer',
    'unreachable',
    'too-many',
    'newer-in-lms',
    'cannot-compare',
    'course-gone',
    'own-fault',
  ];
  await room.enrol(people(reasons.length));
  const marks = reasons.map((_, n) => ['midterm-1', `u${n + 1}`, 50 + n] as const);
  for (const [, sub, value] of marks) await room.enter(sub, value);
  await room.send(marks, ({ value }) => ({ then: 'refused', reason: reasons[value - 50] ?? '' }));
  await room.enter('u1', 99, 'exam');
  const page = await room.get('/results?sent=2&left=1', { language }).expect(200);
  expect(page.text).toContain(`lang="${language}"`);
  expect(page.text).not.toContain('{{');
  expect((await digest(50)).refusals.map(({ reason }) => reason).sort()).toEqual([...reasons].sort());
});

test('a course without students says what to do first', async () => {
  await room.enrol([]);
  const page = await room.get('/results').expect(200);
  expect(page.text).toContain('No students yet');
  expect(page.text).not.toContain('<table');
});

test('three hundred students come in pages of sixty, and one is found by name', async () => {
  await room.enrol(people(300));
  const page = (await room.get('/results?page=5').expect(200)).text;
  expect(page).toContain('Rows 241–300 of 300');
  expect(page.match(/name="mark\.\d+\.exam"/g)).toHaveLength(60);
  const found = (await room.get('/results?q=student%20123').expect(200)).text;
  expect([...found.matchAll(/name="sub\.\d+" value="(\w+)"/g)].map(([, sub]) => sub)).toEqual(['u123']);
  expect((await room.get('/results?q=nobody').expect(200)).text).toContain('No student matches this choice');
});

test('the MOOC’s result has a column where it was added, and nowhere else', async () => {
  expect(await room.results.hasColumn(room.course, 'mooc')).toBe(false);
  expect(await room.results.hasColumn(room.course, 'exam')).toBe(true);
  await room.results.addColumn(room.course, 'mooc');
  expect(await room.results.hasColumn(room.course, 'mooc')).toBe(true);
});
