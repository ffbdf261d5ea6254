import { setImmediate } from 'node:timers/promises';
import { Schema, type Connection } from 'mongoose';
import { isStoredAlike } from '../database/as-stored.js';
import { isDuplicateKey } from '../database/duplicate.js';
import { LOGIN_SECONDS } from '../lti/index.js';
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
  /** The person's own choice; goes before what the launch says. */
  chosen?: Language | undefined;
  /** The ticket of the launch that made this row: each stands in one. */
  launch?: string | undefined;
}

/** However busy: after a working day and an evening the LMS is asked again who the person is. */
const LONGEST_MS = 16 * 3_600_000;

/** So that the page's own questions are asked first: an engine that lets one write pass at a time makes them wait else. */
const aTurnLater = async <T>(work: () => Promise<T>): Promise<T> => {
  await setImmediate();
  return work();
};

const RENEWED_EVERY_MS = 5 * 60_000;

const sessionOf = (row: Row): Session => ({
  id: row._id,
  platform: row.platform,
  person: { sub: row.sub, name: row.name, givenName: row.givenName, email: row.email },
  csrf: row.csrf,
  language: row.chosen ?? row.language,
  entries: row.entries,
  desk: row.desk,
  deskDeployment: row.deskDeployment,
  expiresAt: row.expiresAt,
  startedAt: row.startedAt,
});

/** Into a course, or to the desk of the LMS as a whole. */
export type Entered =
  { readonly courseId: string; readonly entry: Entry } | { readonly desk: DeskRole; readonly deskDeployment: string };

/** A cookie, and the session that it stands for, where one lives. */
export interface Brought {
  readonly cookie: string;
  readonly row: Promise<Row | undefined>;
}

/** Somebody on the way in. */
export interface Begun {
  readonly session: Session;
  /** Resolves to whether this session holds: not where its ticket was used before, or where it ended just now. */
  readonly granted: Promise<boolean>;
}

export interface NewEntry {
  readonly platform: string;
  readonly person: Person;
  readonly entered: Entered;
  /** Said by the launch. */
  readonly language?: Language | undefined;
  /** What the person chose before; asked for a new session only, since one that stands knows. Goes before `language`. */
  readonly chosen: () => Promise<Language | undefined>;
  /** Of the launch: `Launch.ticket`. */
  readonly ticket: string;
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
        // Rows stay when they are over, until nobody could come with their ticket any more.
        expiresAt: { type: Date, required: true, expires: LOGIN_SECONDS },
        chosen: String,
        launch: { type: String, unique: true, sparse: true },
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
  /** Past mongoose's documents: this write is on the way of every launch, and the row is ours to the last field. */
  const raw = connection.collection<Row>('sessions');
  const until = () => new Date(now().getTime() + idleMinutes * 60_000);
  /** Idle time is counted anew every few minutes only. */
  const isDue = ({ expiresAt }: Pick<Session, 'expiresAt'>) =>
    until().getTime() - expiresAt.getTime() > RENEWED_EVERY_MS;
  /** By its id alone: engines answer that soonest, and whether it lives is seen here as well. */
  async function living(id: string): Promise<Row | undefined> {
    const row = await raw.findOne({ _id: id });
    const lives = row !== null && row.expiresAt > now() && now().getTime() - row.startedAt.getTime() < LONGEST_MS;
    return lives ? row : undefined;
  }
  const alive = () => ({ expiresAt: { $gt: now() }, startedAt: { $gt: new Date(now().getTime() - LONGEST_MS) } });

  /** False where the ticket was used before. */
  async function insert(row: Row): Promise<boolean> {
    try {
      await raw.insertOne(row, { ignoreUndefined: true });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** What a launch says goes into the session that stands, which is written only where that is news. */
  function keep(standing: Row, said: Partial<Row>, entered: Entered, ticket: string): Begun {
    const entries = 'desk' in entered ? {} : { [entered.courseId]: entered.entry };
    const row = { ...standing, ...said, entries: { ...standing.entries, ...entries } };
    const isNews = !isStoredAlike(row, standing) || isDue(standing);
    if (isNews) row.expiresAt = until();
    const write = async () => {
      // For the ticket a row of its own, over from the start.
      const { platform, sub } = standing;
      const used = { platform, sub, csrf: '', entries: {}, startedAt: now(), expiresAt: now(), launch: ticket };
      if (!(await insert({ _id: digest(randomToken()), ...used }))) return false;
      if (!isNews) return true;
      const set = Object.fromEntries(Object.entries(entries).map(([course, entry]) => [`entries.${course}`, entry]));
      const kept = await sessions.updateOne(
        { _id: standing._id, ...alive() },
        { $set: { ...said, ...set, expiresAt: row.expiresAt } },
      );
      return kept.matchedCount === 1;
    };
    return { session: sessionOf(row), granted: aTurnLater(write) };
  }

  async function find(cookie: string | undefined): Promise<Session | undefined> {
    if (cookie === undefined) return undefined;
    const row = await living(digest(cookie));
    return row && sessionOf(row);
  }

  return {
    async ready() {
      // An index that lives otherwise than the schema says (of an earlier version) is made anew.
      await sessions.syncIndexes();
    },
    find,
    /** Begins to look up what a launch's browser brought, while it is still being found out whether the launch is good. */
    look(cookie: string | undefined): Brought | undefined {
      if (cookie === undefined) return undefined;
      const row = living(digest(cookie));
      // Whoever needs it waits for it; a refused launch does not.
      row.catch(() => undefined);
      return { cookie, row };
    },
    /**
     * Begins to let a person in. The same person in the same browser keeps the session (pages open in other tabs go on
     * working); another person always gets a new one, so that a page of the person before cannot act as this one.
     *
     * `brought`: what the browser's cookie stands for, looked up meanwhile (`look`).
     *
     * The session holds once `granted` says so; meanwhile a page may be made ready for it, and nothing may leave. The ticket is
     * used up by the very write that makes the session: of many that come with one, a single one is granted.
     */
    async enter(brought: Brought | undefined, asked: NewEntry): Promise<Begun & { readonly cookie: string }> {
      const { platform, person, entered, language, ticket } = asked;
      const said = {
        name: person.name,
        givenName: person.givenName,
        email: person.email,
        ...(language ? { language } : {}),
        ...('desk' in entered ? entered : {}),
      };
      const standing = await brought?.row;
      if (brought && standing?.platform === platform && standing.sub === person.sub)
        return { cookie: brought.cookie, ...keep(standing, said, entered, ticket) };
      const fresh = randomToken();
      const row: Row = {
        ...said,
        _id: digest(fresh),
        platform,
        sub: person.sub,
        csrf: randomToken(),
        chosen: await asked.chosen(),
        entries: 'desk' in entered ? {} : { [entered.courseId]: entered.entry },
        startedAt: now(),
        expiresAt: until(),
        launch: ticket,
      };
      return { cookie: fresh, session: sessionOf(row), granted: aTurnLater(() => insert(row)) };
    },
    /** A second session of the same person, for another tab whose cookies are kept apart. */
    async copy(id: string): Promise<string | undefined> {
      const row = await living(id);
      if (!row) return undefined;
      const fresh = randomToken();
      const { launch: _used, ...rest } = row;
      await raw.insertOne({ ...rest, _id: digest(fresh), csrf: randomToken(), expiresAt: until() });
      return fresh;
    },
    /** Idle time starts anew, at most every few minutes; true where it did, and the cookie's has to as well. */
    async touch(session: Session): Promise<boolean> {
      if (!isDue(session)) return false;
      await sessions.updateOne({ _id: session.id }, { $set: { expiresAt: until() } });
      return true;
    },
    /** Opens one more course to this session. */
    async addEntry(id: string, courseId: string, entry: Entry): Promise<void> {
      await sessions.updateOne({ _id: id, ...alive() }, { $set: { [`entries.${courseId}`]: entry } });
    },
    /** Signs out of this session. */
    async end(id: string): Promise<void> {
      await sessions.updateOne({ _id: id }, { $set: { expiresAt: now() } });
    },
    /** These people are not in this course any more, or not as what they were: the LMS has to let them in anew. */
    async leave(platform: string, courseId: string, subs: readonly string[]): Promise<void> {
      if (subs.length === 0) return;
      await sessions.updateMany({ platform, sub: { $in: [...subs] } }, { $unset: { [`entries.${courseId}`]: '' } });
    },
    /** The platform was switched off. */
    async endAll(platform: string): Promise<void> {
      await sessions.updateMany({ platform }, { $set: { expiresAt: now() } });
    },
    /** What the person chose, here or before; launches do not change it. */
    async setLanguage(session: Pick<Session, 'id'>, language: Language): Promise<void> {
      await sessions.updateOne({ _id: session.id }, { $set: { chosen: language } });
    },
  };
}

export type SessionStore = ReturnType<typeof createSessionStore>;
