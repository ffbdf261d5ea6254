import { rowName, say, when, who, type Reader } from './labels.js';
import type { IntegrationMap } from './map.js';

/** Rows and MOOCs that were taken out, the latest first; each can be brought back. */
export function deletedView(reader: Reader, map: IntegrationMap) {
  const rows = map.rows.filter(({ deleted }) => deleted).map((row) => ({ item: row, act: `restore-row:${row.id}` }));
  const moocs = map.moocs
    .filter(({ deleted }) => deleted)
    .map((mooc) => ({ item: mooc, act: `restore-mooc:${mooc.id}` }));
  return [...rows, ...moocs]
    .sort((a, b) => (b.item.deleted?.revision ?? 0) - (a.item.deleted?.revision ?? 0))
    .map(({ item, act }) => ({
      act,
      text: say(reader, 'row.deleted-by', {
        what: describe(reader, item),
        time: item.deleted ? when(reader, item.deleted.at) : '',
        who: who(reader, item.deleted && { sub: item.deleted.by, name: item.deleted.byName }),
      }),
    }));
}

/** A row or MOOC by what is written in it, since its number went to another. */
export function describe(
  reader: Reader,
  item: IntegrationMap['rows'][number] | IntegrationMap['moocs'][number],
): string {
  const own = 'kind' in item ? rowName(reader, { row: item, number: null }) : 'MOOC';
  const written = 'kind' in item ? item.topic : item.title;
  const short = written.length > 60 ? `${written.slice(0, 59)}…` : written;
  return short === '' ? own : `${own} “${short.replaceAll('\n', ' ')}”`;
}
