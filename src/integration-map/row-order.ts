import type { Row } from './map.js';

/** A lecture with the practical classes under it moves as one; everything else stands alone. */
export function unitsOf(rows: readonly Row[]): Row[][] {
  const units: Row[][] = [];
  for (const row of rows) {
    const last = units.at(-1);
    if (row.kind === 'practical' && last?.[0]?.kind === 'lecture') last.push(row);
    else units.push([row]);
  }
  return units;
}

/** Puts rows that were taken out back behind the row that they stood behind. */
export function orderWith(live: readonly Row[], all: readonly Row[]): string[] {
  const followers = new Map<string, string[]>();
  let owner = '';
  for (const row of all) {
    if (!row.deleted) owner = row.id;
    else followers.set(owner, [...(followers.get(owner) ?? []), row.id]);
  }
  return [...(followers.get('') ?? []), ...live.flatMap(({ id }) => [id, ...(followers.get(id) ?? [])])];
}

export function swapped<T>(list: readonly T[], left: number): T[] {
  const [a, b] = [list[left], list[left + 1]];
  return a === undefined || b === undefined ? [...list] : [...list.slice(0, left), b, a, ...list.slice(left + 2)];
}
