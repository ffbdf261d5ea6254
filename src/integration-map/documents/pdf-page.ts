import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { Language } from '../../web/i18n.js';
import { SPOKEN } from './document.js';
import type { Measure } from './wrap.js';

export type Face = 'text' | 'bold';

const require = createRequire(import.meta.url);
/** Has every letter of Kazakh, Russian and English, ₸, arrows and ticks; narrow, since the table has seven columns. */
const fontFile = (name: string) => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
let fonts: Readonly<Record<Face, Buffer>> | undefined;
const loadFonts = () =>
  (fonts ??= { text: fontFile('DejaVuSansCondensed'), bold: fontFile('DejaVuSansCondensed-Bold') });

const MARGIN = 48;

/** A sheet of paper and where the next line goes on it; points, from the top left. */
export interface Paper {
  readonly pdf: PDFKit.PDFDocument;
  readonly left: number;
  y: number;
  readonly width: number;
  /** Where the room of a page begins and ends. */
  readonly top: number;
  readonly bottom: number;
  newPage(): void;
  turn(landscape: boolean): void;
  measure(face: Face, size: number): Measure;
  write(text: string, face: Face, size: number, x: number, y: number): void;
}

/** Widths of letters do not change: each is asked for once. In units of a font size of one. */
function measuring(pdf: PDFKit.PDFDocument): (face: Face, size: number) => Measure {
  const known: Record<Face, Map<string, number>> = { text: new Map(), bold: new Map() };
  return (face, size) => (text) => {
    let sum = 0;
    for (const letter of text) {
      const width = known[face].get(letter) ?? pdf.font(face).fontSize(1000).widthOfString(letter) / 1000;
      known[face].set(letter, width);
      sum += width;
    }
    return sum * size;
  };
}

export function paperFor({ language, title }: { readonly language: Language; readonly title: string }): Paper {
  const pdf = new PDFDocument({
    autoFirstPage: false,
    bufferPages: true,
    size: 'A4',
    margin: MARGIN,
    lang: SPOKEN[language],
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: title, Creator: 'Serik', Producer: 'Serik' },
  });
  for (const [face, font] of Object.entries(loadFonts())) pdf.registerFont(face, font);
  const paper = {
    pdf,
    left: MARGIN,
    y: MARGIN,
    width: 0,
    top: MARGIN,
    bottom: 0,
    layout: 'portrait' as 'portrait' | 'landscape',
    measure: measuring(pdf),
    newPage() {
      pdf.addPage({ size: 'A4', layout: paper.layout, margin: MARGIN });
      paper.width = pdf.page.width - 2 * MARGIN;
      paper.bottom = pdf.page.height - MARGIN;
      paper.y = MARGIN;
    },
    turn(landscape: boolean) {
      paper.layout = landscape ? 'landscape' : 'portrait';
      paper.newPage();
    },
    write(text: string, face: Face, size: number, x: number, y: number) {
      pdf.font(face).fontSize(size).fillColor('#000000').text(text, x, y, { lineBreak: false });
    },
  };
  return paper;
}

/** Page numbers at the foot; then the bytes of the file. */
export function finish(paper: Paper): Promise<Buffer> {
  const { pdf } = paper;
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page);
    const text = `${page + 1} / ${count}`;
    const { width, height } = pdf.page;
    // Under the margin, where pdfkit would otherwise begin another page.
    pdf.page.margins.bottom = 0;
    paper.write(text, 'text', 8, (width - paper.measure('text', 8)(text)) / 2, height - MARGIN + 16);
  }
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', () => resolve(Buffer.concat(parts)));
    pdf.on('error', reject);
    pdf.end();
  });
}
