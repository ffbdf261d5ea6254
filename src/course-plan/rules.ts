import type { PlannedStage, Stage } from '../consultations/index.js';
import type { ColumnHold, ColumnStanding, ControlId } from '../results/index.js';

export interface PlannedColumn {
  readonly column: ControlId;
  /** The last day of the control's week, `2026-10-18`; nothing where the map has no dates. */
  readonly due: string | null;
}

/** What a map asks of its course: only what it names is there. */
export interface Asked {
  readonly stages: readonly PlannedStage[];
  readonly columns: readonly PlannedColumn[];
}

export interface StageStanding {
  readonly stage: Stage;
  /** Of any state. */
  readonly slots: number;
  /** Students who hold a seat. */
  readonly booked: number;
}

/** What the course has now. */
export interface CourseStanding {
  /** As it was applied last; nothing before the first time. */
  readonly asked: Asked | null;
  /** All stages, in order. */
  readonly stages: readonly StageStanding[];
  /** All controls, in order. */
  readonly columns: readonly ColumnStanding[];
}

/** `keep`: the map has it no longer, but students or marks hold it. */
export type Act = 'create' | 'change' | 'remove' | 'keep' | 'same';

interface Line {
  readonly act: Act;
  /** Something is written when it is applied. What is kept only loses its dates. */
  readonly todo: boolean;
}

export interface StageLine extends Line, Pick<StageStanding, 'slots' | 'booked'> {
  readonly what: 'stage';
  readonly id: Stage;
  readonly before: PlannedStage | null;
  readonly after: PlannedStage | null;
}

export interface ColumnLine extends Line {
  readonly what: 'column';
  readonly id: ControlId;
  readonly before: PlannedColumn | null;
  readonly after: PlannedColumn | null;
  /** Why it is kept. */
  readonly hold: ColumnHold | null;
}

export type PreviewLine = StageLine | ColumnLine;

const STAGE_FIELDS = ['window', 'hours', 'delivery', 'platform', 'link'] as const;
export type StageField = (typeof STAGE_FIELDS)[number];

const sameWindow = (a: PlannedStage['window'], b: PlannedStage['window']) =>
  a?.first === b?.first && a?.last === b?.last;

/** In which fields a stage is planned otherwise. */
export const changedFields = (a: PlannedStage, b: PlannedStage): readonly StageField[] =>
  STAGE_FIELDS.filter((field) => (field === 'window' ? !sameWindow(a.window, b.window) : a[field] !== b[field]));

const sameStage = (a: PlannedStage, b: PlannedStage): boolean => changedFields(a, b).length === 0;

interface Situation<T> {
  readonly before: T | null;
  readonly after: T | null;
  readonly shown: boolean;
  readonly held: boolean;
}

/** Nothing where neither the map nor the course has it. */
function actOf<T>({ before, after, shown, held }: Situation<T>, same: (before: T | null, after: T) => boolean) {
  if (after === null) {
    if (!shown) return null;
    return held ? ({ act: 'keep', todo: before !== null } as const) : ({ act: 'remove', todo: true } as const);
  }
  if (!shown) return { act: 'create', todo: true } as const;
  return same(before, after) ? ({ act: 'same', todo: false } as const) : ({ act: 'change', todo: true } as const);
}

function stageLine(
  asked: Asked,
  { asked: last }: CourseStanding,
  { stage, slots, booked }: StageStanding,
): StageLine[] {
  const find = (plan: Asked | null) => plan?.stages.find((one) => one.stage === stage) ?? null;
  const [before, after] = [find(last), find(asked)];
  const shown = last === null || before !== null || slots > 0;
  const done = actOf({ before, after, shown, held: slots > 0 }, (was, is) => was !== null && sameStage(was, is));
  if (!done) return [];
  // Before a map is applied the stage is there, but nobody has planned it.
  const act = done.act === 'change' && before === null ? 'create' : done.act;
  return [{ what: 'stage', id: stage, before, after, slots, booked, ...done, act }];
}

function columnLine(
  asked: Asked,
  { asked: last }: CourseStanding,
  { column, shown, hold }: ColumnStanding,
): ColumnLine[] {
  const find = (plan: Asked | null) => plan?.columns.find((one) => one.column === column) ?? null;
  const [before, after] = [find(last), find(asked)];
  const done = actOf({ before, after, shown, held: hold !== null }, (was, is) => (was?.due ?? null) === is.due);
  return done ? [{ what: 'column', id: column, before, after, hold: done.act === 'keep' ? hold : null, ...done }] : [];
}

/** What applying does to the course, in its order: stages, then columns. */
export const previewOf = (asked: Asked, standing: CourseStanding): readonly PreviewLine[] => [
  ...standing.stages.flatMap((stage) => stageLine(asked, standing, stage)),
  ...standing.columns.flatMap((column) => columnLine(asked, standing, column)),
];

/** How many stages and columns the map asks otherwise than when it was applied. */
export function changesSince(before: Asked, after: Asked): number {
  const stages = new Set([...before.stages, ...after.stages].map(({ stage }) => stage));
  const columns = new Set([...before.columns, ...after.columns].map(({ column }) => column));
  const changed = (was: PlannedStage | undefined, is: PlannedStage | undefined) =>
    was && is ? !sameStage(was, is) : was !== is;
  const ofStage = (plan: Asked, stage: Stage) => plan.stages.find((one) => one.stage === stage);
  const ofColumn = (plan: Asked, column: ControlId) => plan.columns.find((one) => one.column === column)?.due;
  return (
    [...stages].filter((stage) => changed(ofStage(before, stage), ofStage(after, stage))).length +
    [...columns].filter((column) => ofColumn(before, column) !== ofColumn(after, column)).length
  );
}
