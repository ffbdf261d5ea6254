import { liveModules, liveMoocs, liveOutcomes, liveRows, type IntegrationMap } from './map.js';
import type { NewMap } from './stored-map.js';
import { emptyMooc } from './template.js';

/** What a map says, without its history and without what was taken out. */
export type MapContent = Required<NewMap>;

/** With its fields of today: what was kept before there was a matrix has none, and MOOCs had fewer fields. */
export const wholeContent = ({ head, moocs, rows, outcomes = [], modules = [], cells = {} }: NewMap): MapContent => ({
  head,
  moocs: moocs.map((mooc) => ({ ...emptyMooc(mooc.id), ...mooc })),
  rows,
  outcomes,
  modules,
  cells,
});

export type MapParts = Pick<IntegrationMap, keyof MapContent>;

export function contentOf(map: MapParts): MapContent {
  const [outcomes, modules] = [liveOutcomes(map), liveModules(map)];
  const known = { outcome: new Set(outcomes.map(({ id }) => id)), module: new Set(modules.map(({ id }) => id)) };
  const cells = Object.entries(map.cells).filter(([id, { level, note }]) => {
    const [outcome = '', module = ''] = id.split('-');
    return (level !== '' || note !== '') && known.outcome.has(outcome) && known.module.has(module);
  });
  return {
    head: map.head,
    moocs: liveMoocs(map),
    rows: liveRows(map),
    outcomes,
    modules,
    cells: Object.fromEntries(cells),
  };
}
