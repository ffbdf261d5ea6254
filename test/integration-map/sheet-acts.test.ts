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

const liveIds = async () =>
  ((await room.maps.find(room.course))?.rows ?? []).filter(({ deleted }) => !deleted).map(({ id }) => id);

const act = (body: object) => ({ since: 1, act: body });

test('a row is duplicated with its texts, once, however often it is asked for', async () => {
  await room.patch({ since: 1, changes: [{ path: 'rows.l2.topic', base: '', value: 'Types' }] }).expect(200);
  const body = act({ do: 'duplicate-row', id: 'n1', of: 'l2' });
  const answer = answerOf(await room.act(body).expect(200));
  expect(answer.outcome).toBe('done');
  expect(answer.html.plan).toContain('name="rows.n1.topic"');
  expect(answerOf(await room.act(body).expect(200)).outcome).toBe('already');
  expect((await liveIds()).slice(0, 4)).toEqual(['l1', 'l2', 'n1', 'l3']);
  expect((await room.maps.find(room.course))?.rows[2]?.topic).toBe('Types');
});

test('a form without script duplicates a row too', async () => {
  const html = (await room.get('/map').expect(200)).text;
  expect(html).toContain('name="do" value="duplicate-row:l2"');
  const answer = await room.post({ _base: '{}', _since: '1', _new: 'n2', do: 'duplicate-row:l2' }).expect(303);
  expect(answer.headers['location']).toContain('#row-n2');
  expect((await liveIds()).slice(1, 3)).toEqual(['l2', 'n2']);
});

test('rows of a range come, go and come back together, with the texts that were saved in them', async () => {
  const rows = [
    { id: 'n1', kind: 'lecture' },
    { id: 'n2', kind: 'practical' },
  ];
  expect(answerOf(await room.act(act({ do: 'add-rows', rows })).expect(200)).outcome).toBe('done');
  await room.patch({ since: 2, changes: [{ path: 'rows.n2.topic', base: '', value: 'Practice' }] }).expect(200);
  await room.act(act({ do: 'delete-rows', ids: ['n1', 'n2'] })).expect(200);
  expect(await liveIds()).not.toContain('n1');
  const back = answerOf(await room.act(act({ do: 'restore-rows', ids: ['n1', 'n2'] })).expect(200));
  expect(back.values['rows.n2.topic']).toBe('Practice');
  expect((await liveIds()).slice(17, 20)).toEqual(['l15', 'n1', 'n2']);
});

test('whoever takes rows away is told of what somebody else wrote in them', async () => {
  await room.act(act({ do: 'add-rows', rows: [{ id: 'n1', kind: 'lecture' }] })).expect(200);
  await room.patch({ since: 2, changes: [{ path: 'rows.n1.topic', base: '', value: 'Olga’s' }] }, { sub: 'tutor-2' });
  const answer = answerOf(await room.act({ since: 2, act: { do: 'delete-rows', ids: ['n1'] } }).expect(200));
  expect(answer.notice?.text).toContain('Lecture “Olga’s” is deleted. Person tutor-2 had changed it');
  expect(answer.notice?.html).toContain('value="restore-row:n1"');
});

test.each([
  [{ do: 'add-rows', rows: [] }],
  [{ do: 'add-rows', rows: [{ id: 'n1', kind: 'control' }] }],
  [{ do: 'add-rows', rows: Array.from({ length: 61 }, (_, index) => ({ id: `n${index}`, kind: 'lecture' })) }],
  [
    {
      do: 'add-rows',
      rows: [
        { id: 'n1', kind: 'lecture' },
        { id: 'n1', kind: 'lecture' },
      ],
    },
  ],
  [{ do: 'duplicate-row', id: 'n1', of: '__proto__' }],
  [{ do: 'place-row', id: 'l1' }],
  [{ do: 'delete-rows', ids: ['$where'] }],
])('%j is refused', async (body) => {
  await room.act(act(body)).expect(400);
  expect((await room.maps.find(room.course))?.revision).toBe(1);
});

test('a student and an observer move nothing', async () => {
  for (const role of ['student', 'observer'] as const)
    await room.act(act({ do: 'place-row', id: 'l1', after: 'l3' }), { role }).expect(403);
  expect((await liveIds())[0]).toBe('l1');
});
