/**
 * The SPOC/MOOC integration map of one course: regulation, Appendix 1. Every value is the text as it was typed, or the
 * code of a choice; rules read numbers and links out of it, so that saving never has to refuse half a word.
 */
interface FieldSpec {
  /** In characters, after the text is put in order. */
  readonly max: number;
  /** May it hold line breaks? */
  readonly lines: boolean;
  readonly choices: readonly string[] | null;
}

const line = (max: number): FieldSpec => ({ max, lines: false, choices: null });
const lines: FieldSpec = { max: 2000, lines: true, choices: null };
const choice = (...choices: string[]): FieldSpec => ({ max: 40, lines: false, choices });

export const MODELS = ['1', '2', '3'] as const;
export const DELIVERIES = ['synchronous', 'asynchronous', 'in-class'] as const;
export type Delivery = (typeof DELIVERIES)[number];

const HEAD = {
  discipline: line(500),
  form: choice('full-time', 'accelerated'),
  level: choice('bachelor', 'master'),
  language: choice('kk', 'ru', 'en'),
  semester: line(100),
  /** The first day, `2026-09-01`; whatever else is typed is kept too. */
  semesterStart: line(40),
  /** One a line: a day or a span of days, with a name or without. */
  holidays: lines,
  attestation: choice('exam'),
  hours: line(20),
  credits: line(20),
  model: choice(...MODELS),
} as const satisfies Record<string, FieldSpec>;

const MOOC = {
  title: line(500),
  link: line(2000),
  platform: line(200),
  language: line(200),
  hours: line(20),
  match: line(20),
} as const satisfies Record<string, FieldSpec>;

const ROW = {
  week: line(10),
  topic: lines,
  hours: line(20),
  tasks: lines,
  assessment: lines,
  delivery: choice(...DELIVERIES),
  platform: line(500),
  link: line(2000),
} as const satisfies Record<string, FieldSpec>;

export type HeadField = keyof typeof HEAD;
export type MoocField = keyof typeof MOOC;
export type RowField = keyof typeof ROW;

export const HEAD_FIELDS = Object.keys(HEAD) as HeadField[];
export const MOOC_FIELDS = Object.keys(MOOC) as MoocField[];
export const ROW_FIELDS = Object.keys(ROW) as RowField[];

export const LIMITS = { rows: 60, moocs: 12, deleted: 60 } as const;

export const ROW_KINDS = ['lecture', 'practical', 'consultation', 'control'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** 7.2: the consultation before midterm 1, midterm 2 or the exam; for a control, that control (the exam is the final one). */
export const STAGES = ['midterm-1', 'midterm-2', 'exam'] as const;
export type Stage = (typeof STAGES)[number];

const FIELDS_OF_KIND: Record<RowKind, readonly RowField[]> = {
  lecture: ROW_FIELDS,
  practical: ROW_FIELDS.filter((field) => field !== 'week'),
  consultation: ['hours', 'tasks', 'delivery', 'platform', 'link'],
  control: ['topic'],
};

/** Who wrote a field last, when, and in which revision of the map. */
export interface Edit {
  readonly by: string;
  /** As the LMS named the person then; may be empty. */
  readonly byName: string;
  readonly at: Date;
  readonly revision: number;
}

export interface Mooc extends Readonly<Record<MoocField, string>> {
  readonly id: string;
  /** Taken out, but kept: it can be brought back. */
  readonly deleted: Edit | null;
}

export interface Row extends Readonly<Record<RowField, string>> {
  readonly id: string;
  readonly kind: RowKind;
  /** Of consultations and controls. */
  readonly stage: Stage | null;
  readonly deleted: Edit | null;
}

export interface IntegrationMap {
  /** Grows by one with every change. */
  readonly revision: number;
  /** The revision in which a row or MOOC was last added, moved, taken out or brought back. */
  readonly structureRevision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly updatedBy: { readonly sub: string; readonly name: string };
  readonly head: Readonly<Record<HeadField, string>>;
  /** In order, with those taken out. */
  readonly moocs: readonly Mooc[];
  readonly rows: readonly Row[];
  /** By path. */
  readonly edits: Readonly<Record<string, Edit>>;
}

export const liveRows = (map: Pick<IntegrationMap, 'rows'>) => map.rows.filter((row) => !row.deleted);
export const liveMoocs = (map: Pick<IntegrationMap, 'moocs'>) => map.moocs.filter((mooc) => !mooc.deleted);

/** Where a value stands: `head.semester`, `moocs.m1.link`, `rows.l3.topic`. */
export type FieldPath =
  | { readonly group: 'head'; readonly field: HeadField }
  | { readonly group: 'moocs'; readonly id: string; readonly field: MoocField }
  | { readonly group: 'rows'; readonly id: string; readonly field: RowField };

/** A digit is a must, so that no id is a name that JavaScript objects have by themselves. */
export const ID = /^(?=.*\d)[a-z][a-z0-9]{1,15}$/;

export function parsePath(path: string): FieldPath | undefined {
  const [group, ...rest] = path.split('.');
  const [first = '', second = '', ...more] = rest;
  if (more.length > 0) return undefined;
  if (group === 'head')
    return rest.length === 1 && Object.hasOwn(HEAD, first) ? { group, field: first as HeadField } : undefined;
  if (!ID.test(first)) return undefined;
  if (group === 'moocs' && Object.hasOwn(MOOC, second)) return { group, id: first, field: second as MoocField };
  if (group === 'rows' && Object.hasOwn(ROW, second)) return { group, id: first, field: second as RowField };
  return undefined;
}

export function specOf(path: FieldPath): FieldSpec {
  if (path.group === 'head') return HEAD[path.field];
  return path.group === 'moocs' ? MOOC[path.field] : ROW[path.field];
}

export const hasField = (kind: RowKind, field: RowField): boolean => FIELDS_OF_KIND[kind].includes(field);

/** The MOOC or row that a path lies in; nothing for the head, or where there is none. */
export function ownerOf(map: IntegrationMap, path: FieldPath): Mooc | Row | undefined {
  if (path.group === 'head') return undefined;
  return map[path.group].find(({ id }) => id === path.id);
}

/** The stored text, of what was taken out too; nothing where the map has no such field. */
export function valueAt(map: IntegrationMap, path: FieldPath): string | undefined {
  if (path.group === 'head') return map.head[path.field];
  if (path.group === 'moocs') return map.moocs.find(({ id }) => id === path.id)?.[path.field];
  const row = map.rows.find(({ id }) => id === path.id);
  return row && hasField(row.kind, path.field) ? row[path.field] : undefined;
}
