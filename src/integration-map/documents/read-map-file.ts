import { z } from 'zod';
import {
  hasField,
  HEAD_FIELDS,
  LIMITS,
  MOOC_FIELDS,
  ROW_FIELDS,
  ROW_KINDS,
  specOf,
  STAGES,
  type FieldPath,
  type HeadField,
  type MoocField,
  type RowField,
  type RowKind,
} from '../map.js';
import type { NewMap } from '../stored-map.js';
import { emptyMooc, emptyRow } from '../template.js';
import { readText, type TextFault } from '../text.js';
import { FORMAT, VERSION, type FileRow } from './map-file.js';

/** Why a file is not taken; `path` leads to the place in it. */
export interface FileFault {
  readonly kind:
    | 'empty'
    | 'not-json'
    | 'not-a-map'
    | 'version'
    | 'too-many'
    | 'unknown-field'
    | 'missing'
    | 'not-a-choice'
    | 'wrong-type'
    | TextFault;
  readonly path: readonly (string | number)[];
  readonly max?: number;
}

const field = (path: FieldPath) =>
  z.string().transform((raw, context) => {
    const read = readText(path, raw);
    if (!('fault' in read)) return read.text;
    context.addIssue({ code: 'custom', params: { fault: read.fault, max: specOf(path).max } });
    return z.NEVER;
  });

/** Any id: limits are of the field and not of its owner. */
const HERE = 'x1';

const Head = z.strictObject(
  Object.fromEntries(HEAD_FIELDS.map((name) => [name, field({ group: 'head', field: name })])) as Record<
    HeadField,
    ReturnType<typeof field>
  >,
);

const Mooc = z.strictObject(
  Object.fromEntries(MOOC_FIELDS.map((name) => [name, field({ group: 'moocs', id: HERE, field: name })])) as Record<
    MoocField,
    ReturnType<typeof field>
  >,
);

const fieldsOf = (kind: RowKind) =>
  Object.fromEntries(
    ROW_FIELDS.filter((name) => hasField(kind, name)).map((name) => [
      name,
      field({ group: 'rows', id: HERE, field: name }),
    ]),
  ) as Record<RowField, ReturnType<typeof field>>;

const rowOf = (kind: RowKind) => z.strictObject({ kind: z.literal(kind), ...fieldsOf(kind) });
const stagedRowOf = (kind: RowKind) =>
  z.strictObject({ kind: z.literal(kind), stage: z.enum(STAGES), ...fieldsOf(kind) });

const ROWS: Readonly<Record<RowKind, z.ZodType<FileRow>>> = {
  lecture: rowOf('lecture'),
  practical: rowOf('practical'),
  consultation: stagedRowOf('consultation'),
  control: stagedRowOf('control'),
};

/** What is looked at before anything in it is. */
const Envelope = z.strictObject({
  serik: z.literal(FORMAT),
  version: z.literal(VERSION),
  head: z.unknown(),
  moocs: z.array(z.unknown()).max(LIMITS.moocs),
  rows: z.array(z.unknown()).max(LIMITS.rows),
});

const RowKindOnly = z.looseObject({ kind: z.enum(ROW_KINDS) });

class Refused extends Error {
  readonly fault: FileFault;
  constructor(fault: FileFault) {
    super(fault.kind);
    this.fault = fault;
  }
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null && Object.hasOwn(node, key)
        ? (node as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );

function faultOf(issue: z.core.$ZodIssue, input: unknown, above: FileFault['path']): FileFault {
  const path = [...above, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return { kind: 'unknown-field', path: [...path, issue.keys[0] ?? ''] };
    case 'too_big':
      return { kind: 'too-many', path, max: Number(issue.maximum) };
    case 'custom':
      return {
        kind: (issue.params?.['fault'] as TextFault | undefined) ?? 'wrong-type',
        path,
        max: Number(issue.params?.['max'] ?? 0),
      };
    default: {
      if (valueAt(input, issue.path) === undefined && issue.path.length > 0) return { kind: 'missing', path };
      return { kind: issue.code === 'invalid_value' ? 'not-a-choice' : 'wrong-type', path };
    }
  }
}

function take<T>(schema: z.ZodType<T>, input: unknown, above: FileFault['path'] = []): T {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Refused(issue ? faultOf(issue, input, above) : { kind: 'wrong-type', path: above });
}

function jsonOf(text: string): unknown {
  const json = text.replace(/^\ufeff/, '').trim();
  if (json === '') throw new Refused({ kind: 'empty', path: [] });
  try {
    return JSON.parse(json);
  } catch {
    throw new Refused({ kind: 'not-json', path: [] });
  }
}

function envelopeOf(input: unknown): z.output<typeof Envelope> {
  if (valueAt(input, ['serik']) !== FORMAT) throw new Refused({ kind: 'not-a-map', path: [] });
  if (valueAt(input, ['version']) !== VERSION) throw new Refused({ kind: 'version', path: [] });
  return take(Envelope, input);
}

function newMapOf(text: string): NewMap {
  const { head, moocs, rows } = envelopeOf(jsonOf(text));
  return {
    head: take(Head, head, ['head']),
    moocs: moocs.map((mooc, index) => ({ ...emptyMooc(`m${index + 1}`), ...take(Mooc, mooc, ['moocs', index]) })),
    rows: rows.map((row, index) => {
      const { kind } = take(RowKindOnly, row, ['rows', index]);
      const { stage = null, ...fields } = take(ROWS[kind], row, ['rows', index]);
      return { ...emptyRow(`r${index + 1}`, kind, stage), ...fields };
    }),
  };
}

/** Reads the text of a map's file by the map's own limits: all of it, or the first fault. */
export function readMapFile(text: string): { readonly map: NewMap } | { readonly fault: FileFault } {
  try {
    return { map: newMapOf(text) };
  } catch (error) {
    if (error instanceof Refused) return { fault: error.fault };
    throw error;
  }
}
