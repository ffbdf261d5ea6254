import { courseRef, type Course, type CourseRef } from '../launch/course.js';
import type { Handlers, Outbox } from '../outbox/index.js';
import type { GradebookStore } from './gradebook-store.js';

const KIND = 'gradebook-read';

/** The grade columns of the LMS, or why they cannot be read. */
export type ColumnsOutcome =
  | { readonly read: 'all'; readonly columns: readonly { readonly label: string; readonly maximum: number }[] }
  | { readonly read: 'failed'; readonly again: boolean; readonly reason: string };

export interface GradebookJobDeps {
  readonly readColumns: (course: Course) => Promise<ColumnsOutcome>;
  readonly gradebooks: GradebookStore;
  readonly courses: { byRef(ref: CourseRef): Promise<Course | undefined> };
  readonly outbox: Outbox;
  readonly now: () => Date;
}

/** Reads of the grade context, outside the request. */
export function createGradebookJobs(deps: GradebookJobDeps) {
  const handlers: Handlers = {
    [KIND]: async ({ course }) => {
      const known = await deps.courses.byRef(course);
      if (!known) return { then: 'refused', reason: 'gone' };
      const outcome = await deps.readColumns(known);
      if (outcome.read === 'all') {
        await deps.gradebooks.set(course, { state: 'read', columns: [...outcome.columns], readAt: deps.now() });
        return { then: 'done' };
      }
      await deps.gradebooks.set(course, { state: 'failed' });
      return outcome.again ? { then: 'retry', reason: outcome.reason } : { then: 'refused', reason: outcome.reason };
    },
  };
  return {
    handlers,
    async request(course: Course): Promise<void> {
      const ref = courseRef(course);
      if (course.services.lineItemsUrl === undefined) return deps.gradebooks.set(ref, { state: 'not-offered' });
      await deps.gradebooks.set(ref, { state: 'reading' });
      const key = JSON.stringify([KIND, ref.platform, ref.deployment, ref.context]);
      await deps.outbox.enqueue({ kind: KIND, key, course: ref, payload: {} });
    },
  };
}
