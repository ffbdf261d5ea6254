import type { OfficePackage } from './package.js';
import { TableRefused } from './limits.js';

/** How a number of a cell is shown; nothing for as it is. */
export type NumberLook = 'date' | 'percent' | null;

const BUILT_IN: readonly (readonly [from: number, to: number, look: NumberLook])[] = [
  [9, 10, 'percent'],
  [14, 22, 'date'],
  [27, 36, 'date'],
  [45, 47, 'date'],
  [50, 58, 'date'],
];

const LONGEST_CODE = 255;

/** A format's code without what it prints as it stands: texts in quotation marks, conditions, single letters. */
function lookOfCode(code: string): NumberLook {
  const pattern = code.slice(0, LONGEST_CODE).replace(/"[^"]*"|\[[^\]]*\]|[\\_*]./g, '');
  if (pattern.includes('%')) return 'percent';
  return /[dmyhs]/i.test(pattern) && !/general/i.test(pattern) ? 'date' : null;
}

/** How numbers look in each style of cell (`xl/styles.xml`), by the style's number. */
export async function numberLooks(file: OfficePackage, part: string): Promise<readonly NumberLook[]> {
  const codes = new Map<string, NumberLook>();
  const looks: NumberLook[] = [];
  let inCells = false;
  await file.read(part, {
    open: (name, { numFmtId = '0', formatCode = '' }) => {
      if (name === 'numFmt') codes.set(numFmtId, lookOfCode(formatCode));
      if (name === 'cellXfs') inCells = true;
      if (name !== 'xf' || !inCells) return;
      const built = BUILT_IN.find(([from, to]) => Number(numFmtId) >= from && Number(numFmtId) <= to);
      looks.push(codes.get(numFmtId) ?? built?.[2] ?? null);
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return looks;
}

/** Excel writes what XML cannot hold as `_x000D_`. */
const unescaped = (text: string) =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

/** Gathers the texts of `<t>`; readings of Asian words (`<rPh>`) are not part of them. */
export class RichText {
  #parts: string[] = [];
  #inText = false;
  #inReading = false;

  open(name: string): void {
    if (name === 't') this.#inText = true;
    if (name === 'rPh') this.#inReading = true;
  }

  close(name: string): void {
    if (name === 't') this.#inText = false;
    if (name === 'rPh') this.#inReading = false;
  }

  text(text: string): void {
    if (this.#inText && !this.#inReading) this.#parts.push(text);
  }

  take(): string {
    const text = unescaped(this.#parts.join(''));
    this.#parts = [];
    return text;
  }
}

const MOST_STRINGS = 100_000;

export async function sharedStrings(file: OfficePackage, part: string): Promise<readonly string[]> {
  const strings: string[] = [];
  const rich = new RichText();
  await file.read(part, {
    open: (name) => rich.open(name),
    close: (name) => {
      rich.close(name);
      if (name === 'si' && strings.push(rich.take()) > MOST_STRINGS) throw new TableRefused('too-much-text');
    },
    text: (text) => rich.text(text),
  });
  return strings;
}

const DAY_MS = 86_400_000;
/** Day 0 of a workbook; the older calendar of Macintosh begins four years later. */
const EPOCH = { usual: Date.UTC(1899, 11, 30), of1904: Date.UTC(1904, 0, 1) };
/** 31 December 9999. */
const LAST_DAY = 2_958_465;

const two = (value: number) => String(value).padStart(2, '0');

/** "12.09.2026", "12.09.2026 10:00", "10:00". */
function dateText(serial: number, from1904: boolean): string {
  const minutes = Math.round(serial * 1440);
  const at = new Date((from1904 ? EPOCH.of1904 : EPOCH.usual) + (minutes * DAY_MS) / 1440);
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  if (serial < 1) return time;
  const day = `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()}`;
  return minutes % 1440 === 0 ? day : `${day} ${time}`;
}

/** Without the last digits, which only binary numbers have: 0.30000000000000004 is 0.3. */
const plain = (value: number) => String(Number(value.toPrecision(15)));

/** A number as the sheet shows it, more or less: the exact look of a format is not imitated. */
export function numberText(raw: string, look: NumberLook, from1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  if (look === 'percent') return `${plain(value * 100)}%`;
  return look === 'date' && value >= 0 && value <= LAST_DAY ? dateText(value, from1904) : plain(value);
}

/** `B12` → row 11, column 1; nothing where it is no address, or beyond every sheet. */
export function placeOf(reference: string): { row: number; column: number } | null {
  const [, letters = '', digits = ''] = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(reference) ?? [];
  if (letters === '') return null;
  const column =
    Array.from(letters, (letter) => letter.charCodeAt(0) - 64).reduce((sum, value) => sum * 26 + value, 0) - 1;
  return { row: Number(digits) - 1, column };
}

/** The corners of `A1:B3`; of one cell, twice the same. */
export function rangeOf(reference: string) {
  const [from = '', to = from] = reference.split(':');
  const [first, last] = [placeOf(from), placeOf(to)];
  return first && last ? { first, last } : null;
}
