import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose';
import { secondsOf, type Lms } from './lms.js';
import type { Tool } from './types.js';

/** The tool's key set could not be read. */
export class KeySetUnreachable extends Error {}

export class AssertionRefused extends Error {}

const FETCH_MS = 5000;

const cached = new WeakMap<Tool, JSONWebKeySet>();

const PRIVATE_HOST =
  /^(localhost|127\.|10\.|192\.168\.|169\.254\.|0\.0\.0\.0|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cd])/;

/** Moodle's defaults: `curlsecurityblockedhosts`, and `curlsecurityallowedport` 443 and 80. */
function isBlocked({ world }: Lms, address: string): boolean {
  const { hostname, port } = new URL(address);
  return world.switches.blockPrivateKeySets && (PRIVATE_HOST.test(hostname) || !['', '80', '443'].includes(port));
}

/** Reads the tool's key set, unless it lies where the LMS does not look. */
export async function fetchKeys(lms: Lms, tool: Tool): Promise<JSONWebKeySet> {
  if (isBlocked(lms, tool.jwksUri)) throw new KeySetUnreachable(tool.jwksUri);
  try {
    const answer = await fetch(tool.jwksUri, { signal: AbortSignal.timeout(FETCH_MS) });
    const keys = (await answer.json()) as JSONWebKeySet;
    if (!answer.ok || !Array.isArray(keys.keys)) throw new Error(`${tool.jwksUri} answered ${answer.status}`);
    return keys;
  } catch (error) {
    throw new KeySetUnreachable(tool.jwksUri, { cause: error });
  }
}

async function signedBy(assertion: string, keys: JSONWebKeySet): Promise<JWTPayload> {
  // Times are checked by the manners themselves; an epoch far back keeps jose out of it.
  const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
    algorithms: ['RS256'],
    currentDate: new Date(0),
    clockTolerance: Number.MAX_SAFE_INTEGER,
  });
  return payload;
}

/** Checks the signature; keys are kept and read again after any failure, so a tool may rotate them. */
export async function verifySignature(lms: Lms, tool: Tool, assertion: string): Promise<JWTPayload> {
  const known = cached.get(tool);
  if (known && !isBlocked(lms, tool.jwksUri)) {
    try {
      return await signedBy(assertion, known);
    } catch {
      // The key set may have changed since.
    }
  }
  const keys = await fetchKeys(lms, tool);
  cached.set(tool, keys);
  return signedBy(assertion, keys);
}

export function unverified(assertion: string): { kid: string | undefined; payload: JWTPayload } | undefined {
  try {
    return { kid: decodeProtectedHeader(assertion).kid, payload: decodeJwt(assertion) };
  } catch {
    return undefined;
  }
}

export const isSignatureError = (error: unknown): error is errors.JOSEError => error instanceof errors.JOSEError;

const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, '+0000');

/** Moodle checks times that are there, to the second, and neither `aud`, `iss` nor a used `jti`. */
export function checkAsMoodle(lms: Lms, { exp, nbf, iat }: JWTPayload): void {
  const now = secondsOf(lms.now());
  for (const [name, value] of Object.entries({ nbf, iat }))
    if (value !== undefined && value > now)
      throw new AssertionRefused(`Cannot handle token with ${name} prior to ${iso(value)}`);
  if (exp !== undefined && exp <= now) throw new AssertionRefused('Expired token');
}

const LEEWAY = 5;
const LONGEST = 3600;

/** RFC 7523 section 3 and 1EdTech Security Framework 1.0, section 4.1.1: everything is there and used once. */
export function checkToTheLetter(lms: Lms, tool: Tool, { iss, sub, aud, exp, iat, jti }: JWTPayload): void {
  const now = secondsOf(lms.now());
  const refuse = (reason: string): never => {
    throw new AssertionRefused(reason);
  };
  if (iss !== tool.clientId || sub !== tool.clientId) refuse('iss and sub must be the client id');
  if (![aud].flat().some((one) => one === lms.at.token(tool.id) || one === lms.url))
    refuse('aud must be the token endpoint');
  if (exp === undefined || iat === undefined) return refuse('exp and iat are required');
  if (exp + LEEWAY <= now) refuse('the assertion has expired');
  if (iat - LEEWAY > now) refuse('the assertion comes from the future');
  if (exp - iat > LONGEST) refuse('the assertion lives too long');
  if (jti === undefined || jti === '') return refuse('jti is required');
  const key = `${tool.clientId} ${jti}`;
  if (lms.assertions.read(key)) refuse('this jti was used before');
  lms.assertions.issue(true, Math.max(exp - now, 0) + LEEWAY + 1, key);
}
