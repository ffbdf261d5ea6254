import type { Course, CourseRef } from '../launch/course.js';
import { courseRef } from '../launch/course.js';
import type { CallLms } from '../lti/index.js';
import type { Handlers, Outbox } from '../outbox/index.js';
import { refreshRoster } from './read-roster.js';
import type { ParticipantStore } from './store.js';

const KIND = 'roster-read';

export interface RosterJobDeps {
  readonly callLms: CallLms;
  readonly participants: ParticipantStore;
  readonly courses: { byRef(ref: CourseRef): Promise<Course | undefined> };
  readonly outbox: Outbox;
  readonly now: () => Date;
}

/** Reads of the roster, outside the request: at most one per course at a time, tried again where the LMS is away. */
export function createRosterJobs(deps: RosterJobDeps) {
  const handlers: Handlers = {
    [KIND]: async ({ course }) => {
      const known = await deps.courses.byRef(course);
      if (!known) return { then: 'refused', reason: 'gone' };
      const outcome = await refreshRoster(deps, known);
      if (outcome === 'read') return { then: 'done' };
      return outcome === 'unreachable' ? { then: 'retry', reason: outcome } : { then: 'refused', reason: outcome };
    },
  };
  return {
    handlers,
    async request(course: CourseRef): Promise<void> {
      const ref = courseRef(course);
      await deps.participants.reading(ref);
      const key = JSON.stringify([KIND, ref.platform, ref.deployment, ref.context]);
      await deps.outbox.enqueue({ kind: KIND, key, course: ref, payload: {} });
    },
  };
}
