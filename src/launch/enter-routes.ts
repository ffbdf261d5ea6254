import { Router } from 'express';
import { z } from 'zod';
import type { Platforms } from '../lti/index.js';
import type { Cookies } from '../web/cookies.js';
import { languageOfRequest } from '../web/error-pages.js';
import { AppError } from '../web/errors.js';
import type { Catalogues, Language } from '../web/i18n.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import { digest } from '../web/sealed.js';
import { setFramePolicy } from '../web/security.js';
import type { Views } from '../web/views.js';
import type { HandOvers } from './hand-over.js';
import type { SessionStore } from './session-store.js';

const Code = z.object({ code: z.string().min(1).max(1000) });

export interface EnterDeps {
  readonly sessions: SessionStore;
  readonly handOvers: HandOvers;
  readonly platforms: Platforms;
  readonly cookie: Cookies;
  readonly views: Views;
  readonly catalogues: Catalogues;
  readonly idleMinutes: number;
  readonly publicUrl: string;
  readonly defaultLanguage: Language;
}

/**
 * The step between launch and first page. Anyone may ask; only a code that a launch made seconds ago opens anything. Where
 * the session's cookie came back, the page follows; where the browser dropped it, one button leads to a tab of its own.
 */
export function enterRoutes(deps: EnterDeps): Router {
  return Router()
    .get('/enter', async (req, res) => {
      const { code } = parse(Code, req.query);
      const handOver = deps.handOvers.peek(code);
      if (!handOver) throw new AppError('session_ended', 'hand-over');
      const cookie = deps.cookie.read(req);
      // The page behind asks the database whether the session lives; here it only matters that the browser keeps it.
      if (cookie !== undefined && digest(cookie) === handOver.session) {
        seeOther(res, handOver.path);
        return;
      }
      // The button belongs into the LMS's frame. Outside of it a stranger's site could lead somebody here with a code of its
      // own, and the press of the button would sign them in as somebody else.
      if (req.get('sec-fetch-dest') === 'document') throw new AppError('session_ended', 'hand-over');
      const platform = await deps.platforms.byKey(handOver.platform);
      setFramePolicy(res, platform?.origins ?? []);
      const language = languageOfRequest(req, deps.defaultLanguage);
      const lms = platform?.lmsName ?? 'LMS';
      const title = deps.catalogues.translator(language)('launch:new-tab.title', { lms });
      deps.views.sendBare(res, { view: 'launch/new-tab', title, language, model: { lms, code } });
    })
    .post('/open', async (req, res) => {
      // Another site could post a code of its own here and sign the person in as somebody else.
      if (req.get('origin') !== new URL(deps.publicUrl).origin) throw new AppError('forbidden', 'foreign-origin');
      const { code } = parse(Code, req.body);
      const handOver = await deps.handOvers.consume(code);
      const cookie = handOver && (await deps.sessions.copy(handOver.session));
      if (!handOver || cookie === undefined) throw new AppError('session_ended', 'hand-over');
      deps.cookie.set(res, cookie, deps.idleMinutes * 60);
      seeOther(res, handOver.path);
    });
}
