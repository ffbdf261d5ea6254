import type { ClipCell } from '../../../integration-map/table/clip.js';
import { COLUMNS, type Column, type SheetRow } from './grid.js';
import type { SheetTexts } from './texts.js';
import { platformAndLink } from '../../../integration-map/table/platform.js';
import { choiceOf, isBlank, rowNameIn } from '../../../integration-map/table/words.js';

export interface PastedText {
  readonly row: string;
  readonly column: Column;
  readonly text: string;
}

/** What a paste would do; nothing of it is done yet. */
export interface PastePlan {
  readonly height: number;
  readonly width: number;
  readonly texts: readonly PastedText[];
  readonly added: readonly { readonly id: string; readonly kind: 'lecture' | 'practical' }[];
  /** What cannot be pasted, to be said beforehand. */
  readonly noRoom: number;
  readonly noColumn: number;
  readonly noPlace: number;
  readonly tooLong: number;
  readonly notChoices: readonly string[];
}

interface Place {
  readonly rows: readonly SheetRow[];
  readonly row: number;
  readonly column: number;
}

type Words = Pick<SheetTexts, 'maxRows' | 'max' | 'choices' | 'names'>;

const LESSON: readonly Column[] = COLUMNS;
const ONE_LINE = new Set<Column>(['week', 'hours', 'platform', 'link']);

const isLesson = ({ kind }: SheetRow) => kind === 'lecture' || kind === 'practical';

interface Target {
  readonly id: string;
  readonly columns: readonly Column[];
  readonly name: string;
}

/** Which row of the map each row of the range goes to. */
class Rows {
  readonly added: { id: string; kind: 'lecture' | 'practical' }[] = [];
  noRoom = 0;
  readonly #place: Place;
  readonly #words: Words;
  readonly #newId: () => string;
  readonly #used = new Set<string>();
  #next: number;

  constructor(place: Place, words: Words, newId: () => string) {
    this.#place = place;
    this.#words = words;
    this.#newId = newId;
    this.#next = place.row;
  }

  /** A consultation or control goes to the row of its name, wherever that stands. */
  named(name: string): Target | null {
    const row = this.#place.rows.find((one) => !isLesson(one) && one.name === name && !this.#used.has(one.id));
    return row ? this.#use(row) : null;
  }

  /** The first row goes to the cell that was chosen; the others to the lessons below it. */
  next(first: boolean, kind: 'lecture' | 'practical', empty: boolean): Target | null {
    const { rows } = this.#place;
    const at = first ? this.#next : rows.findIndex((row, index) => index >= this.#next && isLesson(row));
    const row = at < 0 ? undefined : rows[at];
    if (row) {
      this.#next = at + 1;
      return this.#use(row);
    }
    this.#next = rows.length;
    if (empty) return null;
    if (rows.length + this.added.length >= this.#words.maxRows) {
      this.noRoom += 1;
      return null;
    }
    const id = this.#newId();
    this.added.push({ id, kind });
    return { id, name: '', columns: kind === 'lecture' ? LESSON : LESSON.filter((column) => column !== 'week') };
  }

  #use(row: SheetRow): Target {
    this.#used.add(row.id);
    return row;
  }
}

/** Where each text of a range goes that is pasted with its first cell at this place. Pure: rows and words come in. */
export function planPaste(
  place: Place,
  cells: readonly (readonly ClipCell[])[],
  words: Words,
  newId: () => string,
): PastePlan {
  const width = cells[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, index): Column | undefined => COLUMNS[place.column + index]);
  const weekAt = columns.indexOf('week');
  const hasLinks = columns.includes('link');
  const rows = new Rows(place, words, newId);
  const texts: PastedText[] = [];
  const notChoices: string[] = [];
  const count = { noPlace: 0, tooLong: 0 };

  function put(target: Target, column: Column, raw: string): void {
    if (!target.columns.includes(column)) {
      if (!isBlank(raw)) count.noPlace += 1;
      return;
    }
    const text = ONE_LINE.has(column) ? raw.replace(/\s*\n\s*/g, ' ') : raw;
    if (text.length > (words.max[column] ?? Infinity)) count.tooLong += 1;
    texts.push({ row: target.id, column, text });
  }

  function putCell(target: Target, column: Column, cell: ClipCell): void {
    if (cell.part === 'column' || (cell.part === 'row' && column === 'week')) return;
    if (column === 'delivery' && target.columns.includes(column)) {
      const choice = isBlank(cell.text) ? '' : choiceOf(cell.text, words.choices);
      if (choice === null) notChoices.push(cell.text);
      else put(target, column, choice);
      return;
    }
    if (column === 'platform' && !hasLinks) {
      const { platform, link } = platformAndLink(cell);
      put(target, column, platform);
      if (link !== null) put(target, 'link', link);
      return;
    }
    put(target, column, column === 'link' ? (cell.link ?? cell.text) : cell.text);
  }

  cells.forEach((row, index) => {
    const nameAt = row
      .slice(0, 3)
      .findIndex(({ part, text }) => part === 'own' && rowNameIn(text, words.names) !== null);
    const named = cells.length > 1 && nameAt >= 0 ? rowNameIn(row[nameAt]?.text ?? '', words.names) : null;
    const week = row[weekAt];
    const practical = week !== undefined && (week.part === 'row' || isBlank(week.text));
    const empty = row.every(({ text }) => text === '');
    const target = named ? rows.named(named.name) : rows.next(index === 0, practical ? 'practical' : 'lecture', empty);
    if (!target) {
      if (named) count.noPlace += 1;
      return;
    }
    row.forEach((cell, at) => {
      const column = columns[at];
      if (!column || (named && at < nameAt && isBlank(cell.text))) return;
      if (!named || at !== nameAt) putCell(target, column, cell);
      else if (named.rest !== '') put(target, 'topic', named.rest);
    });
  });

  return {
    height: cells.length,
    width,
    texts,
    added: rows.added,
    noRoom: rows.noRoom,
    noColumn: columns.filter((column, at) => !column && cells.some((row) => !isBlank(row[at]?.text ?? ''))).length,
    notChoices,
    ...count,
  };
}

/** Nothing to ask: every text has its cell, and no row is added. */
export const isPlain = (plan: PastePlan): boolean =>
  plan.added.length + plan.noRoom + plan.noColumn + plan.noPlace + plan.tooLong + plan.notChoices.length === 0;
