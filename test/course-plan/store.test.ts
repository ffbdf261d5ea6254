import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Asked } from '../../src/course-plan/rules.js';
import { createCoursePlanStore, type ApplyRecord, type CoursePlanStore } from '../../src/course-plan/store.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const AT = new Date('2026-10-13T05:41:00Z');
const ref = { platform: 'http://localhost:1 client-1', deployment: '1', context: '2' };

let database: TestDatabase;
let plans: CoursePlanStore;
beforeAll(async () => {
  database = await testDatabase();
  plans = createCoursePlanStore(database.connection);
  await plans.ready();
}, 60_000);
afterAll(() => database.close());

const asked = (hours: number): Asked => ({
  stages: [
    {
      stage: 'midterm-1',
      window: { first: '2026-10-12', last: '2026-10-18' },
      hours,
      delivery: null,
      platform: '',
      link: null,
    },
  ],
  columns: [
    { column: 'midterm-1', due: '2026-10-18' },
    { column: 'mooc', due: null },
  ],
});
const record = (number: number, who = 't1'): ApplyRecord => ({
  number,
  by: { sub: who, name: who, at: AT },
  version: null,
  mapRevision: 5,
  digest: `${number} ${who}`,
  lines: [],
});

test('before a map is applied nothing is planned', async () => {
  const course = { ...ref, context: 'none' };
  expect(await plans.find(course)).toBeNull();
  expect(await plans.planned(course)).toBeNull();
  expect(await plans.dueDays(course)).toEqual(new Map());
});

test('of ten at once one is taken, the first time and later; each leaves its record', async () => {
  const course = { ...ref, context: 'race' };
  for (const number of [1, 2]) {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, n) => plans.apply(course, asked(number), record(number, `t${n}`))),
    );
    expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1);
  }
  const found = await plans.find(course);
  expect(found?.asked).toEqual(asked(2));
  expect(found?.records.map(({ number, by }) => [number, by.at])).toEqual([
    [1, AT],
    [2, AT],
  ]);
  expect(await plans.apply(course, asked(3), record(2))).toBe('changed');
  expect(await plans.apply(course, asked(3), record(4))).toBe('changed');
  expect(await plans.planned(course)).toEqual(asked(2).stages);
  expect([...(await plans.dueDays(course))]).toEqual([['midterm-1', '2026-10-18']]);
});

test('a course knows only its own', async () => {
  const course = { ...ref, context: 'mine' };
  await plans.apply(course, asked(1), record(1));
  for (const other of [
    { ...course, platform: 'x y' },
    { ...course, deployment: '9' },
    { ...course, context: 'theirs' },
  ])
    expect(await plans.find(other)).toBeNull();
});
