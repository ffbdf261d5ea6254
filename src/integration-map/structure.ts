import {
  LIMITS,
  liveMoocs,
  liveRows,
  type Edit,
  type IntegrationMap,
  type Mooc,
  type Row,
  type RowKind,
  type Stage,
} from './map.js';
import { readNumber } from './hours.js';
import { orderWith, swapped, unitsOf } from './row-order.js';
import { emptyMooc, emptyRow } from './template.js';

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
  | { readonly do: 'delete-row' | 'restore-row' | 'add-mooc' | 'delete-mooc' | 'restore-mooc'; readonly id: string };

export type ActOutcome = 'done' | 'already' | 'full' | 'at-the-edge' | 'not-there';

/** What has to be written. Everything that is not named stays as it is. */
export interface Patch {
  readonly values?: Readonly<Record<string, string>>;
  readonly newRow?: Row;
  readonly newMooc?: Mooc;
  readonly rowOrder?: readonly string[];
  readonly moocOrder?: readonly string[];
  readonly deleted?: { readonly group: 'rows' | 'moocs'; readonly id: string; readonly edit: Edit | null };
  /** Rows taken out so long ago that others took their place in the store. */
  readonly purgedRows?: readonly string[];
  readonly purgedMoocs?: readonly string[];
}

export interface Performed {
  readonly outcome: ActOutcome;
  readonly patch: Patch | null;
}

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

function addRow(map: IntegrationMap, act: Extract<Act, { do: 'add-row' }>): Performed {
  if (map.rows.some(({ id }) => id === act.id)) return nothing('already');
  const live = liveRows(map);
  if (live.length >= LIMITS.rows) return nothing('full');
  const units = unitsOf(live);
  const { unit, behind } = placeOf(units, act.kind, act.after);
  const empty = emptyRow(act.id, act.kind, act.stage);
  const newRow = act.kind === 'lecture' ? { ...empty, week: weekFor(units, unit) } : empty;
  const at = units.slice(0, Math.max(unit, 0)).flat().length + behind;
  return done({ newRow, rowOrder: orderWith([...live.slice(0, at), newRow, ...live.slice(at)], map.rows) });
}

function addMooc(map: IntegrationMap, id: string): Performed {
  if (map.moocs.some((mooc) => mooc.id === id)) return nothing('already');
  if (liveMoocs(map).length >= LIMITS.moocs) return nothing('full');
  return done({ newMooc: emptyMooc(id), moocOrder: [...map.moocs.map((mooc) => mooc.id), id] });
}

/** The oldest of those taken out, where there would be more than we keep. */
function outgrown(list: readonly (Row | Mooc)[]): string[] {
  const out = list.filter(({ deleted }) => deleted !== null);
  const oldestFirst = [...out].sort((a, b) => (a.deleted?.revision ?? 0) - (b.deleted?.revision ?? 0));
  return oldestFirst.slice(0, Math.max(0, out.length + 1 - LIMITS.deleted)).map(({ id }) => id);
}

function remove(map: IntegrationMap, group: 'rows' | 'moocs', id: string, edit: Edit): Performed {
  const list: readonly (Row | Mooc)[] = map[group];
  const found = list.find((candidate) => candidate.id === id);
  if (!found) return nothing('not-there');
  if (found.deleted) return nothing('already');
  const purged = outgrown(list);
  const order = list.map((candidate) => candidate.id).filter((candidate) => !purged.includes(candidate));
  if (purged.length === 0) return done({ deleted: { group, id, edit } });
  return group === 'rows'
    ? done({ deleted: { group, id, edit }, purgedRows: purged, rowOrder: order })
    : done({ deleted: { group, id, edit }, purgedMoocs: purged, moocOrder: order });
}

function restore(map: IntegrationMap, group: 'rows' | 'moocs', id: string): Performed {
  const list: readonly (Row | Mooc)[] = map[group];
  const found = list.find((candidate) => candidate.id === id);
  if (!found) return nothing('not-there');
  if (!found.deleted) return nothing('already');
  const live = list.filter(({ deleted }) => !deleted).length;
  return live >= LIMITS[group] ? nothing('full') : done({ deleted: { group, id, edit: null } });
}

export function perform(map: IntegrationMap, act: Act, edit: Edit): Performed {
  switch (act.do) {
    case 'add-row':
      return addRow(map, act);
    case 'move-row':
      return moveRow(map, act.id, act.by);
    case 'delete-row':
      return remove(map, 'rows', act.id, edit);
    case 'restore-row':
      return restore(map, 'rows', act.id);
    case 'add-mooc':
      return addMooc(map, act.id);
    case 'delete-mooc':
      return remove(map, 'moocs', act.id, edit);
    case 'restore-mooc':
      return restore(map, 'moocs', act.id);
  }
}
