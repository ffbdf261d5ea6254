import { Router } from 'express';
import { z } from 'zod';
import type { Course } from '../launch/course.js';
import type { CourseStore } from '../launch/course-store.js';
import { deskVisitOf, type DeskVisit } from '../launch/desk.js';
import type { SessionStore } from '../launch/session-store.js';
import type { Participants } from '../participants/index.js';
import { AppError } from '../web/errors.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';

const SHOWN_COURSES = 100;
/** A course list that is older says nothing of today. */
const FRESH_MS = 24 * 3_600_000;

export interface StaffRouteDeps {
  readonly views: Views;
  readonly courses: CourseStore;
  readonly sessions: SessionStore;
  readonly participants: Pick<Participants, 'find' | 'rosterState'>;
  /** How many maps wait for this person; nothing for whoever agrees none. */
  readonly approvals: (visit: DeskVisit) => Promise<number | undefined>;
}

/**
 * The desk of staff who came from a place of the LMS as a whole: the courses in which they teach here. A course opens if
 * this session entered it, or if the LMS's own course list of the last day says that this person teaches there; the others
 * are entered from the LMS, which alone knows what somebody may in them today.
 */
export function staffRoutes({ views, courses, sessions, participants, approvals }: StaffRouteDeps): Router {
  async function teaches(visit: DeskVisit, course: Course): Promise<boolean> {
    const { readAt } = await participants.rosterState(course);
    if (readAt === undefined || visit.now.getTime() - readAt.getTime() > FRESH_MS) return false;
    const { sub } = visit.person;
    return (await participants.find(course, [sub])).get(sub)?.role === 'tutor';
  }

  const opens = async (visit: DeskVisit, course: Course): Promise<boolean> =>
    visit.entered.includes(course.id) || teaches(visit, course);

  return Router()
    .get('/', async (req, res) => {
      const visit = deskVisitOf(req);
      const [found, waiting] = await Promise.all([
        courses.taughtBy(visit.platform.key, visit.person.sub, SHOWN_COURSES),
        approvals(visit),
      ]);
      views.sendDesk(res, visit, {
        view: 'desk/staff',
        title: visit.t('desk:heading.staff'),
        model: {
          lms: visit.platform.lmsName,
          approvals: waiting === undefined ? '' : visit.t('agreement:note.staff', { count: waiting }),
          courses: await Promise.all(
            found.map(async (course) => ({
              id: course.id,
              title: course.title,
              label: course.label,
              opens: await opens(visit, course),
            })),
          ),
        },
      });
    })
    .post('/courses/:course', async (req, res) => {
      const visit = deskVisitOf(req);
      const course = await courses.byId(z.string().parse(req.params['course']));
      if (course?.platform !== visit.platform.key) throw new AppError('not_found', 'not-found');
      if (!visit.entered.includes(course.id)) {
        if (!(await teaches(visit, course))) throw new AppError('forbidden', 'enter-from-lms');
        await sessions.addEntry(visit.session, course.id, { role: 'tutor' });
      }
      seeOther(res, `/c/${course.id}/`);
    });
}
