import type { Course, CourseRef } from '../launch/course.js';
import { courseRef } from '../launch/course.js';
import type { CallLms, RosterFailure } from '../lti/index.js';
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
  /**
   * Called after a complete read with the people who left or whose role fell: what they hold open here has to end. At least
   * once for each of them, also where it failed or the process ended before; never with people who were on no roster.
   */
  readonly onChanged: (course: Course, subs: readonly string[]) => Promise<void>;
}

/** These pass by themselves; anything else needs somebody in the LMS. */
const TRANSIENT: readonly RosterFailure[] = ['unreachable', 'too-many', 'too-slow'];

/** Reads of the roster, outside the request: at most one per course at a time, tried again where the LMS is away. */
export function createRosterJobs(deps: RosterJobDeps) {
  const { participants, onChanged } = deps;

  async function passOn(course: Course): Promise<void> {
    const subs = await participants.untold(course);
    if (subs.length === 0) return;
    await onChanged(course, subs);
    await participants.told(course, subs);
  }

  const handlers: Handlers = {
    [KIND]: async ({ course }) => {
      const known = await deps.courses.byRef(course);
      if (!known) return { then: 'refused', reason: 'gone' };
      const outcome = await refreshRoster(deps, known);
      if (outcome.read === 'failed') {
        const { reason, retryAfterMs: afterMs } = outcome;
        return TRANSIENT.includes(reason) ? { then: 'retry', reason, afterMs } : { then: 'refused', reason };
      }
      await passOn(known);
      return { then: 'done' };
    },
  };
  return {
    handlers,
    async request(course: CourseRef): Promise<void> {
      const ref = courseRef(course);
      await participants.reading(ref);
      const key = JSON.stringify([KIND, ref.platform, ref.deployment, ref.context]);
      await deps.outbox.enqueue({ kind: KIND, key, course: ref, payload: {} });
    },
  };
}
