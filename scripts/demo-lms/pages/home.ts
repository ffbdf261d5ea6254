import { Router, type Request, type Response } from 'express';
import { personById, roleIn } from '../enrolment.js';
import { html, type Html } from '../html.js';
import { KIND_NAMES, messagePage, nameOf, page } from '../layout.js';
import type { Lms } from '../lms.js';
import { queryOf } from '../paging.js';
import { become, visitorOf } from '../session.js';
import type { Kind, Person } from '../types.js';

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

function home(lms: Lms, req: Request, res: Response): void {
  const visitor = visitorOf(lms, req);
  const back = localPath(queryOf(req).get('return'));
  const body = html`<h2 class="h4">My courses</h2>
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
  become(res, person);
  res.redirect(303, localPath(query.get('return')));
}

export const homeRoutes = (lms: Lms): Router =>
  Router()
    .get('/', (req, res) => home(lms, req, res))
    .get('/switch', (req, res) => switchPerson(lms, req, res))
    .get('/people.json', (_req, res) => {
      const coursesOf = (person: Person) =>
        lms.world.courses.filter(({ id }) => roleIn(lms.world, id, person) !== undefined).map(({ id }) => id);
      res.json(lms.world.people.map((person) => ({ ...person, courses: coursesOf(person) })));
    });
