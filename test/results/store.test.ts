import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { createColumnStore, type ColumnStore } from '../../src/results/column-store.js';
import { createMarkStore, type MarkStore } from '../../src/results/store.js';
import { testDatabase } from '../support/database.js';

let database: { connection: Connection; close(): Promise<void> };
let marks: MarkStore;
let columns: ColumnStore;
let courses = 0;

beforeAll(async () => {
  database = await testDatabase();
  marks = createMarkStore(database.connection);
  columns = createColumnStore(database.connection);
  await Promise.all([marks.ready(), columns.ready()]);
});
afterAll(() => database.close());

const NOW = new Date('2026-10-13T05:41:00.700Z');
const course = () => ({ platform: 'http://localhost:1 client-1', deployment: '1', context: `c${++courses}` });
const key = { column: 'exam', sub: 'u1' } as const;
const editor = (sub: string) => ({ sub, name: `Tutor ${sub}`, at: NOW });
const second = (date: Date | undefined) => date?.toISOString().slice(11, 19);

test('of two tutors who saw the same mark the second is told of the first', async () => {
  const ref = course();
  expect(await marks.set(ref, key, null, 70, editor('a'))).toEqual({ kind: 'saved' });
  const second_ = await marks.set(ref, key, null, 80, editor('b'));
  expect(second_).toMatchObject({ kind: 'conflict', mark: { value: 70, by: { sub: 'a', name: 'Tutor a' } } });
  expect(await marks.set(ref, key, 70, 80, editor('b'))).toEqual({ kind: 'saved' });
  expect(await marks.get(ref, key)).toMatchObject({ value: 80, by: { sub: 'b' } });
});

test('a save that is sent twice is a save', async () => {
  const ref = course();
  await marks.set(ref, key, null, 70, editor('a'));
  await marks.set(ref, key, 70, 80.25, editor('a'));
  expect(await marks.set(ref, key, 70, 80.25, editor('a'))).toEqual({ kind: 'saved' });
});

test('of twenty first marks at once exactly one is written', async () => {
  const ref = course();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => marks.set(ref, key, null, n, editor(`t${n}`))),
  );
  const saved = outcomes.flatMap(({ kind }, n) => (kind === 'saved' ? [n] : []));
  const stored = await marks.all(ref);
  expect(stored.map(({ value }) => value)).toEqual(saved);
});

test('each score of a mark has a later second, and none for a mark that changed', async () => {
  const ref = course();
  await marks.set(ref, key, null, 70, editor('a'));
  expect(second(await marks.stamp(ref, key, 70, NOW))).toBe('05:41:00');
  expect(second(await marks.stamp(ref, key, 70, NOW))).toBe('05:41:01');
  expect(await marks.stamp(ref, key, 71, NOW)).toBeUndefined();
  const many = await Promise.all(Array.from({ length: 10 }, () => marks.stamp(ref, key, 70, NOW)));
  expect(many.map(second).sort()).toEqual(
    Array.from({ length: 10 }, (_, n) => `05:41:${String(n + 2).padStart(2, '0')}`),
  );
});

test('a confirmation that comes late does not replace a newer one', async () => {
  const ref = course();
  await marks.set(ref, key, null, 70, editor('a'));
  const [first, later] = [new Date('2026-10-13T05:41:00Z'), new Date('2026-10-13T05:41:05Z')];
  await marks.mayReach(ref, key, 70);
  await marks.confirm(ref, key, 75, later, NOW);
  await marks.confirm(ref, key, 70, first, NOW);
  expect(await marks.get(ref, key)).toMatchObject({ inLms: { value: 75 }, mayBeInLms: [] });
});

test("the LMS's mark is taken over only in place of the one that was seen", async () => {
  const ref = course();
  await marks.set(ref, key, null, 70, editor('a'));
  expect(await marks.adopt(ref, key, 71, 21, editor('b'))).toBe('changed');
  expect(await marks.adopt(ref, key, 70, 21, editor('b'))).toBe('kept');
  expect(await marks.get(ref, key)).toMatchObject({ value: 21, inLms: { value: 21 }, by: { sub: 'b' } });
  expect(await marks.adopt(ref, key, 21, null, editor('b'))).toBe('kept');
  const emptied = await marks.get(ref, key);
  expect([emptied?.value, emptied?.inLms]).toEqual([null, undefined]);
});

test('the maximum stays from the first sending on', async () => {
  const ref = course();
  expect(await columns.setMaximum(ref, 'exam', 40)).toBe('set');
  expect(await columns.fix(ref, 'exam', 'Final control')).toMatchObject({ maximum: 40, fixed: true });
  expect(await columns.setMaximum(ref, 'exam', 50)).toBe('fixed');
  expect((await columns.all(ref)).map(({ maximum }) => maximum)).toEqual([100, 100, 40]);
});

test('of many makers of one line item exactly one has the turn', async () => {
  const ref = course();
  await columns.fix(ref, 'exam', 'Final control');
  const turns = await Promise.all(
    Array.from({ length: 8 }, (_, n) => columns.beginMaking(ref, 'exam', `m${n}`, NOW, 60_000)),
  );
  expect(turns.filter(Boolean)).toEqual([true]);
});

test('two courses never share a mark', async () => {
  const [one, other] = [course(), course()];
  await marks.set(one, key, null, 70, editor('a'));
  expect(await marks.get(other, key)).toBeUndefined();
  expect(await marks.set(other, key, null, 80, editor('b'))).toEqual({ kind: 'saved' });
});
