import { Router, type Request, type Response } from 'express';
import { moduleId } from '../launch.js';
import { leavePage, messagePage, page } from '../layout.js';
import { activeTool, type Lms } from '../lms.js';
import { queryOf } from '../paging.js';
import { visitorOf } from '../session.js';
import { siteLink, type SitePlace } from '../site.js';
import { toolFrame } from '../tool-frame.js';
import type { Person } from '../types.js';
import { administrator } from './door.js';

const TITLES: Readonly<Record<SitePlace, string>> = { administration: 'Serik for the whole site', dashboard: 'Serik' };

/** The tool outside every course: in Moodle the activity of the front page, by the standard a launch without a context. */
function sitePage(lms: Lms, req: Request, res: Response, place: SitePlace, person: Person): void {
  const link = siteLink(lms.manner, place);
  const tool = activeTool(lms);
  if (!link || !tool) {
    const words = link ? 'No active tool is registered.' : 'There is no such page.';
    return void res
      .status(404)
      .type('html')
      .send(messagePage(lms, person, 'Not found', words));
  }
  const title = TITLES[place];
  const { body, early } = toolFrame(lms, title, `/mod/lti/launch.php?id=${moduleId(link)}&triggerview=0`, tool);
  const crumbs = [{ text: place === 'administration' ? 'Site administration' : 'Dashboard' }, { text: title }];
  res.type('html').send(page(lms, person, { title, crumbs, body, early, here: req.originalUrl }));
}

function dashboardPage(lms: Lms, req: Request, res: Response): void {
  const person = visitorOf(lms, req);
  if (person && person.kind !== 'student') return sitePage(lms, req, res, 'dashboard', person);
  res
    .status(403)
    .type('html')
    .send(messagePage(lms, person, 'Access denied', 'This page is for staff.'));
}

export const siteRoutes = (lms: Lms): Router =>
  Router()
    .get('/admin/serik', (req, res) => {
      const person = administrator(lms, req, res);
      if (person) sitePage(lms, req, res, 'administration', person);
    })
    .get('/my/serik', (req, res) => dashboardPage(lms, req, res))
    .get('/return', (req, res) => {
      const query = queryOf(req).toString();
      res.type('html').send(leavePage(lms, query === '' ? '/' : `/?${query}`, 'Back to the dashboard'));
    });
