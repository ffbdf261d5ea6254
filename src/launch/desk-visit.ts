import type { Request, RequestHandler } from 'express';
import type { Platform, Platforms } from '../lti/index.js';
import type { Cookies } from '../web/cookies.js';
import { AppError } from '../web/errors.js';
import { languageOf, languageOfBrowser, type Catalogues, type Language, type Translate } from '../web/i18n.js';
import { setFramePolicy } from '../web/security.js';
import type { PreferenceStore } from './preference-store.js';
import type { DeskRole } from './roles.js';
import type { SessionStore } from './session-store.js';
import type { Person } from './visit.js';

/** One request of a person who came from a place of the LMS as a whole: no course, a desk. */
export interface DeskVisit {
  readonly person: Person;
  readonly platform: Platform;
  readonly role: DeskRole;
  /** The desk's own address: `/desk` or `/my`. */
  readonly home: string;
  readonly language: Language;
  readonly t: Translate;
  readonly csrf: string;
  readonly session: string;
  /** Courses that this session entered: they open without another launch. */
  readonly entered: readonly string[];
  readonly now: Date;
}

const visits = new WeakMap<Request, DeskVisit>();

export const deskVisitIfAny = (req: Request): DeskVisit | undefined => visits.get(req);

export function deskVisitOf(req: Request): DeskVisit {
  const visit = visits.get(req);
  if (!visit) throw new AppError('session_ended', 'session-ended');
  return visit;
}

export interface DeskVisitDeps {
  readonly sessions: SessionStore;
  readonly preferences: PreferenceStore;
  readonly platforms: Platforms;
  readonly cookie: Cookies;
  readonly catalogues: Catalogues;
  readonly defaultLanguage: Language;
  readonly idleMinutes: number;
  readonly now: () => Date;
}

/** Stands before every page of a desk. Whoever never came from such a place is told what to do; the other desk is a 403. */
export const deskVisit =
  (deps: DeskVisitDeps, wanted: DeskRole): RequestHandler =>
  async (req, res, next) => {
    const session = await deps.sessions.find(deps.cookie.read(req));
    if (!session) throw new AppError('session_ended', 'session-ended');
    const platform = await deps.platforms.byKey(session.platform);
    setFramePolicy(res, platform?.origins ?? []);
    if (!platform?.active) throw new AppError('forbidden', 'launch.platform');
    if (session.desk !== wanted) throw new AppError('forbidden', 'not-your-desk');

    const asked = languageOf(typeof req.query['lang'] === 'string' ? req.query['lang'] : undefined);
    if (asked && asked !== session.language) {
      await deps.sessions.setLanguage(session, asked);
      await deps.preferences.setLanguage(session.platform, session.person.sub, asked);
    }
    const cookie = deps.cookie.read(req);
    if ((await deps.sessions.touch(session)) && cookie !== undefined)
      deps.cookie.set(res, cookie, deps.idleMinutes * 60);
    const language = asked ?? session.language ?? languageOfBrowser(req.get('accept-language')) ?? deps.defaultLanguage;
    visits.set(req, {
      person: session.person,
      platform,
      role: wanted,
      home: wanted === 'administrator' ? '/desk/' : '/my/',
      language,
      t: deps.catalogues.translator(language),
      csrf: session.csrf,
      session: session.id,
      entered: Object.keys(session.entries),
      now: deps.now(),
    });
    next();
  };
