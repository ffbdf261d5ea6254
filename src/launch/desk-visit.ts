import type { RequestHandler } from 'express';
import type { Platforms } from '../lti/index.js';
import type { Cookies } from '../web/cookies.js';
import { AppError } from '../web/errors.js';
import { languageOf, languageOfBrowser, type Catalogues, type Language } from '../web/i18n.js';
import { setFramePolicy } from '../web/security.js';
import { beginDeskVisit } from './desk.js';
import type { PreferenceStore } from './preference-store.js';
import type { DeskRole } from './roles.js';
import type { SessionStore } from './session-store.js';

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
    if (!platform.deployments.includes(session.deskDeployment ?? ''))
      throw new AppError('forbidden', 'launch.deployment');
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
    beginDeskVisit(req, {
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
