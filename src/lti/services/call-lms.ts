import { SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { HttpAnswer, LmsFetch } from '../lms-fetch.js';
import type { Platform, Platforms } from '../platforms.js';
import type { CallLms, LmsAnswer } from './call.js';

const TokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().default(3600),
  scope: z.string().optional(),
});

interface Kept {
  readonly token: string;
  readonly until: number;
}

type TokenOutcome = { token: string } | { refused: HttpAnswer };

const EARLY_MS = 5 * 60_000;

/**
 * Our own client assertion (RFC 7523; 1EdTech Security Framework 1.0, section 4.1.1). `iat` lies a minute back, because
 * Moodle refuses a clock one second ahead of its own.
 */
async function assertionFor(platforms: Platforms, platform: Platform, now: number): Promise<string> {
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

export interface CallLmsDeps {
  readonly platforms: Platforms;
  readonly lmsFetch: LmsFetch;
  readonly now?: () => number;
}

/** Tokens live in this process only, one per platform and set of scopes, fetched once at a time. */
export function createCallLms({ platforms, lmsFetch, now = Date.now }: CallLmsDeps): CallLms {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<TokenOutcome>>();

  async function fetchToken(platform: Platform, scopes: readonly string[], key: string): Promise<TokenOutcome> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertionFor(platforms, platform, now()),
      scope: scopes.join(' '),
    });
    const answer = await lmsFetch({
      method: 'POST',
      url: platform.tokenEndpoint,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: form.toString(),
    });
    const got = tokenIn(answer);
    if (!got) return { refused: answer };
    kept.set(key, {
      token: got.access_token,
      until: now() + got.expires_in * 1000 - Math.min(EARLY_MS, got.expires_in * 500),
    });
    return { token: got.access_token };
  }

  function tokenFor(platform: Platform, scopes: readonly string[], fresh: boolean): Promise<TokenOutcome> {
    const key = `${platform.key} ${[...scopes].sort().join(' ')}`;
    const known = kept.get(key);
    if (!fresh && known && known.until > now()) return Promise.resolve({ token: known.token });
    const running = underWay.get(key) ?? fetchToken(platform, scopes, key).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  }

  return async (platformKey, scopes, request, { freshToken = false } = {}): Promise<LmsAnswer> => {
    const platform = await platforms.byKey(platformKey);
    if (!platform?.active)
      return { status: 0, body: 'This platform is not registered or switched off', headers: {}, stage: 'token' };
    const outcome = await tokenFor(platform, scopes, freshToken);
    if ('refused' in outcome) return { ...outcome.refused, stage: 'token' };
    const { accept, contentType, method, url, body } = request;
    const answer = await lmsFetch({
      method,
      url,
      headers: {
        Authorization: `Bearer ${outcome.token}`,
        ...(accept === undefined ? {} : { Accept: accept }),
        ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
      },
      ...(body === undefined ? {} : { body }),
    });
    return { ...answer, stage: 'service' };
  };
}
