import { describe, expect, test } from '@jest/globals';
import { dayAfter, readDay, readHolidays, semesterOf, standingOf } from '../../src/integration-map/dates.js';
import { planOf } from '../../src/integration-map/plan-page.js';
import { templateMap } from './example-map.js';

const spans = (semesterStart: string, holidays: string, weeks: readonly number[]) => {
  const semester = semesterOf({ semesterStart, holidays });
  return weeks.map((week) => {
    const dates = semester(week);
    return dates && `${dates.first} ${dates.last}`;
  });
};

test.each([
  ['2026-09-01', '2026-09-01'],
  [' 2026-09-01 ', '2026-09-01'],
  ['2028-02-29', '2028-02-29'],
])('the day "%s" is read', (text, day) => {
  expect(dayAfter(day)).not.toBe(day);
  expect(readDay(text)).toBe(Date.parse(day) / 86_400_000);
});

test.each(['', '2027-02-29', '2026-02-30', '2026-13-01', '2026-9-1', '01.09.2026', '0202-09-01', '9999-01-01', 'soon'])(
  '"%s" is no day',
  (text) => {
    expect(readDay(text)).toBeNull();
  },
);

describe('weeks', () => {
  test('the first is the one that the first day lies in, from Monday to Sunday', () => {
    expect(spans('2026-09-01', '', [1, 2, 15])).toEqual([
      '2026-08-31 2026-09-06',
      '2026-09-07 2026-09-13',
      '2026-12-07 2026-12-13',
    ]);
    expect(spans('2026-08-31', '', [1])).toEqual(['2026-08-31 2026-09-06']);
    expect(spans('2026-09-06', '', [1])).toEqual(['2026-08-31 2026-09-06']);
  });

  test('go on over New Year', () => {
    expect(spans('2026-12-14', '', [2, 3, 4])).toEqual([
      '2026-12-21 2026-12-27',
      '2026-12-28 2027-01-03',
      '2027-01-04 2027-01-10',
    ]);
  });

  test('that are wholly holiday are skipped, over New Year as well', () => {
    expect(spans('2026-12-14', '2026-12-28 – 2027-01-10 New Year', [2, 3])).toEqual([
      '2026-12-21 2026-12-27',
      '2027-01-11 2027-01-17',
    ]);
  });

  test('nobody teaches on Sunday: Monday to Saturday is a whole week', () => {
    expect(spans('2026-09-07', '2026-09-07 – 2026-09-12', [1])).toEqual(['2026-09-14 2026-09-20']);
    expect(spans('2026-09-07', '2026-09-07 – 2026-09-11', [1])).toEqual(['2026-09-07 2026-09-13']);
  });

  test('that a holiday begins in the middle of are kept; the next one, which it fills, is not', () => {
    expect(spans('2026-10-05', '2026-10-14 – 2026-10-25', [1, 2, 3])).toEqual([
      '2026-10-05 2026-10-11',
      '2026-10-12 2026-10-18',
      '2026-10-26 2026-11-01',
    ]);
  });

  test('that several holidays fill together are skipped', () => {
    const days = '2026-12-14 – 2026-12-15\n2026-12-16 Independence Day\n2026-12-17 – 2026-12-19';
    expect(spans('2026-12-07', days, [2])).toEqual(['2026-12-21 2026-12-27']);
  });

  test('know the leap day', () => {
    expect(spans('2028-02-21', '', [2])).toEqual(['2028-02-28 2028-03-05']);
    expect(spans('2027-02-22', '', [2])).toEqual(['2027-03-01 2027-03-07']);
  });

  test('name the holidays in them', () => {
    const semester = semesterOf({ semesterStart: '2026-12-07', holidays: '2026-12-16 Independence Day\n2026-12-17' });
    expect([semester(1), semester(2)].map((week) => week?.holidays)).toEqual([[], ['Independence Day']]);
  });

  test('have no dates without a start, before the first, and beyond any plan', () => {
    expect(spans('', '', [1])).toEqual([null]);
    expect(spans('soon', '', [1])).toEqual([null]);
    expect(spans('2026-09-01', '', [0, -1, 999_999])).toEqual([null, null, null]);
  });

  test('a holiday without end ends the plan, and no loop', () => {
    expect(spans('2026-09-01', '2026-09-14 – 2099-12-31', [2, 3])).toEqual(['2026-09-07 2026-09-13', null]);
  });
});

describe('holidays', () => {
  test.each([
    ['2026-12-16', '2026-12-16', '2026-12-16', ''],
    ['2026-12-16 Independence Day', '2026-12-16', '2026-12-16', 'Independence Day'],
    ['2026-12-16 – Independence Day', '2026-12-16', '2026-12-16', 'Independence Day'],
    ['2026-12-14 – 2026-12-20', '2026-12-14', '2026-12-20', ''],
    ['2026-12-14-2026-12-20, 2nd break', '2026-12-14', '2026-12-20', '2nd break'],
    ['2026-12-14 — 2026-12-20: Қыс', '2026-12-14', '2026-12-20', 'Қыс'],
  ])('"%s" is read', (line, first, last, name) => {
    expect(readHolidays(line)).toEqual({
      holidays: [{ first: readDay(first), last: readDay(last), name }],
      faults: [],
    });
  });

  test('what cannot be read is told with its line, and the rest counts', () => {
    const text = '2026-12-16\n\n16.12.2026\n2026-12-20 – 2026-12-14 back\n2026-02-30\n2026-12-14 – 2026-12-32';
    const { holidays, faults } = readHolidays(text);
    expect(holidays).toHaveLength(1);
    expect(faults).toEqual([
      { fault: 'not-a-date', line: 3, text: '16.12.2026' },
      { fault: 'backwards', line: 4, text: '2026-12-20 – 2026-12-14 back' },
      { fault: 'not-a-date', line: 5, text: '2026-02-30' },
      { fault: 'not-a-date', line: 6, text: '2026-12-14 – 2026-12-32' },
    ]);
  });
});

test.each([
  ['2026-10-11', 'ahead'],
  ['2026-10-12', 'now'],
  ['2026-10-18', 'now'],
  ['2026-10-19', 'past'],
] as const)('on %s the week of 12 October is %s', (today, standing) => {
  expect(standingOf({ first: '2026-10-12', last: '2026-10-18', holidays: [] }, today)).toBe(standing);
});

test('each row has the dates of its week: consultations and controls of the lecture before them, none without a number', () => {
  const map = templateMap();
  const rows = map.rows.map((row) => (row.id === 'l8' ? { ...row, week: 'after the break' } : row));
  const plan = planOf({ ...map, rows, head: { ...map.head, semesterStart: '2026-09-01' } });
  const datesOf = (id: string) => plan.find((row) => row.id === id)?.dates?.first ?? null;
  expect(['l1', 'l7', 'c1', 'k1', 'l8', 'l9', 'k3'].map(datesOf)).toEqual([
    '2026-08-31',
    '2026-10-12',
    '2026-10-12',
    '2026-10-12',
    null,
    '2026-10-26',
    '2026-12-07',
  ]);
  expect(planOf(map).every(({ dates }) => dates === null)).toBe(true);
});
