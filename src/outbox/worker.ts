import type { Logger } from 'pino';
import { MAX_ATTEMPTS, pauseMs } from './backoff.js';
import type { Handlers, Outcome } from './delivery.js';
import type { Claimed, OutboxStore } from './store.js';

export interface WorkerOptions {
  /** Deliveries under way at once in this process. */
  readonly concurrency?: number;
  /** Of these, to one platform: an LMS that is slow must not hold up the others, nor be flooded. */
  readonly perPlatform?: number;
  /** How often to look for what other processes left or what fell due. */
  readonly pollMs?: number;
  /** How long a stop waits for what is under way before it gives the claims back. */
  readonly graceMs?: number;
}

export interface WorkerDeps {
  readonly store: OutboxStore;
  readonly handlers: Handlers;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly leaseMs: number;
}

interface Running {
  readonly claimed: Claimed;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

export interface Worker {
  wake(): void;
  stop(): Promise<void>;
}

export function startWorker(deps: WorkerDeps, options: WorkerOptions): Worker {
  const { store, handlers, logger, now, leaseMs } = deps;
  // Waiting, not computing: one slow LMS must not hold up the others.
  const { concurrency = 24, perPlatform = 3, pollMs = 1000, graceMs = 8000 } = options;
  const kinds = Object.keys(handlers);
  const running = new Map<string, Running>();
  /** Platforms that asked us to wait, and until when; and those that did not answer. */
  const paused = new Map<string, number>();
  const troubled = new Set<string>();
  let stopping = false;
  let pumping = false;
  let again = false;

  function busyPlatforms(): string[] {
    const counts = new Map<string, number>();
    for (const { claimed } of running.values())
      counts.set(claimed.course.platform, (counts.get(claimed.course.platform) ?? 0) + 1);
    for (const [platform, until] of paused) if (until <= now().getTime()) paused.delete(platform);
    return [...[...counts].filter(([, count]) => count >= perPlatform).map(([platform]) => platform), ...paused.keys()];
  }

  async function conclude(claimed: Claimed, outcome: Outcome): Promise<void> {
    const { platform } = claimed.course;
    const at = now();
    const tooOften = outcome.then === 'retry' && claimed.attempts >= MAX_ATTEMPTS;
    if (outcome.then === 'done') {
      await store.settle(claimed, 'done', '', {}, at);
      // It answers again: what waits for that need not wait out its pause.
      if (troubled.delete(platform)) await store.hasten(platform, 'unreachable', at);
    } else if (outcome.then === 'refused' || tooOften) {
      await store.settle(claimed, 'refused', outcome.reason, ('detail' in outcome && outcome.detail) || {}, at);
    } else if (outcome.then === 'later') {
      await store.giveBack(claimed, new Date(at.getTime() + outcome.afterMs), '', false, at);
    } else {
      const pause = pauseMs(claimed.attempts, Math.random(), outcome.afterMs);
      if (outcome.reason === 'unreachable') troubled.add(platform);
      if (outcome.reason === 'too-many' && outcome.afterMs !== undefined)
        paused.set(platform, at.getTime() + outcome.afterMs);
      await store.giveBack(claimed, new Date(at.getTime() + pause), outcome.reason, true, at);
    }
    const { kind, key, version, attempts } = claimed;
    const reason = 'reason' in outcome ? outcome.reason : undefined;
    logger.info({ kind, delivery: key, version, attempts, then: outcome.then, reason }, 'delivery tried');
  }

  async function attempt(claimed: Claimed, signal: AbortSignal): Promise<Outcome> {
    try {
      const handler = handlers[claimed.kind];
      return handler ? await handler(claimed, signal) : { then: 'later', afterMs: 60_000 };
    } catch (error) {
      logger.error({ err: error, kind: claimed.kind, delivery: claimed.key }, 'a delivery failed in our own code');
      return { then: 'retry', reason: 'own-fault' };
    }
  }

  /** Holds the lease while the handler works; a lost lease aborts it. */
  async function deliver(claimed: Claimed, abort: AbortController): Promise<void> {
    const hold = async () => {
      if (!(await store.hold(claimed, new Date(now().getTime() + leaseMs)))) abort.abort();
    };
    const beat = setInterval(
      () => void hold().catch((err: unknown) => logger.warn({ err }, 'lease not held')),
      leaseMs / 3,
    );
    beat.unref();
    try {
      const outcome = await attempt(claimed, abort.signal);
      await conclude(claimed, outcome);
    } finally {
      clearInterval(beat);
    }
  }

  function begin(claimed: Claimed): void {
    const abort = new AbortController();
    const ended = deliver(claimed, abort)
      // The claim stays; after the lease somebody takes it over.
      .catch((error: unknown) => logger.error({ err: error, delivery: claimed.key }, 'the outcome could not be stored'))
      .finally(() => {
        running.delete(claimed.claim);
        wake();
      });
    running.set(claimed.claim, { claimed, abort, ended });
  }

  async function pump(): Promise<void> {
    try {
      // What is woken while it looks makes it look once more.
      while (again) {
        again = false;
        while (!stopping && running.size < concurrency) {
          const claimed = await store.claim(kinds, busyPlatforms(), now(), leaseMs);
          if (!claimed) break;
          begin(claimed);
        }
      }
    } finally {
      pumping = false;
    }
  }

  let underWay: Promise<void> = Promise.resolve();
  function wake(): void {
    if (stopping) return;
    again = true;
    if (pumping) return;
    pumping = true;
    underWay = pump().catch((error: unknown) => logger.error({ err: error }, 'the outbox could not be read'));
  }

  const poll = setInterval(wake, pollMs);
  wake();

  return {
    wake,
    async stop() {
      stopping = true;
      clearInterval(poll);
      await underWay;
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([Promise.all([...running.values()].map(({ ended }) => ended)), grace]);
      clearTimeout(timer);
      for (const { claimed, abort } of running.values()) {
        abort.abort();
        await store.giveBack(claimed, now(), '', false, now());
      }
    },
  };
}
