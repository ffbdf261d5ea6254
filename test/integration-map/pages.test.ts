import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { USUAL_NORMS } from '../../src/integration-map/norms.js';
import { testDatabase } from '../support/database.js';
import { answerOf, mapApp } from './map-app.js';

let database: { connection: Connection; close(): Promise<void> };
let room: Awaited<ReturnType<typeof mapApp>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  room = await mapApp(database.connection);
  await room.start();
});

const save = (values: Record<string, string>, bases: Record<string, string> = {}) =>
  room.patch({
    since: 1,
    changes: Object.entries(values).map(([path, value]) => ({ path, base: bases[path] ?? '', value })),
  });

test.each([
  ['kk', '1-бөлім. SPOC/MOOC таңдау', 'ҚР бойынша кеңес 1', '1-модель. МООК-қолдау:', 'Сақталды: 10:41'],
  ['ru', 'Раздел 1. Выбор SPOC/MOOC', 'Консультация по РК 1', 'Модель 1. МООК-поддержка:', 'Сохранено в 10:41'],
  ['en', 'Section 1. Choosing the SPOC/MOOC', 'Consultation for midterm 1', 'Model 1. MOOC support:', 'Saved 10:41'],
] as const)('the map reads in %s with the official words', async (language, ...words) => {
  const page = await room.get('/map', { language }).expect(200);
  for (const word of words) expect(page.text).toContain(word);
  await room.get('/map', { language, role: 'observer' }).expect(200);
  await room.get('/plan', { language, role: 'student' }).expect(200);
});

test('every cell has a name of its own to be called by', async () => {
  const { text } = await room.get('/map').expect(200);
  const names = [...text.matchAll(/class="gin"[^>]*aria-label="([^"]*)"/g)].map(([, name]) => name);
  expect(names).toContain('Week 3, topic');
  expect(names).toContain('Consultation for midterm 1, platform');
  expect(new Set(names).size).toBe(names.length);
});

const HOSTILE = '<script>alert(1)</script>" onfocus="alert(2)';

test('hostile text is text everywhere', async () => {
  const values = {
    'rows.l1.topic': HOSTILE,
    'rows.l1.tasks': '</textarea><img src=x onerror=alert(1)>',
    'rows.l1.platform': HOSTILE,
    'rows.l1.link': 'javascript:alert(1)',
    'moocs.m1.title': HOSTILE,
    'moocs.m1.link': 'javascript:alert(2)',
    'head.semester': HOSTILE,
    'rows.k1.topic': HOSTILE,
  };
  await save(values).expect(200);
  const conflict = answerOf(await save({ 'rows.l1.topic': 'another' }).expect(409));
  const pages = [
    (await room.get('/map')).text,
    (await room.get('/map', { role: 'observer' })).text,
    (await room.get('/plan', { role: 'student' })).text,
    conflict.problems[0]?.html ?? '',
  ];
  for (const text of pages) {
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('<img src=x');
    expect(text).not.toContain('" onfocus=');
    expect(text).not.toContain('href="javascript');
  }
});

test('the student’s plan goes in the map’s order, with consultations, controls and links', async () => {
  await save({
    'rows.l7.topic': 'Front office',
    'rows.l7.tasks': 'Watch module 4',
    'rows.l7.delivery': 'asynchronous',
    'rows.l7.platform': 'Coursera',
    'rows.l7.link': 'https://www.coursera.org/learn/x?a=1&b=2',
    'rows.l8.platform': 'Room 304',
    'rows.k1.topic': 'Sat 17 Oct, 10:00',
    'moocs.m1.title': 'Hotel Management',
  }).expect(200);
  const { text } = await room.get('/plan', { role: 'student' }).expect(200);
  const order = ['Week 7', 'Lecture 7 · 1 h · Asynchronous', 'Front office', 'Watch module 4', 'Open: Coursera'];
  const next = [
    'cons-line',
    'Consultation for midterm 1',
    'ctrl-line',
    'Midterm 1',
    'Sat 17 Oct, 10:00',
    'Week 8',
    'Room 304',
  ];
  let at = 0;
  for (const word of [...order, ...next, 'Exam consultation', 'Midterm 2', 'Final control']) {
    const found = text.indexOf(word, at);
    expect([word, found > at]).toEqual([word, true]);
    at = found;
  }
  expect(text).toMatch(
    /<a [^>]*href="https:\/\/www\.coursera\.org\/learn\/x\?a&#x3D;1&amp;b&#x3D;2" target="_blank" rel="noopener noreferrer"/,
  );
  expect(text.split('<main')[1]).not.toMatch(/<(?:input|textarea|form)\b/);
});

test('a student without a plan is told so', async () => {
  const other = await mapApp(database.connection);
  const { text } = await other.get('/plan', { role: 'student', language: 'kk' }).expect(200);
  expect(text).toContain('Апталық жоспар әлі жоқ');
});

test('a deleted row is gone from the plan and listed for the tutor', async () => {
  await save({ 'rows.l2.topic': 'Types of hotels' });
  await room.act({ since: 2, act: { do: 'delete-row', id: 'l2' } }).expect(200);
  expect((await room.get('/plan', { role: 'student' })).text).not.toContain('Types of hotels');
  expect((await room.get('/map')).text).toContain('Lecture “Types of hotels”, deleted 10:41, you');
});

test('checks lead to their cells and hold nobody up', async () => {
  await save({ 'rows.l5.link': 'http://openu.kz', 'moocs.m1.match': '120' }).expect(200);
  const { text } = await room.get('/map');
  expect(text).toContain('Week 5, link: the link is not https.');
  expect(text).toContain('href="#f-rows-l5-link"');
  expect(text).toContain('id="f-rows-l5-link"');
  expect(text).toContain('MOOC 1, match: give a number from 0 to 100.');
  expect(text).toContain('No topic yet in weeks 1–15.');
});

const inOrder = (text: string, words: readonly string[]) => {
  let at = 0;
  for (const word of words) {
    const found = text.indexOf(word, at);
    expect([word, found >= at]).toEqual([word, true]);
    at = found + word.length;
  }
};

test('the table shows each week’s dates and marks this one: 13 October is in week 7', async () => {
  const answer = answerOf(await save({ 'head.semesterStart': '2026-09-01' }).expect(200));
  // The script hears of it at once.
  expect(answer.html.plan).toContain('31\u00a0Aug–6\u00a0Sep');
  for (const role of ['tutor', 'observer'] as const) {
    const { text } = await room.get('/map', { role }).expect(200);
    expect(text).toContain('<small class="wk-date">12–18\u00a0Oct</small><small><b>This week</b></small>');
    expect(text.match(/<b>This week<\/b>/g)).toHaveLength(1);
    expect(text).toMatch(/<tr role="row" class="lec now" id="row-l7"/);
  }
  expect((await room.get('/map')).text).toContain('<option value="7" selected>Week 7 · 12–18\u00a0Oct</option>');
  expect((await room.get('/map', { language: 'kk' })).text).toContain('Осы апта');
});

test('a holiday moves the weeks behind it', async () => {
  await save({ 'head.semesterStart': '2026-09-01', 'head.holidays': '2026-10-05 – 2026-10-10 Break' }).expect(200);
  expect((await room.get('/map')).text).toContain('<option value="6" selected>Week 6 · 12–18\u00a0Oct</option>');
});

test('the plan is drawn anew when a week gets another number, but only where weeks have dates', async () => {
  const week = (value: string, base: string) => save({ 'rows.l15.week': value }, { 'rows.l15.week': base });
  expect(answerOf(await week('16', '15').expect(200)).html.plan).toBeUndefined();
  await save({ 'head.semesterStart': '2026-09-01' }).expect(200);
  const { revision } = answerOf(await week('17', '16').expect(200));
  const look = answerOf(
    await room.patch({ since: revision, changes: [{ path: 'rows.l15.week', base: '17', value: '15' }] }).expect(200),
  );
  expect(look.html.plan).toContain('7–13\u00a0Dec');
});

test('a date that is none is kept as it was typed, told with a jump, and not lost by a form without script', async () => {
  await save({ 'head.semesterStart': '31.08.2026', 'head.holidays': '2026-12-16\nNauryz' }).expect(200);
  const { text } = await room.get('/map').expect(200);
  expect(text).toMatch(/type="text" id="f-head-semesterStart" name="head.semesterStart" value="31.08.2026"/);
  expect(text).toContain('Semester’s first day: this is not a date. Write it as 2026-09-01.');
  expect(text).toContain('href="#f-head-semesterStart"');
  expect(text).toContain('Holidays, line 2: “Nauryz” is not a date.');
  expect(text).toContain('href="#f-head-holidays"');
  expect(text).not.toContain('wk-date');
});

test('a map of before, without dates, reads as one whose dates are empty, and takes some', async () => {
  const maps = database.connection.collection('integrationMaps');
  const unset = { 'head.semesterStart': '', 'head.holidays': '' };
  await maps.updateOne({ context: room.course.context }, { $unset: unset });
  expect((await room.maps.find(room.course))?.head).toMatchObject({ semesterStart: '', holidays: '' });
  expect((await room.get('/map')).text).toContain('type="date" id="f-head-semesterStart"');
  await room.get('/plan', { role: 'student' }).expect(200);
  await save({ 'head.semesterStart': '2026-09-01' }).expect(200);
  expect((await room.maps.find(room.course))?.head.semesterStart).toBe('2026-09-01');
});

test('a student sees this week first with what is due, then the rest, and past weeks folded away', async () => {
  await save({
    'head.semesterStart': '2026-09-01',
    'head.holidays': '2026-10-14 Teachers’ day',
    'rows.l1.topic': 'Introduction',
    'rows.l1.tasks': 'An old task',
    'rows.l7.topic': 'Front office',
    'rows.l7.tasks': 'Watch module 4',
    'rows.l7.assessment': 'Online test',
    'rows.k1.topic': 'Sat 17 Oct, 10:00',
    'rows.l8.topic': 'Next week’s topic',
  }).expect(200);
  const { text } = await room.get('/plan', { role: 'student' }).expect(200);
  const main = text.split('<main')[1] ?? '';
  inOrder(main, [
    'Due this week',
    'Watch module 4',
    'Lecture 7 · Front office · Online test',
    'Until Sun 18 Oct',
    'Midterm 1',
    'Sat 17 Oct, 10:00',
    'Week 7',
    '12–18\u00a0Oct',
    'This week',
    'Holidays: Teachers’ day',
    'Week 8',
    'Next week’s topic',
    'Week 15',
    '<details class="past-weeks">',
    'Past weeks: 6',
    'Week 1',
    'Introduction',
    '/plan/calendar',
  ]);
  expect(main.split('Due this week')[1]?.split('</section>')[0]).not.toContain('An old task');
});

test('when all weeks are over the plan says so and shows them; before the first all are ahead', async () => {
  await save({ 'head.semesterStart': '2026-01-19' }).expect(200);
  const over = (await room.get('/plan', { role: 'student' })).text;
  expect(over).toContain('The weeks of this plan are over.');
  expect(over).toContain('<details class="past-weeks" open>');
  await save({ 'head.semesterStart': '2027-01-18' }, { 'head.semesterStart': '2026-01-19' }).expect(200);
  const ahead = (await room.get('/plan', { role: 'student' })).text;
  expect(ahead).not.toContain('past-weeks');
  expect(ahead).not.toContain('This week');
});

test('errors are told before warnings and counted apart; consultations show the norm of clause 7.2 beside their hours', async () => {
  await save({ 'head.hours': 'many', 'moocs.m1.match': '30' }).expect(200);
  const { text } = await room.get('/map').expect(200);
  expect(text).toMatch(/\d+ errors, \d+ warnings/);
  inOrder(text, ['Workload, hours: give a number.', 'MOOC 1, match: 30 % is less than 50 %.']);
  expect(text).toContain('<b data-total="consultations">3 h</b> (7.2: 1 h of the tutor’s load)');
});

test('the university’s own norms and the course’s results are what a map is checked against', async () => {
  const norms = {
    ...USUAL_NORMS,
    hoursPerCredit: 25,
    contactHoursPerCredit: 10,
    matchThreshold: 70,
    consultationLoadHours: 2,
  };
  const values = { 'head.hours': '150', 'head.credits': '5', 'head.model': '3', 'moocs.m1.match': '60' };
  const texts = async (moocResult: boolean) => {
    room = await mapApp(database.connection, { norms, moocResult: () => Promise.resolve(moocResult) });
    await room.start();
    const answer = answerOf(await save(values).expect(200));
    expect((await room.get('/map')).text).toContain(answer.html.checks);
    return `${answer.html.checks} ${answer.html.totals}`;
  };
  const checks = await texts(false);
  for (const text of [
    '150 h are not 5 credits × 25 h.',
    'The table’s 18 contact hours are not the norm of 50 h for 5 credits.',
    'MOOC 1, match: 60 % is less than 70 %.',
    'Model 3 counts the MOOC’s result, but no assessment names it',
    '(7.2: 2 h of the tutor’s load)',
  ])
    expect(checks).toContain(text);
  expect(await texts(true)).not.toContain('Model 3 counts');
});
