import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import { CONTROLS, DEFAULT_MAXIMUM, USUAL_CONTROLS, type ControlId } from './controls.js';

export interface Column {
  readonly id: ControlId;
  readonly maximum: number;
  /** Something was sent, so the maximum stays. */
  readonly fixed: boolean;
  /** The line item's address in the LMS; empty until it is made. */
  readonly lineItem: string;
  /** Its label there, in the language of whoever sent first. */
  readonly label: string;
  /** Taken out by the map that was applied. It is seen again as soon as it holds a mark. */
  readonly removed: boolean;
  /** The map that was applied brought it; a link that a teacher placed did not. */
  readonly planned: boolean;
}

interface Row extends CourseRef {
  column: ControlId;
  maximum: number;
  fixed: boolean;
  lineItem: string;
  label: string;
  removed?: boolean;
  planned?: boolean;
  /** Who makes the line item now, and until when nobody else may. */
  maker: string;
  makerUntil: Date;
}

const NOBODY = { maker: '', makerUntil: new Date(0) } as const;

const columnOf = ({ column, maximum, fixed, lineItem, label, removed = false, planned = false }: Row): Column => ({
  id: column,
  maximum,
  fixed,
  lineItem,
  label,
  removed,
  planned,
});
const FRESH = {
  maximum: DEFAULT_MAXIMUM,
  fixed: false,
  lineItem: '',
  label: '',
  removed: false,
  planned: false,
} as const;
const untouched = (id: ControlId): Column => ({ id, ...FRESH });

export function createColumnStore(connection: Connection) {
  const text = { type: String, required: true } as const;
  const schema = new Schema<Row>(
    {
      platform: text,
      deployment: text,
      context: text,
      column: text,
      maximum: { type: Number, required: true },
      fixed: { type: Boolean, required: true },
      lineItem: { type: String, default: '' },
      label: { type: String, default: '' },
      removed: { type: Boolean, default: false },
      planned: { type: Boolean, default: false },
      maker: { type: String, default: '' },
      makerUntil: { type: Date, required: true },
    },
    { versionKey: false, collection: 'grade_columns' },
  );
  schema.index({ platform: 1, deployment: 1, context: 1, column: 1 }, { unique: true });
  const model = connection.model<Row>('GradeColumn', schema);

  /** The row is there before it is changed under a condition, so that a condition that fails never inserts a second one. */
  async function touch(ref: CourseRef, column: ControlId, planned = false): Promise<void> {
    const fresh = { ...FRESH, planned, ...NOBODY };
    await model
      .updateOne({ ...courseRef(ref), column }, { $setOnInsert: fresh }, { upsert: true })
      .catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });
  }

  return {
    async ready() {
      await model.init();
    },
    /** The usual controls and those that were added, removed ones too, in order; those that nobody touched have the defaults. */
    async all(ref: CourseRef): Promise<readonly Column[]> {
      const rows = await model.find(courseRef(ref)).lean<Row[]>();
      const known = new Map(rows.map((row) => [row.column, columnOf(row)]));
      return CONTROLS.filter((id) => USUAL_CONTROLS.includes(id) || known.has(id)).map(
        (id) => known.get(id) ?? untouched(id),
      );
    },
    /** A link of the LMS leads to it from now on. */
    async add(ref: CourseRef, column: ControlId): Promise<void> {
      await touch(ref, column);
      await model.updateOne({ ...courseRef(ref), column }, { $set: { removed: false, planned: false } });
    },
    /** The map brings it; one that is there stays as it is. */
    async plan(ref: CourseRef, column: ControlId): Promise<void> {
      await touch(ref, column, true);
      await model.updateOne({ ...courseRef(ref), column, removed: true }, { $set: { removed: false, planned: true } });
    },
    /** Takes it out; false where something was sent, which the LMS holds, or where a link leads to a column of its own. */
    async remove(ref: CourseRef, column: ControlId): Promise<boolean> {
      await touch(ref, column);
      const ours = USUAL_CONTROLS.includes(column) ? {} : { planned: true };
      const done = await model.updateOne(
        { ...courseRef(ref), column, fixed: false, lineItem: '', ...ours },
        { $set: { removed: true } },
      );
      return done.matchedCount === 1;
    },
    async get(ref: CourseRef, column: ControlId): Promise<Column> {
      const row = await model.findOne({ ...courseRef(ref), column }).lean<Row | null>();
      return row ? columnOf(row) : untouched(column);
    },
    async setMaximum(ref: CourseRef, column: ControlId, maximum: number): Promise<'set' | 'fixed'> {
      await touch(ref, column);
      const done = await model.updateOne({ ...courseRef(ref), column, fixed: false }, { $set: { maximum } });
      return done.matchedCount === 1 ? 'set' : 'fixed';
    },
    /** From the first sending on the maximum stays, and so does the label. */
    async fix(ref: CourseRef, column: ControlId, label: string): Promise<Column> {
      await touch(ref, column);
      await model.updateOne(
        { ...courseRef(ref), column, fixed: false },
        { $set: { fixed: true, label, removed: false } },
      );
      return this.get(ref, column);
    },
    /** One maker at a time, over all processes; false where somebody else is at it or the item is there. */
    async beginMaking(ref: CourseRef, column: ControlId, maker: string, now: Date, leaseMs: number): Promise<boolean> {
      const done = await model.updateOne(
        { ...courseRef(ref), column, lineItem: '', makerUntil: { $lte: now } },
        { $set: { maker, makerUntil: new Date(now.getTime() + leaseMs) } },
      );
      return done.matchedCount === 1;
    },
    async endMaking(ref: CourseRef, column: ControlId, maker: string, lineItem: string): Promise<void> {
      await model.updateOne({ ...courseRef(ref), column, maker }, { $set: { ...NOBODY, lineItem } });
    },
    /** The LMS says that this address is gone. Nothing happens where another one is known by now. */
    async forgetLineItem(ref: CourseRef, column: ControlId, lineItem: string): Promise<void> {
      await model.updateOne({ ...courseRef(ref), column, lineItem }, { $set: { lineItem: '' } });
    },
  };
}

export type ColumnStore = ReturnType<typeof createColumnStore>;
