import { Router } from 'express';
import { z } from 'zod';
import type { Platforms } from '../lti/index.js';
import { readCookie, setCookie } from '../web/cookies.js';
import { languageOfRequest } from '../web/error-pages.js';
import { AppError } from '../web/errors.js';
import type { Catalogues, Language } from '../web/i18n.js';
import { parse } from '../web/parse.js';
import { setFramePolicy } from '../web/security.js';
import type { Views } from '../web/views.js';
import { SESSION_COOKIE } from './arrive.js';
import type { CourseStore } from './course-store.js';
import type { HandOverStore } from './hand-over-store.js';
import type { SessionStore } from './session-store.js';

const Code = z.object({ code: z.string().min(1).max(200) });

export interface EnterDeps {
  readonly sessions: SessionStore;
  readonly handOvers: HandOverStore;
  readonly courses: CourseStore;
  readonly platforms: Platforms;
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
      const handOver = await deps.handOvers.peek(code);
      const session = await deps.sessions.find(readCookie(req, SESSION_COOKIE));
      if (!handOver) throw new AppError('session_ended', 'hand-over');
      if (session?.id === handOver.session) {
        await deps.handOvers.consume(code);
        res.redirect(303, `/c/${handOver.course}/`);
        return;
      }
      const course = await deps.courses.byId(handOver.course);
      const platform = await deps.platforms.byKey(course?.platform ?? '');
      setFramePolicy(res, platform?.origins ?? []);
      const language = languageOfRequest(req, deps.defaultLanguage);
      const lms = course?.lmsName ?? 'LMS';
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
      setCookie(res, SESSION_COOKIE, cookie, deps.idleMinutes * 60);
      res.redirect(303, `/c/${handOver.course}/`);
    });
}
