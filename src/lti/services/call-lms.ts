import type { HttpAnswer, LmsFetch } from '../lms-fetch.js';
import type { Platform, Platforms } from '../platforms.js';
import { createBreaker, type BreakerOptions, type Health } from './breaker.js';
import type { CallFailure, CallLms, CallOptions, LmsAnswer, LmsRequest } from './call.js';
import { retryAfterMs } from './retry-after.js';
import { createTokens, type Token, type TokenOutcome } from './tokens.js';

export interface CallLmsDeps {
  readonly platforms: Pick<Platforms, 'byKey' | 'signingKey'>;
  readonly lmsFetch: LmsFetch;
  readonly now?: () => number;
  readonly breaker?: Omit<BreakerOptions, 'now'>;
}

/** An LMS may ask for hours; a platform as a whole rests no longer than this. The answer itself carries the whole wish. */
const LONGEST_REST_MS = 5 * 60_000;

/** Our own answer, in the LMS's place. `Retry-After` is said as a header too, for whoever reads answers by those. */
function ownAnswer(status: number, failure: CallFailure, waitMs?: number): LmsAnswer {
  const headers: Record<string, string> =
    waitMs === undefined ? {} : { 'retry-after': String(Math.ceil(waitMs / 1000)) };
  const stage = failure === 'missing-scope' ? 'service' : 'token';
  return { status, body: '', headers, stage, failure, retryAfterMs: waitMs };
}

/**
 * What an answer says about the platform's health. A plain 500 to something that we write says nothing: Moodle answers so
 * at a locked column and Open edX at a person that it does not know (lti-platforms.md), and one locked column must not cut
 * off a whole university. An address that we refuse to call, or an answer too large for us, is no fault of the connection.
 */
function healthOf({ status, stage, failure }: LmsAnswer, method: LmsRequest['method']): Health {
  if (failure === 'missing-scope') return 'neither';
  if (status === 0) return failure === 'address-refused' || failure === 'too-large' ? 'neither' : 'failed';
  if (status === 429) return 'ok';
  if (stage === 'token') return 'failed';
  if (status === 500 && method !== 'GET') return 'neither';
  return status >= 500 ? 'failed' : 'ok';
}

/** 401; in Open edX 403, which Canvas of old also says to whoever asks too often. */
const speaksOfToken = ({ status, body }: HttpAnswer): boolean =>
  status === 401 || (status === 403 && !/rate limit|above_response_limit/i.test(body));

const covers = ({ granted }: Token, scopes: readonly string[], needs: CallOptions['needs']): boolean => {
  if (granted === undefined) return true;
  const has = (scope: string) => granted.includes(scope);
  return needs === undefined ? scopes.every(has) : needs.some(has);
};

interface Done {
  readonly answer: LmsAnswer;
  readonly health: Health;
}

export function createCallLms({ platforms, lmsFetch, now = Date.now, breaker = {} }: CallLmsDeps): CallLms {
  const tokens = createTokens({ platforms, lmsFetch, now });
  const circuits = createBreaker({ ...breaker, now });
  /** Platforms that asked us to wait, and until when. */
  const resting = new Map<string, number>();

  function answerOf(answer: HttpAnswer, stage: LmsAnswer['stage']): LmsAnswer {
    const asksToWait = answer.status === 429 || answer.status === 503;
    const waitMs = asksToWait ? retryAfterMs(answer.headers['retry-after'], now()) : undefined;
    return { ...answer, stage, retryAfterMs: waitMs };
  }

  const ask = (token: Token, { accept, contentType, method, url, body, signal }: LmsRequest): Promise<HttpAnswer> =>
    lmsFetch({
      method,
      url,
      headers: {
        Authorization: `Bearer ${token.token}`,
        ...(accept === undefined ? {} : { Accept: accept }),
        ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
      },
      ...(body === undefined ? {} : { body }),
      signal,
    });

  /** Calls that waited for one token are one failure, however many they are. */
  const tokenRefused = ({ refused, shared }: Extract<TokenOutcome, { refused: HttpAnswer }>): Done => {
    const answer = answerOf(refused, 'token');
    return { answer, health: shared ? 'neither' : healthOf(answer, 'POST') };
  };

  /** One call, at most two of each kind: a kept token may have died, or may be older than a scope that was granted since. */
  async function carryOut(
    platform: Platform,
    scopes: readonly string[],
    request: LmsRequest,
    { freshToken = false, renew = true, needs }: CallOptions,
  ): Promise<Done> {
    const served = (answer: LmsAnswer): Done => ({ answer, health: healthOf(answer, request.method) });
    let got = await tokens.get(platform, scopes, { anew: freshToken });
    if ('token' in got && !got.fresh && !covers(got, scopes, needs))
      got = await tokens.get(platform, scopes, { not: got.token });
    if ('refused' in got) return tokenRefused(got);
    if (!covers(got, scopes, needs)) return served(ownAnswer(403, 'missing-scope'));
    const answer = await ask(got, request);
    if (got.fresh || !renew || !speaksOfToken(answer)) return served(answerOf(answer, 'service'));
    const renewed = await tokens.get(platform, scopes, { not: got.token });
    if ('refused' in renewed) return tokenRefused(renewed);
    return served(answerOf(await ask(renewed, request), 'service'));
  }

  function rest(platform: string, waitMs: number): void {
    const until = now() + Math.min(waitMs, LONGEST_REST_MS);
    if (until > (resting.get(platform) ?? 0)) resting.set(platform, until);
  }

  return async (platformKey, scopes, request, options = {}): Promise<LmsAnswer> => {
    const platform = await platforms.byKey(platformKey);
    if (!platform?.active) return ownAnswer(0, 'no-platform');
    const restMs = (resting.get(platformKey) ?? 0) - now();
    if (restMs > 0) return ownAnswer(429, 'asked-to-wait', restMs);
    resting.delete(platformKey);
    const admission = circuits.admit(platformKey);
    if (!admission.go) return ownAnswer(0, 'circuit-open', admission.retryAfterMs);
    let health: Health = 'neither';
    try {
      const done = await carryOut(platform, scopes, request, options);
      const { answer } = done;
      health = done.health;
      if (answer.retryAfterMs !== undefined) rest(platformKey, answer.retryAfterMs);
      return answer;
    } finally {
      admission.settle(health);
    }
  };
}
