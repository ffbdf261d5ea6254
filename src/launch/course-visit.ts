import type { RequestHandler } from 'express';
import type { Platforms } from '../lti/index.js';
import type { Cookies } from '../web/cookies.js';
import { AppError } from '../web/errors.js';
import { languageOf, languageOfBrowser, type Catalogues, type Language } from '../web/i18n.js';
import { setFramePolicy } from '../web/security.js';
import type { CourseStore } from './course-store.js';
import type { PreferenceStore } from './preference-store.js';
import type { SessionStore } from './session-store.js';
import { beginVisit } from './visit.js';

export interface CourseVisitDeps {
  readonly sessions: SessionStore;
  readonly preferences: PreferenceStore;
  readonly courses: CourseStore;
  readonly platforms: Platforms;
  readonly cookie: Cookies;
  readonly catalogues: Catalogues;
  readonly defaultLanguage: Language;
  readonly idleMinutes: number;
  readonly now: () => Date;
}

/**
 * Stands before every page of a course: who is there, in which course, as what. A course that this session never entered
 * looks like one that does not exist.
 */
export const courseVisit =
  (deps: CourseVisitDeps): RequestHandler<{ course: string }> =>
  async (req, res, next) => {
    const [session, asked] = await Promise.all([
      deps.sessions.find(deps.cookie.read(req)),
      deps.courses.byId(req.params.course),
    ]);
    if (!session) throw new AppError('session_ended', 'session-ended');
    const platform = await deps.platforms.byKey(session.platform);
    setFramePolicy(res, platform?.origins ?? []);
    if (!platform?.active) throw new AppError('forbidden', 'launch.platform');
    const entry = Object.hasOwn(session.entries, req.params.course) ? session.entries[req.params.course] : undefined;
    const course = entry && asked;
    if (!entry || course?.platform !== session.platform) throw new AppError('not_found', 'not-found');
    // One that was withdrawn ends what its people have open, and not only their next launch.
    if (!platform.deployments.includes(course.deployment)) throw new AppError('forbidden', 'launch.deployment');

    const chosen = languageOf(typeof req.query['lang'] === 'string' ? req.query['lang'] : undefined);
    if (chosen && chosen !== session.language) {
      await deps.sessions.setLanguage(session, chosen);
      await deps.preferences.setLanguage(session.platform, session.person.sub, chosen);
    }
    const cookie = deps.cookie.read(req);
    if ((await deps.sessions.touch(session)) && cookie !== undefined)
      deps.cookie.set(res, cookie, deps.idleMinutes * 60);
    const language =
      chosen ?? session.language ?? languageOfBrowser(req.get('accept-language')) ?? deps.defaultLanguage;
    beginVisit(req, {
      person: session.person,
      course,
      role: entry.role,
      language,
      t: deps.catalogues.translator(language),
      csrf: session.csrf,
      returnUrl: entry.returnUrl,
      preview: entry.preview ?? false,
      session: session.id,
      now: deps.now(),
    });
    next();
  };
