import { Schema, type Connection } from 'mongoose';
import { digest, randomToken } from '../web/sealed.js';
import type { Desk } from './platforms.js';

export interface OpenLink {
  /** A digest of the code; the code itself is shown once and never stored. */
  readonly id: string;
  readonly expiresAt: Date;
}

export interface LinkWish {
  readonly hours?: number;
  /** What the administrators of the LMS that registers by it may look after. */
  readonly desk?: Desk;
}

interface Row {
  _id: string;
  desk: Desk;
  expiresAt: Date;
  usedAt: Date | null;
}

/** One-time links by which an LMS administrator registers the tool. */
export function createRegistrationLinks(
  connection: Connection,
  { publicUrl, now }: { publicUrl: string; now: () => Date },
) {
  const schema = new Schema<Row>(
    {
      _id: { type: String, required: true },
      desk: { type: String, default: 'own' },
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
    async create({ hours = 72, desk = 'all' }: LinkWish = {}): Promise<string> {
      const code = randomToken();
      const expiresAt = new Date(now().getTime() + hours * 3_600_000);
      await model.create({ _id: digest(code), desk, expiresAt, usedAt: null });
      return `${publicUrl}/lti/register/${code}`;
    },
    async isOpen(code: string): Promise<boolean> {
      return (await model.exists(open(code))) !== null;
    },
    /** Of two requests at once, one gets it. */
    async claim(code: string): Promise<Desk | undefined> {
      const { modifiedCount } = await model.updateOne(open(code), { $set: { usedAt: now() } });
      if (modifiedCount !== 1) return undefined;
      return (await model.findOne({ _id: digest(code) }).lean<Row | null>())?.desk;
    },
    /** After a failure the administrator may try the same link again. */
    async release(code: string): Promise<void> {
      await model.updateOne({ _id: digest(code) }, { $set: { usedAt: null } });
    },
    /** Those that could still be used, the newest first. */
    async listOpen(): Promise<readonly OpenLink[]> {
      const rows = await model.find({ usedAt: null }).lean<Row[]>();
      return rows
        .filter(({ expiresAt }) => expiresAt > now())
        .map(({ _id, expiresAt }) => ({ id: _id, expiresAt }))
        .toSorted((a, b) => b.expiresAt.getTime() - a.expiresAt.getTime());
    },
    async withdraw(id: string): Promise<void> {
      await model.deleteOne({ _id: id, usedAt: null });
    },
  };
}

export type RegistrationLinks = ReturnType<typeof createRegistrationLinks>;
