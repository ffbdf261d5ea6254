import { createPrivateKey, generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Schema, type Connection } from 'mongoose';
import { z } from 'zod';
import { sealer } from '../web/sealed.js';

/** A public key as `/lti/keys` shows it (RFC 7517). */
export interface PublicKey {
  readonly kty: 'RSA';
  readonly kid: string;
  readonly alg: 'RS256';
  readonly use: 'sig';
  readonly n: string;
  readonly e: string;
}

/** `next`: shown, not yet used. `current`: signs. `old`: shown until what it signed is dead. */
export interface KeyState {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'old';
  readonly madeAt: Date;
  readonly useFrom: Date;
  readonly hideAt: Date | undefined;
}

export interface Rotation {
  /** LMSs that keep our key set for a while know the new key before it signs. */
  readonly leadMinutes: number;
  /** How long the old key is shown after that. Our longest-lived signature is good for five minutes. */
  readonly overlapMinutes: number;
}

/** Ten minutes of lead, a day of overlap: Canvas and Moodle read a key set again on an unknown key id, others only now and then. */
export const USUAL_ROTATION: Rotation = { leadMinutes: 10, overlapMinutes: 24 * 60 };

interface Row {
  _id: string;
  platform: string;
  n: string;
  e: string;
  box: string;
  madeAt: Date;
  useFrom: Date;
  hideAt: Date | null;
}

const makePair = promisify(generateKeyPair);
const CACHED_MS = 2_000;

/**
 * The tool's own key pairs, one line of them for each platform. ltijs keeps a single pair and replaces it in place, which
 * leaves what the old one signed without a key: so they are kept here.
 */
export function createToolKeys(connection: Connection, { secret, now }: { secret: string; now: () => Date }) {
  const seals = sealer(secret, 'tool keys');
  const text = { type: String, required: true };
  const schema = new Schema<Row>(
    {
      _id: text,
      platform: text,
      n: text,
      e: text,
      box: text,
      madeAt: { type: Date, required: true },
      useFrom: { type: Date, required: true },
      hideAt: { type: Date, default: null, expires: 0 },
    },
    { versionKey: false, collection: 'lti_tool_keys' },
  );
  schema.index({ platform: 1 });
  const model = connection.model<Row>('LtiToolKey', schema);
  const opened = new Map<string, KeyObject>();
  const cache = new Map<string, { at: number; rows: Row[] }>();

  const shown = (row: Row) => row.hideAt === null || row.hideAt > now();
  const of = async (platform: string): Promise<Row[]> =>
    (await model.find({ platform }).lean<Row[]>())
      .filter(shown)
      .sort((a, b) => b.useFrom.getTime() - a.useFrom.getTime());

  /** The newest whose time has come; before that the oldest that there is. */
  const current = (rows: readonly Row[]): Row | undefined =>
    rows.find(({ useFrom }) => useFrom <= now()) ?? rows.at(-1);

  async function make(platform: string, useFrom: Date): Promise<Row> {
    const { publicKey, privateKey } = await makePair('rsa', { modulusLength: 2048 });
    const { n, e } = z.object({ n: z.string(), e: z.string() }).parse(publicKey.export({ format: 'jwk' }));
    const row: Row = {
      _id: randomBytes(12).toString('base64url'),
      platform,
      n,
      e,
      box: seals.seal(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      madeAt: now(),
      useFrom,
      hideAt: null,
    };
    await model.create(row);
    cache.delete(platform);
    return row;
  }

  function privateKeyOf(row: Row): KeyObject {
    const known = opened.get(row._id);
    if (known) return known;
    const pem = z.string({ error: 'The keys were sealed with another SECRET' }).parse(seals.open(row.box));
    const key = createPrivateKey(pem);
    opened.set(row._id, key);
    return key;
  }

  return {
    async ready() {
      await model.init();
    },
    /** All that is shown, of all platforms. */
    async publicKeys(): Promise<PublicKey[]> {
      const rows = (await model.find().lean<Row[]>()).filter(shown);
      return rows.map(({ _id, n, e }) => ({ kty: 'RSA', kid: _id, alg: 'RS256', use: 'sig', n, e }));
    },
    /** What signs for this platform now; made on the spot where there is none yet. */
    async signingKey(platform: string): Promise<{ key: KeyObject; kid: string }> {
      const known = cache.get(platform);
      const fresh = known && Date.now() - known.at < CACHED_MS;
      const rows = fresh ? known.rows : await of(platform);
      // Only a look at the database renews it: a process that signs all the time has to see a rotation too.
      if (!fresh) cache.set(platform, { at: Date.now(), rows });
      const row = current(rows) ?? (await make(platform, now()));
      return { key: privateKeyOf(row), kid: row._id };
    },
    async states(platform: string): Promise<readonly KeyState[]> {
      const rows = await of(platform);
      const signs = current(rows);
      return rows.map((row) => ({
        kid: row._id,
        state: row === signs ? 'current' : row.useFrom > now() ? 'next' : 'old',
        madeAt: row.madeAt,
        useFrom: row.useFrom,
        hideAt: row.hideAt ?? undefined,
      }));
    },
    /**
     * A new key: shown at once, used after the lead; those before it are hidden after the overlap. Processes that run pick
     * it up by themselves.
     */
    async rotate(platform: string, { leadMinutes, overlapMinutes }: Rotation = USUAL_ROTATION): Promise<KeyState> {
      const before = (await of(platform)).map(({ _id }) => _id);
      const useFrom = new Date(now().getTime() + leadMinutes * 60_000);
      const row = await make(platform, useFrom);
      const hideAt = new Date(useFrom.getTime() + overlapMinutes * 60_000);
      // One that is to go sooner stays so.
      await model.updateMany({ _id: { $in: before }, hideAt: null }, { $set: { hideAt } });
      if (overlapMinutes === 0) await model.updateMany({ _id: { $in: before } }, { $set: { hideAt } });
      cache.delete(platform);
      return { kid: row._id, state: 'next', madeAt: row.madeAt, useFrom, hideAt: undefined };
    },
    async remove(platform: string): Promise<void> {
      await model.deleteMany({ platform });
      cache.delete(platform);
    },
  };
}

export type ToolKeys = ReturnType<typeof createToolKeys>;
