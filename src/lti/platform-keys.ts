import { createLocalJWKSet, errors, type CryptoKey, type FlattenedJWSInput, type JWSHeaderParameters } from 'jose';
import { z } from 'zod';
import type { LmsFetch } from './lms-fetch.js';

const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

const FRESH_MS = 10 * 60_000;
/** A platform whose key address is down keeps working for a day on the keys that we know. */
const STALE_MS = 24 * 3_600_000;
/** An unknown `kid` fetches anew, but not more often than this: a stranger can invent key ids. */
const REFETCH_MS = 10_000;

export class KeysUnavailable extends Error {}

interface Kept {
  keys: ReturnType<typeof createLocalJWKSet>;
  fetchedAt: number;
}

type KeyFinder = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/** The platforms' public keys: kept, fetched once at a time, fetched again on an unknown key id, used stale in need. */
export function createPlatformKeys({ lmsFetch, now = Date.now }: { lmsFetch: LmsFetch; now?: () => number }) {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<Kept>>();
  const forcedAt = new Map<string, number>();

  async function fetchKeys(url: string): Promise<Kept> {
    const answer = await lmsFetch({ method: 'GET', url, headers: { Accept: 'application/json' } });
    if (answer.status !== 200) throw new KeysUnavailable(`${url} answered ${answer.status} ${answer.failure ?? ''}`);
    let found;
    try {
      found = KeySet.parse(JSON.parse(answer.body));
    } catch (cause) {
      throw new KeysUnavailable(`${url} did not answer with a key set`, { cause });
    }
    const entry = { keys: createLocalJWKSet(found), fetchedAt: now() };
    kept.set(url, entry);
    return entry;
  }

  const refresh = (url: string): Promise<Kept> => {
    const running = underWay.get(url) ?? fetchKeys(url).finally(() => underWay.delete(url));
    underWay.set(url, running);
    return running;
  };

  async function current(url: string): Promise<Kept> {
    const entry = kept.get(url);
    if (entry && now() - entry.fetchedAt < FRESH_MS) return entry;
    try {
      return await refresh(url);
    } catch (error) {
      if (entry && now() - entry.fetchedAt < STALE_MS) return entry;
      throw error;
    }
  }

  /** Keys that came after these; nothing where it is too soon to ask. All who come while one look is under way share it. */
  async function newerThan(url: string, entry: Kept): Promise<Kept | undefined> {
    const known = kept.get(url);
    if (known && known !== entry) return known;
    const running = underWay.get(url);
    if (running) return running;
    if (now() - (forcedAt.get(url) ?? -Infinity) < REFETCH_MS) return undefined;
    forcedAt.set(url, now());
    return refresh(url);
  }

  return {
    finder:
      (url: string): KeyFinder =>
      async (header, token) => {
        const entry = await current(url);
        try {
          return await entry.keys(header, token);
        } catch (error) {
          if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
          const newer = await newerThan(url, entry);
          if (!newer) throw error;
          return newer.keys(header, token);
        }
      },
  };
}

export type PlatformKeys = ReturnType<typeof createPlatformKeys>;
