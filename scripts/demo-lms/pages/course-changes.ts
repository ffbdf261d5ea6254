import { Router, urlencoded, type Request, type Response } from 'express';
import { copyCourse } from '../course-copy.js';
import { mayTeach, roleIn } from '../enrolment.js';
import { addActivity } from '../hand-made-tool.js';
import { messagePage } from '../layout.js';
import { isOpenEdx, toolById, type Lms } from '../lms.js';
import { setAcceptGrades } from '../own-items.js';
import { queryOf } from '../paging.js';
import { switchRole } from '../session.js';
import { courseVisit, type CourseVisit } from './door.js';

/** What a teacher changes in a course; the answer leads to a page. */
function changed(lms: Lms, req: Request, res: Response, change: (visit: CourseVisit) => string): void {
  const visit = courseVisit(lms, req, res);
  if (!visit) return;
  if (mayTeach(visit.role)) res.redirect(303, change(visit));
  else
    res
      .status(403)
      .type('html')
      .send(messagePage(lms, visit.person, 'Access denied', 'For teachers only.'));
}

const home = ({ course }: CourseVisit) => `/course/${course.id}`;

const fieldOf = (req: Request, name: string): string => {
  const value = ((req.body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
};

/** `?to=student` and back; the teacher's own role decides, whatever role is on now. */
function switchTo(lms: Lms, req: Request, res: Response): void {
  const visit = courseVisit(lms, req, res);
  if (!visit) return;
  const { course, person } = visit;
  if (isOpenEdx(lms) || !mayTeach(roleIn(lms.world, course.id, person))) {
    res
      .status(403)
      .type('html')
      .send(messagePage(lms, person, 'Access denied', 'There is no other role to switch to.'));
    return;
  }
  switchRole(lms, res, queryOf(req).get('to') === 'student' ? course.id : undefined);
  res.redirect(303, home(visit));
}

export const courseChangesRoutes = (lms: Lms): Router => {
  const form = urlencoded({ extended: false });
  return Router()
    .post('/course/:id/accept-grades', form, (req, res) =>
      changed(lms, req, res, (visit) => {
        setAcceptGrades(lms, visit.course.id, fieldOf(req, 'on') === '1');
        return home(visit);
      }),
    )
    .post('/course/:id/activities', form, (req, res) =>
      changed(lms, req, res, (visit) => {
        const tool = toolById(lms, fieldOf(req, 'tool'));
        if (tool?.state === 'active') addActivity(lms, visit.course.id, tool.id);
        return home(visit);
      }),
    )
    .post('/course/:id/copy', form, (req, res) =>
      changed(lms, req, res, (visit) => `/course/${copyCourse(lms, visit.course.id).id}`),
    )
    .get('/course/:id/switch-role', (req, res) => switchTo(lms, req, res));
};
