import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomUUID,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { SignJWT, UnsecuredJWT } from 'jose';
import type { World } from './world.js';

interface SigningKey {
  readonly kid: string;
  readonly key: KeyObject;
}

export interface SignOptions {
  readonly alg?: string;
  readonly kid?: string;
  readonly privateKey?: KeyObject | Uint8Array;
  readonly header?: Record<string, unknown>;
}

export interface PlatformKeys {
  jwks(): { keys: JsonWebKey[] };
  sign(claims: Record<string, unknown>, options?: SignOptions): Promise<string>;
  /** Without waiting: a registration token is made while a page is. */
  signNow(claims: Record<string, unknown>): string;
  /** A new key signs from now on; the one before stays published, the older one goes. */
  rotate(): Promise<void>;
}

async function makeKey(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return { kid: randomUUID().slice(0, 18), key: privateKey };
}

const keep = ({ kid, key }: SigningKey): Record<string, unknown> => ({ ...key.export({ format: 'jwk' }), kid });

const restore = (jwk: Record<string, unknown>): SigningKey => ({
  kid: String(jwk['kid']),
  key: createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' }),
});

const publish = ({ kid, key }: SigningKey): JsonWebKey => ({
  ...createPublicKey(key).export({ format: 'jwk' }),
  kid,
  alg: 'RS256',
  use: 'sig',
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function createPlatformKeys(world: World): Promise<PlatformKeys> {
  const kept = world.keys.map(restore);
  let [older, current] = await Promise.all([kept[0] ?? makeKey(), kept[1] ?? makeKey()]);
  const store = () => {
    world.keys = [keep(older), keep(current)];
    world.changed();
  };
  store();
  return {
    jwks: () => ({ keys: [publish(older), publish(current)] }),
    sign(claims, { alg = 'RS256', kid = current.kid, privateKey = current.key, header = {} } = {}) {
      if (alg === 'none') return Promise.resolve(new UnsecuredJWT(claims).encode());
      return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg, kid, ...header }).sign(privateKey);
    },
    signNow(claims) {
      const text = `${part({ typ: 'JWT', alg: 'RS256', kid: current.kid })}.${part(claims)}`;
      return `${text}.${sign('RSA-SHA256', Buffer.from(text), current.key).toString('base64url')}`;
    },
    async rotate() {
      const next = await makeKey();
      [older, current] = [current, next];
      store();
    },
  };
}
