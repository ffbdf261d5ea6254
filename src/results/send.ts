import { courseRef, type Course, type CourseRef } from '../launch/course.js';
import type { Outbox } from '../outbox/index.js';
import type { Column, ColumnStore } from './column-store.js';
import type { ControlId } from './controls.js';
import { SCORE, type ScorePayload } from './deliver-score.js';
import type { MarkKey, MarkStore } from './store.js';

/** One mark that a tutor saw and decided to send. */
export interface SendWish extends MarkKey {
  /** As it was shown: what another tutor changed since is not sent unseen. */
  readonly value: number;
  /** The LMS's own mark, where the tutor saw it and decided to replace it. */
  readonly replacing?: number | undefined;
}

export interface SendOutcome {
  readonly queued: number;
  /** Changed since they were shown, or above the column's maximum: not sent. */
  readonly left: number;
}

export interface SendDeps {
  readonly columns: ColumnStore;
  readonly marks: MarkStore;
  readonly outbox: Outbox;
  readonly now: () => Date;
}

export const scoreKey = (ref: CourseRef, { column, sub }: MarkKey): string =>
  JSON.stringify([SCORE, ref.platform, ref.deployment, ref.context, column, sub]);

const AT_ONCE = 8;

export function createSend({ columns, marks, outbox, now }: SendDeps) {
  async function sendOne(course: Course, wish: SendWish, maximum: number): Promise<boolean> {
    const { column, sub, value, replacing } = wish;
    if (value > maximum) return false;
    if (replacing !== undefined) await marks.mayReach(course, wish, replacing);
    const timestamp = await marks.stamp(course, wish, value, now());
    if (!timestamp) return false;
    const payload: ScorePayload = { column, sub, value, maximum, timestamp: timestamp.toISOString() };
    await outbox.enqueue({
      kind: SCORE,
      key: scoreKey(course, wish),
      course: courseRef(course),
      payload,
      // A score never carries a time that is still to come: in Moodle it would block the honest ones after it.
      notBefore: timestamp,
      // Of two sendings at once the later second stays, in whatever order they arrive here.
      order: timestamp.getTime() / 1000,
    });
    return true;
  }

  return async (
    course: Course,
    wishes: readonly SendWish[],
    labelOf: (column: ControlId) => string,
  ): Promise<SendOutcome> => {
    const fixed = new Map<ControlId, Column>();
    for (const column of new Set(wishes.map((wish) => wish.column)))
      fixed.set(column, await columns.fix(course, column, labelOf(column)));
    let queued = 0;
    for (let from = 0; from < wishes.length; from += AT_ONCE) {
      const batch = wishes.slice(from, from + AT_ONCE);
      const sent = await Promise.all(batch.map((wish) => sendOne(course, wish, fixed.get(wish.column)?.maximum ?? 0)));
      queued += sent.filter(Boolean).length;
    }
    return { queued, left: wishes.length - queued };
  };
}
