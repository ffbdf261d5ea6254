import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
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
