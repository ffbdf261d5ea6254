import { randomUUID } from 'node:crypto';
import type { Course } from '../launch/course.js';
import { boundLink, type GradeFailure, type GradeService } from '../lti/index.js';
import type { Outcome } from '../outbox/index.js';
import type { Column, ColumnStore } from './column-store.js';
import { lineItemNames } from './controls.js';
import { endOfDay, type DueDays } from './due.js';

const TURN_MS = 700;
/** After an answer was lost the LMS may still be making the item: longer than our time limit for a call. */
const AFTER_SILENCE_MS = 15_000;

const REASONS: Record<GradeFailure, string> = {
  'not-offered': 'no-permission',
  'no-token': 'no-token',
  'not-allowed': 'no-permission',
  unreachable: 'unreachable',
  'too-many': 'too-many',
  'column-gone': 'column-gone',
  'bad-answer': 'bad-answer',
  endless: 'bad-answer',
};

/** A failed call of the grade services, as the outbox is told. */
export function outcomeOf(reason: GradeFailure, afterMs?: number): Outcome {
  const transient = reason === 'unreachable' || reason === 'too-many';
  return transient ? { then: 'retry', reason: REASONS[reason], afterMs } : { then: 'refused', reason: REASONS[reason] };
}

export interface LineItemDeps {
  readonly columns: ColumnStore;
  readonly grades: GradeService;
  readonly now: () => Date;
  readonly dueDays: DueDays;
  /** In which days end. */
  readonly timeZone: string;
  readonly leaseMs?: number;
}

type Ensured = { readonly lineItem: string } | { readonly outcome: Outcome };

/**
 * Sees to it that a column has its line item in the LMS, and only one: no LMS takes back a second post of the same. One
 * maker at a time holds a lease on the column and looks for the item by its resource id before it makes it.
 */
export function createLineItems({ columns, grades, now, dueDays, timeZone, leaseMs = 60_000 }: LineItemDeps) {
  const underWay = new Map<string, Promise<Ensured>>();

  async function make(course: Course, column: Column): Promise<Ensured> {
    const maker = randomUUID();
    if (!(await columns.beginMaking(course, column.id, maker, now(), leaseMs))) {
      const { lineItem } = await columns.get(course, column.id);
      return lineItem === '' ? { outcome: { then: 'later', afterMs: TURN_MS } } : { lineItem };
    }
    const due = (await dueDays(course)).get(column.id);
    const made = await grades.ensureLineItem(course, {
      label: column.label,
      scoreMaximum: column.maximum,
      ...lineItemNames(column.id),
      ...(due === undefined ? {} : { endDateTime: endOfDay(due, timeZone) }),
      ...(boundLink(course) === undefined ? {} : { resourceLinkId: boundLink(course) }),
    });
    await columns.endMaking(course, column.id, maker, made.read === 'one' ? made.lineItem.id : '');
    if (made.read === 'one') return { lineItem: made.lineItem.id };
    return { outcome: outcomeOf(made.reason, made.answer?.status === 0 ? AFTER_SILENCE_MS : undefined) };
  }

  return {
    async ensure(course: Course, column: Column): Promise<Ensured> {
      if (column.lineItem !== '') return { lineItem: column.lineItem };
      const key = JSON.stringify([course.platform, course.deployment, course.context, column.id]);
      const making = underWay.get(key) ?? make(course, column).finally(() => underWay.delete(key));
      underWay.set(key, making);
      return making;
    },
  };
}

export type LineItems = ReturnType<typeof createLineItems>;
