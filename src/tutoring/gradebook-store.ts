import { Schema, type Connection } from 'mongoose';
import { courseRef, type CourseRef } from '../launch/course.js';

/** The grade columns that the LMS holds for this course, as they were read last. */
export interface Gradebook {
  readonly state: 'never' | 'reading' | 'read' | 'failed' | 'not-offered';
  readonly columns: readonly { readonly label: string; readonly maximum: number }[];
  readonly readAt?: Date | undefined;
}

interface Row extends CourseRef {
  state: Gradebook['state'];
  columns: { label: string; maximum: number }[];
  readAt?: Date | undefined;
}

export function createGradebookStore(connection: Connection) {
  const text = { type: String, required: true };
  const schema = new Schema<Row>(
    {
      platform: text,
      deployment: text,
      context: text,
      state: text,
      columns: { type: [{ _id: false, label: String, maximum: Number }], default: [] },
      readAt: Date,
    },
    { versionKey: false, collection: 'gradebooks' },
  );
  schema.index({ platform: 1, deployment: 1, context: 1 }, { unique: true });
  const model = connection.model<Row>('Gradebook', schema);
  return {
    async ready() {
      await model.init();
    },
    async get(ref: CourseRef): Promise<Gradebook> {
      const row = await model.findOne(courseRef(ref)).lean<Row | null>();
      return row ?? { state: 'never', columns: [] };
    },
    /** A state alone leaves the columns that were read before. */
    async set(ref: CourseRef, facts: Partial<Omit<Row, keyof CourseRef>>): Promise<void> {
      await model.updateOne(courseRef(ref), { $set: facts }, { upsert: true });
    },
  };
}

export type GradebookStore = ReturnType<typeof createGradebookStore>;
