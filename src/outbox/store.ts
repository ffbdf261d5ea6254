import { randomUUID } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import type { Delivery, DeliveryState, Order } from './delivery.js';

/**
 * A payload is settled or due; whoever holds the lease works on it. State is never one field that an enqueue and a worker
 * both write: an enqueue says "due" and raises the version, a worker settles only the version that it took.
 */
interface Row extends CourseRef {
  key: string;
  kind: string;
  payload: Record<string, unknown>;
  version: number;
  order: number;
  due: boolean;
  nextTryAt: Date;
  attempts: number;
  claim: string;
  leaseUntil: Date;
  /** Of the newest version; empty while it is due. */
  outcome: '' | 'done' | 'refused';
  reason: string;
  detail: Record<string, unknown>;
  changedAt: Date;
}

export interface Claimed extends Delivery {
  readonly claim: string;
}

const FREE = { claim: '', leaseUntil: new Date(0) } as const;
const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const date = { type: Date, required: true } as const;
const words = { type: String, default: '' } as const;
const tree = { type: Schema.Types.Mixed, default: {} } as const;

function modelOf(connection: Connection) {
  const schema = new Schema<Row>(
    {
      platform: text,
      deployment: text,
      context: text,
      key: text,
      kind: text,
      payload: tree,
      version: number,
      order: number,
      due: { type: Boolean, required: true },
      nextTryAt: date,
      attempts: number,
      claim: words,
      leaseUntil: date,
      outcome: words,
      reason: words,
      detail: tree,
      changedAt: date,
    },
    { versionKey: false, collection: 'outbox', minimize: false },
  );
  schema.index({ key: 1 }, { unique: true });
  schema.index({ due: 1, nextTryAt: 1 });
  schema.index({ platform: 1, deployment: 1, context: 1, kind: 1 });
  return connection.model<Row>('Delivery', schema);
}

export interface OutboxStore {
  ready(): Promise<void>;
  put(order: Order, now: Date): Promise<'queued' | 'superseded'>;
  /** Takes the delivery that is due longest, if one is free; its lease runs until `now + leaseMs`. */
  claim(
    kinds: readonly string[],
    busyPlatforms: readonly string[],
    now: Date,
    leaseMs: number,
  ): Promise<Claimed | undefined>;
  /** Lengthens the lease; false where the claim is not ours any more. */
  hold(claimed: Claimed, leaseUntil: Date): Promise<boolean>;
  settle(claimed: Claimed, outcome: 'done' | 'refused', reason: string, detail: object, now: Date): Promise<void>;
  /** Gives the claim back to be taken again from `nextTryAt` on. An attempt that did not count is not counted. */
  giveBack(claimed: Claimed, nextTryAt: Date, reason: string, counts: boolean, now: Date): Promise<void>;
  /** What waits for this reason on this platform is due at once. */
  hasten(platform: string, reason: string, now: Date): Promise<void>;
  retryNow(key: string, now: Date): Promise<boolean>;
  states(course: CourseRef, kind: string, now: Date): Promise<readonly DeliveryState[]>;
}

const PUT_TRIES = 5;

export function createOutboxStore(connection: Connection): OutboxStore {
  const model = modelOf(connection);

  /** Only while the version that was claimed is still the newest; else the claim is let go and the newer one stays due. */
  async function leave(claimed: Claimed, set: Partial<Row>, inc: Record<string, number>): Promise<void> {
    const { key, claim, version } = claimed;
    const done = await model.updateOne({ key, claim, version }, { $set: { ...set, ...FREE }, $inc: inc });
    if (done.matchedCount === 0) await model.updateOne({ key, claim }, { $set: FREE });
  }

  async function putOnce({ kind, key, course, payload, notBefore, order }: Order, now: Date): Promise<boolean> {
    const nextTryAt = notBefore && notBefore > now ? notBefore : now;
    const set = {
      payload,
      due: true,
      nextTryAt,
      attempts: 0,
      outcome: '',
      reason: '',
      detail: {},
      changedAt: now,
    } as const;
    try {
      await model.updateOne(
        { key, ...(order === undefined ? {} : { order: { $lt: order } }) },
        {
          $set: order === undefined ? set : { ...set, order },
          $inc: { version: 1 },
          $setOnInsert: { ...courseRef(course), kind, ...FREE, ...(order === undefined ? { order: 0 } : {}) },
        },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  return {
    async ready() {
      await model.init();
    },
    async put(order, now) {
      // A duplicate is either another first enqueue at the same moment, or an order that is newer than this one.
      for (let n = 0; n < PUT_TRIES; n++) {
        if (await putOnce(order, now)) return 'queued';
        const there = await model.findOne({ key: order.key }, { order: 1 }).lean<Pick<Row, 'order'> | null>();
        if (order.order !== undefined && there && there.order >= order.order) return 'superseded';
      }
      throw new Error('The outbox could not take a delivery');
    },
    async claim(kinds, busyPlatforms, now, leaseMs) {
      const row = await model
        .findOneAndUpdate(
          {
            due: true,
            kind: { $in: [...kinds] },
            nextTryAt: { $lte: now },
            leaseUntil: { $lte: now },
            platform: { $nin: [...busyPlatforms] },
          },
          { $set: { claim: randomUUID(), leaseUntil: new Date(now.getTime() + leaseMs) }, $inc: { attempts: 1 } },
          { sort: { nextTryAt: 1 }, returnDocument: 'after' },
        )
        .lean<Row | null>();
      if (!row) return undefined;
      const { kind, key, payload, version, attempts, claim } = row;
      return { kind, key, course: courseRef(row), payload, version, attempts, claim };
    },
    async hold({ key, claim }, leaseUntil) {
      return (await model.updateOne({ key, claim }, { $set: { leaseUntil } })).matchedCount === 1;
    },
    async settle(claimed, outcome, reason, detail, now) {
      await leave(claimed, { due: false, outcome, reason, detail: { ...detail }, changedAt: now }, {});
    },
    async giveBack(claimed, nextTryAt, reason, counts, now) {
      await leave(claimed, { nextTryAt, reason, changedAt: now }, { attempts: counts ? 0 : -1 });
    },
    async hasten(platform, reason, now) {
      await model.updateMany({ platform, due: true, reason, nextTryAt: { $gt: now } }, { $set: { nextTryAt: now } });
    },
    async retryNow(key, now) {
      const set = {
        due: true,
        nextTryAt: now,
        attempts: 0,
        outcome: '',
        reason: '',
        detail: {},
        changedAt: now,
      } as const;
      return (await model.updateOne({ key, outcome: { $ne: 'done' } }, { $set: set })).matchedCount === 1;
    },
    async states(course, kind, now) {
      const rows = await model.find({ ...courseRef(course), kind }).lean<Row[]>();
      return rows.map((row): DeliveryState => {
        const { key, reason, detail, payload, attempts, nextTryAt, changedAt } = row;
        const underWay = row.claim !== '' && row.leaseUntil > now ? 'sending' : 'waiting';
        const state = row.due || row.outcome === '' ? underWay : row.outcome;
        return { key, state, reason, detail, payload, attempts, nextTryAt, changedAt };
      });
    },
  };
}
