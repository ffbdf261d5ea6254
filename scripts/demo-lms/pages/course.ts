import { Router, type Request, type Response } from 'express';
import { mayTeach } from '../enrolment.js';
import { html, type Html } from '../html.js';
import { moduleId } from '../launch.js';
import { leavePage, page } from '../layout.js';
import { activeTool, isMoodle, isOpenEdx, type Lms } from '../lms.js';
import { acceptsGrades } from '../own-items.js';
import { queryOf } from '../paging.js';
import { isFrontPage } from '../site.js';
import type { Course, ResourceLink, Tool } from '../types.js';
import { courseVisit, type CourseVisit } from './door.js';
import { notices } from './notices.js';

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

/** A select of one of several tools, and a button alone where there is one. */
function activityForm(tools: readonly Tool[], course: Course): Html | false {
  if (tools.length === 0) return false;
  return html`<form method="post" action="/course/${course.id}/activities" class="d-flex gap-2">
    <select class="form-select form-select-sm w-auto" name="tool" aria-label="Tool of the new activity">
      ${tools.map(({ id, name, clientId }) => html`<option value="${id}">${name} (${clientId.slice(0, 6)})</option>`)}
    </select>
    <button class="btn btn-outline-secondary btn-sm" type="submit">Add activity</button>
  </form>`;
}

/** In a student's role there is only the way back; Open edX switches no roles here. */
function roleMenu(lms: Lms, { course, switched }: CourseVisit): Html | false {
  if (isOpenEdx(lms)) return false;
  const href = `/course/${course.id}/switch-role?to=${switched ? 'own' : 'student'}`;
  const view = isMoodle(lms) ? 'Switch role to student' : 'Student view';
  return html`<a class="btn btn-outline-secondary btn-sm" href="${href}"
    >${switched ? 'Return to my normal role' : view}</a
  >`;
}

function teacherMenu(lms: Lms, visit: CourseVisit): Html {
  const { course, role, switched } = visit;
  if (!mayTeach(role))
    return html`${switched && html`<p>${roleMenu(lms, visit)}</p>`}
      <p><a href="/course/${course.id}/grades">My grades</a></p>`;
  const tools = lms.world.tools.filter((tool) => tool.state === 'active' && tool.hidden !== true);
  const selecting = tools.filter((tool) => tool.deepLinkingUri !== undefined);
  const [link] = lms.world.links.filter(({ courseId }) => courseId === course.id);
  const accepting = link !== undefined && acceptsGrades(lms.world, link);
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
      ${activityForm(tools, course)}
      <form method="post" action="/course/${course.id}/copy">
        <button class="btn btn-outline-secondary btn-sm" type="submit">Copy this course</button>
      </form>
      ${roleMenu(lms, visit)}
    </div>`;
}

function coursePage(lms: Lms, req: Request, res: Response): void {
  const visit = courseVisit(lms, req, res);
  if (!visit) return;
  const { course, person } = visit;
  const links = lms.world.links.filter(({ courseId }) => courseId === course.id);
  const body = html`${notices(queryOf(req))}${!isFrontPage(lms.manner, course.id) && teacherMenu(lms, visit)}
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
  res.type('html').send(leavePage(lms, href, 'Back to the course'));
}

export const courseRoutes = (lms: Lms): Router =>
  Router()
    .get('/course/:id', (req, res) => coursePage(lms, req, res))
    .get('/course/:id/return', (req, res) => returnPage(lms, req, res));
