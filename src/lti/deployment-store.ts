import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';

/** A deployment that asked to be let in. Approved ones stand in the platform itself. */
export interface AskingDeployment {
  readonly deployment: string;
  readonly state: 'waiting' | 'refused';
  /** What the LMS said of itself at the launch, so that somebody recognises it. */
  readonly hint: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

interface Row extends AskingDeployment {
  platform: string;
}

/** A platform with more than this many waiting is misused; the rest is refused without a trace. */
const MOST_WAITING = 200;
/** One note a minute is enough for "last asked". */
const NOTED_MS = 60_000;

export function createDeploymentStore(connection: Connection, now: () => Date) {
  const text = { type: String, required: true };
  const schema = new Schema<Row>(
    {
      platform: text,
      deployment: text,
      state: text,
      hint: { type: String, default: '' },
      firstAt: { type: Date, required: true },
      lastAt: { type: Date, required: true },
    },
    { versionKey: false, collection: 'lti_deployments' },
  );
  schema.index({ platform: 1, deployment: 1 }, { unique: true });
  const model = connection.model<Row>('LtiDeployment', schema);

  return {
    async ready() {
      await model.init();
    },
    /** A launch came from a deployment that nobody let in yet: it waits. Gives what is known of it. */
    async ask(platform: string, deployment: string, hint: string): Promise<'waiting' | 'refused'> {
      const known = await model.findOne({ platform, deployment }).lean<Row | null>();
      if (known) {
        if (now().getTime() - known.lastAt.getTime() > NOTED_MS)
          await model.updateOne({ platform, deployment }, { $set: { lastAt: now(), hint } });
        return known.state;
      }
      if ((await model.countDocuments({ platform, state: 'waiting' })) >= MOST_WAITING) return 'refused';
      await model
        .create({ platform, deployment, state: 'waiting', hint, firstAt: now(), lastAt: now() })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
        });
      return 'waiting';
    },
    async list(platform?: string): Promise<readonly (AskingDeployment & { readonly platform: string })[]> {
      const found = await model.find(platform === undefined ? {} : { platform }).lean<Row[]>();
      return found.toSorted((a, b) => b.lastAt.getTime() - a.lastAt.getTime());
    },
    /** It was let in: it does not ask any more. */
    async forget(platform: string, deployment: string): Promise<void> {
      await model.deleteOne({ platform, deployment });
    },
    async refuse(platform: string, deployment: string): Promise<void> {
      const set = { $set: { state: 'refused', lastAt: now() }, $setOnInsert: { firstAt: now(), hint: '' } };
      await model.updateOne({ platform, deployment }, set, { upsert: true });
    },
  };
}

export type DeploymentStore = ReturnType<typeof createDeploymentStore>;
