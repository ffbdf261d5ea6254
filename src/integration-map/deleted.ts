import { rowName, say, when, who, type Reader } from './labels.js';
import { ITEM_GROUPS, type IntegrationMap, type ItemGroup } from './map.js';
import { RESTORING } from './structure.js';

/** Rows, MOOCs, outcomes and modules that were taken out, the latest first; each can be brought back. */
export function deletedView(reader: Reader, map: IntegrationMap) {
  return ITEM_GROUPS.flatMap((group) =>
    map[group].filter(({ deleted }) => deleted).map((item) => ({ item, group, act: `${RESTORING[group]}:${item.id}` })),
  )
    .sort((a, b) => (b.item.deleted?.revision ?? 0) - (a.item.deleted?.revision ?? 0))
    .map(({ item, group, act }) => ({
      act,
      text: say(reader, 'row.deleted-by', {
        what: describe(reader, map, group, item.id),
        time: item.deleted ? when(reader, item.deleted.at) : '',
        who: who(reader, item.deleted && { sub: item.deleted.by, name: item.deleted.byName }),
      }),
    }));
}

/** An item by what is written in it, since its number went to another. */
export function describe(reader: Reader, map: IntegrationMap, group: ItemGroup, id: string): string {
  const { own, written } = namesOf(reader, map, group, id);
  const short = written.length > 60 ? `${written.slice(0, 59)}…` : written;
  return short === '' ? own : `${own} “${short.replaceAll('\n', ' ')}”`;
}

function namesOf(reader: Reader, map: IntegrationMap, group: ItemGroup, id: string): { own: string; written: string } {
  switch (group) {
    case 'rows': {
      const row = map.rows.find((candidate) => candidate.id === id);
      return { own: row ? rowName(reader, { row, number: null }) : '', written: row?.topic ?? '' };
    }
    case 'moocs':
      return { own: 'MOOC', written: map.moocs.find((mooc) => mooc.id === id)?.title ?? '' };
    case 'outcomes':
      return { own: say(reader, 'outcome.one'), written: map.outcomes.find((one) => one.id === id)?.text ?? '' };
    case 'modules':
      return { own: say(reader, 'module.one'), written: map.modules.find((one) => one.id === id)?.title ?? '' };
  }
}
