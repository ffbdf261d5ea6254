import { createHash, type KeyObject } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import { platformKey } from '../launch/course.js';
import { AppError } from '../web/errors.js';
import type { ToolKeys } from './tool-keys-store.js';

/** A registered LMS client: one issuer and one client id. */
export interface Platform {
  readonly key: string;
  /** Short and safe in a path; made of the key. */
  readonly id: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** `aud` of our client assertions: Brightspace wants another than the token endpoint. */
  readonly tokenAudience: string;
  readonly jwksUrl: string;
  /** How people call the LMS: "Moodle". */
  readonly lmsName: string;
  /** Pages of these origins may show us in a frame (Canvas' issuer is not its origin). */
  readonly origins: readonly string[];
  /** Deployments that were let in; a launch from another one waits for an administrator. */
  readonly deployments: readonly string[];
  /** False: switched off; nobody gets in and nothing is called. */
  readonly active: boolean;
  /** Its administrators look after all platforms of this tool, or after their own. */
  readonly desk: Desk;
  readonly registeredAt: Date;
}

export type Desk = 'all' | 'own';
export type NewPlatform = Omit<Platform, 'key' | 'id' | 'active' | 'registeredAt'>;
/** What an administrator may change later. Issuer and client id are its identity and stay. */
export type PlatformChange = Partial<
  Pick<Platform, 'authorizationEndpoint' | 'tokenEndpoint' | 'tokenAudience' | 'jwksUrl' | 'lmsName' | 'origins'>
>;

interface Row extends NewPlatform {
  _id: string;
  active: boolean;
  registeredAt: Date;
}

const rows = (connection: Connection) => {
  const text = { type: String, required: true };
  const schema = new Schema<Row>(
    {
      _id: text,
      issuer: text,
      clientId: text,
      authorizationEndpoint: text,
      tokenEndpoint: text,
      tokenAudience: text,
      jwksUrl: text,
      lmsName: text,
      origins: [String],
      deployments: [String],
      active: { type: Boolean, required: true },
      desk: { type: String, required: true },
      registeredAt: { type: Date, required: true },
    },
    { versionKey: false, collection: 'platforms' },
  );
  return connection.model<Row>('Platform', schema);
};

const idOf = (key: string) => createHash('sha256').update(key).digest('base64url').slice(0, 12).replace(/^-/, '_');

const platformOf = ({ _id, ...rest }: Row): Platform => ({ key: _id, id: idOf(_id), ...rest });

const CACHED_MS = 5_000;

export interface Platforms {
  ready(): Promise<void>;
  /** All clients of one issuer; login initiations without a client id need it. */
  ofIssuer(issuer: string): Promise<readonly Platform[]>;
  find(issuer: string, clientId: string): Promise<Platform | undefined>;
  byKey(key: string): Promise<Platform | undefined>;
  byId(id: string): Promise<Platform | undefined>;
  list(): Promise<readonly Platform[]>;
  /** A platform that is there already is refused. */
  register(platform: NewPlatform): Promise<Platform>;
  change(key: string, change: PlatformChange): Promise<void>;
  setActive(key: string, active: boolean): Promise<void>;
  /** Lets a deployment in, or takes it out again. */
  setDeployment(key: string, deployment: string, approved: boolean): Promise<void>;
  /** The private key that signs our messages to this platform, and its key id. */
  signingKey(platform: Platform): Promise<{ key: KeyObject; kid: string }>;
}

export function createPlatforms(connection: Connection, keys: ToolKeys, now: () => Date): Platforms {
  const model = rows(connection);
  const cache = new Map<string, { at: number; found: Platform[] }>();

  /** Other processes see a change within seconds; this one at once. */
  async function read(filter: { _id?: string; issuer?: string }): Promise<Platform[]> {
    const key = JSON.stringify(filter);
    const known = cache.get(key);
    if (known && Date.now() - known.at < CACHED_MS) return known.found;
    const found = (await model.find(filter).lean<Row[]>()).map(platformOf);
    // Only what is there: a stranger can ask for any number of issuers.
    if (found.length > 0) cache.set(key, { at: Date.now(), found });
    return found;
  }

  async function update(key: string, change: object): Promise<void> {
    const { matchedCount } = await model.updateOne({ _id: key }, change);
    cache.clear();
    if (matchedCount === 0) throw new AppError('not_found', 'not-found');
  }

  const list = async () => (await read({})).toSorted((a, b) => a.registeredAt.getTime() - b.registeredAt.getTime());

  return {
    async ready() {
      await model.init();
    },
    ofIssuer: (issuer) => read({ issuer }),
    find: async (issuer, clientId) => (await read({ _id: platformKey(issuer, clientId) }))[0],
    byKey: async (key) => (await read({ _id: key }))[0],
    byId: async (id) => (await list()).find((platform) => platform.id === id),
    list,
    async register(platform) {
      const row: Row = {
        _id: platformKey(platform.issuer, platform.clientId),
        ...platform,
        active: true,
        registeredAt: now(),
      };
      await model.create(row).catch((error: unknown) => {
        throw isDuplicateKey(error) ? new AppError('conflict', 'registered-already') : error;
      });
      cache.clear();
      // The LMS may read our keys at once.
      await keys.signingKey(row._id);
      return platformOf(row);
    },
    change: (key, change) => update(key, { $set: change }),
    setActive: (key, active) => update(key, { $set: { active } }),
    setDeployment: (key, deployment, approved) =>
      update(key, { [approved ? '$addToSet' : '$pull']: { deployments: deployment } }),
    signingKey: (platform) => keys.signingKey(platform.key),
  };
}
