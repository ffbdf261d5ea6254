import type { Connection } from 'mongoose';

export interface Expiring {
  readonly collection: string;
  /** A date; a document without it stays. */
  readonly field: string;
  /** How long it stays beyond that date. */
  readonly seconds: number;
}

/** What the schemas of this connection say: every date with `expires`. */
export const expiringOf = (connection: Connection): Expiring[] =>
  Object.values(connection.models).flatMap((model) =>
    model.schema
      .indexes()
      .flatMap(([fields, { expireAfterSeconds: seconds }]) =>
        typeof seconds === 'number'
          ? Object.keys(fields).map((field) => ({ collection: model.collection.name, field, seconds }))
          : [],
      ),
  );

export interface Sweeper {
  /** Takes away at once what is past; answers how many documents. */
  sweep(): Promise<number>;
  /** Waits for a sweep that is under way. */
  stop(): Promise<void>;
}

/**
 * Takes away what has expired, for engines without TTL deletion. Only housekeeping: whoever reads such a document checks its
 * date. A sweep that fails is left to the next one.
 */
export function startSweeper(
  connection: Connection,
  expiring: readonly Expiring[],
  everyMs: number,
  now: () => Date = () => new Date(),
): Sweeper {
  async function sweep(): Promise<number> {
    let gone = 0;
    for (const { collection, field, seconds } of expiring) {
      const before = new Date(now().getTime() - seconds * 1000);
      const { deletedCount } = await connection.collection(collection).deleteMany({ [field]: { $lte: before } });
      gone += deletedCount;
    }
    return gone;
  }
  let underWay: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    underWay = underWay.then(sweep).catch(() => undefined);
  }, everyMs);
  timer.unref();
  return {
    sweep,
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
