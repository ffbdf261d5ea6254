import { courseRef, type CourseRef } from '../launch/course.js';
import {
  CELL_FIELDS,
  HEAD_FIELDS,
  MODULE_FIELDS,
  MOOC_FIELDS,
  OUTCOME_FIELDS,
  ROW_FIELDS,
  type Cell,
  type Cells,
  type Edit,
  type HeadField,
  type IntegrationMap,
  type LearningOutcome,
  type Module,
  type Mooc,
  type Row,
  type RowKind,
  type Stage,
} from './map.js';
import type { Patch } from './patch.js';

/** Who changes the map, and when. */
export interface Editor {
  readonly sub: string;
  readonly name: string;
  readonly at: Date;
}

export interface NewMap {
  readonly head: Readonly<Record<HeadField, string>>;
  readonly moocs: readonly Mooc[];
  readonly rows: readonly Row[];
  /** Maps that were made before there was a matrix have none. */
  readonly outcomes?: readonly LearningOutcome[];
  readonly modules?: readonly Module[];
  readonly cells?: Cells;
}

export type Tree = Record<string, unknown>;

/** A map as one document: what changes together changes at once. */
export interface MapDocument extends CourseRef {
  revision: number;
  structureRevision: number;
  createdAt: Date;
  updatedAt: Date;
  updatedBy: { sub: string; name: string };
  head: Tree;
  /** Keyed by id, so that one field of one row is one address for the database. */
  moocs: Record<string, Tree>;
  moocOrder: string[];
  rows: Record<string, Tree>;
  rowOrder: string[];
  outcomes?: Record<string, Tree>;
  outcomeOrder?: string[];
  modules?: Record<string, Tree>;
  moduleOrder?: string[];
  /** By the ids of outcome and module; what is empty may be missing. */
  cells?: Record<string, Tree>;
  /** Nested like the values: `edits.rows.l3.topic`. */
  edits: Tree;
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

export const asTree = (value: unknown): Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};

const texts = <F extends string>(fields: readonly F[], from: Tree) =>
  Object.fromEntries(fields.map((field) => [field, text(from[field])])) as Record<F, string>;

const isEdit = (value: unknown): value is Edit => asTree(value)['at'] instanceof Date;

/** Edits lie two or three levels deep; their paths are the addresses of the fields. */
function editsByPath(node: Tree, above = ''): [string, Edit][] {
  return Object.entries(node).flatMap(([key, value]): [string, Edit][] => {
    const path = above === '' ? key : `${above}.${key}`;
    return isEdit(value) ? [[path, value]] : editsByPath(asTree(value), path);
  });
}

const deletedIn = (from: Tree) => (isEdit(from['deleted']) ? from['deleted'] : null);

/** The items of a group in their order. */
const listed = <T>(
  order: readonly string[] = [],
  items: Readonly<Record<string, Tree>> = {},
  read: (id: string, item: Tree) => T,
): T[] => order.flatMap((id) => (items[id] ? [read(id, items[id])] : []));

export function toMap(stored: MapDocument): IntegrationMap {
  return {
    revision: stored.revision,
    structureRevision: stored.structureRevision,
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
    updatedBy: { sub: stored.updatedBy.sub, name: text(stored.updatedBy.name) },
    head: texts(HEAD_FIELDS, stored.head),
    moocs: listed(stored.moocOrder, stored.moocs, (id, mooc): Mooc => ({
      id,
      deleted: deletedIn(mooc),
      ...texts(MOOC_FIELDS, mooc),
    })),
    rows: listed(stored.rowOrder, stored.rows, (id, row): Row => ({
      id,
      kind: row['kind'] as RowKind,
      stage: row['stage'] as Stage | null,
      deleted: deletedIn(row),
      ...texts(ROW_FIELDS, row),
    })),
    outcomes: listed(stored.outcomeOrder, stored.outcomes, (id, outcome): LearningOutcome => ({
      id,
      deleted: deletedIn(outcome),
      ...texts(OUTCOME_FIELDS, outcome),
    })),
    modules: listed(stored.moduleOrder, stored.modules, (id, module): Module => ({
      id,
      mooc: text(module['mooc']),
      deleted: deletedIn(module),
      ...texts(MODULE_FIELDS, module),
    })),
    cells: Object.fromEntries(
      Object.entries(stored.cells ?? {}).map(([id, cell]): [string, Cell] => [id, texts(CELL_FIELDS, cell)]),
    ),
    edits: Object.fromEntries(editsByPath(stored.edits)),
  };
}

type Item = Row | Mooc | LearningOutcome | Module;

/** What lies under an id: the id itself is the key. */
const body = ({ id: _id, ...rest }: Item): Tree => ({ ...rest });

const keyed = (list: readonly Item[]) => Object.fromEntries(list.map((item) => [item.id, body(item)]));

const idsOf = (list: readonly Item[]) => list.map(({ id }) => id);

const isStructural = ({ values: _values, ...rest }: Patch) => Object.keys(rest).length > 0;

const ORDERS = { outcomes: 'outcomeOrder', modules: 'moduleOrder' } as const;

/** Names nothing but what the patch names: every other field keeps what somebody else may be writing. */
export function toUpdate(patch: Patch, edit: Edit): { $set: Tree; $unset?: Tree } {
  const set: Tree = { updatedAt: edit.at, updatedBy: { sub: edit.by, name: edit.byName }, revision: edit.revision };
  const unset: Tree = {};
  for (const [path, value] of Object.entries(patch.values ?? {})) {
    set[path] = value;
    set[`edits.${path}`] = edit;
  }
  for (const row of patch.newRows ?? []) set[`rows.${row.id}`] = body(row);
  if (patch.newMooc) set[`moocs.${patch.newMooc.id}`] = body(patch.newMooc);
  if (patch.rowOrder) set['rowOrder'] = patch.rowOrder;
  if (patch.moocOrder) set['moocOrder'] = patch.moocOrder;
  for (const item of patch.newItems?.items ?? []) set[`${patch.newItems?.group ?? ''}.${item.id}`] = body(item);
  if (patch.order) set[ORDERS[patch.order.group]] = patch.order.ids;
  const { deleted } = patch;
  if (deleted) for (const id of deleted.ids) set[`${deleted.group}.${id}.deleted`] = deleted.edit;
  for (const id of patch.purgedRows ?? []) unset[`rows.${id}`] = unset[`edits.rows.${id}`] = '';
  for (const id of patch.purgedMoocs ?? []) unset[`moocs.${id}`] = unset[`edits.moocs.${id}`] = '';
  for (const address of patch.purged ?? []) unset[address] = unset[`edits.${address}`] = '';
  if (isStructural(patch)) set['structureRevision'] = edit.revision;
  return { $set: set, ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}) };
}

export function newDocument(course: CourseRef, map: NewMap, editor: Editor): MapDocument {
  const { head, moocs, rows, outcomes = [], modules = [], cells = {} } = map;
  return {
    ...courseRef(course),
    revision: 1,
    structureRevision: 1,
    createdAt: editor.at,
    updatedAt: editor.at,
    updatedBy: { sub: editor.sub, name: editor.name },
    head: { ...head },
    moocs: keyed(moocs),
    moocOrder: idsOf(moocs),
    rows: keyed(rows),
    rowOrder: idsOf(rows),
    outcomes: keyed(outcomes),
    outcomeOrder: idsOf(outcomes),
    modules: keyed(modules),
    moduleOrder: idsOf(modules),
    cells: Object.fromEntries(Object.entries(cells).map(([id, cell]) => [id, { ...cell }])),
    edits: {},
  };
}
