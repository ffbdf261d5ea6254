import { laidOut, type ClipCell, type SpannedCell } from '../../../integration-map/table/clip.js';

const SKIPPED = new Set([
  'SCRIPT',
  'STYLE',
  'TEMPLATE',
  'NOSCRIPT',
  'HEAD',
  'TITLE',
  'OBJECT',
  'IFRAME',
  'SVG',
  'MATH',
]);
const BLOCKS = new Set(['P', 'DIV', 'LI', 'UL', 'OL', 'TABLE', 'TR', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'BLOCKQUOTE']);

/** Lines of a cell as they are seen: line breaks of the source are blanks, paragraphs and `<br>` are lines. */
class Lines {
  readonly #lines: string[] = [''];

  write(text: string): void {
    this.#lines.push((this.#lines.pop() ?? '') + text);
  }

  break(): void {
    this.#lines.push('');
  }

  /** Only where something stands in the line already. */
  paragraph(): void {
    if (this.#lines.at(-1)?.trim() !== '') this.break();
  }

  get text(): string {
    return this.#lines
      .map((line) => line.replace(/[\s\u00a0]+/g, ' ').trim())
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  }
}

function read(node: Node, lines: Lines): void {
  if (node.nodeType === Node.TEXT_NODE) {
    lines.write(node.nodeValue ?? '');
    return;
  }
  const name = node.nodeName.toUpperCase();
  if (node.nodeType !== Node.ELEMENT_NODE || SKIPPED.has(name)) return;
  if (name === 'BR') {
    lines.break();
    return;
  }
  const block = BLOCKS.has(name);
  if (block) lines.paragraph();
  for (const child of node.childNodes) read(child, lines);
  if (block) lines.paragraph();
  // Cells of a table inside a cell.
  if (name === 'TD' || name === 'TH') lines.write(' ');
}

function textOf(cell: Element): string {
  const lines = new Lines();
  for (const child of cell.childNodes) read(child, lines);
  return lines.text;
}

function linkOf(cell: Element): string | null {
  const links = [...cell.querySelectorAll('a[href]')].map((anchor) => anchor.getAttribute('href')?.trim() ?? '');
  return links.find((link) => /^https?:\/\//i.test(link)) ?? null;
}

const spanned = (cell: HTMLTableCellElement): SpannedCell => ({
  text: textOf(cell),
  link: linkOf(cell),
  rowSpan: cell.rowSpan,
  colSpan: cell.colSpan,
});

/**
 * The cells of the tables in HTML from the clipboard; nothing where there is none. A document of `DOMParser` is inert:
 * no script in it runs and no picture is asked for; only texts and addresses leave it.
 */
export function cellsOfHtml(html: string): ClipCell[][] | null {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const tables = [...page.querySelectorAll('table')].filter((table) => !table.parentElement?.closest('table'));
  const rows = tables.flatMap((table) => [...table.rows]).filter((row) => row.cells.length > 0);
  return rows.length === 0 ? null : laidOut(rows.map((row) => [...row.cells].map(spanned)));
}
