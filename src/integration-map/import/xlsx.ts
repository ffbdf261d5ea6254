import type { ClipCell } from '../table/clip.js';
import { TableRefused } from './limits.js';
import type { OfficePackage } from './package.js';
import { EMPTY, readable, type Tables } from './tables.js';
import { numberLooks, numberText, placeOf, rangeOf, RichText, sharedStrings, type NumberLook } from './xlsx-values.js';

interface Workbook {
  readonly strings: readonly string[];
  readonly looks: readonly NumberLook[];
  readonly from1904: boolean;
}

/** Rows by their number: a sheet may name the last of a million rows and nothing before it. */
type Grid = Map<number, ({ -readonly [key in keyof ClipCell]: ClipCell[key] } | undefined)[]>;

/** No address in a sheet that people look at is further right. */
const WIDEST = 200;
const MOST_MERGED = 5000;
/** More than are read in the end, since empty ones do not count. */
const MOST_ROWS = 5000;
const MOST_CELLS = 100_000;
const http = (address: string) => (/^https?:\/\//i.test(address) ? address : null);

/** One sheet, told as its XML is read. A formula is its last value; what it says is never looked at. */
class SheetReader {
  readonly grid: Grid = new Map();
  readonly merged: string[] = [];
  readonly links: { readonly at: string; readonly id: string }[] = [];
  readonly #book: Workbook;
  readonly #tables: Tables;
  readonly #rich = new RichText();
  #row = -1;
  #column = -1;
  #cell: { type: string; look: NumberLook } = { type: '', look: null };
  #value = '';
  #inValue = false;

  constructor(book: Workbook, tables: Tables) {
    this.#book = book;
    this.#tables = tables;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#rich.open(name);
    if (name === 'row') this.#openRow(attributes);
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'v') this.#inValue = true;
    else if (name === 'mergeCell' && this.merged.push(attributes['ref'] ?? '') > MOST_MERGED)
      throw new TableRefused('inflates');
    else if (name === 'hyperlink' && this.links.length < MOST_MERGED)
      this.links.push({ at: attributes['ref'] ?? '', id: attributes['r:id'] ?? '' });
  }

  text(text: string): void {
    this.#rich.text(text);
    if (this.#inValue) this.#value += text;
  }

  close(name: string): void {
    this.#rich.close(name);
    if (name === 'v') this.#inValue = false;
    if (name === 'c') this.#closeCell();
  }

  #openRow({ r = '' }: Readonly<Record<string, string>>): void {
    this.#row = /^\d{1,7}$/.test(r) ? Number(r) - 1 : this.#row + 1;
    this.#column = -1;
  }

  #openCell({ r = '', t = 'n', s = '' }: Readonly<Record<string, string>>): void {
    this.#column = placeOf(r)?.column ?? this.#column + 1;
    this.#cell = { type: t, look: this.#book.looks[Number(s)] ?? null };
    this.#value = '';
  }

  #closeCell(): void {
    const inline = this.#rich.take();
    const text = readable(this.#cell.type === 'inlineStr' ? inline : this.#shown());
    if (text === '') return;
    if (this.#column >= WIDEST) throw new TableRefused('too-many-columns');
    this.#tables.count(text);
    const row = this.grid.get(this.#row) ?? [];
    row[this.#column] = { text, link: null, part: 'own' };
    this.grid.set(this.#row, row);
    if (this.grid.size > MOST_ROWS) throw new TableRefused('too-many-rows');
  }

  #shown(): string {
    const { type, look } = this.#cell;
    if (type === 's') return this.#book.strings[Number(this.#value)] ?? '';
    if (type === 'n') return numberText(this.#value, look, this.#book.from1904);
    return type === 'b' ? (this.#value === '1' ? '✓' : '') : this.#value;
  }
}

/** The text of a merged cell goes down all of its rows, and not to the right. */
function merge(grid: Grid, references: readonly string[], tables: Tables): void {
  const widest = Math.max(0, ...[...grid.values()].map((row) => row.length)) - 1;
  let cells = 0;
  for (const reference of references) {
    const range = rangeOf(reference);
    const own = range && grid.get(range.first.row)?.[range.first.column];
    if (!range || !own) continue;
    for (const [number, row] of grid) {
      if (number < range.first.row || number > range.last.row) continue;
      for (let column = range.first.column; column <= Math.min(range.last.column, widest); column++) {
        // Merged cells do not overlap; a sheet in which they do could go on for hours.
        if (++cells > MOST_CELLS) throw new TableRefused('inflates');
        if (number === range.first.row && column === range.first.column) continue;
        const right = column > range.first.column;
        if (!right) tables.count(own.text);
        row[column] = right ? { ...EMPTY, part: 'column' } : { ...own, part: 'row' };
      }
    }
  }
}

async function readSheet(file: OfficePackage, part: string, name: string, book: Workbook, tables: Tables) {
  const sheet = new SheetReader(book, tables);
  await file.read(part, sheet);
  const related = await file.relationships(part);
  for (const { at, id } of sheet.links) {
    const place = rangeOf(at)?.first;
    const cell = place && sheet.grid.get(place.row)?.[place.column];
    const { target = '', outside = false } = related.get(id) ?? {};
    if (cell) cell.link = outside ? http(target) : null;
  }
  merge(sheet.grid, sheet.merged, tables);
  const rows = [...sheet.grid].sort(([a], [b]) => a - b).map(([, row]) => row);
  tables.add(name, rows);
}

/** The sheets of a workbook that a person sees (ECMA-376, SpreadsheetML). */
export async function readXlsx(file: OfficePackage, main: string, tables: Tables): Promise<void> {
  const sheets: { name: string; id: string }[] = [];
  let from1904 = false;
  await file.read(main, {
    open: (element, { name = '', state = 'visible', date1904 = '', ...rest }) => {
      if (element === 'workbookPr') from1904 = date1904 === '1' || date1904 === 'true';
      if (element === 'sheet' && state === 'visible')
        sheets.push({ name: readable(name).slice(0, 100), id: rest['r:id'] ?? '' });
    },
  });
  const related = await file.relationships(main);
  const partOf = (kind: string) => [...related.values()].find(({ type }) => type.endsWith(`/${kind}`))?.target ?? '';
  const book: Workbook = {
    strings: await sharedStrings(file, partOf('sharedStrings')),
    looks: await numberLooks(file, partOf('styles')),
    from1904,
  };
  for (const { name, id } of sheets) {
    const part = related.get(id)?.target ?? '';
    if (part !== '') await readSheet(file, part, name, book, tables);
  }
}
