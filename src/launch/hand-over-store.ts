import { createHash, randomBytes } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';

interface Row {
  _id: string;
  session: string;
  course: string;
  expiresAt: Date;
}

export interface HandOver {
  /** The session's id (a digest), from which a new one is made. */
  readonly session: string;
  readonly course: string;
}

const LIVES_MS = 60_000;
const digest = (code: string) => createHash('sha256').update(code).digest('base64url');

/** Single-use codes of 60 seconds that carry a person from the LMS's frame into a tab of its own. */
export function createHandOverStore(connection: Connection, now: () => Date) {
  const text = { type: String, required: true };
  const schema = new Schema<Row>(
    { _id: text, session: text, course: text, expiresAt: { type: Date, required: true, expires: 0 } },
    { versionKey: false, collection: 'hand_overs' },
  );
  const model = connection.model<Row>('HandOver', schema);
  const live = (code: string) => ({ _id: digest(code), expiresAt: { $gt: now() } });
  return {
    async ready() {
      await model.init();
    },
    async create({ session, course }: HandOver): Promise<string> {
      const code = randomBytes(24).toString('base64url');
      await model.create({ _id: digest(code), session, course, expiresAt: new Date(now().getTime() + LIVES_MS) });
      return code;
    },
    async peek(code: string): Promise<HandOver | undefined> {
      return (await model.findOne(live(code)).lean<Row | null>()) ?? undefined;
    },
    async consume(code: string): Promise<HandOver | undefined> {
      return (await model.findOneAndDelete(live(code)).lean<Row | null>()) ?? undefined;
    },
  };
}

export type HandOverStore = ReturnType<typeof createHandOverStore>;
