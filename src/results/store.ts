import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import type { ControlId } from './controls.js';
import type { Mark } from './rules.js';

export interface MarkKey {
  readonly column: ControlId;
  readonly sub: string;
}

export interface Editor {
  readonly sub: string;
  readonly name: string;
  readonly at: Date;
}

/** Marks are stored in hundredths, as whole numbers, so that equal marks are equal numbers in every engine. */
interface Row extends CourseRef {
  column: ControlId;
  sub: string;
  points: number | null;
  by: { sub: string; name: string };
  at: Date;
  /** Second of the newest score that was asked for; each later one gets a later second. */
  stamp: number;
  inLms?: { points: number; at: Date; stamp: number };
  mayBeInLms: number[];
}

const toPoints = (value: number | null) => (value === null ? null : Math.round(value * 100));
const fromPoints = (points: number) => points / 100;

const markOf = ({ column, sub, points, by, at, inLms, mayBeInLms }: Row): Mark => ({
  column,
  sub,
  value: points === null ? null : fromPoints(points),
  by: { sub: by.sub, name: by.name },
  at,
  inLms: inLms && { value: fromPoints(inLms.points), at: inLms.at },
  mayBeInLms: mayBeInLms.map(fromPoints),
});

/** Each round one of those who ask at once gets its second. */
const STAMP_TRIES = 50;

export type SetOutcome = { readonly kind: 'saved' } | { readonly kind: 'conflict'; readonly mark: Mark };

export function createMarkStore(connection: Connection) {
  const text = { type: String, required: true } as const;
  const schema = new Schema<Row>(
    {
      platform: text,
      deployment: text,
      context: text,
      column: text,
      sub: text,
      points: { type: Number, default: null },
      by: { sub: text, name: { type: String, default: '' } },
      at: { type: Date, required: true },
      stamp: { type: Number, required: true },
      inLms: { type: new Schema({ points: Number, at: Date, stamp: Number }, { _id: false }), required: false },
      mayBeInLms: { type: [Number], default: [] },
    },
    { versionKey: false, collection: 'marks' },
  );
  schema.index({ platform: 1, deployment: 1, context: 1, column: 1, sub: 1 }, { unique: true });
  const model = connection.model<Row>('Mark', schema);
  const at = (ref: CourseRef, { column, sub }: MarkKey) => ({ ...courseRef(ref), column, sub });

  async function get(ref: CourseRef, key: MarkKey): Promise<Mark | undefined> {
    const row = await model.findOne(at(ref, key)).lean<Row | null>();
    return row ? markOf(row) : undefined;
  }

  return {
    async ready() {
      await model.init();
    },
    get,
    async all(ref: CourseRef): Promise<readonly Mark[]> {
      return (await model.find(courseRef(ref)).lean<Row[]>()).map(markOf);
    },
    /** Writes only over the value that the editor saw, or over the same value; else gives the one that is there. */
    async set(
      ref: CourseRef,
      key: MarkKey,
      seen: number | null,
      value: number | null,
      editor: Editor,
    ): Promise<SetOutcome> {
      const entered = { points: toPoints(value), by: { sub: editor.sub, name: editor.name }, at: editor.at };
      const done = await model.updateOne({ ...at(ref, key), points: toPoints(seen) }, { $set: entered });
      if (done.matchedCount === 1) return { kind: 'saved' };
      const there = await get(ref, key);
      if (there) return there.value === value ? { kind: 'saved' } : { kind: 'conflict', mark: there };
      if (value === null) return { kind: 'saved' };
      try {
        await model.create({ ...at(ref, key), ...entered, stamp: 0, mayBeInLms: [] });
        return { kind: 'saved' };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const first = await get(ref, key);
        if (!first) throw error;
        return first.value === value ? { kind: 'saved' } : { kind: 'conflict', mark: first };
      }
    },
    /** The LMS's own mark becomes ours (null: it holds none), unless ours is not the one that was seen any more. */
    async adopt(
      ref: CourseRef,
      key: MarkKey,
      seen: number,
      theirs: number | null,
      editor: Editor,
    ): Promise<'kept' | 'changed'> {
      const points = toPoints(theirs);
      const entered = { points, by: { sub: editor.sub, name: editor.name }, at: editor.at, mayBeInLms: [] };
      const inLms = { points, at: editor.at, stamp: Math.floor(editor.at.getTime() / 1000) };
      const done = await model.updateOne(
        { ...at(ref, key), points: toPoints(seen) },
        points === null ? { $set: entered, $unset: { inLms: 1 } } : { $set: { ...entered, inLms } },
      );
      return done.matchedCount === 1 ? 'kept' : 'changed';
    },
    /**
     * The second that a score of this mark carries: now, or one after the last one. Nothing where the mark is not `value`
     * any more. Moodle compares whole seconds and refuses an equal one.
     */
    async stamp(ref: CourseRef, key: MarkKey, value: number, now: Date): Promise<Date | undefined> {
      const second = Math.floor(now.getTime() / 1000);
      const mark = { ...at(ref, key), points: toPoints(value) };
      // By comparing, since not every engine returns the document of this very update when several run at once.
      for (let n = 0; n < STAMP_TRIES; n++) {
        const row = await model.findOne(mark, { stamp: 1 }).lean<Pick<Row, 'stamp'> | null>();
        if (!row) return undefined;
        const stamp = Math.max(second, row.stamp + 1);
        const done = await model.updateOne({ ...mark, stamp: row.stamp }, { $set: { stamp } });
        if (done.matchedCount === 1) return new Date(stamp * 1000);
      }
      return undefined;
    },
    /** Before a score leaves: whatever the answer, from now on the LMS may hold it. */
    async mayReach(ref: CourseRef, key: MarkKey, value: number): Promise<void> {
      await model.updateOne(at(ref, key), { $addToSet: { mayBeInLms: toPoints(value) } });
    },
    /** The LMS holds this score. An older one that comes late changes nothing. */
    async confirm(ref: CourseRef, key: MarkKey, value: number, stamp: Date, now: Date): Promise<void> {
      const second = Math.floor(stamp.getTime() / 1000);
      const inLms = { points: Math.round(value * 100), at: now, stamp: second };
      const older = { $or: [{ inLms: { $exists: false } }, { 'inLms.stamp': { $lte: second } }] };
      await model.updateOne({ ...at(ref, key), ...older }, { $set: { inLms, mayBeInLms: [] } });
    },
  };
}

export type MarkStore = ReturnType<typeof createMarkStore>;
