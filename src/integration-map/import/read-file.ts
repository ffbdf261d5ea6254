import { readDocx } from './docx.js';
import { MOST, TableRefused, type FileFault } from './limits.js';
import { OfficePackage } from './package.js';
import { decoded, readSeparated } from './separated.js';
import { Tables, type Table } from './tables.js';
import { readXlsx } from './xlsx.js';

/** How files begin that are no tables for us, whatever their name ends in. */
const BEGINNINGS: readonly (readonly [hex: string, fault: FileFault])[] = [
  ['d0cf11e0a1b11ae1', 'old-format'],
  ['25504446', 'pdf'],
  ['7b5c727466', 'other-office'],
];

const startsWith = (bytes: Buffer, hex: string) => bytes.subarray(0, hex.length / 2).toString('hex') === hex;

async function readPackage(bytes: Buffer, tables: Tables): Promise<void> {
  const file = await OfficePackage.open(bytes);
  if (file.has('content.xml') && file.has('mimetype')) throw new TableRefused('other-office');
  const main = await file.mainPart();
  if (main.endsWith('.bin')) throw new TableRefused('old-format');
  if (main.startsWith('xl/')) await readXlsx(file, main, tables);
  else if (main.startsWith('word/')) await readDocx(file, main, tables);
  else throw new TableRefused('not-read');
}

/** A cell of a sheet has no such beginning, and no file of this format any other. */
function refuseOtherTexts(text: string): void {
  const start = text.slice(0, 2000).trimStart();
  if (/^\{\s*"serik"/.test(start)) throw new TableRefused('map-file');
  if (/^(?:<!doctype|<html|<table|<\?xml|<meta)/i.test(start)) throw new TableRefused('page-source');
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008]/.test(text.slice(0, 10_000))) throw new TableRefused('not-read');
}

/** Text from a field or of a file. */
export async function readTableText(text: string): Promise<readonly Table[]> {
  if (text.trim() === '') throw new TableRefused('empty');
  refuseOtherTexts(text);
  const tables = new Tables();
  await readSeparated(text, tables);
  return tables.all;
}

/** The tables of an XLSX, DOCX, CSV or TSV, by what is in it and not by its name. Throws `TableRefused`. */
export async function readTableFile(bytes: Buffer): Promise<readonly Table[]> {
  if (bytes.length === 0) throw new TableRefused('empty');
  if (bytes.length > MOST.fileBytes) throw new TableRefused('too-large');
  const known = BEGINNINGS.find(([hex]) => startsWith(bytes, hex));
  if (known) throw new TableRefused(known[1]);
  if (!startsWith(bytes, '504b')) return readTableText(decoded(bytes));
  const tables = new Tables();
  await readPackage(bytes, tables);
  return tables.all;
}
