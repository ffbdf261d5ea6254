import { z } from 'zod';
import type { ClipCell } from '../table/clip.js';
import { TableRefused } from './limits.js';
import { readable, Tables, type Table } from './tables.js';

/** A cell as the page carries it: most are a text and nothing else. */
const Cell = z
  .union([z.string(), z.tuple([z.string(), z.string().max(2500).nullable(), z.enum(['own', 'row', 'column'])])])
  .transform((cell): ClipCell => {
    const [text, link, part] = typeof cell === 'string' ? ([cell, null, 'own'] as const) : cell;
    return { text: readable(text), link: link !== null && /^https?:\/\//i.test(link) ? link : null, part };
  });

const Carried = z
  .array(z.object({ name: z.string().max(100), rows: z.array(z.array(Cell).max(200)).max(5000) }))
  .max(100);

/** Tables on their way through the page, which keeps them so that the server need not. */
export const carry = (tables: readonly Table[]): string =>
  JSON.stringify(
    tables.map(({ name, rows }) => ({
      name,
      rows: rows.map((row) =>
        row.map(({ text, link, part }) => (link === null && part === 'own' ? text : [text, link, part])),
      ),
    })),
  );

/** Read with the same limits as a file: a page can send back what it likes. */
export function readCarried(json: string): readonly Table[] {
  const tables = new Tables();
  for (const { name, rows } of parsed(json)) {
    for (const { text } of rows.flat()) tables.count(text);
    tables.add(readable(name), rows);
  }
  return tables.all;
}

function parsed(json: string): z.output<typeof Carried> {
  try {
    return Carried.parse(JSON.parse(json));
  } catch (error) {
    throw new TableRefused('broken', { cause: error });
  }
}
