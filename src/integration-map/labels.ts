import { DateTime } from 'luxon';
import { dayHere, fullDay, spanOfDays } from '../web/dates.js';
import type { Language, Translate } from '../web/i18n.js';
import type { IsoDay, WeekDates } from './dates.js';
import { parsePath, specOf, type Edit, type FieldPath, type IntegrationMap, type ItemGroup, type Row } from './map.js';
import { readNumber } from './hours.js';
import { percentOf } from './match.js';
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

export const dayOf = ({ language, timeZone }: Reader, at: Date): string => fullDay(at, language, timeZone);

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

/** The number among those on the page and itself, from 1: what was taken out keeps the one that it would come back to. */
function numberOf(items: readonly { readonly id: string; readonly deleted: Edit | null }[], id: string): number {
  return items.filter((item) => !item.deleted || item.id === id).findIndex((item) => item.id === id) + 1;
}

type Placed = Pick<IntegrationMap, 'rows' | 'moocs' | 'outcomes' | 'modules' | 'cells'>;

/** What an item is called where it stands: "Week 3", "MOOC 2", "Outcome 4", "MOOC 2, module 3". */
export function itemName(reader: Reader, map: Placed, group: ItemGroup, id: string): string {
  switch (group) {
    case 'moocs':
      return say(reader, 'mooc.name', { number: numberOf(map.moocs, id) });
    case 'outcomes':
      return say(reader, 'outcome.name', { number: numberOf(map.outcomes, id) });
    case 'modules': {
      const mooc = map.modules.find((module) => module.id === id)?.mooc ?? '';
      const ofMooc = map.modules.filter((module) => module.mooc === mooc);
      const field = say(reader, 'module.name', { number: numberOf(ofMooc, id) });
      return say(reader, 'cell', { place: itemName(reader, map, 'moocs', mooc), field });
    }
    case 'rows': {
      const placed = placeRows(map).find(({ row }) => row.id === id);
      const row = map.rows.find((candidate) => candidate.id === id);
      if (placed) return placeName(reader, placed);
      return row ? rowName(reader, { row, number: null }) : '';
    }
  }
}

/** Where a cell of the matrix stands: "Outcome 4 × MOOC 2, module 3". */
const crossing = (reader: Reader, map: Placed, { outcome, module }: Extract<FieldPath, { group: 'cells' }>) =>
  `${itemName(reader, map, 'outcomes', outcome)} × ${itemName(reader, map, 'modules', module)}`;

/** A cell in two parts, for a table of cells: where it stands, and which field it is. */
export function whereOf(reader: Reader, map: Placed, path: FieldPath): { place: string; field: string } {
  if (path.group === 'head')
    return {
      place: say(reader, path.field === 'model' ? 'rail.3' : 'rail.1'),
      field: say(reader, `head.${path.field}`),
    };
  if (path.group === 'cells') return { place: crossing(reader, map, path), field: fieldName(reader, path.field, null) };
  const row = path.group === 'rows' ? map.rows.find(({ id }) => id === path.id) : undefined;
  return { place: itemName(reader, map, path.group, path.id), field: fieldName(reader, path.field, row ?? null) };
}

/** The accessible name of a cell, and how sentences call it: "Week 3, topic", "MOOC 2, link", "Semester". */
export function cellName(reader: Reader, map: IntegrationMap, path: FieldPath): string {
  if (path.group === 'head') return say(reader, `head.${path.field}`);
  const { place, field } = whereOf(reader, map, path);
  return place === '' ? field : say(reader, 'cell', { place, field });
}

export function cellNameAt(reader: Reader, map: IntegrationMap, path: string): string {
  const parsed = parsePath(path);
  return parsed ? cellName(reader, map, parsed) : path;
}

export const levelName = (reader: Reader, level: string) => say(reader, `level.${level === '' ? 'none' : level}`);

/** What a person reads where this value stands: the text itself, or the name of a choice. */
export function textOf(reader: Reader, path: FieldPath, value: string): string {
  if (path.group === 'cells' && path.field === 'level') return levelName(reader, value);
  if (specOf(path).choices?.includes(value) !== true) return value;
  if (path.field === 'model') return say(reader, `model.${value}.name`).replace(/:$/, '');
  return say(reader, `choice.${path.field}.${value}`);
}

/** A row or MOOC in one line: "Lecture 14. Sustainability, 1 h". Outcomes and modules are a line by themselves. */
export function lineOf(reader: Reader, map: Placed, group: ItemGroup, id: string): string {
  if (group === 'outcomes') return map.outcomes.find((one) => one.id === id)?.text ?? '';
  if (group === 'modules') return map.modules.find((one) => one.id === id)?.title ?? '';
  if (group === 'moocs') {
    const mooc = map.moocs.find((one) => one.id === id);
    const title = mooc?.title ? mooc.title : say(reader, 'mooc.untitled');
    const match = mooc ? percentOf(map, mooc) : null;
    return match === null ? title : `${title}, ${number(reader, match)} %`;
  }
  const placed = placeRows(map).find(({ row }) => row.id === id);
  if (!placed) return '';
  const { topic, hours } = placed.row;
  const count = readNumber(hours);
  const named = [rowName(reader, placed), topic].filter((text) => text !== '').join('. ');
  return count === undefined ? named : `${named}, ${say(reader, 'totals.hours', { hours: number(reader, count) })}`;
}

const IN_FULL = {
  moocs: ['platform', 'link', 'language', 'hours', 'licence', 'reason'],
  rows: ['tasks', 'assessment', 'delivery', 'platform', 'link'],
  outcomes: [],
  modules: [],
} as const satisfies Record<ItemGroup, readonly string[]>;

/** The same with all that it holds, a line for each field that is filled. */
export function linesOf(reader: Reader, map: Placed, group: ItemGroup, id: string): string {
  const items: readonly { readonly id: string }[] = map[group];
  const item: Readonly<Record<string, unknown>> = { ...items.find((one) => one.id === id) };
  const more = IN_FULL[group].flatMap((name) => {
    const path = parsePath(`${group}.${id}.${name}`);
    const value = item[name];
    if (!path || typeof value !== 'string' || value === '') return [];
    return [`${fieldName(reader, name, null)}: ${textOf(reader, path, value)}`];
  });
  return [lineOf(reader, map, group, id), ...more].join('\n');
}

export const idOf = (path: string): string => `f-${path.replaceAll('.', '-')}`;
