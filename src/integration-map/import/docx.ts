import type { ClipCell } from '../table/clip.js';
import { TableRefused } from './limits.js';
import type { OfficePackage, Relationship } from './package.js';
import { EMPTY, readable, type Tables } from './tables.js';
import type { XmlHandler } from './xml.js';

const WIDEST = 200;
const MOST_ROWS = 5000;
/** What Word shows in another place, or no more: the old place of a moved text, the picture of a newer drawing. */
const SKIPPED = new Set(['moveFrom', 'Fallback', 'del']);

type Attributes = Readonly<Record<string, string>>;

interface OpenCell {
  readonly lines: string[];
  link: string | null;
  span: number;
  /** Goes on with the merged cell above. */
  below: boolean;
}

/** The tables of a document, told as its XML is read. A table in a cell is text of that cell. */
class TablesReader implements XmlHandler {
  readonly #related: ReadonlyMap<string, Relationship>;
  readonly #tables: Tables;
  #depth = 0;
  #skipping = 0;
  #inText = false;
  #rows: ClipCell[][] = [];
  #row: ClipCell[] = [];
  #cell: OpenCell | null = null;
  #instruction: string | null = null;

  constructor(related: ReadonlyMap<string, Relationship>, tables: Tables) {
    this.#related = related;
    this.#tables = tables;
  }

  open(name: string, attributes: Attributes): void {
    if (SKIPPED.has(name)) this.#skipping += 1;
    if (this.#skipping > 0) return;
    if (name === 'tbl' && ++this.#depth === 1) this.#rows = [];
    else if (name === 'tr' && this.#depth === 1) this.#row = [];
    else if (name === 'tc' && this.#depth === 1) this.#cell = { lines: [], link: null, span: 1, below: false };
    else if (this.#depth === 1) this.#property(name, attributes);
    if (this.#cell) this.#content(name, attributes, this.#cell);
  }

  close(name: string): void {
    if (SKIPPED.has(name)) this.#skipping -= 1;
    if (this.#skipping > 0) return;
    if (name === 't') this.#inText = false;
    if (name === 'instrText') this.#closeInstruction();
    if (name === 'tc' && this.#depth === 1) this.#closeCell();
    else if (name === 'tc') this.#write(' ');
    if (name === 'tr' && this.#depth === 1 && this.#rows.push(this.#row) > MOST_ROWS)
      throw new TableRefused('too-many-rows');
    if (name === 'tbl' && --this.#depth === 0) this.#tables.add('', this.#rows);
  }

  text(text: string): void {
    if (this.#skipping > 0) return;
    if (this.#inText) this.#write(text);
    else if (this.#instruction !== null) this.#instruction += text;
  }

  #property(name: string, { val }: Attributes): void {
    const number = Math.min(WIDEST, Number(val) || 0);
    if (name === 'gridBefore') this.#row.push(...Array.from({ length: number }, () => EMPTY));
    if (!this.#cell) return;
    if (name === 'gridSpan') this.#cell.span = Math.max(1, number);
    if (name === 'vMerge') this.#cell.below = val !== 'restart';
  }

  #content(name: string, attributes: Attributes, cell: OpenCell): void {
    if (name === 'p' || name === 'br') cell.lines.push('');
    else if (name === 't') this.#inText = true;
    else if (name === 'tab') this.#write(' ');
    else if (name === 'noBreakHyphen') this.#write('-');
    else if (name === 'instrText') this.#instruction = '';
    else if (name === 'hyperlink') {
      const to = this.#related.get(attributes['r:id'] ?? '');
      if (to?.outside) this.#found(to.target);
    }
  }

  /** A field says where it leads in words: `HYPERLINK "https://…"`. */
  #closeInstruction(): void {
    const [, address] = /^\s*HYPERLINK\s+"([^"]*)"/.exec(this.#instruction ?? '') ?? [];
    this.#instruction = null;
    if (address !== undefined) this.#found(address);
  }

  #found(address: string): void {
    if (this.#cell && /^https?:\/\//i.test(address)) this.#cell.link ??= address;
  }

  #write(text: string): void {
    const lines = this.#cell?.lines ?? [];
    this.#tables.count(text);
    lines.push((lines.pop() ?? '') + text);
  }

  #closeCell(): void {
    const { lines, link, span, below } = this.#cell ?? { lines: [], link: null, span: 1, below: false };
    this.#cell = null;
    const above = below ? this.#rows.at(-1)?.[this.#row.length] : undefined;
    const own: ClipCell = above
      ? { ...above, part: above.part === 'column' ? 'column' : 'row' }
      : { text: readable(lines.join('\n')), link, part: 'own' };
    if (above) this.#tables.count(above.text);
    this.#row.push(own, ...Array.from({ length: span - 1 }, (): ClipCell => ({ ...EMPTY, part: 'column' })));
    if (this.#row.length > WIDEST) throw new TableRefused('too-many-columns');
  }
}

/** The tables of a document (ECMA-376, WordprocessingML, 17.4). */
export async function readDocx(file: OfficePackage, main: string, tables: Tables): Promise<void> {
  await file.read(main, new TablesReader(await file.relationships(main), tables));
}
