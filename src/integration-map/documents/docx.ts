import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  HeadingLevel,
  ImageRun,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
  type IRunOptions,
} from 'docx';
import {
  SPOKEN,
  type Block,
  type Cell,
  type CheckBlock,
  type PrintedMap,
  type Run,
  type Table as PrintedTable,
} from './document.js';

/** Twentieths of a point: A4, and what its margins leave. */
const A4 = { width: 11906, height: 16838 };
const MARGIN = 1000;
/** Half points. */
const SIZE = { text: 22, table: 18, title: 30, section: 25, heading: 22 };
const FONT = 'Times New Roman';
const HEADINGS = {
  title: HeadingLevel.TITLE,
  section: HeadingLevel.HEADING_1,
  heading: HeadingLevel.HEADING_2,
} as const;

/** A row that cannot be kept on one page must not be asked to. */
const LONGEST_WHOLE = 900;
const MOST_LINES_WHOLE = 25;

const line = { style: BorderStyle.SINGLE, size: 4, color: '808080' } as const;
const BORDERS = { top: line, bottom: line, left: line, right: line };
const grey = { type: ShadingType.CLEAR, color: 'auto', fill: 'EDEDED' } as const;

function run({ text, bold }: Run, size: number): TextRun {
  const options: IRunOptions = { text, size, ...(bold ? { bold } : {}) };
  return new TextRun(options);
}

const paragraphs = (cell: Run, keepNext: boolean) =>
  cell.text.split('\n').map((text) => new Paragraph({ keepNext, children: [run({ ...cell, text }, SIZE.table)] }));

interface RowLook {
  readonly head: boolean;
  readonly together: boolean;
}

function row(cells: readonly Cell[], widths: readonly number[], { head, together }: RowLook): TableRow {
  const whole = cells.every(({ text }) => text.length < LONGEST_WHOLE && text.split('\n').length < MOST_LINES_WHOLE);
  let column = 0;
  return new TableRow({
    ...(head ? { tableHeader: true } : {}),
    ...(whole ? { cantSplit: true } : {}),
    children: cells.map((cell) => {
      const span = cell.span ?? 1;
      const width = widths.slice(column, column + span).reduce((sum, one) => sum + one, 0);
      column += span;
      return new TableCell({
        children: paragraphs(cell, together),
        columnSpan: span,
        width: { size: width, type: WidthType.DXA },
        borders: BORDERS,
        margins: { top: 40, bottom: 40, left: 80, right: 80 },
        verticalAlign: head ? VerticalAlignTable.CENTER : VerticalAlignTable.TOP,
        ...(head || span > 1 ? { shading: grey } : {}),
      });
    }),
  });
}

function table({ shares, heads, rows, together }: PrintedTable, room: number): Table {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  const widths = shares.map((share) => Math.floor((room * share) / whole));
  const titles = heads?.map((text) => ({ text, bold: true }));
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA },
    columnWidths: widths,
    rows: [
      ...(titles ? [row(titles, widths, { head: true, together })] : []),
      ...rows.map((cells, index) => row(cells, widths, { head: false, together: together && index < rows.length - 1 })),
    ],
  });
}

/** In pixels of 96 to the inch, as `docx` takes them. */
const PICTURE = 112;

const check = ({ picture, name, lines }: CheckBlock): Paragraph[] => [
  new Paragraph({
    keepNext: true,
    children: [
      new ImageRun({
        type: 'png',
        data: picture,
        transformation: { width: PICTURE, height: PICTURE },
        altText: { name, description: name, title: name },
      }),
    ],
  }),
  ...lines.map((one, index) => new Paragraph({ keepNext: index < lines.length - 1, children: [run(one, SIZE.table)] })),
];

function children(block: Block, room: number): (Paragraph | Table)[] {
  if (block.kind === 'table') return [table(block, room), new Paragraph({ spacing: { after: 120 } })];
  if (block.kind === 'check') return check(block);
  if (block.kind === 'text')
    return [new Paragraph({ spacing: { after: 100 }, children: block.runs.map((one) => run(one, SIZE.text)) })];
  return [new Paragraph({ heading: HEADINGS[block.kind], children: [new TextRun(block.text)] })];
}

const pageNumbers = () =>
  new Footer({
    children: [
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [new TextRun({ size: SIZE.table, children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES] })],
      }),
    ],
  });

const style = (size: number, before: number) => ({
  run: { size, bold: true, color: '000000', font: FONT },
  paragraph: { spacing: { before, after: 100 }, keepNext: true },
});

/** The map for Word and LibreOffice. */
export function docxOf({ language, title, sheets }: PrintedMap): Promise<Buffer> {
  const document = new Document({
    title,
    creator: 'Serik',
    lastModifiedBy: 'Serik',
    styles: {
      default: {
        document: { run: { font: FONT, size: SIZE.text, language: { value: SPOKEN[language] } } },
        title: style(SIZE.title, 0),
        heading1: style(SIZE.section, 260),
        heading2: style(SIZE.heading, 140),
      },
    },
    sections: sheets.map(({ landscape, blocks }) => ({
      properties: {
        page: {
          size: { ...A4, orientation: landscape ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT },
          margin: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN },
        },
      },
      footers: { default: pageNumbers() },
      children: blocks.flatMap((block) => children(block, (landscape ? A4.height : A4.width) - 2 * MARGIN)),
    })),
  });
  return Packer.toBuffer(document);
}
