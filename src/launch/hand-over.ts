import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Spent } from '../database/index.js';
import { sealer } from '../web/sealed.js';

export interface HandOver {
  /** The session's id (a digest), from which a new one is made. */
  readonly session: string;
  /** Where the person was going: a path of ours. */
  readonly path: string;
  /** Whose page may show the way in its frame. */
  readonly platform: string;
}

const Sealed = z.object({
  s: z.string(),
  p: z.string().startsWith('/'),
  k: z.string(),
  e: z.number(),
  /** Two codes of one moment differ. */
  r: z.string(),
});

const LIVES_MS = 60_000;

/**
 * Codes of 60 seconds that carry a person from the LMS's frame into a tab of its own. Where the frame keeps its cookie a code
 * only says where to go; nothing is stored until one is really spent, which happens once.
 */
export function createHandOvers({ spent, secret, now }: { spent: Spent; secret: string; now: () => Date }) {
  const seals = sealer(secret, 'hand-over');
  return {
    create: ({ session, path, platform }: HandOver): string =>
      seals.seal({
        s: session,
        p: path,
        k: platform,
        e: now().getTime() + LIVES_MS,
        r: randomBytes(9).toString('base64url'),
      } satisfies z.input<typeof Sealed>),
    peek(code: string): HandOver | undefined {
      const read = Sealed.safeParse(seals.open(code));
      if (!read.success || read.data.e <= now().getTime()) return undefined;
      return { session: read.data.s, path: read.data.p, platform: read.data.k };
    },
    async consume(code: string): Promise<HandOver | undefined> {
      const handOver = this.peek(code);
      if (!handOver) return undefined;
      const first = await spent.spend(`hand-over ${code}`, new Date(now().getTime() + LIVES_MS));
      return first ? handOver : undefined;
    },
  };
}

export type HandOvers = ReturnType<typeof createHandOvers>;
