import { Router, urlencoded, type Request, type Response } from 'express';
import { mayTeach } from '../enrolment.js';
import { html, type Html } from '../html.js';
import { moduleId } from '../launch.js';
import { page } from '../layout.js';
import { activeTool, type Lms } from '../lms.js';
import { ownItemOf, setAcceptGrades } from '../own-items.js';
import { queryOf } from '../paging.js';
import type { ResourceLink } from '../types.js';
import { courseVisit, type CourseVisit } from './door.js';

const activityHref = (link: ResourceLink, isFirst: boolean) =>
  `/course/${link.courseId}/serik${isFirst ? '' : `?cm=${moduleId(link)}`}`;

const activityCard = (lms: Lms, link: ResourceLink, isFirst: boolean): Html => {
  const tool = activeTool(lms, link.toolId);
  const name = tool
    ? html`<a class="stretched-link" href="${activityHref(link, isFirst)}">${link.title}</a>`
    : html`${link.title}`;
  return html`<li class="card mb-2">
    <div class="card-body d-flex gap-3 align-items-center">
      <span class="activity-icon" aria-hidden="true">LTI</span>
      <div>
        <h3 class="h6 mb-1">${name}</h3>
        <p class="mb-0 text-body-secondary small">
          ${
            tool
              ? link.description
              : 'No active tool is registered: an administrator adds and activates it under Site administration.'
          }
        </p>
      </div>
    </div>
  </li>`;
};

function teacherMenu(lms: Lms, { course, role }: CourseVisit): Html | false {
  if (!mayTeach(role)) return html`<p><a href="/course/${course.id}/grades">My grades</a></p>`;
  const selecting = lms.world.tools.filter((tool) => tool.state === 'active' && tool.deepLinkingUri !== undefined);
  const [link] = lms.world.links.filter(({ courseId }) => courseId === course.id);
  const accepting = link !== undefined && ownItemOf(lms.world, link) !== undefined;
  return html`<ul class="nav nav-tabs mb-3">
      <li class="nav-item"><a class="nav-link active" aria-current="page" href="/course/${course.id}">Course</a></li>
      <li class="nav-item"><a class="nav-link" href="/course/${course.id}/grades">Grades</a></li>
    </ul>
    <div class="d-flex flex-wrap gap-2 mb-3">
      ${selecting.map(({ id, name }) => html`<a class="btn btn-outline-primary btn-sm" href="/course/${course.id}/select?tool=${id}">Select content of ${name}</a>`)}
      <form method="post" action="/course/${course.id}/accept-grades">
        <input type="hidden" name="on" value="${accepting ? '' : '1'}" />
        <button class="btn btn-outline-secondary btn-sm" type="submit">
          ${accepting ? 'Stop accepting' : 'Accept'} grades for Serik
        </button>
      </form>
    </div>`;
}

/** What a tool said when it sent someone back (LTI 1.3 core, section 5.4.4). */
function notices(query: URLSearchParams): Html {
  const error = query.get('lti_errormsg');
  const message = query.get('lti_msg');
  return html`${error !== null && html`<div class="alert alert-danger" role="alert">${error}</div>`}${
    message !== null && html`<div class="alert alert-info" role="status">${message}</div>`
  }`;
}

function coursePage(lms: Lms, req: Request, res: Response): void {
  const visit = courseVisit(lms, req, res);
  if (!visit) return;
  const { course, person } = visit;
  const links = lms.world.links.filter(({ courseId }) => courseId === course.id);
  const body = html`${notices(queryOf(req))}${teacherMenu(lms, visit)}
    <section aria-labelledby="general">
      <h2 class="h4" id="general">General</h2>
      <ul class="list-unstyled">
        ${links.map((link, index) => activityCard(lms, link, index === 0))}
      </ul>
    </section>`;
  const crumbs = [{ text: 'My courses', href: '/' }, { text: course.shortName }];
  res.type('html').send(page(lms, person, { title: course.title, crumbs, body, here: `/course/${course.id}` }));
}

/** Leaves the frame for the course, with what the tool had to say. */
function returnPage(lms: Lms, req: Request, res: Response): void {
  const query = queryOf(req).toString();
  const href = `/course/${String(req.params['id'])}${query === '' ? '' : `?${query}`}`;
  const body = html`<p><a data-leave href="${href}" target="_top">Back to the course</a></p>`;
  res.type('html').send(page(lms, undefined, { title: 'Back to the course', body, scripts: ['leave.js'] }));
}

function acceptGrades(lms: Lms, req: Request, res: Response): void {
  const visit = courseVisit(lms, req, res);
  if (!visit) return;
  const { on } = req.body as { on?: unknown };
  if (mayTeach(visit.role)) setAcceptGrades(lms, visit.course.id, on === '1');
  res.redirect(303, `/course/${visit.course.id}`);
}

export const courseRoutes = (lms: Lms): Router =>
  Router()
    .get('/course/:id', (req, res) => coursePage(lms, req, res))
    .get('/course/:id/return', (req, res) => returnPage(lms, req, res))
    .post('/course/:id/accept-grades', urlencoded({ extended: false }), (req, res) => acceptGrades(lms, req, res));
