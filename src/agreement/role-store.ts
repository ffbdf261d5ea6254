import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import type { GivenRole } from './rules.js';
import type { Signer } from './version.js';

/** Somebody who was let in at least once and does not only learn: of them an administrator chooses. */
export interface KnownPerson extends Signer {
  readonly seenAt: Date;
}

export interface Seen extends Signer {
  /** Where the LMS tells it. */
  readonly email?: string | undefined;
}

export interface Holder extends GivenRole, Signer {
  readonly id: string;
  readonly at: Date;
  /** Empty where the LMS does not tell it. */
  readonly email: string;
  /** When the last letter went to this person. */
  readonly remindedAt: Date | null;
}

interface PersonRow {
  platform: string;
  sub: string;
  name: string;
  /** The name in small letters, to be searched. */
  plain: string;
  email?: string;
  seenAt: Date;
  remindedAt?: Date;
}

interface RoleRow extends GivenRole {
  platform: string;
  sub: string;
  givenBy: string;
  at: Date;
}

type StoredRole = RoleRow & { readonly _id: unknown };

/** How fine "last seen" is. */
const NOTED_MS = 3_600_000;
const plain = (text: string) => text.normalize('NFC').toLocaleLowerCase('ru');
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export function createRoleStore(connection: Connection) {
  const text = { type: String, required: true } as const;
  const people = connection.model<PersonRow>(
    'KnownPerson',
    new Schema<PersonRow>(
      {
        platform: text,
        sub: text,
        name: String,
        plain: String,
        email: String,
        seenAt: { type: Date, required: true },
        remindedAt: Date,
      },
      { collection: 'knownPeople', versionKey: false },
    ).index({ platform: 1, sub: 1 }, { unique: true }),
  );
  const roles = connection.model<RoleRow>(
    'AgreeingRole',
    new Schema<RoleRow>(
      {
        platform: text,
        sub: text,
        role: text,
        scope: { type: String, default: '' },
        givenBy: text,
        at: { type: Date, required: true },
      },
      { collection: 'agreeingRoles', versionKey: false },
    ).index({ platform: 1, sub: 1, role: 1, scope: 1 }, { unique: true }),
  );

  async function named(platform: string, rows: readonly StoredRole[]): Promise<Holder[]> {
    const subs = [...new Set(rows.map(({ sub }) => sub))];
    const known = await people.find({ platform, sub: { $in: subs } }).lean<PersonRow[]>();
    const bySub = new Map(known.map((person) => [person.sub, person]));
    return rows.map(({ _id, sub, role, scope, at }) => ({
      id: String(_id),
      sub,
      name: bySub.get(sub)?.name ?? '',
      email: bySub.get(sub)?.email ?? '',
      remindedAt: bySub.get(sub)?.remindedAt ?? null,
      role,
      scope,
      at,
    }));
  }

  return {
    async ready() {
      await Promise.all([people.init(), roles.init()]);
    },
    /** As the LMS names them now. */
    async remember(platform: string, { sub, name, email = '' }: Seen, now: Date): Promise<void> {
      const row = await people.findOne({ platform, sub }).lean<PersonRow | null>();
      if (row?.name === name && (row.email ?? '') === email && now.getTime() - row.seenAt.getTime() < NOTED_MS) return;
      await people
        .updateOne({ platform, sub }, { $set: { name, plain: plain(name), email, seenAt: now } }, { upsert: true })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
        });
    },
    /** By a part of the name or the whole id; the last seen first. */
    async people(platform: string, search: string, limit: number): Promise<readonly KnownPerson[]> {
      const words = plain(search.trim());
      const asked = words === '' ? {} : { $or: [{ plain: { $regex: escaped(words) } }, { sub: search.trim() }] };
      const rows = await people
        .find({ platform, ...asked })
        .sort({ seenAt: -1 })
        .limit(limit)
        .lean<PersonRow[]>();
      return rows.map(({ sub, name, seenAt }) => ({ sub, name, seenAt }));
    },
    async reminded(platform: string, sub: string, at: Date): Promise<void> {
      await people.updateOne({ platform, sub }, { $set: { remindedAt: at } });
    },
    async isKnown(platform: string, sub: string): Promise<boolean> {
      return (await people.findOne({ platform, sub }).lean<PersonRow | null>()) !== null;
    },
    async give(platform: string, sub: string, { role, scope }: GivenRole, by: string, at: Date): Promise<void> {
      await roles
        .updateOne({ platform, sub, role, scope }, { $setOnInsert: { givenBy: by, at } }, { upsert: true })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
        });
    },
    /** True where there was such a role on this LMS. */
    async take(platform: string, id: string): Promise<boolean> {
      if (!/^[\da-f]{24}$/.test(id)) return false;
      return (await roles.deleteOne({ _id: id, platform })).deletedCount === 1;
    },
    async rolesOf(platform: string, sub: string): Promise<readonly GivenRole[]> {
      const rows = await roles.find({ platform, sub }).lean<RoleRow[]>();
      return rows.map(({ role, scope }) => ({ role, scope }));
    },
    /** Everybody of this LMS who has a role. */
    async holders(platform: string): Promise<readonly Holder[]> {
      return named(platform, await roles.find({ platform }).sort({ at: 1 }).lean<StoredRole[]>());
    },
  };
}

export type RoleStore = ReturnType<typeof createRoleStore>;
