import { contentOf, type MapContent, type MapParts } from '../content.js';
import {
  cellAt,
  CELL_FIELDS,
  hasField,
  HEAD_FIELDS,
  modulesOf,
  MOOC_FIELDS,
  ROW_FIELDS,
  type CellField,
  type HeadField,
  type MoocField,
  type Row,
  type RowField,
  type RowKind,
  type Stage,
} from '../map.js';

export const FORMAT = 'integration-map';
export const VERSION = 2;

/** A row with the fields that its kind has, and the stage where it is a consultation or a control. */
export type FileRow = { readonly kind: RowKind; readonly stage?: Stage } & Readonly<Partial<Record<RowField, string>>>;

/** What is written where an outcome, by its number from 1, meets a module. */
export type FileCell = { readonly outcome: number } & Readonly<Record<CellField, string>>;

export interface FileModule {
  readonly title: string;
  /** Those that are not empty, by outcome. */
  readonly cells: readonly FileCell[];
}

export type FileMooc = Readonly<Record<MoocField, string>> & { readonly modules: readonly FileModule[] };

/** A map as a file: docs/map-file.md. Nobody's name, nothing that was taken out, no ids. */
export interface MapFile {
  readonly serik: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly head: Readonly<Record<HeadField, string>>;
  readonly outcomes: readonly string[];
  readonly moocs: readonly FileMooc[];
  readonly rows: readonly FileRow[];
}

const picked = <F extends string>(fields: readonly F[], from: Readonly<Record<F, string>>) =>
  Object.fromEntries(fields.map((field) => [field, from[field]])) as Record<F, string>;

const fileRow = (row: Row): FileRow => ({
  kind: row.kind,
  ...(row.stage === null ? {} : { stage: row.stage }),
  ...picked(
    ROW_FIELDS.filter((field) => hasField(row.kind, field)),
    row,
  ),
});

function fileModules(content: MapContent, mooc: string): FileModule[] {
  return modulesOf(content, mooc).map(({ id, title }) => ({
    title,
    cells: content.outcomes.flatMap((outcome, index): FileCell[] => {
      const cell = cellAt(content, outcome.id, id);
      return cell.level === '' && cell.note === '' ? [] : [{ outcome: index + 1, ...picked(CELL_FIELDS, cell) }];
    }),
  }));
}

/** Of a map's content: nothing that was taken out. */
export function mapFile(map: MapParts): MapFile {
  const content = contentOf(map);
  return {
    serik: FORMAT,
    version: VERSION,
    head: picked(HEAD_FIELDS, content.head),
    outcomes: content.outcomes.map(({ text }) => text),
    moocs: content.moocs.map((mooc) => ({ ...picked(MOOC_FIELDS, mooc), modules: fileModules(content, mooc.id) })),
    rows: content.rows.map(fileRow),
  };
}
