import type { LmsAnswer } from '../lti/index.js';
import { MAX_ATTEMPTS } from './backoff.js';

export type RefusalReason =
  /** The LMS does not grade this person: not enrolled, or not as a student. */
  | 'not-enrolled'
  | 'no-permission'
  | 'no-token'
  /** It failed at this very score again and again: in Moodle the column is locked. */
  | 'locked'
  /** The line item is not there any more. */
  | 'column-gone'
  | 'bad-answer'
  | 'unreachable'
  | 'too-many';

export type Decision =
  | { readonly then: 'sent' | 'read-back' | 'renew-token' }
  | { readonly then: 'retry'; readonly reason: RefusalReason; readonly afterMs?: number | undefined }
  | { readonly then: 'refused'; readonly reason: RefusalReason };

export interface Tries {
  /** Of this score, this one included. */
  readonly attempts: number;
  /** This answer came with a token fetched just now. */
  readonly renewed: boolean;
}

/** A server that fails at one request only (Moodle at a locked item, Open edX at an unknown user) fails at it for ever. */
const ATTEMPTS_AT_500 = 6;
const ATTEMPTS_WITHOUT_TOKEN = 4;
/** The column is looked up, or made, once more before its absence is told. */
const ATTEMPTS_WITHOUT_COLUMN = 2;

const opening = (body: string) => body.trimStart().charAt(0);

/** What an LMS's answer to a score means. AGS 2.0, section 3.4; measured on Moodle 4.4 and Open edX (lti-platforms.md). */
export function afterAttempt(
  answer: Pick<LmsAnswer, 'status' | 'body' | 'stage' | 'retryAfterMs'>,
  tries: Tries,
): Decision {
  const { status, body, stage, retryAfterMs: wish } = answer;
  const again = (reason: RefusalReason, limit: number, afterMs?: number): Decision =>
    tries.attempts < limit ? { then: 'retry', reason, afterMs } : { then: 'refused', reason };

  if (status === 429) return again('too-many', MAX_ATTEMPTS, wish);
  if (status === 0 || status > 500) return again('unreachable', MAX_ATTEMPTS, wish);
  if (status === 500) return stage === 'token' ? again('unreachable', MAX_ATTEMPTS) : again('locked', ATTEMPTS_AT_500);
  // Moodle answers 404 with a page where it cannot reach our keys, and 400 in free words where clocks differ.
  if (stage === 'token') return again('no-token', ATTEMPTS_WITHOUT_TOKEN);

  if (status >= 200 && status < 300) {
    // Moodle says 200 and [] for a score that it refused; a page is a proxy's or a maintenance notice, not the LMS's word.
    if (opening(body) === '[') return { then: 'refused', reason: 'bad-answer' };
    return { then: opening(body) === '<' ? 'read-back' : 'sent' };
  }
  // Moodle repeats the refused score, its timestamp too, after these words: there they say nothing of its age.
  const speaksOfTime = /timestamp/i.test(body) && !/incorrect score received/i.test(body);
  if (status === 409 || (status === 400 && speaksOfTime)) return { then: 'read-back' };
  // Canvas of old counts requests in 403s.
  if (status === 403 && /rate limit/i.test(body)) return again('too-many', MAX_ATTEMPTS, wish);
  // A dead token is 401, in Open edX 403; only a fresh one tells it from a refusal.
  if (status === 401 || status === 403)
    return tries.renewed ? { then: 'refused', reason: 'no-permission' } : { then: 'renew-token' };
  if (status === 404 || status === 410) return again('column-gone', ATTEMPTS_WITHOUT_COLUMN, 0);
  // What we send is well formed, so a 400 (Moodle) or 422 (Canvas) is about the person.
  if (status === 400 || status === 422) return { then: 'refused', reason: 'not-enrolled' };
  if (status >= 300 && status < 400) return again('bad-answer', ATTEMPTS_AT_500);
  return { then: 'refused', reason: 'bad-answer' };
}
