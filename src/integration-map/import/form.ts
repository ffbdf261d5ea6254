import { z } from 'zod';
import { ID } from '../map.js';
import { guessed, headingRow, likeliest, MEANINGS, type Meaning } from './headings.js';
import type { Reading } from './reading.js';
import { BECOMES, type Becomes } from './row-kinds.js';
import type { Table } from './tables.js';

const text = z.string().default('');

/** The pages of an import send one form: what to do, what was read so far, and what the person chose for it. */
export const TableForm = z
  .object({
    do: z.enum(['read', 'preview', 'add']).default('read'),
    text,
    tables: text,
    table: z.coerce.number().int().min(0).max(1000).default(0),
    heading: z
      .string()
      .regex(/^\d{0,4}$/)
      .default(''),
    /** The table and the row of headings that the page showed: its other choices belong to them. */
    shown: text,
    how: z.enum(['append', 'replace']).nullable().default(null),
    long: z.enum(['keep', 'leave']).nullable().default(null),
    new: z.string().regex(ID).max(12).default('n0'),
  })
  .catchall(z.unknown());

export type SentTable = z.output<typeof TableForm>;

const isMeaning = (value: unknown): value is Meaning => MEANINGS.some((meaning) => meaning === value);
/** The empty choice of a row is "as recognised"; leaving it out has a word of its own. */
export const LEAVE_OUT = 'none';
const isBecomes = (value: unknown): value is Becomes => BECOMES.some((one) => one !== '' && one === value);

/** What is read without anybody's choice. */
function firstReading({ rows }: Table): Reading {
  const heading = headingRow(rows);
  return { heading, columns: guessed(rows, heading), chosen: new Map(), long: null };
}

const columnsSent = (sent: SentTable, width: number): Meaning[] =>
  Array.from({ length: width }, (_, index) => {
    const value = sent[`column.${index}`];
    return isMeaning(value) ? value : '';
  });

const chosenSent = (sent: SentTable, rows: number): Map<number, Becomes> =>
  new Map(
    Array.from({ length: rows }, (_, at) => [at, sent[`row.${at}`]] as const).flatMap(([at, value]) => {
      if (value === LEAVE_OUT) return [[at, ''] as const];
      return isBecomes(value) ? [[at, value] as const] : [];
    }),
  );

export const shownOf = (table: number, { heading }: Reading): string => `${table}:${heading ?? ''}`;

/** Which table is meant, and how it is to be read: choices for another table than the page showed count no more. */
export function readingOf(tables: readonly Table[], sent: SentTable): { at: number; table: Table; reading: Reading } {
  const first = sent.do === 'read';
  const at = first || sent.table >= tables.length ? likeliest(tables) : sent.table;
  const table = tables[at] ?? { name: '', rows: [] };
  const [shownTable = '', shownHeading = ''] = sent.shown.split(':');
  if (first || shownTable !== String(at)) return { at, table, reading: firstReading(table) };
  const heading = sent.heading === '' || Number(sent.heading) >= table.rows.length ? null : Number(sent.heading);
  const width = table.rows[0]?.length ?? 0;
  const renamed = shownHeading !== String(heading ?? '') && heading !== null;
  const columns = renamed ? guessed(table.rows, heading) : columnsSent(sent, width);
  return { at, table, reading: { heading, columns, chosen: chosenSent(sent, table.rows.length), long: sent.long } };
}
