import { expect, test } from '@jest/globals';
import { checksOf, type Check } from '../../src/integration-map/checks.js';
import type { IntegrationMap, Mooc, Row } from '../../src/integration-map/map.js';
import { USUAL_NORMS, USUALLY, type CheckedBy } from '../../src/integration-map/norms.js';
import { emptyRow } from '../../src/integration-map/template.js';
import { filledMap } from './example-map.js';

const map = filledMap();
const head = (change: Partial<IntegrationMap['head']>): IntegrationMap => ({
  ...map,
  head: { ...map.head, ...change },
});
const mooc = (change: Partial<Mooc>): IntegrationMap => ({
  ...map,
  moocs: map.moocs.map((one) => ({ ...one, ...change })),
});
const rows = (ids: readonly string[] | 'all', change: Partial<Row>): IntegrationMap => ({
  ...map,
  rows: map.rows.map((row) => (ids === 'all' || ids.includes(row.id) ? { ...row, ...change } : row)),
});
const without = (kind: Row['kind']): IntegrationMap => ({ ...map, rows: map.rows.filter((row) => row.kind !== kind) });
const moved = (id: string, behind: string): IntegrationMap => {
  const row = map.rows.filter((one) => one.id === id);
  const others = map.rows.filter((one) => one.id !== id);
  const at = others.findIndex((one) => one.id === behind) + 1;
  return { ...map, rows: [...others.slice(0, at), ...row, ...others.slice(at)] };
};
const model3 = (assessment: string): IntegrationMap => ({
  ...rows('all', { assessment: 'Oral exam' }),
  head: { ...map.head, model: '3' },
  rows: map.rows.map((row) => ({ ...row, assessment: row.id === 'l4' ? assessment : 'Oral exam' })),
});
const lectures = map.rows.filter(({ kind }) => kind === 'lecture').map(({ id }) => `rows.${id}.topic`);
const withNorms = (norms: Partial<CheckedBy['norms']>): CheckedBy => ({
  ...USUALLY,
  norms: { ...USUAL_NORMS, ...norms },
});

test('a filled map has nothing to say', () => {
  expect(checksOf(map)).toEqual([]);
});

test.each<[string, IntegrationMap, Check, CheckedBy?]>([
  ['no lectures', without('lecture'), { code: 'no-lectures', level: 'error', cells: ['rows'] }],
  [
    'no topics at all',
    rows('all', { topic: '' }),
    {
      code: 'topics-missing',
      level: 'error',
      weeks: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
      cells: lectures,
    },
  ],
  [
    'weeks without a topic',
    rows(['l3', 'l9'], { topic: '' }),
    { code: 'topics-missing', level: 'warning', weeks: [3, 9], cells: ['rows.l3.topic', 'rows.l9.topic'] },
  ],
  ['no model', head({ model: '' }), { code: 'model-missing', level: 'error', cells: ['head.model'] }],
  ['no MOOC', { ...map, moocs: [] }, { code: 'no-moocs', level: 'error', cells: ['moocs'] }],
  ['a match out of range', mooc({ match: '120' }), { code: 'match-range', level: 'error', cells: ['moocs.m1.match'] }],
  [
    'a workload in words',
    head({ hours: 'many' }),
    { code: 'workload-not-number', level: 'error', cells: ['head.hours'] },
  ],
  ['no workload', head({ credits: '' }), { code: 'workload-not-number', level: 'error', cells: ['head.credits'] }],
  [
    'a workload of nothing',
    head({ credits: '0' }),
    { code: 'workload-not-number', level: 'error', cells: ['head.credits'] },
  ],
  [
    'a workload that is not its credits',
    head({ hours: '149' }),
    { code: 'workload-differs', level: 'warning', hours: 149, credits: 5, each: 30, cells: ['head.hours'] },
  ],
  [
    'a workload by another credit',
    map,
    { code: 'workload-differs', level: 'warning', hours: 150, credits: 5, each: 25, cells: ['head.hours'] },
    withNorms({ hoursPerCredit: 25 }),
  ],
  [
    'more contact hours than the workload',
    head({ hours: '15', credits: '0,5' }),
    { code: 'contact-over', level: 'warning', contact: 18, hours: 15, cells: ['head.hours'] },
  ],
  [
    'contact hours that are not the norm',
    map,
    { code: 'contact-norm', level: 'warning', contact: 18, credits: 5, norm: 50, cells: ['rows'] },
    withNorms({ contactHoursPerCredit: 10 }),
  ],
  [
    'a row without delivery form',
    rows(['c1'], { delivery: '' }),
    { code: 'delivery-missing', level: 'warning', cells: ['rows.c1.delivery'] },
  ],
  [
    'a row without platform and link',
    rows(['l2'], { platform: '' }),
    { code: 'platform-missing', level: 'warning', cells: ['rows.l2.platform'] },
  ],
  ['no hours', rows(['c2'], { hours: 'one' }), { code: 'hours-missing', level: 'warning', cells: ['rows.c2.hours'] }],
  [
    'a link over http',
    rows(['l5'], { link: 'http://openu.kz' }),
    { code: 'link-not-https', level: 'warning', cells: ['rows.l5.link'] },
  ],
  [
    'a link that is none',
    mooc({ link: 'openu.kz' }),
    { code: 'link-not-address', level: 'warning', cells: ['moocs.m1.link'] },
  ],
  [
    'a consultation that is missing',
    { ...map, rows: map.rows.filter(({ id }) => id !== 'c2') },
    { code: 'consultation-missing', level: 'warning', stage: 'midterm-2', cells: ['rows.k2.topic'] },
  ],
  [
    'a consultation after its control',
    moved('c1', 'k1'),
    { code: 'consultation-late', level: 'warning', stage: 'midterm-1', cells: ['rows.c1.hours'] },
  ],
  [
    'assessment named nowhere',
    rows('all', { assessment: '' }),
    { code: 'assessment-missing', level: 'warning', cells: ['rows.l1.assessment'] },
  ],
  [
    'weeks out of order',
    rows(['l9'], { week: '3' }),
    { code: 'weeks-out-of-order', level: 'warning', week: 3, cells: ['rows.l9.week'] },
  ],
  [
    'model 3 without a MOOC that counts',
    model3('Essay'),
    { code: 'mooc-not-counted', level: 'warning', cells: ['rows.l1.assessment'] },
  ],
  [
    'a match under the threshold',
    mooc({ match: '49,5' }),
    { code: 'match-low', level: 'warning', match: 49.5, threshold: 50, cells: ['moocs.m1.match'] },
  ],
  [
    'a match under another threshold',
    map,
    { code: 'match-low', level: 'warning', match: 80, threshold: 90, cells: ['moocs.m1.match'] },
    withNorms({ matchThreshold: 90 }),
  ],
  [
    'a start that is no date',
    head({ semesterStart: '31.08.2026' }),
    { code: 'start-not-date', level: 'warning', cells: ['head.semesterStart'] },
  ],
  [
    'a holiday that is no date',
    head({ holidays: '2026-12-16\n16 December' }),
    { code: 'holiday-not-a-date', level: 'warning', line: 2, text: '16 December', cells: ['head.holidays'] },
  ],
  [
    'a holiday that ends before it begins',
    head({ holidays: '2026-12-16 – 2026-12-14' }),
    {
      code: 'holiday-backwards',
      level: 'warning',
      line: 1,
      text: '2026-12-16 – 2026-12-14',
      cells: ['head.holidays'],
    },
  ],
])('%s is the one thing told', (_name, checked, check, by = USUALLY) => {
  const found = checksOf(checked, by);
  expect(found.filter(({ code }) => code === check.code)).toEqual([check]);
  // Without lectures nothing is in its place; else each fault is told once and brings no other.
  if (check.code !== 'no-lectures') expect(found).toHaveLength(1);
});

test.each([
  ['a result in words', 'МООК бойынша тест'],
  ['the two alphabets mixed', 'Результат МOOC, 20 %'],
  ['a SPOC', 'SPOC certificate'],
  ['the MOOC’s title', 'Quiz of hotel management'],
])('model 3 counts the MOOC where an assessment names %s', (_name, assessment) => {
  expect(checksOf(model3(assessment))).toEqual([]);
});

test('model 3 counts the MOOC where the results have its column, and no other model has to', () => {
  expect(checksOf(model3('Essay'), { ...USUALLY, moocResult: true })).toEqual([]);
  expect(checksOf({ ...model3('Essay'), head: { ...map.head, model: '2' } })).toEqual([]);
});

test('contact hours in order with the norm, a class in a room, and a link alone are nothing to say', () => {
  expect(checksOf(map, withNorms({ contactHoursPerCredit: 3.6 }))).toEqual([]);
  expect(checksOf(rows(['l2'], { platform: '', delivery: 'in-class' }))).toEqual([]);
  expect(checksOf(rows(['l2'], { platform: '', link: 'https://openu.kz' }))).toEqual([]);
});

test('a control that is not there has its consultation anywhere', () => {
  const late = { ...emptyRow('c9', 'consultation', 'midterm-2'), delivery: 'synchronous', platform: 'Zoom' };
  const kept = map.rows.filter(({ id }) => id !== 'c2' && id !== 'k2');
  expect(checksOf({ ...map, rows: [...kept, late] })).toEqual([]);
});

test('errors come first', () => {
  const both = { ...rows(['l2'], { platform: '' }), head: { ...map.head, hours: '' } };
  expect(checksOf(both).map(({ level }) => level)).toEqual(['error', 'warning']);
});
