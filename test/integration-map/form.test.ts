import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { testDatabase } from '../support/database.js';
import { mapApp, type Who } from './map-app.js';
import { fieldsOf } from './sent-form.js';

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

const page = async (who?: Who) => fieldsOf((await room.get('/map', who).expect(200)).text);

const theMap = async () => {
  const map = await room.maps.find(room.course);
  if (!map) throw new Error('There is no map');
  return map;
};

const OLGA: Who = { sub: 'tutor-2' };

test('a page that is sent back untouched changes nothing', async () => {
  await room.patch({
    since: 1,
    changes: [{ path: 'rows.l1.tasks', base: '', value: 'Read\n  chapter 2\n\nWrite <b>one</b> page & more' }],
  });
  const answer = await room.post({ ...(await page()), do: 'save:s4' }).expect(303);
  expect(answer.headers['location']).toBe(`/c/${room.course.id}/map?notice=saved#s4`);
  expect((await theMap()).revision).toBe(2);
  expect((await room.get('/map?notice=saved')).text).toContain('Saved.');
});

test('a form without script saves every field that was changed, choices as well', async () => {
  const fields = {
    ...(await page()),
    'head.form': 'accelerated',
    'head.model': '3',
    'rows.l2.topic': 'Types\r\nof hotels',
  };
  await room.post({ ...fields, do: 'save:s1' }).expect(303);
  const map = await theMap();
  expect(map.head).toMatchObject({ form: 'accelerated', model: '3' });
  expect(map.rows[1]?.topic).toBe('Types\nof hotels');
  expect(Object.keys(map.edits).sort()).toEqual(['head.form', 'head.model', 'rows.l2.topic']);
});

test('a form of a stale page keeps what others wrote in fields that it did not touch', async () => {
  const stale = await page();
  await room.post({ ...(await page(OLGA)), 'rows.l1.topic': 'Olga’s', do: 'save' }, OLGA).expect(303);
  await room.post({ ...stale, 'rows.l2.topic': 'Mine', do: 'save' }).expect(303);
  const [first, second] = (await theMap()).rows;
  expect([first?.topic, second?.topic]).toEqual(['Olga’s', 'Mine']);
});

test('a form of a stale page with a text for the same field comes back with both texts, and saves the rest', async () => {
  const stale = await page();
  await room.post({ ...(await page(OLGA)), 'rows.l1.topic': 'Olga’s', do: 'save' }, OLGA).expect(303);
  const answer = await room
    .post({ ...stale, 'rows.l1.topic': 'Mine', 'head.semester': 'Autumn', do: 'save' })
    .expect(409);
  expect(answer.text).toContain('Person tutor-2 changed this cell too.');
  expect(answer.text).toMatch(/>Mine<\/textarea>/);
  const map = await theMap();
  expect([map.rows[0]?.topic, map.head.semester]).toEqual(['Olga’s', 'Autumn']);

  // Saving once more without a choice asks again.
  const returned = fieldsOf(answer.text);
  await room.post({ ...returned, do: 'save' }).expect(409);
  expect((await theMap()).rows[0]?.topic).toBe('Olga’s');

  const yours = /name="keep" value="(yours:[^"]+)"/.exec(answer.text)?.[1] ?? '';
  await room.post({ ...returned, keep: yours }).expect(303);
  expect((await theMap()).rows[0]?.topic).toBe('Mine');
});

test('choosing the other text keeps it', async () => {
  const stale = await page();
  await room.post({ ...(await page(OLGA)), 'rows.l1.topic': 'Olga’s', do: 'save' }, OLGA).expect(303);
  const answer = await room.post({ ...stale, 'rows.l1.topic': 'Mine', do: 'save' }).expect(409);
  const theirs = /name="keep" value="(theirs:[^"]+)"/.exec(answer.text)?.[1] ?? '';
  await room.post({ ...fieldsOf(answer.text), keep: theirs }).expect(303);
  expect((await theMap()).rows[0]?.topic).toBe('Olga’s');
});

test('a choice against a text that changed once more asks again', async () => {
  const stale = await page();
  await room.post({ ...(await page(OLGA)), 'rows.l1.topic': 'Olga’s', do: 'save' }, OLGA).expect(303);
  const answer = await room.post({ ...stale, 'rows.l1.topic': 'Mine', do: 'save' }).expect(409);
  await room.post({ ...(await page(OLGA)), 'rows.l1.topic': 'Olga’s second', do: 'save' }, OLGA).expect(303);
  const yours = /name="keep" value="(yours:[^"]+)"/.exec(answer.text)?.[1] ?? '';
  const again = await room.post({ ...fieldsOf(answer.text), keep: yours }).expect(409);
  expect(again.text).toContain('Olga’s second');
  expect((await theMap()).rows[0]?.topic).toBe('Olga’s second');
});

test('a text for a row that was deleted meanwhile is kept on the page, and brings the row back if one wishes', async () => {
  const stale = await page();
  await room.act({ since: 1, act: { do: 'delete-row', id: 'l4' } }, OLGA).expect(200);
  const answer = await room.post({ ...stale, 'rows.l4.topic': 'Law', do: 'save' }).expect(409);
  expect(answer.text).toContain('Person tutor-2 deleted this row 10:41.');
  expect(answer.text).not.toContain('id="row-l4"');
  await room.post({ ...fieldsOf(answer.text), keep: 'restore:rows.l4' }).expect(303);
  const row = (await theMap()).rows.find(({ id }) => id === 'l4');
  expect(row).toMatchObject({ deleted: null, topic: 'Law' });
});

test('or is left deleted', async () => {
  const stale = await page();
  await room.act({ since: 1, act: { do: 'delete-row', id: 'l4' } }, OLGA).expect(200);
  const answer = await room.post({ ...stale, 'rows.l4.topic': 'Law', do: 'save' }).expect(409);
  await room.post({ ...fieldsOf(answer.text), keep: 'leave:rows.l4' }).expect(303);
  expect((await theMap()).rows.find(({ id }) => id === 'l4')?.topic).toBe('');
});

test('a button of a row saves what was typed, and then does its act', async () => {
  const fields: Record<string, string> = { ...(await page()), 'rows.l3.topic': 'Organisation' };
  const answer = await room.post({ ...fields, do: 'add-practical:l3' }).expect(303);
  const added = fields['_new'] ?? '';
  expect(answer.headers['location']).toContain(`#row-${added}`);
  const rows = (await theMap()).rows;
  expect(rows.slice(2, 4).map(({ id, topic }) => [id, topic])).toEqual([
    ['l3', 'Organisation'],
    [added, ''],
  ]);
  await room.post({ ...(await page()), do: `up:${added}` }).expect(303);
  expect((await theMap()).rows[2]?.id).toBe(added);
});

test('the same button sent twice adds one row', async () => {
  const fields: Record<string, string> = { ...(await page()), do: 'add-row', _kind: 'consultation:exam' };
  await room.post(fields).expect(303);
  await room.post(fields).expect(303);
  const rows = (await theMap()).rows;
  expect(rows.filter(({ kind, stage }) => kind === 'consultation' && stage === 'exam').map(({ id }) => id)).toEqual([
    'c3',
    fields['_new'],
  ]);
});

test('a deleted row is said, and its button brings it back', async () => {
  const answer = await room.post({ ...(await page()), do: 'delete-row:l2' }).expect(303);
  const after = await room.get(`/map${new URL(answer.headers['location'] ?? '', 'http://x').search}`).expect(200);
  expect(after.text).toContain('Lecture is deleted.');
  expect(after.text).toContain('value="restore-row:l2"');
  await room.post({ ...fieldsOf(after.text), do: 'restore-row:l2' }).expect(303);
  expect((await theMap()).rows[1]).toMatchObject({ id: 'l2', deleted: null });
});

test('MOOCs are added and taken out', async () => {
  const fields = await page();
  await room.post({ ...fields, 'moocs.m1.title': 'Hotel Management', do: 'add-mooc' }).expect(303);
  await room.post({ ...(await page()), do: 'delete-mooc:m1' }).expect(303);
  const moocs = (await theMap()).moocs;
  expect(moocs.map(({ id, title, deleted }) => [id, title, deleted !== null])).toEqual([
    ['m1', 'Hotel Management', true],
    [fields['_new'], '', false],
  ]);
});

test.each([
  ['a'.repeat(10_000), 'Too long: at most 2000 characters. Not saved.'],
  ['null \u0000 byte', 'It holds characters that cannot be stored. Not saved.'],
])('a text that cannot be taken comes back with its reason, the rest is saved', async (text, reason) => {
  const answer = await room
    .post({ ...(await page()), 'rows.l1.topic': text, 'rows.l2.topic': 'Fine', do: 'save' })
    .expect(400);
  expect(answer.text).toContain(reason);
  const [first, second] = (await theMap()).rows;
  expect([first?.topic, second?.topic]).toEqual(['', 'Fine']);
});

test.each([
  { _base: 'not json' },
  { _base: '{"head.form": 7}' },
  { _since: 'soon' },
  { _new: '../x' },
  { do: 'explode:l1' },
  { do: 'delete-row:../../x' },
  { keep: 'yours:$where:x' },
])('a form with %j is refused whole', async (wrong) => {
  await room.post({ ...(await page()), 'rows.l1.topic': 'x', ...wrong }).expect(400);
  expect((await theMap()).revision).toBe(1);
});

test('a form without the token changes nothing', async () => {
  await room.post({ ...(await page()), _csrf: 'another', 'rows.l1.topic': 'x' }).expect(409);
  expect((await theMap()).revision).toBe(1);
});
