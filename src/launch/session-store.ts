import { Schema, type Connection } from 'mongoose';
import type { Language } from '../web/i18n.js';
import { digest, randomToken } from '../web/sealed.js';
import type { Role } from './permissions.js';
import type { DeskRole } from './roles.js';
import type { Person } from './visit.js';

/** What a person may be in one course, as the last launch from it said. */
export interface Entry {
  readonly role: Role;
  /** Looks with a student's eyes and changes nothing. */
  readonly preview?: boolean | undefined;
  readonly returnUrl?: string | undefined;
}

export interface Session {
  /** Digest of the cookie's token; the token itself is never stored. */
  readonly id: string;
  readonly platform: string;
  readonly person: Person;
  readonly csrf: string;
  readonly language?: Language | undefined;
  /** By course id. */
  readonly entries: Readonly<Record<string, Entry>>;
  /** What the last launch from a place of the LMS as a whole said; nothing without one. */
  readonly desk?: DeskRole | undefined;
  /** The deployment that launch came through. */
  readonly deskDeployment?: string | undefined;
  readonly expiresAt: Date;
  readonly startedAt: Date;
}

interface Row {
  _id: string;
  platform: string;
  sub: string;
  name?: string | undefined;
  givenName?: string | undefined;
  email?: string | undefined;
  csrf: string;
  language?: Language | undefined;
  entries: Record<string, Entry>;
  desk?: DeskRole | undefined;
  deskDeployment?: string | undefined;
  startedAt: Date;
  expiresAt: Date;
}

/** However busy: after a working day and an evening the LMS is asked again who the person is. */
const LONGEST_MS = 16 * 3_600_000;

const JUST_MADE_MS = 2_000;

const sessionOf = (row: Row): Session => ({
  id: row._id,
  platform: row.platform,
  person: { sub: row.sub, name: row.name, givenName: row.givenName, email: row.email },
  csrf: row.csrf,
  language: row.language,
  entries: row.entries,
  desk: row.desk,
  deskDeployment: row.deskDeployment,
  expiresAt: row.expiresAt,
  startedAt: row.startedAt,
});

/** Into a course, or to the desk of the LMS as a whole. */
export type Entered =
  { readonly courseId: string; readonly entry: Entry } | { readonly desk: DeskRole; readonly deskDeployment: string };

export interface NewEntry {
  readonly platform: string;
  readonly person: Person;
  readonly entered: Entered;
  /** Said by the launch; a language that the person chose goes before it. */
  readonly locale?: Language | undefined;
}

const model = (connection: Connection) => {
  const text = { type: String, required: true };
  return connection.model<Row>(
    'Session',
    new Schema<Row>(
      {
        _id: text,
        platform: text,
        sub: text,
        name: String,
        givenName: String,
        email: String,
        csrf: text,
        language: String,
        entries: { type: Schema.Types.Mixed, default: {} },
        desk: String,
        deskDeployment: String,
        startedAt: { type: Date, required: true },
        expiresAt: { type: Date, required: true, expires: 0 },
      },
      { versionKey: false, collection: 'sessions', minimize: false },
    ).index({ platform: 1, sub: 1 }),
  );
};

/** Sessions by an opaque random token; one is shared by all courses that one person opened in one browser. */
export function createSessionStore(
  connection: Connection,
  { idleMinutes, now }: { idleMinutes: number; now: () => Date },
) {
  const sessions = model(connection);
  const until = () => new Date(now().getTime() + idleMinutes * 60_000);
  const alive = () => ({ expiresAt: { $gt: now() }, startedAt: { $gt: new Date(now().getTime() - LONGEST_MS) } });

  /** Sessions of this moment: the first page comes right after the launch and need not ask for what was just written. */
  const justMade = new Map<string, Row>();
  function remember(row: Row): void {
    justMade.set(row._id, row);
    setTimeout(() => justMade.delete(row._id), JUST_MADE_MS).unref();
  }

  async function find(cookie: string | undefined): Promise<Session | undefined> {
    if (cookie === undefined) return undefined;
    const made = justMade.get(digest(cookie));
    if (made) {
      justMade.delete(made._id);
      return sessionOf(made);
    }
    const row = await sessions.findOne({ _id: digest(cookie), ...alive() }).lean<Row | null>();
    return row ? sessionOf(row) : undefined;
  }

  return {
    async ready() {
      await sessions.init();
    },
    find,
    /**
     * Lets a person in. The same person in the same browser keeps the session (pages open in other tabs go on working);
     * another person always gets a new one, so that a page of the person before cannot act as this one.
     *
     * `granted` tells whether the person may come in at all. A new session is written while that is still being found out:
     * nobody knows its token before, and where the answer is no it is taken away again.
     */
    async enter(
      cookie: string | undefined,
      asked: NewEntry,
      granted: Promise<unknown>,
    ): Promise<{ cookie: string; id: string }> {
      const { platform, person, entered, locale } = asked;
      const facts = { name: person.name, givenName: person.givenName, email: person.email };
      if (cookie !== undefined) {
        await granted;
        const kept = await sessions.updateOne(
          { _id: digest(cookie), platform, sub: person.sub, ...alive() },
          {
            $set: {
              ...facts,
              ...(locale ? { language: locale } : {}),
              ...('desk' in entered ? entered : { [`entries.${entered.courseId}`]: entered.entry }),
              expiresAt: until(),
            },
          },
        );
        justMade.delete(digest(cookie));
        if (kept.matchedCount === 1) return { cookie, id: digest(cookie) };
      }
      const fresh = randomToken();
      const row: Row = {
        _id: digest(fresh),
        platform,
        sub: person.sub,
        ...facts,
        csrf: randomToken(),
        language: locale,
        ...('desk' in entered ? { entries: {}, ...entered } : { entries: { [entered.courseId]: entered.entry } }),
        startedAt: now(),
        expiresAt: until(),
      };
      const written = sessions.create(row);
      try {
        await granted;
      } catch (error) {
        await written;
        await sessions.deleteOne({ _id: row._id });
        throw error;
      }
      await written;
      remember(row);
      return { cookie: fresh, id: row._id };
    },
    /** A second session of the same person, for another tab whose cookies are kept apart. */
    async copy(id: string): Promise<string | undefined> {
      const row = await sessions.findOne({ _id: id, ...alive() }).lean<Row | null>();
      if (!row) return undefined;
      const fresh = randomToken();
      await sessions.create({ ...row, _id: digest(fresh), csrf: randomToken(), expiresAt: until() });
      return fresh;
    },
    /** Idle time starts anew, at most every few minutes; true where it did, and the cookie's has to as well. */
    async touch(session: Session): Promise<boolean> {
      const left = session.expiresAt.getTime() - now().getTime();
      if (idleMinutes * 60_000 - left <= 5 * 60_000) return false;
      await sessions.updateOne({ _id: session.id }, { $set: { expiresAt: until() } });
      return true;
    },
    /** Opens one more course to this session. */
    async addEntry(id: string, courseId: string, entry: Entry): Promise<void> {
      justMade.delete(id);
      await sessions.updateOne({ _id: id, ...alive() }, { $set: { [`entries.${courseId}`]: entry } });
    },
    /** Signs out of this session. */
    async end(id: string): Promise<void> {
      justMade.delete(id);
      await sessions.deleteOne({ _id: id });
    },
    /** These people are not in this course any more, or not as what they were: the LMS has to let them in anew. */
    async leave(platform: string, courseId: string, subs: readonly string[]): Promise<void> {
      if (subs.length === 0) return;
      justMade.clear();
      await sessions.updateMany({ platform, sub: { $in: [...subs] } }, { $unset: { [`entries.${courseId}`]: '' } });
    },
    /** The platform was switched off. */
    async endAll(platform: string): Promise<void> {
      justMade.clear();
      await sessions.deleteMany({ platform });
    },
    async setLanguage(session: Pick<Session, 'id'>, language: Language): Promise<void> {
      justMade.delete(session.id);
      await sessions.updateOne({ _id: session.id }, { $set: { language } });
    },
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;
