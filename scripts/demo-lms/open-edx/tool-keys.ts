import { compactVerify, importJWK, type JSONWebKeySet, type JWTPayload } from 'jose';
import { fetchKeys } from '../assertion.js';
import { secondsOf, type Lms } from '../lms.js';
import type { Tool } from '../types.js';

/** No key of the tool's set made this signature. */
export class SignatureRefused extends Error {}

/** The signature is good and its times are not. */
export class TimesRefused extends Error {}

async function payloadSignedBy(jwt: string, { keys }: JSONWebKeySet): Promise<JWTPayload> {
  for (const jwk of keys) {
    try {
      const { payload } = await compactVerify(jwt, await importJWK(jwk, 'RS256'), { algorithms: ['RS256'] });
      return JSON.parse(new TextDecoder().decode(payload)) as JWTPayload;
    } catch {
      // Another key of the set may fit: the `kid` is not looked at.
    }
  }
  throw new SignatureRefused('No key of the tool fits');
}

/** The key set is read anew each time; `exp`, `nbf` and `iat` count if they are there, to the second. */
export async function verifyAsOpenEdx(lms: Lms, tool: Tool, jwt: string): Promise<JWTPayload> {
  const payload = await payloadSignedBy(jwt, await fetchKeys(lms, tool));
  const now = secondsOf(lms.now());
  const { exp, nbf = 0, iat = 0 } = payload;
  if ((exp !== undefined && exp <= now) || nbf > now || iat > now) throw new TimesRefused('Not valid now');
  return payload;
}
