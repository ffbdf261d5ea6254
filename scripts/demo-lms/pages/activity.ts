import { Router, type Request, type Response } from 'express';
import { html } from '../html.js';
import { moduleId } from '../launch.js';
import { page } from '../layout.js';
import { activeTool, type Lms } from '../lms.js';
import { queryOf } from '../paging.js';
import { toolFrame, type ToolFrame } from '../tool-frame.js';
import type { ResourceLink } from '../types.js';
import { courseVisit } from './door.js';

function frameOf(lms: Lms, link: ResourceLink, user: string | null): ToolFrame {
  const tool = activeTool(lms, link.toolId);
  if (!tool)
    return {
      body: html`<div class="alert alert-warning">No active tool is registered for this activity.</div>`,
      early: [],
    };
  const review = user === null ? '' : `&action=gradeReport&user=${encodeURIComponent(user)}`;
  return toolFrame(lms, link.title, `/mod/lti/launch.php?id=${moduleId(link)}&triggerview=0${review}`, tool);
}

function activityPage(lms: Lms, req: Request, res: Response): void {
  const visit = courseVisit(lms, req, res);
  if (!visit) return;
  const { course, person } = visit;
  const query = queryOf(req);
  const links = lms.world.links.filter(({ courseId }) => courseId === course.id);
  const link = links.find((one) => moduleId(one) === query.get('cm')) ?? links[0];
  if (!link) {
    res.redirect(303, `/course/${course.id}`);
    return;
  }
  const crumbs = [{ text: course.shortName, href: `/course/${course.id}` }, { text: link.title }];
  const { body, early } = frameOf(lms, link, query.get('user'));
  res.type('html').send(page(lms, person, { title: link.title, crumbs, body, early, here: req.originalUrl }));
}

export const activityRoutes = (lms: Lms): Router =>
  Router()
    .get('/course/:id/serik', (req, res) => activityPage(lms, req, res))
    // The address that a person knows from Moodle.
    .get('/mod/lti/view.php', (req, res) => {
      const link = lms.world.links.find((one) => moduleId(one) === queryOf(req).get('id'));
      res.redirect(303, link ? `/course/${link.courseId}/serik?cm=${moduleId(link)}` : '/');
    });
