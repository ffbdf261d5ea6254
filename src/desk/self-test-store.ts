import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import type { TestResult } from './self-test.js';

export interface SelfTestReport {
  readonly state: 'never' | 'running' | 'done';
  readonly at: Date | undefined;
  readonly results: readonly TestResult[];
}

interface Row {
  _id: string;
  state: 'running' | 'done';
  startedAt: Date;
  at: Date | null;
  results: TestResult[];
}

/** A process that was stopped in the middle does not keep the page waiting. */
const LONGEST_MS = 3 * 60_000;

/** The last self-test of each platform. */
export function createSelfTestStore(connection: Connection, now: () => Date) {
  const schema = new Schema<Row>(
    {
      _id: { type: String, required: true },
      state: { type: String, required: true },
      startedAt: { type: Date, required: true },
      at: { type: Date, default: null },
      results: { type: Schema.Types.Mixed, default: [] },
    },
    { versionKey: false, collection: 'self_tests', minimize: false },
  );
  const model = connection.model<Row>('SelfTest', schema);
  return {
    async ready() {
      await model.init();
    },
    /** False where one is running already. */
    async start(platform: string): Promise<boolean> {
      const fresh = { state: 'done', startedAt: new Date(0), at: null, results: [] };
      await model.updateOne({ _id: platform }, { $setOnInsert: fresh }, { upsert: true }).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });
      const late = new Date(now().getTime() - LONGEST_MS);
      const begun = await model.updateOne(
        { _id: platform, $or: [{ state: 'done' }, { startedAt: { $lte: late } }] },
        { $set: { state: 'running', startedAt: now() } },
      );
      return begun.matchedCount === 1;
    },
    async finish(platform: string, results: readonly TestResult[]): Promise<void> {
      await model.updateOne({ _id: platform }, { $set: { state: 'done', at: now(), results: [...results] } });
    },
    async get(platform: string): Promise<SelfTestReport> {
      const row = await model.findOne({ _id: platform }).lean<Row | null>();
      if (!row) return { state: 'never', at: undefined, results: [] };
      const running = row.state === 'running' && now().getTime() - row.startedAt.getTime() < LONGEST_MS;
      const results = row.results;
      return { state: running ? 'running' : row.at ? 'done' : 'never', at: row.at ?? undefined, results };
    },
  };
}

export type SelfTestStore = ReturnType<typeof createSelfTestStore>;
