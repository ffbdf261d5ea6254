import { expect, test } from '@jest/globals';
import { totals } from '../../src/integration-map/rules.js';
import { templateHead, templateRows } from '../../src/integration-map/template.js';
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
