import { Router, type Request, type Response } from 'express';
import { personById, roleIn } from '../enrolment.js';
import { html, type Html } from '../html.js';
import { KIND_NAMES, messagePage, nameOf, page } from '../layout.js';
import { activeTool, type Lms } from '../lms.js';
import { queryOf } from '../paging.js';
import { become, impersonate, impersonatorOf, visitorOf } from '../session.js';
import { siteLink } from '../site.js';
import type { Kind, Person } from '../types.js';
import { administrator } from './door.js';
import { notices } from './notices.js';

/** Only a path of this site: the switch must not send anyone elsewhere. */
const localPath = (path: string | null): string => (path !== null && /^\/(?![/\\])/.test(path) ? path : '/');

const KINDS: readonly Kind[] = ['tutor', 'assistant', 'leader', 'director', 'dean', 'administrator', 'student'];

function peopleOf(lms: Lms, kind: Kind, visitor: Person | undefined, back: string): Html {
  const people = lms.world.people.filter((person) => person.kind === kind);
  return html`<h3 class="h6 fw-semibold mt-3">${KIND_NAMES[kind]}</h3>
    <ul class="people">
      ${people.map(
        (person) =>
          html`<li>
            <a
              href="/switch?to=${person.id}&amp;return=${encodeURIComponent(back)}"
              ${person.id === visitor?.id && html` aria-current="true"`}
              >${nameOf(person)}</a
            >
            <span class="text-body-secondary small">${person.locale}</span>
            ${
              visitor?.kind === 'administrator' &&
              person.id !== visitor.id &&
              html`<a class="small" href="/login-as?to=${person.id}" aria-label="Log in as ${nameOf(person)}"
                >log in as</a
              >`
            }
          </li> `,
      )}
    </ul>`;
}

function coursesOf(lms: Lms, visitor: Person | undefined): Html {
  const courses = lms.world.courses.filter(({ id }) => visitor && roleIn(lms.world, id, visitor) !== undefined);
  if (courses.length === 0) return html`<p>Choose a person below to see their courses.</p>`;
  return html`<div class="row g-3">
    ${courses.map(
      ({ id, title, shortName }) =>
        html`<div class="col-md-6">
          <div class="card">
            <div class="card-body">
              <h3 class="h5 card-title"><a href="/course/${id}">${title}</a></h3>
              <p class="card-text text-body-secondary">${shortName}</p>
            </div>
          </div>
        </div>`,
    )}
  </div>`;
}

/** The tool outside the courses, where this LMS has such a place. */
const staffMenu = (lms: Lms, visitor: Person | undefined): Html | false =>
  visitor !== undefined &&
  visitor.kind !== 'student' &&
  siteLink(lms.manner, 'dashboard') !== undefined &&
  activeTool(lms) !== undefined &&
  html`<p><a class="btn btn-outline-primary btn-sm" href="/my/serik">Serik of all my courses</a></p>`;

function home(lms: Lms, req: Request, res: Response): void {
  const visitor = visitorOf(lms, req);
  const back = localPath(queryOf(req).get('return'));
  const impersonator = impersonatorOf(lms, req);
  const body = html`${notices(queryOf(req))}${
      impersonator &&
      html`<p class="alert alert-warning">
        ${nameOf(impersonator)} is logged in as ${visitor && nameOf(visitor)}.
        <a href="/login-as/end">Log in again as oneself</a>
      </p>`
    }${staffMenu(lms, visitor)}
    <h2 class="h4">My courses</h2>
    ${coursesOf(lms, visitor)}
    <h2 class="h4 mt-4" id="people">Who are you?</h2>
    <p>Nobody has a password here: choose whose eyes to look through.</p>
    ${KINDS.map((kind) => peopleOf(lms, kind, visitor, back))}`;
  res.type('html').send(page(lms, visitor, { title: 'Dashboard', body }));
}

function switchPerson(lms: Lms, req: Request, res: Response): void {
  const query = queryOf(req);
  const person = personById(lms.world, query.get('to') ?? undefined);
  if (!person)
    return void res
      .status(404)
      .type('html')
      .send(messagePage(lms, undefined, 'Not found', 'There is no such person.'));
  become(lms, res, person);
  res.redirect(303, localPath(query.get('return')));
}

/** "Log in as" of the administrator: every launch is then the other one's, and says nothing of the administrator. */
function logInAs(lms: Lms, req: Request, res: Response): void {
  const visitor = administrator(lms, req, res);
  if (!visitor) return;
  const query = queryOf(req);
  const person = personById(lms.world, query.get('to') ?? undefined);
  if (person) impersonate(lms, res, visitor, person);
  res.redirect(303, localPath(query.get('return')));
}

function endLogInAs(lms: Lms, req: Request, res: Response): void {
  const impersonator = impersonatorOf(lms, req);
  if (impersonator) become(lms, res, impersonator);
  res.redirect(303, '/');
}

export const homeRoutes = (lms: Lms): Router =>
  Router()
    .get('/', (req, res) => home(lms, req, res))
    .get('/switch', (req, res) => switchPerson(lms, req, res))
    .get('/login-as', (req, res) => logInAs(lms, req, res))
    .get('/login-as/end', (req, res) => endLogInAs(lms, req, res))
    .get('/people.json', (_req, res) => {
      const coursesOf = (person: Person) =>
        lms.world.courses.filter(({ id }) => roleIn(lms.world, id, person) !== undefined).map(({ id }) => id);
      res.json(lms.world.people.map((person) => ({ ...person, courses: coursesOf(person) })));
    });
