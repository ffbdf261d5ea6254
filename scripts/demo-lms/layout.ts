import { html, type Html } from './html.js';
import type { Lms } from './lms.js';
import type { MannerName, Person } from './types.js';

export interface Crumb {
  readonly text: string;
  readonly href?: string;
}

export interface PageParts {
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  readonly body: Html;
  /** Scripts of `/static/` that listen before a frame of the page can speak. */
  readonly early?: readonly string[];
  readonly scripts?: readonly string[];
  /** Where the person switch comes back to. */
  readonly here?: string;
}

export const KIND_NAMES: Readonly<Record<Person['kind'], string>> = {
  tutor: 'Tutor',
  assistant: 'Non-editing teacher',
  leader: 'Programme leader',
  director: 'Director of online education',
  dean: 'Dean',
  administrator: 'Administrator',
  student: 'Student',
};

export const nameOf = ({ name, username }: Person): string => (name === '' ? username : name);

const head = (title: string): Html =>
  html`<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/static/bootstrap.min.css" />
    <link rel="stylesheet" href="/static/demo.css" />`;

const script = (name: string): Html => html`<script src="/static/${name}"></script>`;

function userMenu(visitor: Person | undefined, here: string): Html {
  const href = `/?return=${encodeURIComponent(here)}#people`;
  if (!visitor) return html`<a class="btn btn-outline-primary btn-sm" href="${href}">Choose a person</a>`;
  return html`<span class="me-2 user"
      ><span class="fw-semibold">${nameOf(visitor)}</span>
      <span class="badge text-bg-light border">${KIND_NAMES[visitor.kind]}</span></span
    >
    <a class="btn btn-outline-secondary btn-sm" href="${href}">Change person</a>`;
}

const crumbList = (crumbs: readonly Crumb[]): Html =>
  html`<nav aria-label="Breadcrumb">
    <ol class="breadcrumb mb-2">
      ${crumbs.map(({ text, href }) =>
        href === undefined
          ? html`<li class="breadcrumb-item active" aria-current="page">${text}</li>`
          : html`<li class="breadcrumb-item"><a href="${href}">${text}</a></li>`,
      )}
    </ol>
  </nav>`;

const SITE_NAMES: Readonly<Record<MannerName, string>> = {
  standard: 'Demo university',
  moodle: 'Demo university (Moodle manner)',
  'open-edx': 'Demo university (Open edX manner)',
};

export const siteName = (lms: Lms): string => SITE_NAMES[lms.manner];

/** A page in the looks of Moodle's Boost theme. */
export function page(lms: Lms, visitor: Person | undefined, parts: PageParts): string {
  const { title, crumbs = [], body, early = [], scripts = [], here = '/' } = parts;
  const admin =
    visitor?.kind === 'administrator' &&
    html`<li class="nav-item"><a class="nav-link" href="/admin/tools">Site administration</a></li>`;
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        ${head(`${title} | ${siteName(lms)}`)}${early.map(script)}
      </head>
      <body>
        <header class="navbar bg-white border-bottom shadow-sm">
          <div class="container-fluid gap-2">
            <a class="navbar-brand" href="/">${siteName(lms)}</a>
            <nav aria-label="Site" class="me-auto">
              <ul class="nav">
                <li class="nav-item"><a class="nav-link" href="/">My courses</a></li>
                ${admin}
              </ul>
            </nav>
            <div>${userMenu(visitor, here)}</div>
          </div>
        </header>
        <main class="container-xl py-3">
          ${crumbs.length > 0 && crumbList(crumbs)}
          <h1 class="h2 mb-3">${title}</h1>
          ${body}
        </main>
        <footer class="container-xl py-4 text-body-secondary small">
          A made-up LMS with made-up people, for trying out and for tests.
        </footer>
        ${scripts.map(script)}
      </body>
    </html>`.toString();
}

export const messagePage = (lms: Lms, visitor: Person | undefined, title: string, text: string): string =>
  page(lms, visitor, {
    title,
    body: html`<div class="alert alert-danger">${text}</div>
      <p><a href="/">Continue</a></p>`,
  });

/** Leaves the tool's frame. */
export const leavePage = (lms: Lms, href: string, title: string): string =>
  page(lms, undefined, {
    title,
    body: html`<p><a data-leave href="${href}" target="_top">${title}</a></p>`,
    scripts: ['leave.js'],
  });

/** A page that sends its form on by itself; without script a button does it. */
export const formPage = (
  method: 'get' | 'post',
  title: string,
  action: string,
  fields: Readonly<Record<string, string>>,
): string =>
  html`<!DOCTYPE html>
    <html lang="en">
      <head>
        ${head(title)}
      </head>
      <body>
        <main class="p-3">
          <h1 class="h5">${title}</h1>
          <form method="${method}" action="${action}" id="ltiLaunchForm" name="ltiLaunchForm">
            ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" /> `)}
            <noscript><button type="submit" class="btn btn-primary">Continue</button></noscript>
          </form>
        </main>
        <script src="/static/submit.js"></script>
      </body>
    </html>`.toString();

export const postPage = (title: string, action: string, fields: Readonly<Record<string, string>>): string =>
  formPage('post', title, action, fields);
