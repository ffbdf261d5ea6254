import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import request from 'supertest';
import type { Role } from '../../src/launch/permissions.js';
import { CSRF } from '../support/room-app.js';
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
});

const topic = (value: string, base = '') => ({ since: 1, changes: [{ path: 'rows.l1.topic', base, value }] });

const stored = async () => (await room.maps.find(room.course))?.rows[0]?.topic;

test.each([
  ['tutor', 'Make the map'],
  ['assistant', 'A tutor of the course starts it'],
  ['observer', 'A tutor of the course starts it'],
] as [Role, string][])('without a map a %s reads "%s"', async (role, text) => {
  const page = await room.get('/map', { role }).expect(200);
  expect(page.text).toContain(text);
  expect(page.text.includes('/map/start')).toBe(role === 'tutor');
});

test('starting makes the map of the template, and starting again leaves it as it is', async () => {
  await room.start();
  await room.patch(topic('Kept')).expect(200);
  await room.start();
  expect(await stored()).toBe('Kept');
  const page = await room.get('/map').expect(200);
  expect(page.text).toContain('name="rows.l15.topic"');
  expect(page.text).toContain('value="Hotel business management (HBM)"');
});

test.each(['assistant', 'observer'] as const)('an %s reads the map and finds nothing to type into', async (role) => {
  await room.start();
  await room.patch(topic('Introduction')).expect(200);
  const page = await room.get('/map', { role }).expect(200);
  expect(page.text).toContain('Introduction');
  expect(page.text.split('<main')[1]).not.toMatch(/<(?:input|textarea|form|button)\b/);
  expect(page.text).not.toContain('map-editor');
});

test.each(['assistant', 'observer', 'student'] as const)('an %s may change nothing', async (role) => {
  await room.start();
  await room.patch(topic('Mine'), { role }).expect(403);
  await room.act({ since: 1, act: { do: 'delete-row', id: 'l1' } }, { role }).expect(403);
  await room.post({ _base: '{}', _since: '1', _new: 'n1', 'rows.l1.topic': 'Mine' }, { role }).expect(403);
  await room.get('/map/changes?since=0', { role }).expect(403);
  await request(room.app)
    .post(`/c/${room.course.id}/map/start`)
    .set('x-test-role', role)
    .set('X-CSRF-Token', CSRF)
    .expect(403);
  expect((await room.maps.find(room.course))?.revision).toBe(1);
});

test('a student may not open the map, and a tutor has no student plan', async () => {
  await room.start();
  await room.get('/map', { role: 'student' }).expect(403);
  await room.get('/plan', { role: 'tutor' }).expect(403);
});

test('another course’s address is not found, and its map is not this one', async () => {
  await room.start();
  await request(room.app).get('/c/another/map').expect(404);
  await request(room.app).patch('/c/another/map').set('X-CSRF-Token', CSRF).send(topic('x')).expect(404);
  const other = await mapApp(database.connection);
  await other.patch(topic('x')).expect(404);
  await other.act({ since: 1, act: { do: 'delete-row', id: 'l1' } }).expect(404);
  await other.get('/map/changes?since=0').expect(404);
  expect((await room.maps.find(room.course))?.revision).toBe(1);
});

test('a change without the session’s token is refused', async () => {
  await room.start();
  await request(room.app).patch(`/c/${room.course.id}/map`).send(topic('x')).expect(409);
  expect(await stored()).toBe('');
});

test('a save answers with the text put in order and the state of the map', async () => {
  await room.start();
  const body = answerOf(await room.patch(topic('  Introduction ')).expect(200));
  expect(body).toMatchObject({
    revision: 2,
    saved: { 'rows.l1.topic': 'Introduction' },
    savedText: 'Saved 10:41',
    others: null,
    problems: [],
    refused: {},
  });
  expect(body.html.rail).toContain('32 fields to fill');
  expect(body.html.plan).toBeUndefined();
});

test('a conflict answers with both texts, who wrote the other and when; nothing is overwritten', async () => {
  await room.start();
  await room.patch(topic('Olga’s'), { sub: 'tutor-2' }).expect(200);
  const body = answerOf(await room.patch(topic('Mine')).expect(409));
  expect(body.saved).toEqual({});
  expect(body.problems).toHaveLength(1);
  expect(body.problems[0]).toMatchObject({ key: 'rows.l1.topic', row: 'l1', theirs: 'Olga’s' });
  expect(body.problems[0]?.html).toContain('Person tutor-2 changed this cell too.');
  expect(body.problems[0]?.html).toContain('Person tutor-2, 10:41');
  expect(body.problems[0]?.html).toContain('Mine');
  expect(await stored()).toBe('Olga’s');
  await room.patch(topic('Mine', 'Olga’s')).expect(200);
  expect(await stored()).toBe('Mine');
});

test('what others wrote since comes with the next save and with a look', async () => {
  await room.start();
  await room.patch(topic('Olga’s'), { sub: 'tutor-2' }).expect(200);
  const look = answerOf(await room.get('/map/changes?since=1').expect(200));
  expect(look).toMatchObject({
    revision: 2,
    values: { 'rows.l1.topic': 'Olga’s' },
    others: 'Person tutor-2 changed 1 cell.',
  });
  expect((await room.get('/map/changes?since=2').expect(200)).body).toEqual({ revision: 2 });
  const change = { path: 'rows.l2.topic', base: '', value: 'Types' };
  const save = answerOf(await room.patch({ since: 1, changes: [change] }).expect(200));
  expect(save.values).toEqual({ 'rows.l1.topic': 'Olga’s', 'rows.l2.topic': 'Types' });
});

test('a deleted row is offered back, with a word where somebody had just written in it', async () => {
  await room.start();
  await room.patch(topic('Olga’s'), { sub: 'tutor-2' }).expect(200);
  const body = answerOf(await room.act({ since: 1, act: { do: 'delete-row', id: 'l1' } }).expect(200));
  expect(body.outcome).toBe('done');
  expect(body.notice?.text).toBe('Lecture “Olga’s” is deleted. Person tutor-2 had changed it 10:41.');
  expect(body.notice?.html).toContain('value="restore-row:l1"');
  expect(body.html.plan).not.toContain('id="row-l1"');
  const late = answerOf(await room.patch(topic('Later', 'Olga’s'), { sub: 'tutor-2' }).expect(409));
  expect(late.problems[0]).toMatchObject({ key: 'rows.l1', lost: ['rows.l1.topic'] });
  expect(late.problems[0]?.html).toContain('Person tutor-1 deleted this row 10:41.');
  const back = answerOf(await room.act({ since: 3, act: { do: 'restore-row', id: 'l1' } }).expect(200));
  expect(back.html.plan).toContain('id="row-l1"');
  expect(await stored()).toBe('Olga’s');
});

test.each([
  ['a text of 10,000 characters', 'rows.l1.topic', 'a'.repeat(10_000), 'Too long: at most 2000 characters. Not saved.'],
  ['a null byte', 'rows.l1.topic', 'a\u0000b', 'It holds characters that cannot be stored. Not saved.'],
  ['a choice that there is not', 'head.form', 'by post', 'Choose one of the list. Not saved.'],
  ['a row that there is not', 'rows.n404.topic', 'x', 'This cell is no longer in the map. Not saved.'],
])('%s is refused in words', async (_name, path, value, words) => {
  await room.start();
  const body = answerOf(await room.patch({ since: 1, changes: [{ path, base: '', value }] }).expect(409));
  expect(body.refused).toEqual({ [path]: words });
});

test.each([
  ['no changes', { since: 1, changes: [] }],
  ['a path twice', { since: 1, changes: [topic('a').changes[0], topic('b').changes[0]] }],
  ['a path that is no text', { since: 1, changes: [{ path: { $ne: '' }, base: '', value: '' }] }],
  ['a text that is a query', { since: 1, changes: [{ path: 'rows.l1.topic', base: { $ne: 'x' }, value: 'y' }] }],
  ['no revision', { changes: topic('x').changes }],
])('a request with %s is refused whole', async (_name, body) => {
  await room.start();
  await room.patch(body).expect(400);
  expect(await stored()).toBe('');
});

test.each([
  { do: 'add-row', id: 'constructor', kind: 'lecture' },
  { do: 'add-row', id: 'n1', kind: 'holiday' },
  { do: 'add-row', id: 'n1', kind: 'consultation' },
  { do: 'add-row', id: 'n1', kind: 'lecture', stage: 'exam' },
  { do: 'move-row', id: 'l1', by: 5 },
  { do: 'drop-everything', id: 'l1' },
])('the act %j is refused', async (act) => {
  await room.start();
  await room.act({ since: 1, act }).expect(400);
  expect((await room.maps.find(room.course))?.revision).toBe(1);
});

test('a 61st row is refused in words', async () => {
  await room.start();
  for (let count = 21; count < 60; count++)
    await room.maps.act(
      room.course,
      { do: 'add-row', id: `n${count}`, kind: 'practical', stage: null, after: 'l3' },
      { sub: 't', name: '', at: new Date(0) },
    );
  const body = answerOf(await room.act({ since: 1, act: { do: 'add-row', id: 'n99', kind: 'practical' } }).expect(200));
  expect(body).toMatchObject({ outcome: 'full', notice: { text: 'The table holds at most 60 rows.' } });
});
