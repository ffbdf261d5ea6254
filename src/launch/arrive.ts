import type { Request, RequestHandler, Response } from 'express';
import { LaunchRefused, type Handled, type Launch } from '../lti/index.js';
import type { Cookies } from '../web/cookies.js';
import { languageOf } from '../web/i18n.js';
import { answerWith } from '../web/forward.js';
import { seeOther } from '../web/redirect.js';
import type { Course } from './course.js';
import type { CourseStore } from './course-store.js';
import type { HandOvers } from './hand-over.js';
import type { Role } from './permissions.js';
import type { PreferenceStore } from './preference-store.js';
import { deskRoleOf, isTestUser, roleOf } from './roles.js';
import type { Brought, Entered, SessionStore } from './session-store.js';
import { carrySession } from './signed-in.js';

export const SESSION_COOKIE = 'serik';

export interface Arrival {
  readonly launch: Launch;
  readonly course: Course;
  readonly role: Role;
  /** Known as one who teaches here from an earlier launch. */
  readonly known: boolean;
}

export interface ArriveDeps {
  readonly courses: CourseStore;
  readonly sessions: SessionStore;
  readonly preferences: PreferenceStore;
  readonly handOvers: HandOvers;
  readonly cookie: Cookies;
  readonly idleMinutes: number;
  readonly now: () => Date;
  /** The page that this launch asks for, below the course's own address: `/plan`. */
  readonly landing: (arrival: Arrival) => Promise<string>;
  /** Somebody opened the course. Not waited for; must catch by itself. */
  readonly onArrival: (arrival: Arrival) => void;
  /** The same at a place of the LMS as a whole, for administrators and staff. */
  readonly onDesk: (launch: Launch) => void;
  /** Has somebody who is neither staff nor teaches here a duty at the desk all the same? */
  readonly hasDuty: (platform: string, sub: string) => Promise<boolean>;
}

/** The end of a good launch: the course is remembered, the person let in, and the first page follows. */
export function createArrive(deps: ArriveDeps) {
  const brought = new WeakMap<Request, Brought>();

  /** A browser that is known to keep its cookies here gets the page at once; any other is asked once more. */
  async function letIn(
    launch: Launch,
    entered: Entered,
    path: string,
    req: Request,
    res: Response,
    onGranted = () => {},
  ): Promise<Handled> {
    const { platform, deployment, person, ticket } = launch;
    const { cookie, session, granted } = await deps.sessions.enter(brought.get(req), {
      platform: platform.key,
      person,
      entered,
      language: languageOf(launch.locale),
      chosen: () => deps.preferences.languageOf(platform.key, person.sub),
      ticket,
    });
    const first = granted.then((won) => {
      if (!won) throw new LaunchRefused('used', { platform, deployment });
    });
    first.then(onGranted, () => undefined);
    deps.cookie.set(res, cookie, deps.idleMinutes * 60);
    if (launch.keepsCookies) {
      carrySession(req, session);
      answerWith(req, res, path, first);
      return 'open';
    }
    await first;
    const code = deps.handOvers.create({ session: session.id, path, platform: platform.key });
    seeOther(res, `/enter?code=${code}`);
    return 'answered';
  }

  const teachesSomewhere = async ({ platform, person }: Launch): Promise<boolean> =>
    (await deps.courses.taughtBy(platform.key, person.sub, 1)).length > 0;

  /** A place of the LMS as a whole: administrators get their desk, staff theirs; students have no business there. */
  async function atTheDesk(launch: Launch, req: Request, res: Response): Promise<Handled> {
    const said = deskRoleOf(launch.roles);
    // On Moodle's front page a teacher is a learner like everybody; the courses say who teaches.
    const works = async () => (await teachesSomewhere(launch)) || deps.hasDuty(launch.platform.key, launch.person.sub);
    const role = said ?? ((await works()) ? 'staff' : undefined);
    if (!role || launch.message.kind !== 'open') {
      const { platform, deployment } = launch;
      throw new LaunchRefused('no-context', { platform, deployment, forbidden: true });
    }
    const entered = { desk: role, deskDeployment: launch.deployment };
    return letIn(launch, entered, role === 'administrator' ? '/desk/' : '/my/', req, res, () => deps.onDesk(launch));
  }

  async function arrive(launch: Launch, req: Request, res: Response): Promise<Handled> {
    if (!launch.course) return atTheDesk(launch, req, res);
    const role = roleOf(launch.roles);
    const { platform, deployment } = launch;
    if (!role) throw new LaunchRefused('role', { platform, deployment, forbidden: true });
    const { course, taughtBy } = await deps.courses.remember(
      {
        platform: platform.key,
        deployment,
        context: launch.course.id,
        title: launch.course.title,
        label: launch.course.label,
        lmsName: platform.lmsName,
        services: launch.services,
      },
      { now: deps.now(), ...(role === 'student' ? {} : { teaching: launch.person.sub }) },
    );
    // Canvas' test student, or a teacher whom Moodle shows the course as a student: they look, and book nothing.
    const preview = role === 'student' && (isTestUser(launch.roles) || taughtBy.includes(launch.person.sub));
    const arrival = { launch, course, role, known: taughtBy.includes(launch.person.sub) };
    const path = `/c/${course.id}${await deps.landing(arrival)}`;
    const entry = { role, preview, ...(launch.returnUrl === undefined ? {} : { returnUrl: launch.returnUrl }) };
    return letIn(launch, { courseId: course.id, entry }, path, req, res, () => {
      if (!preview) deps.onArrival(arrival);
    });
  }

  /** Stands before the verifier. */
  const expect: RequestHandler = (req, _res, next) => {
    const found = deps.sessions.look(deps.cookie.read(req));
    if (found) brought.set(req, found);
    next();
  };

  return { expect, arrive };
}
