import type { RequestHandler } from 'express';
import { AppError } from '../web/errors.js';
import type { CourseStore } from './course-store.js';
import { activePlatform, goOn, sessionOf, type SignedInDeps } from './signed-in.js';
import { beginVisit } from './visit.js';

export interface CourseVisitDeps extends SignedInDeps {
  readonly courses: CourseStore;
}

/**
 * Stands before every page of a course: who is there, in which course, as what. A course that this session never entered
 * looks like one that does not exist.
 */
export const courseVisit =
  (deps: CourseVisitDeps): RequestHandler<{ course: string }> =>
  async (req, res, next) => {
    const [session, asked] = await Promise.all([sessionOf(deps, req), deps.courses.byId(req.params.course)]);
    if (!session) throw new AppError('session_ended', 'session-ended');
    const platform = await activePlatform(deps, session, res);
    const entry = Object.hasOwn(session.entries, req.params.course) ? session.entries[req.params.course] : undefined;
    const course = entry && asked;
    if (!entry || course?.platform !== session.platform) throw new AppError('not_found', 'not-found');
    // One that was withdrawn ends what its people have open, and not only their next launch.
    if (!platform.deployments.includes(course.deployment)) throw new AppError('forbidden', 'launch.deployment');

    const language = await goOn(deps, session, req, res);
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
