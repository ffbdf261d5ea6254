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
  /** A licence, or the code of the SPOC. */
  licence: line(200),
  /** In per cent; stands over the one that the matrix gives. */
  match: line(20),
  /** Why it stands over it. */
  reason: line(500),
} as const satisfies Record<string, FieldSpec>;

export const LEVELS = ['partly', 'fully'] as const;
export type Level = (typeof LEVELS)[number];

/** Of the discipline. */
const OUTCOME = { text: line(500) } as const satisfies Record<string, FieldSpec>;

/** Of a MOOC. */
const MODULE = { title: line(300) } as const satisfies Record<string, FieldSpec>;

/** Where an outcome and a module meet; empty is none. */
const CELL = { level: choice(...LEVELS), note: line(300) } as const satisfies Record<string, FieldSpec>;

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
export type OutcomeField = keyof typeof OUTCOME;
export type ModuleField = keyof typeof MODULE;
export type CellField = keyof typeof CELL;

export const HEAD_FIELDS = Object.keys(HEAD) as HeadField[];
export const MOOC_FIELDS = Object.keys(MOOC) as MoocField[];
export const ROW_FIELDS = Object.keys(ROW) as RowField[];
export const OUTCOME_FIELDS = Object.keys(OUTCOME) as OutcomeField[];
export const MODULE_FIELDS = Object.keys(MODULE) as ModuleField[];
export const CELL_FIELDS = Object.keys(CELL) as CellField[];

export const LIMITS = { rows: 60, moocs: 12, outcomes: 20, modules: 120, modulesOfMooc: 40, deleted: 60 } as const;

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

/** What a learner of the discipline knows or can do at its end. */
export interface LearningOutcome extends Readonly<Record<OutcomeField, string>> {
  readonly id: string;
  readonly deleted: Edit | null;
}

export interface Module extends Readonly<Record<ModuleField, string>> {
  readonly id: string;
  /** The MOOC that it is of. It is not on the page while that one is taken out. */
  readonly mooc: string;
  readonly deleted: Edit | null;
}

export type Cell = Readonly<Record<CellField, string>>;

/** By the ids of outcome and module: `o1-d3`. Whatever is not in it is empty. */
export type Cells = Readonly<Record<string, Cell>>;

/** What is known by an id, can be taken out and brought back. */
export type ItemGroup = 'moocs' | 'rows' | 'outcomes' | 'modules';
export const ITEM_GROUPS = ['moocs', 'rows', 'outcomes', 'modules'] as const satisfies readonly ItemGroup[];

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
  /** What the discipline teaches, in order; the rows of every MOOC's matrix. */
  readonly outcomes: readonly LearningOutcome[];
  /** Of all MOOCs; the columns of their matrices. */
  readonly modules: readonly Module[];
  readonly cells: Cells;
  /** By path. */
  readonly edits: Readonly<Record<string, Edit>>;
}

export const liveRows = (map: Pick<IntegrationMap, 'rows'>) => map.rows.filter((row) => !row.deleted);
export const liveMoocs = (map: Pick<IntegrationMap, 'moocs'>) => map.moocs.filter((mooc) => !mooc.deleted);

export const liveOutcomes = (map: Pick<IntegrationMap, 'outcomes'>) => map.outcomes.filter(({ deleted }) => !deleted);

/** Of one MOOC. */
export const modulesOf = (map: Pick<IntegrationMap, 'modules'>, mooc: string) =>
  map.modules.filter((module) => module.mooc === mooc && !module.deleted);

export const liveModules = (map: Pick<IntegrationMap, 'moocs' | 'modules'>) =>
  liveMoocs(map).flatMap(({ id }) => modulesOf(map, id));

export const cellId = (outcome: string, module: string) => `${outcome}-${module}`;

const EMPTY: Cell = { level: '', note: '' };

export const cellAt = ({ cells }: Pick<IntegrationMap, 'cells'>, outcome: string, module: string): Cell =>
  cells[cellId(outcome, module)] ?? EMPTY;

/** Where a value stands: `head.semester`, `moocs.m1.link`, `rows.l3.topic`, `cells.o1-d3.level`. */
export type FieldPath =
  | { readonly group: 'head'; readonly field: HeadField }
  | { readonly group: 'moocs'; readonly id: string; readonly field: MoocField }
  | { readonly group: 'rows'; readonly id: string; readonly field: RowField }
  | { readonly group: 'outcomes'; readonly id: string; readonly field: OutcomeField }
  | { readonly group: 'modules'; readonly id: string; readonly field: ModuleField }
  | {
      readonly group: 'cells';
      readonly id: string;
      readonly outcome: string;
      readonly module: string;
      readonly field: CellField;
    };

const SPECS = { head: HEAD, moocs: MOOC, rows: ROW, outcomes: OUTCOME, modules: MODULE, cells: CELL } as const;

/** A digit is a must, so that no id is a name that JavaScript objects have by themselves. */
export const ID = /^(?=.*\d)[a-z][a-z0-9]{1,15}$/;

export const isItemGroup = (name: string): name is ItemGroup => ITEM_GROUPS.some((group) => group === name);

function cellPath(id: string, field: CellField): FieldPath | undefined {
  const [outcome = '', module = '', ...more] = id.split('-');
  if (more.length > 0 || !ID.test(outcome) || !ID.test(module)) return undefined;
  return { group: 'cells', id, outcome, module, field };
}

export function parsePath(path: string): FieldPath | undefined {
  const [group = '', ...rest] = path.split('.');
  if (group === 'head') {
    const [field = ''] = rest;
    return rest.length === 1 && Object.hasOwn(HEAD, field) ? { group, field: field as HeadField } : undefined;
  }
  const [id = '', field = ''] = rest;
  if (rest.length !== 2 || !Object.hasOwn(SPECS, group)) return undefined;
  if (!Object.hasOwn(SPECS[group as keyof typeof SPECS], field)) return undefined;
  if (group === 'cells') return cellPath(id, field as CellField);
  return ID.test(id) ? ({ group, id, field } as FieldPath) : undefined;
}

export const specOf = ({ group, field }: FieldPath): FieldSpec =>
  (SPECS[group] as Readonly<Record<string, FieldSpec>>)[field] as FieldSpec;

export const hasField = (kind: RowKind, field: RowField): boolean => FIELDS_OF_KIND[kind].includes(field);

/** An item and its address. */
export interface Owner {
  readonly group: ItemGroup;
  readonly item: Mooc | Row | LearningOutcome | Module;
}

const owner = (map: IntegrationMap, group: ItemGroup, id: string): Owner[] => {
  const item = map[group].find((candidate) => candidate.id === id);
  return item ? [{ group, item }] : [];
};

const ownersOfModule = (map: IntegrationMap, id: string): Owner[] => {
  const module = map.modules.find((candidate) => candidate.id === id);
  return module ? [...owner(map, 'moocs', module.mooc), { group: 'modules', item: module }] : [];
};

/** Everything that a value lies in: without one of them it is not on the page. None for the head, or where there is none. */
export function ownersOf(map: IntegrationMap, path: FieldPath): readonly Owner[] {
  if (path.group === 'head') return [];
  if (path.group === 'modules') return ownersOfModule(map, path.id);
  if (path.group === 'cells') return [...owner(map, 'outcomes', path.outcome), ...ownersOfModule(map, path.module)];
  return owner(map, path.group, path.id);
}

/** The stored text, of what was taken out too; nothing where the map has no such field. */
export function valueAt(map: IntegrationMap, path: FieldPath): string | undefined {
  switch (path.group) {
    case 'head':
      return map.head[path.field];
    case 'cells':
      return ownersOf(map, path).length === 3 ? cellAt(map, path.outcome, path.module)[path.field] : undefined;
    case 'rows': {
      const row = map.rows.find(({ id }) => id === path.id);
      return row && hasField(row.kind, path.field) ? row[path.field] : undefined;
    }
    default: {
      const items: readonly object[] = map[path.group];
      const item = items.find((candidate) => 'id' in candidate && candidate.id === path.id);
      return (item as Readonly<Record<string, string>> | undefined)?.[path.field];
    }
  }
}
