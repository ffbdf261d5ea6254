import { randomInt } from 'node:crypto';

/** Capitals and digits of which none is taken for another when it is read from paper: no B8, I1L, O0, S5, UV, Z2. */
const LETTERS = 'ACDEFGHJKMNPQRTWXY34679';
const LENGTH = 8;

export const newCode = (): string =>
  Array.from({ length: LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');

/** Letters that a Cyrillic keyboard writes and that look the same on paper. */
const CYRILLIC: Readonly<Record<string, string>> = {
  А: 'A',
  С: 'C',
  Е: 'E',
  Н: 'H',
  К: 'K',
  М: 'M',
  Р: 'P',
  Т: 'T',
  Х: 'X',
  У: 'Y',
};

/** The code as it was typed, put in order; nothing where no code can look so. */
export function readCode(typed: string): string | undefined {
  const letters = Array.from(typed.normalize('NFC').toUpperCase()).filter((letter) => !/[\s\p{Pd}]/u.test(letter));
  const code = letters.map((letter) => CYRILLIC[letter] ?? letter).join('');
  return code.length === LENGTH && Array.from(code).every((letter) => LETTERS.includes(letter)) ? code : undefined;
}

/** Of the page that anyone may open. */
export const checkAddress = (code: string, publicUrl: string): string => `${publicUrl}/v/${code}`;

/** `7Q4M-2F9A`, as it is printed. */
export const printedCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;
