import { createPrivateKey, type KeyObject } from 'node:crypto';
import ltijs from 'ltijs';
import { Schema, type Connection } from 'mongoose';
import { platformKey } from '../launch/course.js';
import { AppError } from '../web/errors.js';

/** A registered LMS client: one issuer and one client id. */
export interface Platform {
  readonly key: string;
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
  /** Deployments that an administrator let in; a launch from another one is refused. */
  readonly deployments: readonly string[];
  readonly active: boolean;
}

export type NewPlatform = Omit<Platform, 'key' | 'active'>;

interface Row extends NewPlatform {
  _id: string;
  active: boolean;
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
    },
    { versionKey: false, collection: 'platforms' },
  );
  return connection.model<Row>('Platform', schema);
};

const CACHED_MS = 5_000;

export interface Platforms {
  ready(): Promise<void>;
  /** All clients of one issuer; login initiations without a client id need it. */
  ofIssuer(issuer: string): Promise<readonly Platform[]>;
  find(issuer: string, clientId: string): Promise<Platform | undefined>;
  byKey(key: string): Promise<Platform | undefined>;
  list(): Promise<readonly Platform[]>;
  /** Stores it and has ltijs make its key pair; a platform that is there already is refused. */
  register(platform: NewPlatform): Promise<Platform>;
  /** The private key that signs our messages to this platform, and its key id. */
  signingKey(platform: Platform): Promise<{ key: KeyObject; kid: string }>;
}

export function createPlatforms(connection: Connection): Platforms {
  const model = rows(connection);
  const cache = new Map<string, { at: number; found: Platform[] }>();

  async function read(filter: { _id?: string; issuer?: string }): Promise<Platform[]> {
    const key = JSON.stringify(filter);
    const known = cache.get(key);
    if (known && Date.now() - known.at < CACHED_MS) return known.found;
    const found = (await model.find(filter).lean<Row[]>()).map(({ _id, ...rest }) => ({ key: _id, ...rest }));
    // Only what is there: a stranger can ask for any number of issuers.
    if (found.length > 0) cache.set(key, { at: Date.now(), found });
    return found;
  }

  return {
    async ready() {
      await model.init();
    },
    ofIssuer: (issuer) => read({ issuer }),
    find: async (issuer, clientId) => (await read({ _id: platformKey(issuer, clientId) }))[0],
    byKey: async (key) => (await read({ _id: key }))[0],
    list: () => read({}),
    async register(platform) {
      const key = platformKey(platform.issuer, platform.clientId);
      if (await model.exists({ _id: key })) throw new AppError('conflict', 'registered-already');
      await ltijs.Provider.registerPlatform({
        url: platform.issuer,
        name: platform.lmsName,
        clientId: platform.clientId,
        authenticationEndpoint: platform.authorizationEndpoint,
        accesstokenEndpoint: platform.tokenEndpoint,
        authorizationServer: platform.tokenAudience,
        authConfig: { method: 'JWK_SET', key: platform.jwksUrl },
      });
      await model.create({ _id: key, ...platform, active: true });
      cache.clear();
      return { key, ...platform, active: true };
    },
    async signingKey(platform) {
      const known = await ltijs.Provider.getPlatform(platform.issuer, platform.clientId);
      if (known === false) throw new Error(`No key pair for ${platform.key}`);
      return { key: createPrivateKey(await known.platformPrivateKey()), kid: await known.platformKid() };
    },
  };
}
