import { expect, test } from '@jest/globals';
import { checksOf } from '../../src/integration-map/checks.js';
import { totals } from '../../src/integration-map/rules.js';
import { FEWEST_WEEKS, templateHead, templateRows, WEEKS } from '../../src/integration-map/template.js';
import { templateMap } from './example-map.js';

test('the template has the rows of Appendix 1, 4.2, in their order', () => {
  const names = templateRows().map(({ kind, stage, week }) => [kind, stage ?? week].join(' '));
  expect(names).toEqual([
    ...[1, 2, 3, 4, 5, 6, 7].map((week) => `lecture ${week}`),
    'consultation midterm-1',
    'control midterm-1',
    ...[8, 9, 10, 11, 12, 13, 14].map((week) => `lecture ${week}`),
    'consultation midterm-2',
    'lecture 15',
    'consultation exam',
    'control midterm-2',
    'control exam',
  ]);
});

const short = (weeks: number) =>
  templateRows(weeks).map(({ id, kind, stage, week }) => (kind === 'lecture' ? week : `${id} ${stage}`));

test('an accelerated form has midterm 1 in the middle, and midterm 2 and the exam at the end', () => {
  expect(short(8)).toEqual([
    ...['1', '2', '3', '4', 'c1 midterm-1', 'k1 midterm-1'],
    ...['5', '6', '7', 'c2 midterm-2', '8', 'c3 exam', 'k2 midterm-2', 'k3 exam'],
  ]);
  expect(short(FEWEST_WEEKS)).toEqual([
    ...['1', 'c1 midterm-1', 'k1 midterm-1', '2', 'c2 midterm-2', '3'],
    ...['c3 exam', 'k2 midterm-2', 'k3 exam'],
  ]);
  expect(templateRows(WEEKS)).toEqual(templateRows());
});

test('each number of weeks has its lectures once and in order, and every control and consultation', () => {
  for (let weeks = FEWEST_WEEKS; weeks <= WEEKS; weeks++) {
    const rows = templateRows(weeks);
    const lectures = rows.filter(({ kind }) => kind === 'lecture').map(({ week }) => Number(week));
    expect(lectures).toEqual(Array.from({ length: weeks }, (_, index) => index + 1));
    expect(rows).toHaveLength(weeks + 6);
    const map = { ...templateMap(), rows };
    expect(checksOf(map).filter(({ code }) => /consultation|order/.test(code))).toEqual([]);
  }
});

test('the template sums to 18 hours: 15 lectures and 3 consultations', () => {
  expect(totals(templateMap())).toEqual({
    lectures: 15,
    practical: 0,
    consultations: 3,
    contact: 18,
    independent: null,
  });
});

test.each([
  ['Hotel business', 'HBM', 'Hotel business (HBM)'],
  ['Hotel business (HBM)', 'HBM', 'Hotel business (HBM)'],
  ['Hotel business', '', 'Hotel business'],
  [' ', 'HBM', 'HBM'],
])('a course called "%s" with the short name "%s" gives the discipline "%s"', (title, label, discipline) => {
  expect(templateHead({ title, label }).discipline).toBe(discipline);
});

test('ids of the template are all different', () => {
  const ids = templateRows().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
