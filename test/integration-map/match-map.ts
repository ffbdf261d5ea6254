import type { IntegrationMap } from '../../src/integration-map/map.js';
import { emptyMooc, newModule, newOutcome } from '../../src/integration-map/template.js';
import { filledMap } from './example-map.js';

/** A row for each outcome, a letter for each module: `F` fully, `P` partly, `-` nothing. */
export type Drawn = readonly string[];

const LEVELS: Readonly<Record<string, string>> = { F: 'fully', P: 'partly', '-': '' };

/** A map whose MOOCs have these matrices over the same outcomes. */
export function matchMap(...matrices: readonly Drawn[]): IntegrationMap {
  const map = filledMap();
  const outcomes = (matrices[0] ?? []).map((_, index) => newOutcome(`o${index + 1}`, `Outcome text ${index + 1}`));
  const drawn = matrices.flatMap((rows, at) => {
    const mooc = `m${at + 1}`;
    const columns = Array.from(rows[0] ?? '').map((_, index) =>
      newModule(`${mooc}d${index + 1}`, mooc, `Title ${index + 1}`),
    );
    const cells = rows.flatMap((row, y) =>
      Array.from(row).flatMap((letter, x): [string, { level: string; note: string }][] =>
        letter === '-' ? [] : [[`o${y + 1}-${mooc}d${x + 1}`, { level: LEVELS[letter] ?? '', note: '' }]],
      ),
    );
    return [{ columns, cells }];
  });
  return {
    ...map,
    outcomes,
    moocs: matrices.map((_, at) => ({ ...(map.moocs[0] ?? emptyMooc('m1')), id: `m${at + 1}`, match: '' })),
    modules: drawn.flatMap(({ columns }) => columns),
    cells: Object.fromEntries(drawn.flatMap(({ cells }) => cells)),
  };
}
