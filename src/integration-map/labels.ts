import { DateTime } from 'luxon';
import { dayHere, spanOfDays } from '../web/dates.js';
import type { Language, Translate } from '../web/i18n.js';
import type { IsoDay, WeekDates } from './dates.js';
import { parsePath, type Edit, type FieldPath, type IntegrationMap, type Row } from './map.js';
import { placeRows, type PlacedRow } from './rules.js';

/** Who reads the page, and how: words, numbers and times are made for this person. */
export interface Reader {
  readonly sub: string;
  readonly t: Translate;
  readonly language: Language;
  readonly timeZone: string;
  readonly now: Date;
}

export const say = ({ t }: Reader, key: string, params?: Record<string, unknown>) =>
  t(`integration-map:${key}`, params);

export const number = ({ language }: Reader, value: number): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 2, useGrouping: false }).format(value);

/** "10:41" today, "Tue 13 Oct, 10:41" on another day. */
export function when({ language, timeZone, now }: Reader, date: Date): string {
  const local = DateTime.fromJSDate(date, { zone: timeZone });
  const time = local.toFormat('HH:mm');
  if (local.hasSame(DateTime.fromJSDate(now, { zone: timeZone }), 'day')) return time;
  return `${local.setLocale(language).toFormat('ccc d LLL')}, ${time}`;
}

export const todayOf = ({ now, timeZone }: Reader): IsoDay => dayHere(now, timeZone);

export const datesText = ({ language }: Reader, { first, last }: WeekDates): string =>
  spanOfDays(first, last, language);

export const isOwn = (reader: Reader, edit: Pick<Edit, 'by'> | null): boolean => edit?.by === reader.sub;

export function who(reader: Reader, by: { readonly sub: string; readonly name: string } | null): string {
  if (by?.sub === reader.sub) return say(reader, 'you');
  return by?.name ? by.name : say(reader, 'conflict.somebody');
}

/** As `who`, but a name also where it is one's own: for the beginning of a sentence. */
export const nameOf = (reader: Reader, edit: Edit | null): string => edit?.byName || say(reader, 'conflict.somebody');

/** What a row is called by itself: "Lecture 3", "Consultation for midterm 1". */
export function rowName(reader: Reader, { row, number: count }: Pick<PlacedRow, 'row' | 'number'>): string {
  if (row.kind === 'consultation' || row.kind === 'control')
    return say(reader, `kind.${row.kind}.${row.stage ?? 'exam'}`);
  return count === null ? say(reader, `kind.new-${row.kind}`) : say(reader, `kind.${row.kind}`, { number: count });
}

/** Where a row stands: "Week 3", "Week 3, practical class 4". */
export function placeName(reader: Reader, placed: PlacedRow): string {
  const { row, week, number: count } = placed;
  if (row.kind === 'consultation' || row.kind === 'control') return rowName(reader, placed);
  return week === null
    ? say(reader, `place.${row.kind}-numbered`, { number: count })
    : say(reader, `place.${row.kind}`, { number: count, week });
}

const fieldName = (reader: Reader, field: string, row: Row | null) =>
  say(reader, `field.${row?.kind === 'control' && field === 'topic' ? 'note' : field}`);

/** The accessible name of a cell, and how sentences call it: "Week 3, topic", "MOOC 2, link", "Semester". */
export function cellName(reader: Reader, map: IntegrationMap, path: FieldPath): string {
  if (path.group === 'head') return say(reader, `head.${path.field}`);
  if (path.group === 'moocs') {
    const at = map.moocs.filter(({ deleted, id }) => !deleted || id === path.id).findIndex(({ id }) => id === path.id);
    const place = say(reader, 'mooc.name', { number: at + 1 });
    return say(reader, 'cell', { place, field: fieldName(reader, path.field, null) });
  }
  const placed = placeRows(map).find(({ row }) => row.id === path.id);
  const row = placed?.row ?? map.rows.find(({ id }) => id === path.id);
  if (!row) return fieldName(reader, path.field, null);
  const place = placed ? placeName(reader, placed) : rowName(reader, { row, number: null });
  return say(reader, 'cell', { place, field: fieldName(reader, path.field, row) });
}

export function cellNameAt(reader: Reader, map: IntegrationMap, path: string): string {
  const parsed = parsePath(path);
  return parsed ? cellName(reader, map, parsed) : path;
}

export const idOf = (path: string): string => `f-${path.replaceAll('.', '-')}`;
