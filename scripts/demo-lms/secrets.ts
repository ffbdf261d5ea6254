import { randomBytes } from 'node:crypto';

/** Things handed out once, each good for a while: launch hints, registration and access tokens, form keys. */
export interface Secrets<T> {
  issue(value: T, seconds: number, key?: string): string;
  /** The value, while it lives. */
  read(key: string): T | undefined;
  /** The value, for the last time. */
  take(key: string): T | undefined;
  /** Whether it was issued and taken since. */
  wasTaken(key: string): boolean;
  endAll(): void;
}

export const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');

export function createSecrets<T>(now: () => Date): Secrets<T> {
  const kept = new Map<string, { value: T; until: number }>();
  const taken = new Set<string>();
  const read = (key: string) => {
    const found = kept.get(key);
    return found !== undefined && found.until > now().getTime() ? found.value : undefined;
  };
  return {
    issue(value, seconds, key = randomHex(16)) {
      kept.set(key, { value, until: now().getTime() + seconds * 1000 });
      return key;
    },
    read,
    take(key) {
      const value = read(key);
      if (value !== undefined) {
        kept.delete(key);
        taken.add(key);
      }
      return value;
    },
    wasTaken: (key) => taken.has(key),
    endAll: () => kept.clear(),
  };
}
