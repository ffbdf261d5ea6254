import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { LtijsDatabase } from 'ltijs';
import { Schema, type Connection, type Model } from 'mongoose';
import { z } from 'zod';

/**
 * ltijs keeps four collections that we want; what it writes at each launch (`idtoken`, `contexttoken`, `nonce`, `state`,
 * `accesstoken`) is replaced by our own logins and sessions and never stored.
 */
const KEPT = {
  platform: ['platformUrl', 'clientId'],
  platformStatus: ['id'],
  publickey: ['kid'],
  privatekey: ['kid'],
} as const;
type Kept = keyof typeof KEPT;
const isKept = (name: string): name is Kept => name in KEPT;

type Row = Record<string, unknown>;
const Secret = z.object({ box: z.string() });

const CACHED_MS = 5_000;

/** AES-256-GCM; the private keys of all platforms are sealed with it. */
function sealer(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, 'serik', 'lti keys', 32));
  return {
    seal(value: unknown): string {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(box: string): unknown {
      const bytes = Buffer.from(box, 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return JSON.parse(
        Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'),
      ) as unknown;
    },
  };
}

/** Only plain strings reach a query: an `aud` or `iss` that is an object would be an operator. */
const plain = (query: Row | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]));

function models(connection: Connection): Record<Kept, Model<Row>> {
  const entries = Object.entries(KEPT).map(([name, unique]) => {
    const schema = new Schema<Row>(
      Object.fromEntries(unique.map((field) => [field, { type: String, required: true }])),
      { strict: false, strictQuery: false, versionKey: false, collection: `lti_${name.toLowerCase()}` },
    );
    schema.index(Object.fromEntries(unique.map((field) => [field, 1])), { unique: true });
    return [name, connection.model<Row>(`Lti${name}`, schema)] as const;
  });
  return Object.fromEntries(entries) as Record<Kept, Model<Row>>;
}

export interface LtijsStore extends LtijsDatabase {
  ready(): Promise<void>;
}

/** ltijs' database plugin on our own connection. Platforms and their status are answered from a short cache. */
export function createLtijsStore(connection: Connection): LtijsStore {
  const collections = models(connection);
  const cache = new Map<string, { at: number; rows: Row[] }>();
  const row = (secret: string | false, item: Row, index?: Row): Row =>
    secret === false ? item : { ...index, box: sealer(secret).seal(item) };

  async function read(name: Kept, query: Row | undefined): Promise<Row[]> {
    const key = `${name} ${JSON.stringify(plain(query))}`;
    const cachable = name === 'platform' || name === 'platformStatus';
    const known = cache.get(key);
    if (cachable && known && Date.now() - known.at < CACHED_MS) return known.rows;
    const rows = await collections[name].find(plain(query)).select('-_id').lean<Row[]>();
    if (cachable && rows.length > 0) cache.set(key, { at: Date.now(), rows });
    return rows;
  }

  return {
    async ready() {
      await Promise.all(Object.values(collections).map((model) => model.init()));
    },
    setup: () => Promise.resolve(true),
    Close: () => Promise.resolve(true),
    async Get(secret, collection, query) {
      if (!isKept(collection)) return false;
      const rows = await read(collection, query);
      if (rows.length === 0) return false;
      return secret === false ? rows : rows.map((found) => sealer(secret).open(Secret.parse(found).box));
    },
    async Insert(secret, collection, item, index) {
      if (!isKept(collection)) return true;
      cache.clear();
      await collections[collection].create(row(secret, item, index));
      return true;
    },
    async Replace(secret, collection, query, item, index) {
      if (!isKept(collection)) return true;
      cache.clear();
      await collections[collection].replaceOne(plain(query), row(secret, item, index), { upsert: true });
      return true;
    },
    async Modify(secret, collection, query, modification) {
      if (!isKept(collection)) return true;
      if (secret !== false) throw new Error('A sealed row is replaced, never modified');
      cache.clear();
      await collections[collection].updateOne(plain(query), { $set: modification });
      return true;
    },
    async Delete(collection, query) {
      if (!isKept(collection)) return true;
      cache.clear();
      await collections[collection].deleteMany(plain(query));
      return true;
    },
  };
}
