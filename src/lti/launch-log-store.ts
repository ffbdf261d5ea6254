import { randomBytes } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';

export interface LaunchRecord {
  readonly at: Date;
  /** Nothing where the LMS is not known. */
  readonly platform?: string | undefined;
  readonly deployment?: string | undefined;
  /** A key of the catalogue `errors` for a refusal; `ok` for somebody who got in. */
  readonly outcome: string;
  /** The number on the person's page and in the log. Nothing for a good launch. */
  readonly number?: string | undefined;
  /** Of a clock's fault: how far apart. */
  readonly seconds?: number | undefined;
}

interface Row extends LaunchRecord {
  _id: string;
  expiresAt: Date;
}

const KEPT_MS = 30 * 24 * 3_600_000;
/** A flood of bad launches fills no database and hides no other: so many a minute, process and platform; strangers share one. */
const MOST_A_MINUTE = 20;
const GOOD_ONE_EVERY_MS = 60_000;

/** The last launches and refusals, for the administrator's desk. Written beside the launch, never waited for. */
export function createLaunchLog(connection: Connection, now: () => Date) {
  const schema = new Schema<Row>(
    {
      _id: { type: String, required: true },
      at: { type: Date, required: true },
      platform: { type: String, default: '' },
      deployment: String,
      outcome: { type: String, required: true },
      number: String,
      seconds: Number,
      expiresAt: { type: Date, required: true, expires: 0 },
    },
    { versionKey: false, collection: 'lti_launch_log' },
  );
  schema.index({ platform: 1, at: -1 });
  const model = connection.model<Row>('LtiLaunchLog', schema);
  let minute = { at: 0, written: new Map<string, number>() };
  const goodAt = new Map<string, number>();

  async function write(record: Omit<LaunchRecord, 'at'>): Promise<void> {
    const at = now();
    if (at.getTime() - minute.at > 60_000) minute = { at: at.getTime(), written: new Map() };
    const whose = record.platform ?? '';
    const written = (minute.written.get(whose) ?? 0) + 1;
    minute.written.set(whose, written);
    if (written > MOST_A_MINUTE) return;
    const expiresAt = new Date(at.getTime() + KEPT_MS);
    await model.create({ _id: randomBytes(9).toString('base64url'), at, ...record, expiresAt });
  }

  return {
    async ready() {
      await model.init();
    },
    refused: (record: Omit<LaunchRecord, 'at'>) => write(record),
    /** Once a minute for a deployment: "last launch" needs no more. */
    async good(platform: string, deployment: string): Promise<void> {
      const key = `${platform} ${deployment}`;
      const time = now().getTime();
      if (time - (goodAt.get(key) ?? 0) < GOOD_ONE_EVERY_MS) return;
      goodAt.set(key, time);
      await write({ platform, deployment, outcome: 'ok' });
    },
    /** Newest first. Without a platform: of all, strangers included. */
    async last(limit: number, platform?: string, only?: 'refused'): Promise<readonly LaunchRecord[]> {
      const filter = {
        ...(platform === undefined ? {} : { platform }),
        ...(only === undefined ? {} : { outcome: { $ne: 'ok' } }),
      };
      return model.find(filter).sort({ at: -1 }).limit(limit).lean<Row[]>();
    },
    async lastGood(platform: string): Promise<Date | undefined> {
      return (await model.findOne({ platform, outcome: 'ok' }).sort({ at: -1 }).lean<Row | null>())?.at;
    },
  };
}

export type LaunchLog = ReturnType<typeof createLaunchLog>;
