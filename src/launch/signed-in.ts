import type { Request, Response } from 'express';
import type { Platform, Platforms } from '../lti/index.js';
import type { Cookies } from '../web/cookies.js';
import { AppError } from '../web/errors.js';
import { languageOf, languageOfBrowser, type Catalogues, type Language } from '../web/i18n.js';
import { setFramePolicy } from '../web/security.js';
import type { PreferenceStore } from './preference-store.js';
import type { Session, SessionStore } from './session-store.js';

/** What every request of somebody who is signed in needs, in a course or at a desk. */
export interface SignedInDeps {
  readonly sessions: SessionStore;
  readonly preferences: PreferenceStore;
  readonly platforms: Platforms;
  readonly cookie: Cookies;
  readonly catalogues: Catalogues;
  readonly defaultLanguage: Language;
  readonly idleMinutes: number;
  readonly now: () => Date;
}

const carried = new WeakMap<Request, Session>();

/** A launch that is answered with a page has its session already. */
export const carrySession = (req: Request, session: Session) => carried.set(req, session);

/** Whose request it is; nothing where nobody is signed in. */
export const sessionOf = async ({ sessions, cookie }: SignedInDeps, req: Request): Promise<Session | undefined> =>
  carried.get(req) ?? sessions.find(cookie.read(req));

/** The LMS that the person came from; its pages, and no others, may frame the answer. */
export async function activePlatform(deps: SignedInDeps, session: Session, res: Response): Promise<Platform> {
  const platform = await deps.platforms.byKey(session.platform);
  setFramePolicy(res, platform?.origins ?? []);
  if (!platform?.active) throw new AppError('forbidden', 'launch.platform');
  return platform;
}

/** The request is good: idle time starts anew, and a language that was chosen on the page is kept. Gives the language. */
export async function goOn(deps: SignedInDeps, session: Session, req: Request, res: Response): Promise<Language> {
  const chosen = languageOf(typeof req.query['lang'] === 'string' ? req.query['lang'] : undefined);
  if (chosen && chosen !== session.language) {
    await deps.sessions.setLanguage(session, chosen);
    await deps.preferences.setLanguage(session.platform, session.person.sub, chosen);
  }
  const cookie = deps.cookie.read(req);
  if ((await deps.sessions.touch(session)) && cookie !== undefined) deps.cookie.set(res, cookie, deps.idleMinutes * 60);
  return chosen ?? session.language ?? languageOfBrowser(req.get('accept-language')) ?? deps.defaultLanguage;
}
