import { z } from 'zod';
import {
  cellId,
  CELL_FIELDS,
  hasField,
  HEAD_FIELDS,
  LIMITS,
  MOOC_FIELDS,
  ROW_FIELDS,
  ROW_KINDS,
  specOf,
  STAGES,
  type Cell,
  type CellField,
  type FieldPath,
  type HeadField,
  type Module,
  type MoocField,
  type RowField,
  type RowKind,
} from '../map.js';
import type { NewMap } from '../stored-map.js';
import { emptyMooc, emptyRow, newModule, newOutcome, UNDATED } from '../template.js';
import { readText, type TextFault } from '../text.js';
import { FORMAT, VERSION, type FileCell, type FileRow } from './map-file.js';

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

const Outcome = field({ group: 'outcomes', id: HERE, field: 'text' });

const cellField = (name: CellField) =>
  field({ group: 'cells', id: cellId(HERE, HERE), outcome: HERE, module: HERE, field: name });

const FileModule = z.strictObject({
  title: field({ group: 'modules', id: HERE, field: 'title' }),
  cells: z.array(
    z.strictObject({
      outcome: z.number().int().min(1),
      ...(Object.fromEntries(CELL_FIELDS.map((name) => [name, cellField(name)])) as Record<
        CellField,
        ReturnType<typeof field>
      >),
    }),
  ),
});

const Mooc = z.strictObject({
  ...(Object.fromEntries(MOOC_FIELDS.map((name) => [name, field({ group: 'moocs', id: HERE, field: name })])) as Record<
    MoocField,
    ReturnType<typeof field>
  >),
  modules: z.array(FileModule).max(LIMITS.modulesOfMooc),
});

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
  outcomes: z.array(z.unknown()).max(LIMITS.outcomes),
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

const withDefaults = (defaults: object, value: unknown): unknown =>
  typeof value === 'object' && value !== null ? { ...defaults, ...value } : value;

/** A file of version 1: it knew no outcomes and no modules, and its first ones no dates. */
function fromFirst(input: object): object {
  const moocs = valueAt(input, ['moocs']);
  const newer = { licence: '', reason: '', modules: [] };
  return {
    ...input,
    version: VERSION,
    head: withDefaults(UNDATED, valueAt(input, ['head'])),
    outcomes: [],
    moocs: Array.isArray(moocs) ? moocs.map((mooc: unknown) => withDefaults(newer, mooc)) : moocs,
  };
}

function envelopeOf(input: unknown): z.output<typeof Envelope> {
  if (valueAt(input, ['serik']) !== FORMAT) throw new Refused({ kind: 'not-a-map', path: [] });
  const version = valueAt(input, ['version']);
  if (version === VERSION) return take(Envelope, input);
  if (version !== 1) throw new Refused({ kind: 'version', path: [] });
  return take(Envelope, fromFirst(input as object));
}

/** The cells of a module by their ids; each names an outcome of the file, and no two the same. */
function cellsOf(module: string, cells: readonly FileCell[], outcomes: number, above: FileFault['path']) {
  const read = new Map<string, Cell>();
  cells.forEach(({ outcome, ...cell }, index) => {
    const id = cellId(`o${outcome}`, module);
    if (outcome > outcomes || read.has(id))
      throw new Refused({ kind: 'wrong-type', path: [...above, 'cells', index, 'outcome'] });
    if (cell.level !== '' || cell.note !== '') read.set(id, cell);
  });
  return [...read];
}

function newMapOf(text: string): NewMap {
  const { head, outcomes, moocs, rows } = envelopeOf(jsonOf(text));
  const readHead = take(Head, head, ['head']);
  const read = moocs.map((mooc, index) => take(Mooc, mooc, ['moocs', index]));
  const modules = read.flatMap((mooc, at) => mooc.modules.map((module, index) => ({ ...module, at, index })));
  if (modules.length > LIMITS.modules)
    throw new Refused({ kind: 'too-many', path: ['moocs', moocs.length - 1, 'modules'], max: LIMITS.modules });
  return {
    head: readHead,
    outcomes: outcomes.map((outcome, index) =>
      newOutcome(`o${index + 1}`, take(Outcome, outcome, ['outcomes', index])),
    ),
    moocs: read.map(({ modules: _modules, ...mooc }, index) => ({ ...emptyMooc(`m${index + 1}`), ...mooc })),
    modules: modules.map(({ title, at }, index): Module => newModule(`d${index + 1}`, `m${at + 1}`, title)),
    cells: Object.fromEntries(
      modules.flatMap(({ cells, at, index }, place) =>
        cellsOf(`d${place + 1}`, cells, outcomes.length, ['moocs', at, 'modules', index]),
      ),
    ),
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
