import type { Request, Response } from 'express';
import type { Launch } from '../lti/index.js';
import { readCookie, setCookie } from '../web/cookies.js';
import { AppError } from '../web/errors.js';
import { languageOf } from '../web/i18n.js';
import type { Course } from './course.js';
import type { CourseStore } from './course-store.js';
import type { HandOverStore } from './hand-over-store.js';
import type { Role } from './permissions.js';
import type { PreferenceStore } from './preference-store.js';
import { roleOf } from './roles.js';
import type { SessionStore } from './session-store.js';

export const SESSION_COOKIE = 'serik';

export interface ArriveDeps {
  readonly courses: CourseStore;
  readonly sessions: SessionStore;
  readonly preferences: PreferenceStore;
  readonly handOvers: HandOverStore;
  readonly idleMinutes: number;
  readonly now: () => Date;
  /** What a room does when somebody opens the course; must not throw and must not wait for the LMS. */
  readonly onArrival: (course: Course, role: Role, sub: string) => Promise<void>;
}

/** The end of a good launch: the course is remembered, the person let in, and the frame sent on to the first page. */
export function createArrive(deps: ArriveDeps) {
  return async (launch: Launch, req: Request, res: Response): Promise<void> => {
    const role = roleOf(launch.roles);
    if (!role) throw new AppError('forbidden', 'launch.role');
    const { platform, deployment, context, person } = launch;
    const course = await deps.courses.remember(
      {
        platform: platform.key,
        deployment,
        context: context.id,
        title: context.title,
        label: context.label,
        lmsName: platform.lmsName,
        services: launch.services,
      },
      deps.now(),
    );
    const chosen = await deps.preferences.languageOf(platform.key, person.sub);
    const { cookie, id } = await deps.sessions.enter(readCookie(req, SESSION_COOKIE), {
      platform: platform.key,
      person,
      courseId: course.id,
      entry: { role, ...(launch.returnUrl === undefined ? {} : { returnUrl: launch.returnUrl }) },
      locale: chosen ?? languageOf(launch.locale),
    });
    setCookie(res, SESSION_COOKIE, cookie, deps.idleMinutes * 60);
    await deps.onArrival(course, role, person.sub);
    const code = await deps.handOvers.create({ session: id, course: course.id });
    res.redirect(303, `/enter?code=${code}`);
  };
}
