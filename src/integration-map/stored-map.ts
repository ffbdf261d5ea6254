import { courseRef, type CourseRef } from '../launch/course.js';
import {
  HEAD_FIELDS,
  MOOC_FIELDS,
  ROW_FIELDS,
  type Edit,
  type HeadField,
  type IntegrationMap,
  type Mooc,
  type Row,
  type RowKind,
  type Stage,
} from './map.js';
import type { Patch } from './structure.js';

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

export function toMap(stored: MapDocument): IntegrationMap {
  const deleted = (from: Tree) => (isEdit(from['deleted']) ? from['deleted'] : null);
  return {
    revision: stored.revision,
    structureRevision: stored.structureRevision,
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
    updatedBy: { sub: stored.updatedBy.sub, name: text(stored.updatedBy.name) },
    head: texts(HEAD_FIELDS, stored.head),
    moocs: stored.moocOrder.flatMap((id): Mooc[] => {
      const mooc = stored.moocs[id];
      return mooc ? [{ id, deleted: deleted(mooc), ...texts(MOOC_FIELDS, mooc) }] : [];
    }),
    rows: stored.rowOrder.flatMap((id): Row[] => {
      const row = stored.rows[id];
      if (!row) return [];
      const kind = row['kind'] as RowKind;
      return [{ id, kind, stage: row['stage'] as Stage | null, deleted: deleted(row), ...texts(ROW_FIELDS, row) }];
    }),
    edits: Object.fromEntries(editsByPath(stored.edits)),
  };
}

/** What lies under an id: the id itself is the key. */
const body = ({ id: _id, ...rest }: Row | Mooc): Tree => ({ ...rest });

const keyed = (list: readonly (Row | Mooc)[]) => Object.fromEntries(list.map((item) => [item.id, body(item)]));

const isStructural = ({ values: _values, ...rest }: Patch) => Object.keys(rest).length > 0;

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
  const { deleted } = patch;
  if (deleted) for (const id of deleted.ids) set[`${deleted.group}.${id}.deleted`] = deleted.edit;
  for (const id of patch.purgedRows ?? []) unset[`rows.${id}`] = unset[`edits.rows.${id}`] = '';
  for (const id of patch.purgedMoocs ?? []) unset[`moocs.${id}`] = unset[`edits.moocs.${id}`] = '';
  if (isStructural(patch)) set['structureRevision'] = edit.revision;
  return { $set: set, ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}) };
}

export function newDocument(course: CourseRef, { head, moocs, rows }: NewMap, editor: Editor): MapDocument {
  return {
    ...courseRef(course),
    revision: 1,
    structureRevision: 1,
    createdAt: editor.at,
    updatedAt: editor.at,
    updatedBy: { sub: editor.sub, name: editor.name },
    head: { ...head },
    moocs: keyed(moocs),
    moocOrder: moocs.map(({ id }) => id),
    rows: keyed(rows),
    rowOrder: rows.map(({ id }) => id),
    edits: {},
  };
}
