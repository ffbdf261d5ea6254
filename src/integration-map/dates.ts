/**
 * Weeks of a semester as days of the calendar. Pure, free of Node, and without time zones: a day is counted from
 * 1 January 1970, as `2026-09-01` names it wherever one reads it.
 */

/** `2026-09-01`. */
export type IsoDay = string;

const DAY_MS = 86_400_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
/** Of a date that is being typed, `0202-09-01` is no year yet. */
const YEARS = { first: 2000, last: 2099 } as const;

/** The day that the text names; nothing where there is no such day, such as 30 February. */
export function readDay(text: string): number | null {
  const [, year = '', month = '', day = ''] = ISO.exec(text.trim()) ?? [];
  if (Number(year) < YEARS.first || Number(year) > YEARS.last) return null;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS;
  return isoOf(at) === text.trim() ? at : null;
}

export const isoOf = (day: number): IsoDay => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** 1 January 1970 was a Thursday. */
const mondayOf = (day: number): number => day - ((day + 3) % 7);

export interface Holiday {
  readonly first: number;
  readonly last: number;
  /** May be empty. */
  readonly name: string;
}

export interface HolidayFault {
  readonly fault: 'not-a-date' | 'backwards';
  /** Counted from one, as people count lines. */
  readonly line: number;
  readonly text: string;
}

const HOLIDAY = /^(\d{4}-\d{2}-\d{2})(?:\s*[–—-]\s*(\d{4}-\d{2}-\d{2}))?(?:[\s,:;–—-]+(\S.*))?$/;

function readHoliday(text: string): Holiday | HolidayFault['fault'] {
  const [, from = '', to = from, name = ''] = HOLIDAY.exec(text) ?? [];
  const [first, last] = [readDay(from), readDay(to)];
  if (first === null || last === null) return 'not-a-date';
  return last < first ? 'backwards' : { first, last, name };
}

/** One holiday a line: `2026-12-16`, `2026-12-14 – 2026-12-20`, each with a name behind it or without. */
export function readHolidays(text: string): { holidays: Holiday[]; faults: HolidayFault[] } {
  const holidays: Holiday[] = [];
  const faults: HolidayFault[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const read = readHoliday(line);
    if (typeof read === 'string') faults.push({ fault: read, line: index + 1, text: line });
    else holidays.push(read);
  }
  return { holidays, faults };
}

export interface WeekDates {
  /** Monday and Sunday. */
  readonly first: IsoDay;
  readonly last: IsoDay;
  /** Names of the holidays in it; a week that is nothing but holiday is no week of the plan. */
  readonly holidays: readonly string[];
}

/** No plan is longer, and a holiday until 2099 ends here. */
const MOST_CALENDAR_WEEKS = 160;
const WORKING_DAYS = [0, 1, 2, 3, 4, 5];

const isHoliday = (holidays: readonly Holiday[], day: number) =>
  holidays.some(({ first, last }) => first <= day && day <= last);

/** The dates of a week of the plan by its number; nothing without a start, or beyond what a plan can hold. */
export type Semester = (week: number) => WeekDates | null;

/**
 * The first week is the one that the first day lies in. A week is left out where each day from Monday to Saturday is a
 * holiday, since nobody teaches on Sunday; the plan then goes on in the next one.
 */
export function semesterOf(dates: { readonly semesterStart: string; readonly holidays: string }): Semester {
  const start = readDay(dates.semesterStart);
  if (start === null) return () => null;
  const { holidays } = readHolidays(dates.holidays);
  const weeks: WeekDates[] = [];
  for (let index = 0; index < MOST_CALENDAR_WEEKS; index++) {
    const monday = mondayOf(start) + index * 7;
    const own = holidays.filter(({ first, last }) => first <= monday + 6 && last >= monday);
    if (own.length > 0 && WORKING_DAYS.every((day) => isHoliday(own, monday + day))) continue;
    weeks.push({
      first: isoOf(monday),
      last: isoOf(monday + 6),
      holidays: own.map(({ name }) => name).filter((name) => name !== ''),
    });
  }
  return (week) => weeks[week - 1] ?? null;
}

export type Standing = 'past' | 'now' | 'ahead';

/** Where a week stands on this day; both days are spelled so that they compare as texts. */
export function standingOf({ first, last }: WeekDates, today: IsoDay): Standing {
  if (last < today) return 'past';
  return first <= today ? 'now' : 'ahead';
}

/** The day after, which RFC 5545 names as the end of whole days. */
export const dayAfter = (day: IsoDay): IsoDay => isoOf((readDay(day) ?? 0) + 1);
