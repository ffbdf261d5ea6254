import { SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { HttpAnswer, LmsFetch } from '../lms-fetch.js';
import type { Platform, Platforms } from '../platforms.js';

const LONGEST_SECONDS = 86_400;

/** RFC 6749, section 5.1; where `scope` is left out, what was asked for was granted. */
const TokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce
    .number()
    .min(0)
    .catch(3600)
    .transform((seconds) => Math.min(seconds, LONGEST_SECONDS)),
  scope: z
    .union([z.string(), z.array(z.string()).transform((scopes) => scopes.join(' '))])
    .transform((scopes) => scopes.split(/\s+/).filter((scope) => scope !== ''))
    .optional()
    .catch(undefined),
});

export interface Token {
  readonly token: string;
  /** Nothing where the LMS did not say. */
  readonly granted: readonly string[] | undefined;
  /** Fetched for this call and not kept from an earlier one. */
  readonly fresh: boolean;
}

/** `shared`: another call asked, and this one waited for the same answer. */
export type TokenOutcome = Token | { readonly refused: HttpAnswer; readonly shared: boolean };

interface Kept extends Token {
  readonly until: number;
}

const EARLY_MS = 5 * 60_000;

/**
 * Our own client assertion (RFC 7523; 1EdTech Security Framework 1.0, section 4.1.1). `iat` lies a minute back, because
 * Moodle refuses a clock one second ahead of its own.
 */
async function assertionFor(platforms: TokenDeps['platforms'], platform: Platform, now: number): Promise<string> {
  const { key, kid } = await platforms.signingKey(platform);
  const seconds = Math.floor(now / 1000);
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(platform.clientId)
    .setSubject(platform.clientId)
    .setAudience(platform.tokenAudience)
    .setIssuedAt(seconds - 60)
    .setExpirationTime(seconds + 120)
    .sign(key);
}

/** Moodle answers a token as text/html, so the body is read whatever its type says. */
function tokenIn(answer: HttpAnswer) {
  if (answer.status !== 200) return undefined;
  try {
    return TokenAnswer.parse(JSON.parse(answer.body));
  } catch {
    return undefined;
  }
}

export interface TokenDeps {
  readonly platforms: Pick<Platforms, 'signingKey'>;
  readonly lmsFetch: LmsFetch;
  readonly now: () => number;
}

/** Asks the token endpoint once and gives its answer as it came. */
export async function requestToken(
  { platforms, lmsFetch, now }: TokenDeps,
  platform: Platform,
  scopes: readonly string[],
): Promise<HttpAnswer> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertionFor(platforms, platform, now()),
    scope: scopes.join(' '),
  });
  return lmsFetch({
    method: 'POST',
    url: platform.tokenEndpoint,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
    body: form.toString(),
  });
}

/** Tokens live in this process only, one per platform and set of scopes, fetched once at a time. */
export function createTokens({ platforms, lmsFetch, now }: TokenDeps) {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<TokenOutcome>>();
  const keyOf = (platform: Platform, scopes: readonly string[]) => `${platform.key} ${[...scopes].sort().join(' ')}`;

  async function fetchToken(platform: Platform, scopes: readonly string[], key: string): Promise<TokenOutcome> {
    const answer = await requestToken({ platforms, lmsFetch, now }, platform, scopes);
    const got = tokenIn(answer);
    if (!got) return { refused: answer, shared: false };
    const livesMs = got.expires_in * 1000;
    const token = { token: got.access_token, granted: got.scope, fresh: true };
    kept.set(key, { ...token, fresh: false, until: now() + livesMs - Math.min(EARLY_MS, livesMs / 2) });
    return token;
  }

  return {
    /**
     * A token for these scopes. `not`: one that the LMS does not take any more; where another call has replaced it by now,
     * that one is given. `anew`: whatever is kept is thrown away.
     */
    get(
      platform: Platform,
      scopes: readonly string[],
      { anew = false, not }: { anew?: boolean; not?: string } = {},
    ): Promise<TokenOutcome> {
      const key = keyOf(platform, scopes);
      const known = kept.get(key);
      if (!anew && known && known.until > now() && known.token !== not) return Promise.resolve(known);
      const running = underWay.get(key);
      if (running) return running.then((outcome) => ('refused' in outcome ? { ...outcome, shared: true } : outcome));
      const fetching = fetchToken(platform, scopes, key).finally(() => underWay.delete(key));
      underWay.set(key, fetching);
      return fetching;
    },
  };
}
