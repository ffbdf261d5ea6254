import { Schema, type Connection } from 'mongoose';
import { digest, randomToken } from './login-store.js';

interface Row {
  _id: string;
  expiresAt: Date;
  usedAt: Date | null;
}

/** One-time links by which an LMS administrator registers the tool. Only a digest of the code is stored. */
export function createRegistrationLinks(
  connection: Connection,
  { publicUrl, now }: { publicUrl: string; now: () => Date },
) {
  const schema = new Schema<Row>(
    {
      _id: { type: String, required: true },
      expiresAt: { type: Date, required: true, expires: 0 },
      usedAt: { type: Date, default: null },
    },
    { versionKey: false, collection: 'lti_registration_links' },
  );
  const model = connection.model<Row>('LtiRegistrationLink', schema);
  const open = (code: string) => ({ _id: digest(code), usedAt: null, expiresAt: { $gt: now() } });
  return {
    async ready() {
      await model.init();
    },
    /** @returns the whole address, to be pasted into the LMS. */
    async create(hours = 72): Promise<string> {
      const code = randomToken();
      await model.create({ _id: digest(code), expiresAt: new Date(now().getTime() + hours * 3_600_000), usedAt: null });
      return `${publicUrl}/lti/register/${code}`;
    },
    async isOpen(code: string): Promise<boolean> {
      return (await model.exists(open(code))) !== null;
    },
    /** Of two requests at once, one gets it. */
    async claim(code: string): Promise<boolean> {
      const { modifiedCount } = await model.updateOne(open(code), { $set: { usedAt: now() } });
      return modifiedCount === 1;
    },
    /** After a failure the administrator may try the same link again. */
    async release(code: string): Promise<void> {
      await model.updateOne({ _id: digest(code) }, { $set: { usedAt: null } });
    },
  };
}

export type RegistrationLinks = ReturnType<typeof createRegistrationLinks>;
