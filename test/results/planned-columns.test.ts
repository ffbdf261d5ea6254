import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createColumnStore, type ColumnStore } from '../../src/results/column-store.js';
import { createPlannedColumns, type PlannedColumns } from '../../src/results/planned-columns.js';
import { createMarkStore, type MarkStore } from '../../src/results/store.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const NOW = new Date('2026-10-13T05:41:00Z');
const editor = { sub: 't1', name: 'Tutor', at: NOW };

let database: TestDatabase;
let columns: ColumnStore;
let marks: MarkStore;
let planned: PlannedColumns;
let courses = 0;
const course = () => ({ platform: 'http://localhost:1 client-1', deployment: '1', context: `c${++courses}` });

beforeAll(async () => {
  database = await testDatabase();
  columns = createColumnStore(database.connection);
  marks = createMarkStore(database.connection);
  planned = createPlannedColumns({ columns, marks });
  await Promise.all([columns.ready(), marks.ready()]);
}, 60_000);
afterAll(() => database.close());

const shown = async (ref: ReturnType<typeof course>) =>
  (await planned.columnStandings(ref)).filter((one) => one.shown).map(({ column }) => column);

test('a new course has the usual columns, and nothing holds them', async () => {
  expect(await planned.columnStandings(course())).toEqual([
    { column: 'midterm-1', shown: true, hold: null },
    { column: 'midterm-2', shown: true, hold: null },
    { column: 'exam', shown: true, hold: null },
    { column: 'mooc', shown: false, hold: null },
  ]);
});

test('what the map brings it may take out again, however often', async () => {
  const ref = course();
  for (let times = 0; times < 2; times++) {
    await planned.planColumn(ref, 'mooc');
    await planned.planColumn(ref, 'mooc');
    expect(await shown(ref)).toContain('mooc');
    expect(await planned.removeColumn(ref, 'mooc')).toBe('removed');
    expect(await planned.removeColumn(ref, 'mooc')).toBe('removed');
    expect(await shown(ref)).not.toContain('mooc');
  }
});

test('a column of a placed link is not the map’s to take out', async () => {
  const ref = course();
  await columns.add(ref, 'mooc');
  await planned.planColumn(ref, 'mooc');
  expect(await planned.removeColumn(ref, 'mooc')).toBe('link');
  expect(await columns.remove(ref, 'mooc')).toBe(false);
});

test('a maximum survives that its column was away', async () => {
  const ref = course();
  await columns.setMaximum(ref, 'exam', 40);
  await planned.removeColumn(ref, 'exam');
  await planned.planColumn(ref, 'exam');
  expect((await columns.get(ref, 'exam')).maximum).toBe(40);
});

test('marks hold a column, also those that came in the same moment; cleared ones do not', async () => {
  const ref = course();
  const key = { column: 'midterm-2', sub: 's1' } as const;
  const [outcome] = await Promise.all([planned.removeColumn(ref, 'midterm-2'), marks.set(ref, key, null, 70, editor)]);
  expect(['removed', 'marks']).toContain(outcome);
  expect(await shown(ref)).toContain('midterm-2');
  expect(await planned.removeColumn(ref, 'midterm-2')).toBe('marks');
  await marks.set(ref, key, 70, null, editor);
  expect(await planned.removeColumn(ref, 'midterm-2')).toBe('removed');
  expect(await shown(ref)).not.toContain('midterm-2');
});

test('what was sent stays, and sending brings a column back', async () => {
  const ref = course();
  await planned.removeColumn(ref, 'exam');
  await columns.fix(ref, 'exam', 'Final control');
  expect(await shown(ref)).toContain('exam');
  expect(await planned.removeColumn(ref, 'exam')).toBe('sent');
  expect(await columns.remove(ref, 'exam')).toBe(false);
});
