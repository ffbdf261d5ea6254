import { ownCell, squared, type ClipCell } from './clip.js';

/** What a sheet would take for a formula. */
export const isFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text);

const unguarded = (text: string) => (text.startsWith("'") && isFormula(text.slice(1)) ? text.slice(1) : text);

/**
 * Text as Excel, Word and Google Sheets put it on the clipboard: tabs between cells, a line a row; a cell that holds a
 * line break, a tab or a quotation mark at its beginning stands in quotation marks, with those inside it doubled.
 */
export function cellsOfTsv(source: string): ClipCell[][] {
  const text = source.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const rows: string[][] = [[]];
  let at = 0;
  while (at <= text.length) {
    const quoted = text[at] === '"' ? quotedCell(text, at) : null;
    const end = quoted ? quoted.end : plainEnd(text, at);
    rows.at(-1)?.push(unguarded(quoted ? quoted.text : text.slice(at, end)));
    if (text[end] === '\n') rows.push([]);
    at = end + 1;
  }
  return squared(rows.map((row) => row.map(ownCell)));
}

function plainEnd(text: string, from: number): number {
  const end = text.slice(from).search(/[\t\n]/);
  return end < 0 ? text.length : from + end;
}

/** Nothing where the quotation marks are the text's own: they are not closed before the next tab or line. */
function quotedCell(text: string, from: number): { text: string; end: number } | null {
  const mark = /"(?:[^"]|"")*"(?=[\t\n]|$)/y;
  mark.lastIndex = from;
  const [found] = mark.exec(text) ?? [];
  if (found === undefined) return null;
  return { text: found.slice(1, -1).replaceAll('""', '"'), end: from + found.length };
}
