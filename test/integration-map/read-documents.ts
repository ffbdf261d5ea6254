import { DOMParser, type Element } from '@xmldom/xmldom';
import { unzipSync } from 'fflate';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

export interface ReadRow {
  readonly head: boolean;
  readonly whole: boolean;
  readonly cells: readonly { readonly text: string; readonly span: number }[];
}

/** A DOCX as its own XML says it: blocks in their order. */
export interface ReadDocx {
  readonly xml: string;
  readonly parts: readonly string[];
  readonly blocks: readonly (
    | { readonly kind: 'paragraph'; readonly style: string; readonly text: string }
    | { readonly kind: 'table'; readonly rows: readonly ReadRow[] }
  )[];
  /** Of each section: width before height, in points. */
  readonly pages: readonly { readonly width: number; readonly height: number }[];
}

const all = (node: Element, name: string): Element[] => [...node.getElementsByTagName(name)];
const textOf = (node: Element) =>
  all(node, 'w:p')
    .map((paragraph) =>
      all(paragraph, 'w:t')
        .map(({ textContent }) => textContent ?? '')
        .join(''),
    )
    .join('\n');

const on = (node: Element, name: string) => {
  const [found] = all(node, name);
  return found !== undefined && !['false', '0', 'off'].includes(found.getAttribute('w:val') ?? '');
};

export function readDocx(bytes: Uint8Array): ReadDocx {
  const files = unzipSync(bytes);
  const xml = new TextDecoder('utf-8', { fatal: true }).decode(files['word/document.xml']);
  const strict = (file: string, text: string) =>
    new DOMParser({
      onError: (level, message) => {
        throw new Error(`${file}: ${level}: ${message}`);
      },
    }).parseFromString(text, 'text/xml');
  for (const [name, content] of Object.entries(files))
    if (/\.(xml|rels)$/.test(name)) strict(name, new TextDecoder().decode(content));
  const body = strict('word/document.xml', xml).getElementsByTagName('w:body')[0];
  if (!body) throw new Error('The document has no body');
  const children = [...body.childNodes].filter((node): node is Element => node.nodeType === 1);
  return {
    xml,
    parts: Object.keys(files),
    blocks: children
      .filter(({ tagName }) => tagName === 'w:p' || tagName === 'w:tbl')
      .map((node) => {
        if (node.tagName === 'w:tbl')
          return {
            kind: 'table' as const,
            rows: all(node, 'w:tr').map((row) => ({
              head: on(row, 'w:tblHeader'),
              whole: on(row, 'w:cantSplit'),
              cells: all(row, 'w:tc').map((cell) => ({
                text: textOf(cell),
                span: Number(all(cell, 'w:gridSpan')[0]?.getAttribute('w:val') ?? 1),
              })),
            })),
          };
        const text = all(node, 'w:t').map(({ textContent }) => textContent ?? '');
        const style = all(node, 'w:pStyle')[0]?.getAttribute('w:val') ?? '';
        return { kind: 'paragraph' as const, style, text: text.join('').trim() };
      })
      .filter((block) => block.kind === 'table' || block.text !== ''),
    pages: all(body, 'w:pgSz').map((size) => ({
      width: Number(size.getAttribute('w:w')) / 20,
      height: Number(size.getAttribute('w:h')) / 20,
    })),
  };
}

export interface ReadPage {
  readonly width: number;
  readonly height: number;
  readonly pieces: readonly { readonly text: string; readonly x: number; readonly y: number; readonly width: number }[];
}

/** A PDF by its pages, with each piece of text where it stands; from the top left. */
export async function readPdf(bytes: Uint8Array): Promise<{ pages: ReadPage[]; fonts: Set<string> }> {
  const task = getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 });
  const pdf = await task.promise;
  const pages: ReadPage[] = [];
  const fonts = new Set<string>();
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    const { width, height } = page.getViewport({ scale: 1 });
    const { items } = await page.getTextContent();
    const pieces = items.flatMap((item) => {
      if (!('str' in item) || item.str.trim() === '') return [];
      fonts.add(item.fontName);
      const [, , , , x = 0, y = 0] = item.transform as number[];
      return [{ text: item.str, x, y: height - y, width: item.width }];
    });
    pages.push({ width, height, pieces });
  }
  await task.destroy();
  return { pages, fonts };
}

/** Without blanks: where a line is broken says nothing about what is written. */
export const tight = (text: string) => text.replace(/\s+/g, '');
export const tightText = (pages: readonly ReadPage[]) =>
  tight(pages.flatMap(({ pieces }) => pieces.map(({ text }) => text)).join(''));
