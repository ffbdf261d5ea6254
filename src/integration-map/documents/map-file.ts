import {
  hasField,
  HEAD_FIELDS,
  liveMoocs,
  liveRows,
  MOOC_FIELDS,
  ROW_FIELDS,
  type HeadField,
  type IntegrationMap,
  type MoocField,
  type Row,
  type RowField,
  type RowKind,
  type Stage,
} from '../map.js';

export const FORMAT = 'integration-map';
export const VERSION = 1;

/** A row with the fields that its kind has, and the stage where it is a consultation or a control. */
export type FileRow = { readonly kind: RowKind; readonly stage?: Stage } & Readonly<Partial<Record<RowField, string>>>;

/** A map as a file: docs/map-file.md. Nobody's name, nothing that was taken out, no ids. */
export interface MapFile {
  readonly serik: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly head: Readonly<Record<HeadField, string>>;
  readonly moocs: readonly Readonly<Record<MoocField, string>>[];
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

export const mapFile = (map: Pick<IntegrationMap, 'head' | 'moocs' | 'rows'>): MapFile => ({
  serik: FORMAT,
  version: VERSION,
  head: picked(HEAD_FIELDS, map.head),
  moocs: liveMoocs(map).map((mooc) => picked(MOOC_FIELDS, mooc)),
  rows: liveRows(map).map(fileRow),
});
