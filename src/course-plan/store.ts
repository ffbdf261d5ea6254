import { Schema, type Connection } from 'mongoose';
import type { PlannedStage } from '../consultations/index.js';
import { isDuplicateKey } from '../database/duplicate.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import type { Editor } from '../integration-map/index.js';
import type { ControlId } from '../results/index.js';
import type { Asked, PreviewLine } from './rules.js';

/** One applying, as evidence: what was written, when, by whom, and from which map. */
export interface ApplyRecord {
  /** 1, 2, 3… in one course. */
  readonly number: number;
  /** `name` may be empty. */
  readonly by: Editor;
  /** The agreed version; nothing where the map as it stood was applied. */
  readonly version: number | null;
  /** Of the map as it stood then. */
  readonly mapRevision: number;
  /** Of the preview that was confirmed. */
  readonly digest: string;
  readonly lines: readonly PreviewLine[];
}

export interface AppliedPlan {
  readonly asked: Asked;
  /** Oldest first; never empty, and nothing is ever taken out of it. */
  readonly records: readonly ApplyRecord[];
}

interface Row extends CourseRef, AppliedPlan {
  /** How often it was applied. */
  times: number;
}

/** What was applied to each course: one document a course, so that one applying is one write. */
export function createCoursePlanStore(connection: Connection) {
  const text = { type: String, required: true } as const;
  const mixed = { type: Schema.Types.Mixed, required: true } as const;
  const schema = new Schema<Row>(
    {
      platform: text,
      deployment: text,
      context: text,
      times: { type: Number, required: true },
      asked: mixed,
      records: [mixed],
    },
    { collection: 'coursePlans', versionKey: false, minimize: false },
  );
  schema.index({ platform: 1, deployment: 1, context: 1 }, { unique: true });
  const plans = connection.model<Row>('CoursePlan', schema);

  const asked = async (course: CourseRef): Promise<Asked | null> => {
    const row = await plans.findOne(courseRef(course), { asked: 1 }).lean<Pick<Row, 'asked'> | null>();
    return row?.asked ?? null;
  };

  return {
    async ready(): Promise<void> {
      await plans.init();
    },
    async find(course: CourseRef): Promise<AppliedPlan | null> {
      const row = await plans.findOne(courseRef(course)).lean<Row | null>();
      return row && { asked: row.asked, records: row.records };
    },
    /** Writes only where the plan is still the one before `record`; of two at once one is taken. */
    async apply(course: CourseRef, next: Asked, record: ApplyRecord): Promise<'applied' | 'changed'> {
      const before = record.number - 1;
      if (before > 0) {
        const done = await plans.updateOne(
          { ...courseRef(course), times: before },
          { $set: { asked: next, times: record.number }, $push: { records: record } },
        );
        return done.modifiedCount === 1 ? 'applied' : 'changed';
      }
      try {
        await plans.create({ ...courseRef(course), times: 1, asked: next, records: [record] });
        return 'applied';
      } catch (error) {
        if (isDuplicateKey(error)) return 'changed';
        throw error;
      }
    },
    /** For the consultations: what the applied map plans; nothing before one was applied. */
    planned: async (course: CourseRef): Promise<readonly PlannedStage[] | null> =>
      (await asked(course))?.stages ?? null,
    /** For the results: the last day of each control that has one. */
    dueDays: async (course: CourseRef): Promise<ReadonlyMap<ControlId, string>> => {
      const columns = (await asked(course))?.columns ?? [];
      return new Map(columns.flatMap(({ column, due }) => (due === null ? [] : [[column, due] as const])));
    },
  };
}

export type CoursePlanStore = ReturnType<typeof createCoursePlanStore>;
