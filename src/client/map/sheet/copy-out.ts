import { isFormula } from '../../../integration-map/table/tsv.js';

/** An apostrophe first: to Excel and LibreOffice the sign of "this is text". It is taken off again where it is pasted here. */
const guarded = (text: string) => (isFormula(text) ? `'${text}` : text);

const quoted = (text: string) => (/["\n\t\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const toTsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((text) => quoted(guarded(text))).join('\t')).join('\r\n');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter);

/** Only plain numbers stay numbers: Excel would make a date of "1-2" and run what begins with "=". */
const styleOf = (text: string) =>
  /^\d+(?:[.,]\d+)?$/.test(text) ? '' : ` style="mso-number-format:'\\@';white-space:pre-wrap"`;

const cell = (text: string) =>
  `<td${styleOf(text)}>${escaped(text).replaceAll('\n', '<br style="mso-data-placement:same-cell">')}</td>`;

export const toHtml = (rows: readonly (readonly string[])[]): string =>
  `<html><head><meta charset="utf-8"></head><body><table>${rows
    .map((row) => `<tr>${row.map(cell).join('')}</tr>`)
    .join('')}</table></body></html>`;
