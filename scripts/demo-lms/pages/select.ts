import { Router, type Request, type Response } from 'express';
import { mayTeach } from '../enrolment.js';
import { page } from '../layout.js';
import { activeTool, type Lms } from '../lms.js';
import { queryOf } from '../paging.js';
import { toolFrame } from '../tool-frame.js';
import { courseVisit } from './door.js';

function selectPage(lms: Lms, req: Request, res: Response): void {
  const visit = courseVisit(lms, req, res);
  if (!visit) return;
  const { course, person, role } = visit;
  const tool = activeTool(lms, queryOf(req).get('tool') ?? undefined);
  if (!mayTeach(role) || tool?.deepLinkingUri === undefined) {
    res.redirect(303, `/course/${course.id}`);
    return;
  }
  const crumbs = [{ text: course.shortName, href: `/course/${course.id}` }, { text: 'Select content' }];
  const src = `/mod/lti/contentitem.php?${new URLSearchParams({ course: course.id, id: tool.id }).toString()}`;
  const { body, early } = toolFrame(lms, 'Select content', src, tool);
  res.type('html').send(page(lms, person, { title: 'Select content', crumbs, body, early, here: req.originalUrl }));
}

/** Where a teacher starts deep linking. */
export const selectRoutes = (lms: Lms): Router =>
  Router().get('/course/:id/select', (req, res) => selectPage(lms, req, res));
