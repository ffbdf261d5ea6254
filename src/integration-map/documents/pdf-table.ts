import { setImmediate as othersWork } from 'node:timers/promises';
import type { Cell, Table } from './document.js';
import type { Face, Paper } from './pdf-page.js';
import { wrap } from './wrap.js';

const SIZE = 8.5;
const LINE = 10.6;
const PAD = 4;
/** Fewer lines than these are not left alone at the foot of a page. */
const FEWEST = 3;

interface LaidCell {
  readonly x: number;
  readonly width: number;
  readonly face: Face;
  readonly grey: boolean;
  readonly lines: readonly string[];
}
type LaidRow = readonly LaidCell[];

function lay(paper: Paper, shares: readonly number[], cells: readonly Cell[], head = false): LaidRow {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  let column = 0;
  return cells.map(({ text, bold = head, span = 1 }) => {
    const part = (list: readonly number[]) => list.reduce((sum, share) => sum + (paper.width * share) / whole, 0);
    const x = paper.left + part(shares.slice(0, column));
    const width = part(shares.slice(column, column + span));
    column += span;
    const face = bold ? 'bold' : 'text';
    return { x, width, face, grey: head || span > 1, lines: wrap(text, width - 2 * PAD, paper.measure(face, SIZE)) };
  });
}

const linesOf = (row: LaidRow) => Math.max(...row.map(({ lines }) => lines.length));
const heightOf = (lines: number) => lines * LINE + 2 * PAD;

/** Draws these lines of a row, and moves on. */
function draw(paper: Paper, row: LaidRow, from: number, to: number): void {
  const { pdf, y } = paper;
  const height = heightOf(to - from);
  for (const { x, width, face, grey, lines } of row) {
    if (grey) pdf.rect(x, y, width, height).fill('#ededed');
    pdf.lineWidth(0.5).rect(x, y, width, height).stroke('#808080');
    lines.slice(from, to).forEach((line, index) => paper.write(line, face, SIZE, x + PAD, y + PAD + index * LINE));
  }
  paper.y += height;
}

/** What must fit below the headings before a table begins on a page. */
function beginning(rows: readonly LaidRow[], together: boolean): number {
  if (together) return rows.reduce((sum, row) => sum + heightOf(linesOf(row)), 0);
  return heightOf(Math.min(FEWEST, rows[0] ? linesOf(rows[0]) : 0));
}

/**
 * A row goes to the next page whole; only one that is longer than a page is torn. Each page repeats the headings. Lets
 * others work between the rows: a map with every cell full takes seconds.
 */
export async function drawTable(paper: Paper, { shares, heads, rows, together }: Table): Promise<void> {
  const titles = heads?.map((text) => ({ text }));
  const head = titles && lay(paper, shares, titles, true);
  const laid: LaidRow[] = [];
  for (const cells of rows) {
    laid.push(lay(paper, shares, cells));
    await othersWork();
  }
  const headHeight = head ? heightOf(linesOf(head)) : 0;
  const drawHead = () => {
    if (head) draw(paper, head, 0, linesOf(head));
  };
  const nextPage = () => {
    paper.newPage();
    drawHead();
  };
  const room = () => paper.bottom - paper.y;
  const pageRoom = paper.bottom - paper.top - headHeight;

  if (room() < headHeight + Math.min(beginning(laid, together), pageRoom)) paper.newPage();
  drawHead();
  for (const [index, row] of laid.entries()) {
    const lines = linesOf(row);
    const height = heightOf(lines);
    // The first one stays under the headings, where there is nothing but them.
    if (index > 0 && height > room() && (height <= pageRoom || room() < heightOf(FEWEST))) nextPage();
    let from = 0;
    while (heightOf(lines - from) > room()) {
      const to = from + Math.floor((room() - 2 * PAD) / LINE);
      draw(paper, row, from, to);
      nextPage();
      from = to;
    }
    draw(paper, row, from, lines);
    await othersWork();
  }
}
