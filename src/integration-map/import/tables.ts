import { ownCell, squared, type ClipCell } from '../table/clip.js';
import { MOST, TableRefused } from './limits.js';

/** A table as it stands in a file, whatever the format. */
export interface Table {
  /** Of the sheet; empty where tables have no names. */
  readonly name: string;
  /** All of one length. */
  readonly rows: readonly (readonly ClipCell[])[];
}

// Without a glyph, and not to be stored: XML and JSON can still bring them.
// eslint-disable-next-line no-control-regex
const UNREADABLE = /[\u0000-\u0008\u000e-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu;

export const readable = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(UNREADABLE, '')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();

export const EMPTY = ownCell('');

const isEmpty = (row: readonly (ClipCell | undefined)[]) => row.every((cell) => cell === undefined || cell.text === '');

/** Gathers the tables of one file, and stops as soon as there is more than is read. */
export class Tables {
  readonly #tables: Table[] = [];
  #letters = 0;

  /** Told of each text before it is kept. */
  count({ length }: string): void {
    this.#letters += length;
    if (this.#letters > MOST.letters) throw new TableRefused('too-much-text');
  }

  /** Rows and columns at the edges in which nothing stands are left out. */
  add(name: string, rows: readonly (readonly (ClipCell | undefined)[])[]): void {
    const filled = rows.filter((row) => !isEmpty(row));
    if (filled.length === 0) return;
    if (filled.length > MOST.rows) throw new TableRefused('too-many-rows');
    const columns = filled.map((row) => row.map((cell) => cell !== undefined && cell.text !== ''));
    const first = Math.min(...columns.map((row) => row.indexOf(true)));
    const last = Math.max(...columns.map((row) => row.lastIndexOf(true)));
    if (last - first >= MOST.columns) throw new TableRefused('too-many-columns');
    if (this.#tables.length >= MOST.tables) throw new TableRefused('too-many-tables');
    this.#tables.push({ name, rows: squared(filled.map((row) => Array.from(row).slice(first, last + 1))) });
  }

  get all(): readonly Table[] {
    if (this.#tables.length === 0) throw new TableRefused('no-table');
    return this.#tables;
  }
}
