import { createHash, randomBytes } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';

/** One sign-in under way: what the LMS's answer will be held against. */
export interface Login {
  readonly platform: string;
  readonly issuer: string;
  readonly clientId: string;
  /** What the initiation named, where it named one. */
  readonly deployment?: string | undefined;
  readonly target: string;
  readonly nonce: string;
}

interface Row extends Login {
  _id: string;
  browser: string;
  expiresAt: Date;
}

/** The LMS may make the person sign in first. */
const LIVES_MS = 10 * 60_000;

export const digest = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
export const randomToken = (): string => randomBytes(32).toString('base64url');

export type Consumed = { found: 'login'; login: Login } | { found: 'foreign-browser' | 'nothing' };

export function createLoginStore(connection: Connection, now: () => Date) {
  const text = { type: String, required: true };
  const schema = new Schema<Row>(
    {
      _id: text,
      browser: text,
      platform: text,
      issuer: text,
      clientId: text,
      deployment: String,
      target: text,
      nonce: text,
      expiresAt: { type: Date, required: true, expires: 0 },
    },
    { versionKey: false, collection: 'lti_logins' },
  );
  const model = connection.model<Row>('LtiLogin', schema);
  return {
    async ready() {
      await model.init();
    },
    /** Starts a login bound to this browser; gives the state and nonce to send. */
    async begin(login: Omit<Login, 'nonce'>, browser: string): Promise<{ state: string; nonce: string }> {
      const [state, nonce] = [randomToken(), randomToken()];
      const expiresAt = new Date(now().getTime() + LIVES_MS);
      await model.create({ _id: digest(state), browser: digest(browser), ...login, nonce, expiresAt });
      return { state, nonce };
    },
    /**
     * Takes the login out, once: of many answers with one state a single one finds it. An answer from another browser
     * leaves it in place, so that a stranger cannot spend it.
     */
    async consume(state: string, browser: string): Promise<Consumed> {
      const row = await model
        .findOneAndDelete({ _id: digest(state), browser: digest(browser), expiresAt: { $gt: now() } })
        .lean<Row | null>();
      if (row) return { found: 'login', login: row };
      return { found: (await model.exists({ _id: digest(state) })) ? 'foreign-browser' : 'nothing' };
    },
  };
}

export type LoginStore = ReturnType<typeof createLoginStore>;
