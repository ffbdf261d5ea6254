import type { Request, Response } from 'express';
import { LaunchRefused, type Launch } from '../lti/index.js';
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
import type { Entered, SessionStore } from './session-store.js';

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
}

/** The end of a good launch: the course is remembered, the person let in, and the frame sent on to the first page. */
export function createArrive(deps: ArriveDeps) {
  /** A browser that is known to keep its cookies here gets the page at once; any other is asked once more. */
  async function letIn(
    launch: Launch,
    entered: Entered,
    path: string,
    req: Request,
    res: Response,
  ): Promise<'answered' | 'open'> {
    const { platform, deployment, person, ticket } = launch;
    const asked = { platform: platform.key, person, entered, language: languageOf(launch.locale), ticket };
    const cookie = deps.cookie.read(req);
    const choice = () => deps.preferences.languageOf(platform.key, person.sub);
    const early = cookie === undefined ? choice() : undefined;
    const [session] = await Promise.all([deps.sessions.enter(cookie, asked), early]);
    if (!session) throw new LaunchRefused('used', { platform, deployment });
    // A session that was there knows what the person chose.
    const chosen = session.made ? await (early ?? choice()) : undefined;
    if (chosen && chosen !== asked.language) await deps.sessions.setLanguage(session, chosen);
    deps.cookie.set(res, session.cookie, deps.idleMinutes * 60);
    if (launch.keepsCookies) {
      deps.cookie.carry(req, session.cookie);
      answerWith(req, res, path);
      return 'open';
    }
    const code = deps.handOvers.create({ session: session.id, path, platform: platform.key });
    seeOther(res, `/enter?code=${code}`);
    return 'answered';
  }

  const teachesSomewhere = async ({ platform, person }: Launch): Promise<boolean> =>
    (await deps.courses.taughtBy(platform.key, person.sub, 1)).length > 0;

  /** A place of the LMS as a whole: administrators get their desk, staff theirs; students have no business there. */
  async function atTheDesk(launch: Launch, req: Request, res: Response): Promise<'answered' | 'open'> {
    const said = deskRoleOf(launch.roles);
    // On Moodle's front page a teacher is a learner like everybody; the courses say who teaches.
    const role = said ?? ((await teachesSomewhere(launch)) ? 'staff' : undefined);
    if (!role || launch.message.kind !== 'open') {
      const { platform, deployment } = launch;
      throw new LaunchRefused('no-context', { platform, deployment, forbidden: true });
    }
    const entered = { desk: role, deskDeployment: launch.deployment };
    return letIn(launch, entered, role === 'administrator' ? '/desk/' : '/my/', req, res);
  }

  return async (launch: Launch, req: Request, res: Response): Promise<'answered' | 'open'> => {
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
    const answer = await letIn(launch, { courseId: course.id, entry }, path, req, res);
    if (!preview) deps.onArrival(arrival);
    return answer;
  };
}
