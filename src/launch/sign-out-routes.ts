import { Router, type Request } from 'express';
import type { Cookies } from '../web/cookies.js';
import type { Language, Translate } from '../web/i18n.js';
import type { Views } from '../web/views.js';
import type { SessionStore } from './session-store.js';

export interface SignOutDeps {
  readonly sessions: SessionStore;
  readonly cookie: Cookies;
  readonly views: Views;
}

export interface SignedIn {
  readonly session: string;
  readonly language: Language;
  readonly t: Translate;
  readonly lms: string;
}

/** For whoever is signed in: ends the session in all courses of this browser. On a shared machine the next person is safe. */
export const signOutRoutes = ({ sessions, cookie, views }: SignOutDeps, signedIn: (req: Request) => SignedIn): Router =>
  Router().post('/sign-out', async (req, res) => {
    const { session, language, t, lms } = signedIn(req);
    await sessions.end(session);
    cookie.clear(res);
    views.sendBare(res, {
      view: 'launch/signed-out',
      title: t('launch:signed-out.title'),
      language,
      model: { lms },
    });
  });
