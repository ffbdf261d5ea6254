import {
  CELL_FIELDS,
  hasField,
  HEAD_FIELDS,
  MODULE_FIELDS,
  MOOC_FIELDS,
  OUTCOME_FIELDS,
  ROW_FIELDS,
  type ItemGroup,
  type LearningOutcome,
  type MapContent,
  type Module,
  type Mooc,
  type Row,
} from '../integration-map/index.js';

type Item = Mooc | Row | LearningOutcome | Module;

/** One cell that says something else, or a row, MOOC, outcome or module that came, went or changed its place. */
export type Difference =
  | { readonly kind: 'changed'; readonly path: string; readonly before: string; readonly after: string }
  | { readonly kind: 'added' | 'removed' | 'moved'; readonly group: ItemGroup; readonly id: string };

export const NOTHING: MapContent = {
  head: Object.fromEntries(HEAD_FIELDS.map((field) => [field, ''])) as MapContent['head'],
  moocs: [],
  rows: [],
  outcomes: [],
  modules: [],
  cells: {},
};

/** The longest run of items that keep their order: whatever is not in it was moved. */
function keptInOrder(positions: readonly number[]): Set<number> {
  const best = positions.map(() => ({ length: 1, from: -1 }));
  let end = -1;
  positions.forEach((position, at) => {
    for (let earlier = 0; earlier < at; earlier++) {
      const [one, other] = [best[at], best[earlier]];
      if (one && other && (positions[earlier] ?? 0) < position && other.length + 1 > one.length)
        best[at] = { length: other.length + 1, from: earlier };
    }
    if ((best[at]?.length ?? 0) > (best[end]?.length ?? 0)) end = at;
  });
  const kept = new Set<number>();
  for (let at = end; at >= 0; at = best[at]?.from ?? -1) kept.add(at);
  return kept;
}

const FIELDS = { moocs: MOOC_FIELDS, outcomes: OUTCOME_FIELDS, modules: MODULE_FIELDS } as const;

const fieldsOf = (group: ItemGroup, item: Item): readonly string[] =>
  group === 'rows' ? ROW_FIELDS.filter((field) => hasField((item as Row).kind, field)) : FIELDS[group];

function inGroup(group: ItemGroup, before: readonly Item[], after: readonly Item[]): Difference[] {
  const old = new Map(before.map((item, index) => [item.id, { item, index }]));
  const current = new Set(after.map(({ id }) => id));
  const staying = after.filter(({ id }) => old.has(id));
  const kept = keptInOrder(staying.map(({ id }) => old.get(id)?.index ?? 0));
  const moved = new Set(staying.filter((_, index) => !kept.has(index)).map(({ id }) => id));
  return [
    ...after.flatMap((item): Difference[] => {
      const { id } = item;
      const was = old.get(id)?.item;
      if (!was) return [{ kind: 'added', group, id }];
      return [
        ...(moved.has(id) ? [{ kind: 'moved', group, id } as const] : []),
        ...fieldsOf(group, item).flatMap((field) =>
          changed(`${group}.${id}.${field}`, textIn(was, field), textIn(item, field)),
        ),
      ];
    }),
    ...before.filter(({ id }) => !current.has(id)).map(({ id }) => ({ kind: 'removed', group, id }) as const),
  ];
}

const textIn = (item: object, field: string): string => (item as Readonly<Record<string, string>>)[field] ?? '';

const changed = (path: string, before: string, after: string): Difference[] =>
  before === after ? [] : [{ kind: 'changed', path, before, after }];

/** Of the matrices: cells of outcomes and modules that went are gone with them, and not told one by one. */
function inCells(before: MapContent, after: MapContent): Difference[] {
  const level = (content: MapContent, id: string, field: string) => textIn(content.cells[id] ?? {}, field);
  return after.outcomes.flatMap((outcome) =>
    after.modules.flatMap((module) => {
      const id = `${outcome.id}-${module.id}`;
      return CELL_FIELDS.flatMap((field) =>
        changed(`cells.${id}.${field}`, level(before, id, field), level(after, id, field)),
      );
    }),
  );
}

/**
 * From one version to another, in the order of the map: head, outcomes, MOOCs, modules, matrices, rows; what was taken out
 * comes last in its group.
 */
export const differencesOf = (before: MapContent, after: MapContent): Difference[] => [
  ...HEAD_FIELDS.flatMap((field) => changed(`head.${field}`, before.head[field], after.head[field])),
  ...inGroup('outcomes', before.outcomes, after.outcomes),
  ...inGroup('moocs', before.moocs, after.moocs),
  ...inGroup('modules', before.modules, after.modules),
  ...inCells(before, after),
  ...inGroup('rows', before.rows, after.rows),
];

/** Filled cells that say the same in both. */
export function sameCells(before: MapContent, after: MapContent): number {
  const head = HEAD_FIELDS.filter((field) => after.head[field] !== '' && before.head[field] === after.head[field]);
  const inItems = (['outcomes', 'moocs', 'modules', 'rows'] as const).map((group) => {
    const items: readonly Item[] = after[group];
    const old = new Map<string, Item>(before[group].map((item) => [item.id, item]));
    return items.reduce((sum, item) => {
      const was = old.get(item.id);
      const same = fieldsOf(group, item).filter(
        (field) => textIn(item, field) !== '' && was && textIn(was, field) === textIn(item, field),
      );
      return sum + same.length;
    }, 0);
  });
  const cells = Object.entries(after.cells).flatMap(([id, cell]) =>
    CELL_FIELDS.filter((field) => cell[field] !== '' && before.cells[id]?.[field] === cell[field]),
  );
  return head.length + cells.length + inItems.reduce((sum, count) => sum + count, 0);
}
