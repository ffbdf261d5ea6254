import { randomUUID } from 'node:crypto';
import type { Course } from '../launch/course.js';
import { readRoster, type CallLms, type RosterFailure } from '../lti/index.js';
import type { RosterChange } from './roster-change.js';
import type { ParticipantStore } from './store.js';

export interface RefreshDeps {
  readonly callLms: CallLms;
  readonly participants: ParticipantStore;
  readonly now: () => Date;
}

export type Refreshed =
  | { readonly read: 'done'; readonly change: RosterChange }
  | { readonly read: 'failed'; readonly reason: RosterFailure; readonly retryAfterMs?: number | undefined };

async function read({ callLms, participants, now }: RefreshDeps, course: Course): Promise<Refreshed> {
  const since = await participants.differencesUrl(course, now());
  const outcome = await readRoster(callLms, course, { since });
  if (outcome.read === 'failed') {
    await participants.failed(course, outcome.reason);
    return outcome;
  }
  // A course has at least the person who opened it: an empty list is a fault of the LMS, and nobody is put out by it.
  if (outcome.read === 'all' && outcome.members.length === 0) {
    await participants.failed(course, 'bad-answer');
    return { read: 'failed', reason: 'bad-answer' };
  }
  const { pages, differencesUrl } = outcome;
  const facts = { id: randomUUID(), at: now(), pages, differencesUrl };
  const change =
    outcome.read === 'all'
      ? await participants.replace(course, outcome.members, facts)
      : await participants.amend(course, outcome, facts);
  return { read: 'done', change };
}

/** Reads the roster, or what changed in it, and takes it in; a failed or partial read leaves what was known. */
export async function refreshRoster(deps: RefreshDeps, course: Course): Promise<Refreshed> {
  await deps.participants.reading(course);
  try {
    return await read(deps, course);
  } catch (error) {
    // Our own fault; the page must not go on saying that it reads.
    await deps.participants.failed(course, 'unreachable');
    throw error;
  }
}
