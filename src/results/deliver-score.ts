import { z } from 'zod';
import type { Course, CourseRef } from '../launch/course.js';
import type { GradeService, Result } from '../lti/index.js';
import { afterAttempt, type Handler, type Outcome } from '../outbox/index.js';
import type { ColumnStore } from './column-store.js';
import { CONTROLS } from './controls.js';
import { outcomeOf, type LineItems } from './line-items.js';
import { onScale, sameMark } from './rules.js';
import type { MarkStore } from './store.js';

export const SCORE = 'score';

/** What is fixed when a tutor presses "Send" and stays the same in every try. */
export const ScorePayload = z.object({
  column: z.enum(CONTROLS),
  sub: z.string(),
  value: z.number(),
  maximum: z.number(),
  /** ISO 8601, whole seconds. */
  timestamp: z.iso.datetime(),
});
export type ScorePayload = z.output<typeof ScorePayload>;

export interface DeliverDeps {
  readonly courses: { byRef(ref: CourseRef): Promise<Course | undefined> };
  readonly columns: ColumnStore;
  readonly marks: MarkStore;
  readonly lineItems: LineItems;
  readonly grades: GradeService;
  readonly now: () => Date;
}

/** One reading of a column serves the marks that were sent together. */
const LOOK_MS = 60_000;

interface Looked {
  readonly startedAt: number;
  readonly results: Promise<Awaited<ReturnType<GradeService['readResults']>>>;
}

/** Carries one mark to the LMS, exactly once in effect: docs/decisions/0005-scores-exactly-once.md. */
export function deliverScore(deps: DeliverDeps): Handler {
  const { courses, columns, marks, lineItems, grades, now } = deps;
  const looks = new Map<string, Looked>();

  /**
   * All results of a column, read once for all marks that were sent together. An earlier reading serves if it began after
   * the mark was sent: a teacher's change after that moment is newer than the score, and the LMS itself refuses the score.
   */
  function resultsSince(course: Course, lineItem: string, since: Date): Looked['results'] {
    const key = JSON.stringify([course.platform, course.deployment, course.context, lineItem]);
    const known = looks.get(key);
    const startedAt = now().getTime();
    if (known && known.startedAt >= since.getTime() && startedAt - known.startedAt < LOOK_MS) return known.results;
    const results = grades.readResults(course, lineItem);
    looks.set(key, { startedAt, results });
    const drop = () => {
      if (looks.get(key)?.results === results) looks.delete(key);
    };
    // Whoever waits for the results hears of a failure; here it only must not be kept.
    results.then((read) => {
      if (read.read === 'failed') drop();
    }, drop);
    setTimeout(drop, LOOK_MS).unref();
    return results;
  }

  const refusedAsNewer = (held: Result | undefined, { maximum }: ScorePayload): Outcome => ({
    then: 'refused',
    reason: 'newer-in-lms',
    detail: {
      theirs: held?.score === undefined ? null : onScale({ score: held.score, maximum: held.maximum }, maximum),
    },
  });

  async function confirmed(course: Course, score: ScorePayload): Promise<Outcome> {
    await marks.confirm(course, score, score.value, new Date(score.timestamp), now());
    return { then: 'done' };
  }

  /** Before anything is overwritten: does the LMS hold what we think it holds? Nothing where the score may go. */
  async function lookFirst(course: Course, lineItem: string, score: ScorePayload): Promise<Outcome | undefined> {
    const read = await resultsSince(course, lineItem, new Date(score.timestamp));
    if (read.read === 'failed') {
      if (read.reason === 'unreachable' || read.reason === 'too-many') return outcomeOf(read.reason);
      return undefined;
    }
    const held = read.results.get(score.sub);
    if (held?.score === undefined) return undefined;
    if (sameMark(held, score)) return confirmed(course, score);
    const mark = await marks.get(course, score);
    const ours = [...(mark?.inLms ? [mark.inLms.value] : []), ...(mark?.mayBeInLms ?? [])];
    return ours.some((value) => sameMark(held, { value, maximum: score.maximum }))
      ? undefined
      : refusedAsNewer(held, score);
  }

  /** The LMS holds a score as new or newer: ours, whose answer was lost, or somebody else's. */
  async function readBack(course: Course, lineItem: string, score: ScorePayload): Promise<Outcome> {
    const read = await grades.readResult(course, lineItem, score.sub);
    if (read.read === 'one') {
      if (read.result && sameMark(read.result, score)) return confirmed(course, score);
      return refusedAsNewer(read.result, score);
    }
    const transient = outcomeOf(read.reason);
    return transient.then === 'retry' ? transient : { then: 'refused', reason: 'cannot-compare' };
  }

  async function post(course: Course, lineItem: string, score: ScorePayload, attempts: number): Promise<Outcome> {
    const wire = {
      userId: score.sub,
      scoreGiven: score.value,
      scoreMaximum: score.maximum,
      timestamp: new Date(score.timestamp),
    };
    for (const renewed of [false, true]) {
      const answer = await grades.postScore(course, lineItem, wire, { freshToken: renewed });
      if (!answer) return { then: 'refused', reason: 'no-permission' };
      const decision = afterAttempt(answer, { attempts, renewed });
      switch (decision.then) {
        case 'renew-token':
          continue;
        case 'sent':
          return confirmed(course, score);
        case 'read-back':
          return readBack(course, lineItem, score);
        case 'retry':
          if (decision.reason === 'column-gone') await columns.forgetLineItem(course, score.column, lineItem);
          return decision;
        case 'refused':
          return decision;
      }
    }
    return { then: 'refused', reason: 'no-permission' };
  }

  return async ({ course: ref, payload, attempts }, signal) => {
    const score = ScorePayload.parse(payload);
    const course = await courses.byRef(ref);
    if (!course) return { then: 'refused', reason: 'course-gone' };
    const ensured = await lineItems.ensure(course, await columns.get(ref, score.column));
    if ('outcome' in ensured) return ensured.outcome;
    const settled = await lookFirst(course, ensured.lineItem, score);
    if (settled) return settled;
    await marks.mayReach(ref, score, score.value);
    // The claim is somebody else's by now; sending would do no harm, but nor would it do any good.
    if (signal.aborted) return { then: 'later', afterMs: 0 };
    return post(course, ensured.lineItem, score, attempts);
  };
}
