import { randomUUID } from 'node:crypto';
import type { Course } from '../launch/course.js';
import { readRoster, type CallLms, type RosterFailure } from '../lti/index.js';
import type { ParticipantStore } from './store.js';

/** Reads the whole roster and takes it in; a failed or partial read leaves what was known. */
export async function refreshRoster(
  { callLms, participants, now }: { callLms: CallLms; participants: ParticipantStore; now: () => Date },
  course: Course,
): Promise<'read' | RosterFailure> {
  await participants.reading(course);
  const outcome = await readRoster(callLms, course).catch(async (error: unknown) => {
    // Our own fault; the page must not go on saying that it reads.
    await participants.failed(course, 'unreachable');
    throw error;
  });
  if (outcome.read === 'failed') {
    await participants.failed(course, outcome.reason);
    return outcome.reason;
  }
  await participants.replace(course, outcome.members, { id: randomUUID(), at: now(), pages: outcome.pages });
  return 'read';
}
