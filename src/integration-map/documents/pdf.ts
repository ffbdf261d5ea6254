import type { Block, CheckBlock, PrintedMap, Run } from './document.js';
import { finish, paperFor, type Paper } from './pdf-page.js';
import { drawTable } from './pdf-table.js';
import { wrap } from './wrap.js';

interface Look {
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

const LOOKS: Readonly<Record<'title' | 'section' | 'heading' | 'text', Look>> = {
  title: { size: 15, before: 0, after: 6 },
  section: { size: 12, before: 14, after: 4 },
  heading: { size: 10.5, before: 6, after: 4 },
  text: { size: 10, before: 0, after: 5 },
};
/** A heading needs room for what comes under it. */
const UNDER_HEADING = 90;

/** Each run begins a line of its own. */
function writeRuns(paper: Paper, runs: readonly Run[], { size, after }: Look): void {
  const line = size * 1.3;
  for (const { text, bold } of runs) {
    const face = bold ? 'bold' : 'text';
    for (const part of wrap(text, paper.width, paper.measure(face, size))) {
      if (paper.y + line > paper.bottom) paper.newPage();
      paper.write(part, face, size, paper.left, paper.y);
      paper.y += line;
    }
  }
  paper.y += after;
}

/** In points: a code of 29 modules is read from paper by a phone. */
const PICTURE = 84;

function drawCheck(paper: Paper, { picture, lines }: CheckBlock): void {
  if (paper.y + PICTURE > paper.bottom) paper.newPage();
  const top = paper.y;
  paper.pdf.image(picture, paper.left, top, { width: PICTURE, height: PICTURE });
  const beside = { left: paper.left + PICTURE + 12, width: paper.width - PICTURE - 12 };
  const { size } = LOOKS.text;
  paper.y = top + 6;
  for (const { text, bold } of lines) {
    const face = bold ? 'bold' : 'text';
    for (const part of wrap(text, beside.width, paper.measure(face, size))) {
      paper.write(part, face, size, beside.left, paper.y);
      paper.y += size * 1.4;
    }
  }
  paper.y = Math.max(paper.y, top + PICTURE);
}

async function draw(paper: Paper, block: Block): Promise<void> {
  if (block.kind === 'table') {
    await drawTable(paper, block);
    paper.y += 10;
    return;
  }
  if (block.kind === 'check') {
    drawCheck(paper, block);
    return;
  }
  const look = LOOKS[block.kind];
  if (paper.y > paper.top) paper.y += look.before;
  if (block.kind === 'text') {
    writeRuns(paper, block.runs, look);
    return;
  }
  if (paper.bottom - paper.y < UNDER_HEADING) paper.newPage();
  writeRuns(paper, [{ text: block.text, bold: true }], look);
}

/** The map for printing and for those who have no word processor; its fonts are in it. */
export async function pdfOf(map: PrintedMap): Promise<Buffer> {
  const paper = paperFor(map);
  for (const { landscape, blocks } of map.sheets) {
    paper.turn(landscape);
    for (const block of blocks) await draw(paper, block);
  }
  return finish(paper);
}
