import { expect, test } from '@jest/globals';
import { sheetOf } from '../../src/results/sheet.js';
import { onScale, parseMark, sameMark, stateOf, type Mark, type Sending } from '../../src/results/rules.js';
import { readMaximum } from '../../src/results/forms.js';

test.each([
  ['85', 85],
  ['85.5', 85.5],
  ['85,25', 85.25],
  [' 8 5 ', 85],
  ['0', 0],
  ['100', 100],
  ['7.500', 7.5],
  ['', null],
])('"%s" is read as %p', (text, value) => {
  expect(parseMark(text, 100)).toEqual({ ok: true, value });
});

test.each([
  ['abc', 'not-a-number'],
  ['1e2', 'not-a-number'],
  ['8.5.1', 'not-a-number'],
  ['=1+1', 'not-a-number'],
  ['85.555', 'too-many-decimals'],
  ['-1', 'below-zero'],
  ['−0,5', 'below-zero'],
  ['100.01', 'above-maximum'],
])('"%s" is refused as %s', (text, fault) => {
  expect(parseMark(text, 100)).toEqual({ ok: false, fault });
});

test.each([
  ['1', 1],
  ['1000', 1000],
  ['0', undefined],
  ['1001', undefined],
  ['50.5', undefined],
  ['many', undefined],
])('a maximum of "%s" is read as %p', (text, value) => {
  expect(readMaximum(text)).toBe(value);
});

const by = { sub: 'tutor-1', name: 'A tutor' };
const at = new Date('2026-10-13T05:41:00Z');
const mark = (value: number | null, inLms?: number): Mark => ({
  column: 'exam',
  sub: 'u1',
  value,
  by,
  at,
  inLms: inLms === undefined ? undefined : { value: inLms, at },
  mayBeInLms: [],
});
const sending = (state: Sending['state'], value: number, reason = ''): Sending => ({ state, value, reason });

test.each<[string, Mark | undefined, Sending | undefined, string]>([
  ['nothing entered', undefined, undefined, 'none'],
  ['entered and never sent', mark(80), undefined, 'changed'],
  ['entered and cleared again', mark(null), undefined, 'none'],
  ['waiting', mark(80), sending('waiting', 80), 'waiting'],
  ['under way', mark(80), sending('sending', 80), 'sending'],
  ['taken', mark(80, 80), sending('done', 80), 'sent'],
  ['changed after it was taken', mark(85, 80), sending('done', 80), 'changed'],
  ['changed while an older one is under way', mark(85), sending('sending', 80), 'changed'],
  ['changed back while another is under way', mark(80, 80), sending('sending', 85), 'changed'],
  ['refused', mark(80), sending('refused', 80, 'not-enrolled'), 'refused'],
  ['changed after it was refused', mark(85), sending('refused', 80, 'not-enrolled'), 'changed'],
  ['changed in the LMS by somebody', mark(80, 70), sending('refused', 80, 'newer-in-lms'), 'newer'],
  ['theirs was kept', mark(21, 21), sending('refused', 80, 'newer-in-lms'), 'sent'],
  ['cleared here, held there', mark(null, 80), sending('done', 80), 'cleared'],
  ['above a maximum that was lowered', mark(180), undefined, 'over'],
])('a mark that is %s', (_words, entered, way, state) => {
  expect(stateOf(entered, way, { onRoster: true, maximum: 100 })).toBe(state);
});

test('a mark of a person who left is not offered for sending', () => {
  expect(stateOf(mark(80), undefined, { onRoster: false, maximum: 100 })).toBe('left');
  const untouched = { fixed: false, lineItem: '', label: '', removed: false, planned: false } as const;
  const column = { id: 'exam', maximum: 100, ...untouched } as const;
  const sheet = sheetOf([column], [], [mark(80)], []);
  expect({ cells: sheet.cells, left: sheet.left }).toEqual({ cells: [], left: 1 });
});

test('marks are compared on the scale of the column', () => {
  expect(sameMark({ score: 40, maximum: 50 }, { value: 80, maximum: 100 })).toBe(true);
  expect(sameMark({ score: 80.004, maximum: 100 }, { value: 80, maximum: 100 })).toBe(true);
  expect(sameMark({ score: 80.01, maximum: 100 }, { value: 80, maximum: 100 })).toBe(false);
  expect(sameMark({ score: undefined, maximum: undefined }, { value: 0, maximum: 100 })).toBe(false);
  expect(onScale({ score: 10, maximum: 30 }, 100)).toBe(33.33);
});
