import { randomInt } from 'node:crypto';

/** An id that no item of the map has, for what a page may bring: its first letter says where it was drawn. */
export const newId = (letter: 'n' | 't'): string =>
  `${letter}${Array.from({ length: 9 }, () => randomInt(36).toString(36)).join('')}${randomInt(10)}`;
