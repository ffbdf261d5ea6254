import { hasField, parsePath, ROW_FIELDS, specOf, type Row, type RowField } from '../map.js';
import { readNumber } from '../hours.js';
import { emptyRow } from '../template.js';
import { readText } from '../text.js';
import { isBlank } from '../table/words.js';
import { becomesOf, type Becoming } from './becoming.js';
import type { Draft, Goal, Note, Reading, Values } from './reading.js';
import { kindOf } from './row-kinds.js';
import { valuesOf } from './row-values.js';
import type { Table } from './tables.js';

const maxOf = (field: RowField): number => {
  const path = parsePath(`rows.r1.${field}`);
  return path ? specOf(path).max : 0;
};

/** The beginning that a cell holds, without half a letter. */
export function beginning(text: string, max: number): string {
  const cut = text.slice(0, max);
  return (/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut).trimEnd();
}

const END_LENGTH = 40;

/** Each text as the map would store it if it was typed, and what is to be said of it. */
function settled(field: RowField, raw: string, long: Reading['long']): { text: string; notes: Note[] } {
  const path = parsePath(`rows.r1.${field}`);
  const read = path ? readText(path, raw) : { text: '' };
  if ('text' in read) return { text: read.text, notes: [] };
  const max = maxOf(field);
  const kept = beginning(raw, max);
  const end = kept.slice(-END_LENGTH);
  const again = path && long === 'keep' ? readText(path, kept) : { text: '' };
  return {
    text: 'text' in again ? again.text : '',
    notes: [{ kind: 'too-long', field, text: raw, max, end }],
  };
}

function numberNotes(values: Values, becoming: Becoming): Note[] {
  const notes: Note[] = [];
  const week = readNumber(values.week);
  if (becoming.kind === 'lecture' && (week === undefined || week < 1))
    notes.push({ kind: 'week-not-number', text: values.week });
  const hours = values.hours !== '' && becoming.kind !== 'control' ? readNumber(values.hours) : 0;
  if (hours === undefined || hours < 0) notes.push({ kind: 'hours-not-number', text: values.hours });
  return notes;
}

function settledValues(raw: Values, long: Reading['long']) {
  const all = ROW_FIELDS.map((field) => ({ field, ...settled(field, raw[field], long) }));
  const values = Object.fromEntries(all.map(({ field, text }) => [field, text])) as Values;
  return { values, notes: all.flatMap(({ notes }) => notes) };
}

/** Texts for which this kind of row has no cell. The week of a lesson below a lecture is said by the lecture. */
function placed(raw: Values, becoming: Becoming, week: string): { raw: Values; notes: Note[] } {
  const notes = ROW_FIELDS.filter((field) => raw[field] !== '' && !hasField(becoming.kind, field)).flatMap(
    (field): Note[] => {
      if (field === 'week' && becoming.kind === 'practical')
        return raw.week === week || week === '' ? [] : [{ kind: 'week-differs', text: raw.week }];
      return [{ kind: 'no-place', field, text: raw[field] }];
    },
  );
  const kept = Object.fromEntries(ROW_FIELDS.map((field) => [field, hasField(becoming.kind, field) ? raw[field] : '']));
  return { raw: kept as Values, notes };
}

/** All rows below the headings, with what each of them becomes. */
export function draftsOf(table: Table, reading: Reading, goal: Goal): Draft[] {
  let week = goal.lastWeek;
  const all = becomesOf(table, reading);
  // Rows that a person chose come before those that were only recognised.
  let left = goal.room - all.filter(({ at, becomes }) => becomes !== '' && reading.chosen.has(at)).length;
  return all.map((becoming): Draft => {
    const { at, source, recognised } = becoming;
    const over = becoming.becomes !== '' && !reading.chosen.has(at) && --left < 0;
    const becomes = over ? '' : becoming.becomes;
    const leftOut: Note[] = over ? [{ kind: 'over' }] : becoming.why ? [{ kind: becoming.why }] : [];
    const read = valuesOf(source, reading.columns, becoming, goal.delivery);
    if (becomes === '') return { at, source, becomes, recognised, values: read.values, notes: leftOut };
    const fitting = placed(read.values, becoming, String(week));
    const counted = becoming.kind === 'lecture' && isBlank(fitting.raw.week);
    const { values, notes } = settledValues(
      counted ? { ...fitting.raw, week: String(week + 1) } : fitting.raw,
      reading.long,
    );
    if (becoming.kind === 'lecture') week = Math.floor(readNumber(values.week) ?? week);
    const said: Note[] = [
      ...fitting.notes,
      ...read.notes,
      ...notes,
      ...numberNotes(values, becoming),
      ...(counted ? [{ kind: 'week-counted', text: values.week } as const] : []),
    ];
    return { at, source, becomes, recognised, values, notes: said };
  });
}

/** Rows of the map, with ids that the page brought along, so that a form that is sent twice adds them once. */
export const rowsOf = (drafts: readonly Draft[], seed: string): Row[] =>
  drafts
    .flatMap(({ becomes, values }) => (becomes === '' ? [] : [{ becomes, values }]))
    .map(({ becomes, values }, index) => {
      const { kind, stage } = kindOf(becomes);
      return { ...emptyRow(`${seed}${String(index).padStart(2, '0')}`, kind, stage), ...values };
    });
