import { expect, test } from '@jest/globals';
import { checksOf, passedOf } from '../../src/integration-map/checks.js';
import { readNumber, totalsOf } from '../../src/integration-map/hours.js';
import type { IntegrationMap, Row } from '../../src/integration-map/map.js';
import { matchFault } from '../../src/integration-map/match.js';
import { linkFault, placeRows, progressOf, safeLink, totals } from '../../src/integration-map/rules.js';
import { emptyRow } from '../../src/integration-map/template.js';
import { filledMap, templateMap } from './example-map.js';

const withRow = (map: IntegrationMap, id: string, change: Partial<Row>): IntegrationMap => ({
  ...map,
  rows: map.rows.map((row) => (row.id === id ? { ...row, ...change } : row)),
});

test.each([
  ['1', 1],
  ['1,5', 1.5],
  ['1.25', 1.25],
  ['150 h', 150],
  ['150 ч', 150],
  ['5 несие', 5],
  ['80 %', 80],
  ['-3', -3],
  ['', undefined],
  ['one', undefined],
  ['1–2', undefined],
  ['1e9', undefined],
  ['12 34', undefined],
])('"%s" is read as %s', (text, value) => {
  expect(readNumber(text)).toBe(value);
});

test('hours add up without rounding faults, and what is no number adds nothing', () => {
  const rows = ['0,1', '0,2', 'soon', '-4'].map((hours) => ({ kind: 'lecture', hours }));
  expect(totalsOf(rows, '150 h')).toEqual({
    lectures: 0.3,
    practical: 0,
    consultations: 0,
    contact: 0.3,
    independent: 149.7,
  });
});

test('a row that was taken out counts no hours', () => {
  const deleted = { by: 't1', byName: '', at: new Date(0), revision: 2 };
  expect(totals(withRow(templateMap(), 'l3', { deleted })).contact).toBe(17);
});

test('an empty template names its weeks without topic once, and each section says how much is to fill', () => {
  const map = templateMap();
  const missing = checksOf(map).find(({ code }) => code === 'topics-missing');
  expect(missing).toEqual({
    code: 'topics-missing',
    level: 'error',
    weeks: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    cells: Array.from({ length: 15 }, (_, index) => `rows.l${index + 1}.topic`),
  });
  expect(progressOf(map).map(({ missing: count }) => count)).toEqual([8, 1, 1, 33]);
});

test('a filled map has nothing to say, and says what is in order', () => {
  expect(checksOf(filledMap())).toEqual([]);
  expect(passedOf([])).toEqual(['consultations-in-place', 'topics-complete', 'delivery-complete', 'links-in-order']);
  expect(progressOf(filledMap()).every(({ complete }) => complete)).toBe(true);
});

test.each([
  ['https://www.coursera.org/learn/x', null, 'https://www.coursera.org/learn/x'],
  ['http://openu.kz/kk', 'link-not-https', 'http://openu.kz/kk'],
  ['coursera.org/learn/x', 'link-not-address', null],
  ['javascript:alert(1)', 'link-not-address', null],
  ['JaVaScRiPt:alert(1)', 'link-not-address', null],
  ['data:text/html,<script>alert(1)</script>', 'link-not-address', null],
  ['//evil.example', 'link-not-address', null],
  ['Room 304', 'link-not-address', null],
  ['', null, null],
])('the link "%s" has the fault %s and is linked as %s', (text, fault, href) => {
  expect(linkFault(text)).toBe(fault);
  expect(safeLink(text)).toBe(href);
});

test.each([
  ['80', false],
  ['0', false],
  ['100 %', false],
  ['100,5', true],
  ['-1', true],
  ['most', true],
  ['', false],
])('a match of "%s" is a fault: %s', (text, fault) => {
  expect(matchFault(text)).toBe(fault);
});

test('practical classes belong to the week of the lecture above them and are numbered through', () => {
  const map = templateMap();
  const rows = map.rows.flatMap((row) =>
    row.id === 'l2' || row.id === 'c1' ? [row, emptyRow(`p${row.id}`, 'practical')] : [row],
  );
  const placed = placeRows({ rows }).filter(({ row }) => row.kind === 'practical');
  expect(placed.map(({ number, week, group }) => ({ number, week, group }))).toEqual([
    { number: 1, week: 2, group: 'l2' },
    { number: 2, week: 7, group: 'pc1' },
  ]);
});
