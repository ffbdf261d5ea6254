import {
  LIMITS,
  liveMoocs,
  liveRows,
  modulesOf,
  type Edit,
  type IntegrationMap,
  type ItemGroup,
  type LearningOutcome,
  type Module,
  type Mooc,
  type Row,
  type RowKind,
  type Stage,
} from './map.js';
import { readNumber } from './hours.js';
import { addModules, addOutcomes } from './matrix-acts.js';
import type { ActOutcome, Patch, Performed } from './patch.js';
import { orderWith, swapped, unitsOf } from './row-order.js';
import { emptyMooc, emptyRow } from './template.js';

export interface AddedRow {
  readonly id: string;
  readonly kind: 'lecture' | 'practical';
}

/** A change of what rows and MOOCs there are, and in which order. Ids of new ones come in, so that a repeat adds nothing. */
export type Act =
  | {
      readonly do: 'add-row';
      readonly id: string;
      readonly kind: RowKind;
      readonly stage: Stage | null;
      /** The row to come after; nothing for the place that suits the kind. */
      readonly after: string | null;
    }
  | { readonly do: 'move-row'; readonly id: string; readonly by: -1 | 1 }
  /** `id` is the new row's; `of` is the one whose texts it gets. */
  | { readonly do: 'duplicate-row'; readonly id: string; readonly of: string }
  /** As dragging does it: behind that row, or to the top. A repeat leaves it there. */
  | { readonly do: 'place-row'; readonly id: string; readonly after: string | null }
  /** Behind the last lecture and its practical classes, as a pasted range needs them. */
  | { readonly do: 'add-rows'; readonly rows: readonly AddedRow[] }
  /** Rows with their texts, behind the last one; the rows that are there stay, or are taken out. */
  | { readonly do: 'bring-rows'; readonly rows: readonly Row[]; readonly replace: boolean }
  | { readonly do: 'delete-rows' | 'restore-rows'; readonly ids: readonly string[] }
  /** One for each line of `text`; their ids begin with `id`. */
  | { readonly do: 'add-outcomes'; readonly id: string; readonly text: string }
  | { readonly do: 'add-modules'; readonly id: string; readonly mooc: string; readonly text: string }
  | { readonly do: 'add-mooc'; readonly id: string }
  | { readonly do: `${'delete' | 'restore'}-${'row' | 'mooc' | 'outcome' | 'module'}`; readonly id: string };

const nothing = (outcome: ActOutcome): Performed => ({ outcome, patch: null });
const done = (patch: Patch): Performed => ({ outcome: 'done', patch });

function moveRow(map: IntegrationMap, id: string, by: -1 | 1): Performed {
  const live = liveRows(map);
  const row = live.find((candidate) => candidate.id === id);
  if (!row) return nothing('not-there');
  const units = unitsOf(live);
  const alone = row.kind === 'practical';
  const at = alone ? live.indexOf(row) : units.findIndex(([first]) => first === row);
  const left = by < 0 ? at - 1 : at;
  const last = (alone ? live.length : units.length) - 1;
  if (left < 0 || left >= last) return nothing('at-the-edge');
  if (alone) return done({ rowOrder: orderWith(swapped(live, left), map.rows) });
  const [a, b] = [units[left]?.[0], units[left + 1]?.[0]];
  // Weeks stay where they are: two lectures that change places change weeks.
  const weeks =
    a?.kind === 'lecture' && b?.kind === 'lecture' && a.week !== b.week
      ? { values: { [`rows.${a.id}.week`]: b.week, [`rows.${b.id}.week`]: a.week } }
      : {};
  return done({ rowOrder: orderWith(swapped(units, left).flat(), map.rows), ...weeks });
}

function placeOf(units: readonly Row[][], kind: RowKind, after: string | null): { unit: number; behind: number } {
  const named = units.findIndex((unit) => unit.some(({ id }) => id === after));
  const lastLecture = units.findLastIndex(([first]) => first?.kind === 'lecture');
  const unit = named >= 0 ? named : kind === 'lecture' || kind === 'practical' ? lastLecture : units.length - 1;
  const inside = units[unit] ?? [];
  const behind = named >= 0 && kind === 'practical' ? inside.findIndex(({ id }) => id === after) + 1 : inside.length;
  return { unit, behind };
}

/** A lecture put behind the last one opens the next week; one put between others is a second one in its week. */
function weekFor(units: readonly Row[][], unit: number): string {
  const isLecture = (candidate: Row[]) => candidate[0]?.kind === 'lecture';
  const before = units.slice(0, unit + 1).findLast(isLecture)?.[0];
  const week = before ? (readNumber(before.week) ?? 0) : 0;
  return String(units.slice(unit + 1).some(isLecture) ? Math.max(week, 1) : week + 1);
}

const inserted = (live: readonly Row[], at: number, rows: readonly Row[]) => [
  ...live.slice(0, at),
  ...rows,
  ...live.slice(at),
];

function addRow(map: IntegrationMap, act: Extract<Act, { do: 'add-row' }>): Performed {
  if (map.rows.some(({ id }) => id === act.id)) return nothing('already');
  const live = liveRows(map);
  if (live.length >= LIMITS.rows) return nothing('full');
  const units = unitsOf(live);
  const { unit, behind } = placeOf(units, act.kind, act.after);
  const empty = emptyRow(act.id, act.kind, act.stage);
  const newRow = act.kind === 'lecture' ? { ...empty, week: weekFor(units, unit) } : empty;
  const at = units.slice(0, Math.max(unit, 0)).flat().length + behind;
  return done({ newRows: [newRow], rowOrder: orderWith(inserted(live, at, [newRow]), map.rows) });
}

function addRows(map: IntegrationMap, rows: readonly AddedRow[]): Performed {
  const fresh = rows.filter(({ id }) => !map.rows.some((row) => row.id === id));
  if (fresh.length === 0) return nothing('already');
  const live = liveRows(map);
  if (live.length + fresh.length > LIMITS.rows) return nothing('full');
  const units = unitsOf(live);
  const { unit } = placeOf(units, 'practical', null);
  const first = Number(weekFor(units, unit));
  const newRows = fresh.map(({ id, kind }, index) => {
    const before = fresh.slice(0, index).filter((row) => row.kind === 'lecture').length;
    const empty = emptyRow(id, kind);
    return kind === 'lecture' ? { ...empty, week: String(first + before) } : empty;
  });
  const at = units.slice(0, unit + 1).flat().length;
  return done({ newRows, rowOrder: orderWith(inserted(live, at, newRows), map.rows) });
}

function bringRows(map: IntegrationMap, rows: readonly Row[], replace: boolean, edit: Edit): Performed {
  if (map.rows.some(({ id }) => rows.some((row) => row.id === id))) return nothing('already');
  const live = liveRows(map);
  if (rows.length + (replace ? 0 : live.length) > LIMITS.rows) return nothing('full');
  const going = replace ? live.map(({ id }) => id) : [];
  const purgedRows = outgrown(map.rows, going.length);
  const kept = map.rows.filter(({ id }) => !purgedRows.includes(id));
  return done({
    newRows: rows,
    rowOrder: [...kept, ...rows].map(({ id }) => id),
    ...(going.length > 0 ? { deleted: { group: 'rows', ids: going, edit } } : {}),
    ...(purgedRows.length > 0 ? { purgedRows } : {}),
  });
}

function duplicateRow(map: IntegrationMap, id: string, of: string): Performed {
  if (map.rows.some((row) => row.id === id)) return nothing('already');
  const live = liveRows(map);
  const source = live.find((row) => row.id === of);
  if (!source) return nothing('not-there');
  if (live.length >= LIMITS.rows) return nothing('full');
  const unit = unitsOf(live).find(([first]) => first === source) ?? [source];
  const copy: Row = { ...source, id };
  const at = live.indexOf(source) + unit.length;
  return done({ newRows: [copy], rowOrder: orderWith(inserted(live, at, [copy]), map.rows) });
}

/** Weeks stay where they are: lectures that change places change weeks. */
function weeksKept(before: readonly Row[], after: readonly Row[]): Record<string, string> {
  const weeks = before.filter(({ kind }) => kind === 'lecture').map(({ week }) => week);
  const lectures = after.filter(({ kind }) => kind === 'lecture');
  return Object.fromEntries(
    lectures.flatMap(({ id, week }, index): [string, string][] => {
      const kept = weeks[index] ?? week;
      return kept === week ? [] : [[`rows.${id}.week`, kept]];
    }),
  );
}

function placeRow(map: IntegrationMap, id: string, after: string | null): Performed {
  const live = liveRows(map);
  const row = live.find((candidate) => candidate.id === id);
  if (!row || (after !== null && !live.some((candidate) => candidate.id === after))) return nothing('not-there');
  // A lecture takes its practical classes along, and parts no other lecture from its own.
  const groups = row.kind === 'practical' ? live.map((one) => [one]) : unitsOf(live);
  const moved = groups.find(([first]) => first === row) ?? [row];
  if (moved.some((one) => one.id === after)) return nothing('already');
  const rest = groups.filter((group) => group !== moved);
  const at = rest.findIndex((group) => group.some((one) => one.id === after)) + 1;
  const placed = [...rest.slice(0, at), moved, ...rest.slice(at)].flat();
  if (placed.every((one, index) => one === live[index])) return nothing('already');
  const values = weeksKept(live, placed);
  return done({
    rowOrder: orderWith(placed, map.rows),
    ...(Object.keys(values).length > 0 ? { values } : {}),
  });
}

function addMooc(map: IntegrationMap, id: string): Performed {
  if (map.moocs.some((mooc) => mooc.id === id)) return nothing('already');
  if (liveMoocs(map).length >= LIMITS.moocs) return nothing('full');
  return done({ newMooc: emptyMooc(id), moocOrder: [...map.moocs.map((mooc) => mooc.id), id] });
}

type Item = Row | Mooc | LearningOutcome | Module;

/** The oldest of those taken out, where there would be more than we keep. */
function outgrown(list: readonly Item[], more: number): string[] {
  const out = list.filter(({ deleted }) => deleted !== null);
  const oldestFirst = [...out].sort((a, b) => (a.deleted?.revision ?? 0) - (b.deleted?.revision ?? 0));
  return oldestFirst.slice(0, Math.max(0, out.length + more - LIMITS.deleted)).map(({ id }) => id);
}

/** What goes from the store with them, besides themselves. */
function purging(map: IntegrationMap, group: ItemGroup, ids: readonly string[]): Patch {
  const left = map[group].map(({ id }) => id).filter((id) => !ids.includes(id));
  const modules = map.modules.filter(({ id, mooc }) => ids.includes(group === 'moocs' ? mooc : id));
  const columns = group === 'moocs' || group === 'modules' ? modules.map(({ id }) => id) : [];
  const cells = Object.keys(map.cells).filter((cell) => {
    const [outcome = '', module = ''] = cell.split('-');
    return columns.includes(module) || (group === 'outcomes' && ids.includes(outcome));
  });
  const purged = [...columns.map((id) => `modules.${id}`), ...cells.map((id) => `cells.${id}`)];
  switch (group) {
    case 'rows':
      return { purgedRows: ids, rowOrder: left };
    case 'moocs':
      return { purgedMoocs: ids, moocOrder: left, purged };
    case 'outcomes':
      return { purged: [...ids.map((id) => `outcomes.${id}`), ...purged], order: { group, ids: left } };
    case 'modules':
      return { purged, order: { group, ids: left } };
  }
}

function remove(map: IntegrationMap, group: ItemGroup, ids: readonly string[], edit: Edit): Performed {
  const list: readonly Item[] = map[group];
  const found = list.filter(({ id }) => ids.includes(id));
  if (found.length === 0) return nothing('not-there');
  const going = found.filter(({ deleted }) => !deleted).map(({ id }) => id);
  if (going.length === 0) return nothing('already');
  const purged = outgrown(list, going.length);
  return done({ deleted: { group, ids: going, edit }, ...(purged.length > 0 ? purging(map, group, purged) : {}) });
}

/** Is there room for so many more of this group? Modules have a limit of their MOOC's too. */
function hasRoom(map: IntegrationMap, group: ItemGroup, coming: readonly Item[]): boolean {
  const live = map[group].filter(({ deleted }) => !deleted).length;
  if (live + coming.length > LIMITS[group]) return false;
  if (group !== 'modules') return true;
  const moocs = new Set(map.modules.filter((module) => coming.includes(module)).map(({ mooc }) => mooc));
  return [...moocs].every((mooc) => modulesOf(map, mooc).length < LIMITS.modulesOfMooc);
}

function restore(map: IntegrationMap, group: ItemGroup, ids: readonly string[]): Performed {
  const list: readonly Item[] = map[group];
  const found = list.filter(({ id }) => ids.includes(id));
  if (found.length === 0) return nothing('not-there');
  const coming = found.filter(({ deleted }) => deleted);
  if (coming.length === 0) return nothing('already');
  if (!hasRoom(map, group, coming)) return nothing('full');
  return done({ deleted: { group, ids: coming.map(({ id }) => id), edit: null } });
}

/** The act that brings an item of a group back. */
export const RESTORING = {
  rows: 'restore-row',
  moocs: 'restore-mooc',
  outcomes: 'restore-outcome',
  modules: 'restore-module',
} as const satisfies Record<ItemGroup, Act['do']>;

const GROUPS = { row: 'rows', mooc: 'moocs', outcome: 'outcomes', module: 'modules' } as const;

/** The group whose item an act of this name takes out or brings back. */
export const groupOf = (act: { readonly do: `${string}-${keyof typeof GROUPS}` }): ItemGroup =>
  GROUPS[act.do.slice(act.do.indexOf('-') + 1) as keyof typeof GROUPS];

export function perform(map: IntegrationMap, act: Act, edit: Edit): Performed {
  switch (act.do) {
    case 'add-row':
      return addRow(map, act);
    case 'move-row':
      return moveRow(map, act.id, act.by);
    case 'duplicate-row':
      return duplicateRow(map, act.id, act.of);
    case 'place-row':
      return placeRow(map, act.id, act.after);
    case 'add-rows':
      return addRows(map, act.rows);
    case 'bring-rows':
      return bringRows(map, act.rows, act.replace, edit);
    case 'delete-rows':
      return remove(map, 'rows', act.ids, edit);
    case 'restore-rows':
      return restore(map, 'rows', act.ids);
    case 'add-mooc':
      return addMooc(map, act.id);
    case 'add-outcomes':
      return addOutcomes(map, act.id, act.text);
    case 'add-modules':
      return addModules(map, act);
    case 'delete-row':
    case 'delete-mooc':
    case 'delete-outcome':
    case 'delete-module':
      return remove(map, groupOf(act), [act.id], edit);
    case 'restore-row':
    case 'restore-mooc':
    case 'restore-outcome':
    case 'restore-module':
      return restore(map, groupOf(act), [act.id]);
  }
}
