import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { ownCell } from '../table/clip.js';
import { cellsOfTsv } from '../table/tsv.js';
import { MOST, TableRefused } from './limits.js';
import { readable, type Tables } from './tables.js';

/** Text of a file: by its byte order mark, else UTF-8, else the code page that Excel writes in Kazakhstan. */
export function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff')
    return new TextDecoder(mark === 'fffe' ? 'utf-16le' : 'utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

const DELIMITERS = ['\t', ';', ','] as const;
const SAMPLE = 20_000;

/** The one that stands outside of quotation marks most often in the first lines; a tab before others, a comma last. */
function delimiterOf(text: string): string {
  const bare = text.slice(0, SAMPLE).replace(/"[^"]*"?/g, '');
  const count = (delimiter: string) => bare.split(delimiter).length - 1;
  return DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** In bytes: the parser goes byte by byte, and others shall not wait for all of it. */
const PIECE = 50_000;

async function records(text: string, delimiter: string): Promise<string[][]> {
  const found: string[][] = [];
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MOST.letters,
  });
  parser.on('readable', () => {
    for (let record = parser.read() as string[] | null; record; record = parser.read() as string[] | null)
      found.push(record);
  });
  const done = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve);
    parser.on('error', reject);
  });
  done.catch(() => undefined);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length && !parser.errored && found.length <= MOST.rows * 5; at += PIECE) {
    parser.write(bytes.subarray(at, at + PIECE));
    await setImmediate();
  }
  parser.end();
  await done;
  return found;
}

const faultOf = (error: unknown) =>
  error instanceof CsvError && error.code === 'CSV_MAX_RECORD_SIZE' ? 'too-much-text' : 'broken';

async function rowsOf(text: string, delimiter: string) {
  try {
    return (await records(text, delimiter)).map((row) => row.map(ownCell));
  } catch (error) {
    throw new TableRefused(faultOf(error), { cause: error });
  }
}

/** Comma, semicolon or tab between the cells, as spreadsheets save it. */
export async function readSeparated(text: string, tables: Tables): Promise<void> {
  if (text.length > MOST.letters * 2) throw new TableRefused('too-much-text');
  const delimiter = delimiterOf(text);
  const cells = delimiter === '\t' ? cellsOfTsv(text.replace(/^\uFEFF/, '')) : await rowsOf(text, delimiter);
  const rows = cells.map((row) =>
    row.map((cell) => {
      const clean = readable(cell.text);
      tables.count(clean);
      return { ...cell, text: clean };
    }),
  );
  tables.add('', rows);
}
