import { zipSync, strToU8, type Zippable } from 'fflate';

const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

interface Link {
  readonly id: string;
  readonly type: string;
  readonly target: string;
  readonly outside?: boolean;
}

const rels = (links: readonly Link[]) =>
  `<?xml version="1.0"?><Relationships xmlns="${RELATIONSHIPS}">${links
    .map(
      ({ id, type, target, outside }) =>
        `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${escaped(target)}"${outside ? ' TargetMode="External"' : ''}/>`,
    )
    .join('')}</Relationships>`;

const zipped = (parts: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])) as Zippable, {
      level: 6,
    }),
  );

/** A cell: a text, a number with the number of its style, or the cell's own XML. */
export type SheetCell = string | { readonly number: number; readonly style?: number } | { readonly xml: string } | null;

export interface SheetSpec {
  readonly name: string;
  readonly rows: readonly (readonly SheetCell[])[];
  readonly merged?: readonly string[];
  readonly links?: Readonly<Record<string, string>>;
  readonly hidden?: boolean;
  /** In place of what the rows would be. */
  readonly xml?: string;
}

const address = (row: number, column: number) => `${String.fromCharCode(65 + column)}${row + 1}`;

function cellXml(cell: SheetCell, at: string, strings: string[]): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return `<c r="${at}" t="s"><v>${strings.push(cell) - 1}</v></c>`;
  if ('xml' in cell) return cell.xml.replace('<c', `<c r="${at}"`);
  return `<c r="${at}"${cell.style === undefined ? '' : ` s="${cell.style}"`}><v>${cell.number}</v></c>`;
}

/** Styles: 0 as it is, 1 a date of Excel's own, 2 a date by its code, 3 per cent, 4 a code that only looks like a date. */
const STYLES =
  '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd\\.mm\\.yyyy"/><numFmt numFmtId="171" formatCode="0.00&quot; days&quot;"/></numFmts>' +
  '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="9"/><xf numFmtId="171"/></cellXfs></styleSheet>';

export function xlsxParts(sheets: readonly SheetSpec[]): Record<string, string> {
  const strings: string[] = [];
  const parts: Record<string, string> = {
    '_rels/.rels': rels([{ id: 'rId1', type: 'officeDocument', target: 'xl/workbook.xml' }]),
    'xl/workbook.xml': `<workbook xmlns:r="${OFFICE}"><sheets>${sheets
      .map(
        ({ name, hidden }, index) =>
          `<sheet name="${escaped(name)}" sheetId="${index + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${index + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': rels([
      ...sheets.map((_, index) => ({
        id: `rId${index + 1}`,
        type: 'worksheet',
        target: `worksheets/sheet${index + 1}.xml`,
      })),
      { id: 'rIdS', type: 'sharedStrings', target: '/xl/sharedStrings.xml' },
      { id: 'rIdT', type: 'styles', target: 'styles.xml' },
    ]),
    'xl/styles.xml': STYLES,
  };
  sheets.forEach(({ rows, merged = [], links = {}, xml }, index) => {
    const data = rows
      .map(
        (cells, row) =>
          `<row r="${row + 1}">${cells.map((cell, column) => cellXml(cell, address(row, column), strings)).join('')}</row>`,
      )
      .join('');
    const addresses = Object.entries(links);
    parts[`xl/worksheets/sheet${index + 1}.xml`] =
      xml ??
      `<worksheet xmlns:r="${OFFICE}"><sheetData>${data}</sheetData><mergeCells>${merged
        .map((ref) => `<mergeCell ref="${ref}"/>`)
        .join('')}</mergeCells><hyperlinks>${addresses
        .map(([at], link) => `<hyperlink ref="${at}" r:id="rL${link}"/>`)
        .join('')}</hyperlinks></worksheet>`;
    parts[`xl/worksheets/_rels/sheet${index + 1}.xml.rels`] = rels(
      addresses.map(([, target], link) => ({ id: `rL${link}`, type: 'hyperlink', target, outside: true })),
    );
  });
  parts['xl/sharedStrings.xml'] =
    `<sst>${strings.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`;
  return parts;
}

export const xlsx = (sheets: readonly SheetSpec[], changed: Readonly<Record<string, string>> = {}): Buffer =>
  zipped({ ...xlsxParts(sheets), ...changed });

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';

/** A document with this body, and addresses outside by the id of their relationship. */
export const docx = (body: string, links: Readonly<Record<string, string>> = {}): Buffer =>
  zipped({
    '_rels/.rels': rels([{ id: 'rId1', type: 'officeDocument', target: 'word/document.xml' }]),
    'word/_rels/document.xml.rels': rels(
      Object.entries(links).map(([id, target]) => ({ id, type: 'hyperlink', target, outside: true })),
    ),
    'word/document.xml': `<w:document xmlns:w="${WORD}" xmlns:r="${OFFICE}"><w:body>${body}</w:body></w:document>`,
  });

export const zip = zipped;
