import { Router, urlencoded, type Request, type Response } from 'express';
import { html, type Html } from '../html.js';
import { connectionOf } from '../hand-made-tool.js';
import { page } from '../layout.js';
import { isMoodle, isOpenEdx, toolById, type Lms } from '../lms.js';
import { registrationUpdateUrl, registrationUrl } from '../registration.js';
import { siteLink } from '../site.js';
import type { Tool } from '../types.js';
import { administrator } from './door.js';

const CRUMBS = [{ text: 'Site administration', href: '/admin/tools' }];

const button = (action: string, text: string, style: string, about: string): Html =>
  html`<form method="post" action="${action}" class="d-inline">
    <button class="btn btn-sm ${style}" type="submit" aria-label="${text} ${about}">${text}</button>
  </form> `;

/** Moodle opens the tool's link anew, with a token that replaces this registration. */
const updateForm = (lms: Lms, { id, name }: Tool): Html =>
  html`<form method="post" action="/admin/tools/${id}/renew" class="d-flex flex-wrap gap-2 mt-2">
    <input
      class="form-control form-control-sm w-auto"
      type="url"
      name="toolurl"
      required
      value="${lms.registrationLink}"
      aria-label="Registration link of ${name}"
    />
    <button class="btn btn-sm btn-outline-secondary" type="submit">Update registration</button>
  </form>`;

const definitions = (entries: readonly (readonly [string, string])[]): Html =>
  html`<dl class="row small mb-2">
    ${entries.map(
      ([term, text]) =>
        html`<dt class="col-sm-3">${term}</dt>
          <dd class="col-sm-9">${text}</dd>`,
    )}
  </dl>`;

function toolCard(lms: Lms, tool: Tool): Html {
  const { clientId, authorizationEndpoint, tokenEndpoint, jwksUri } = connectionOf(lms, tool.id);
  return html`<li class="card mb-2">
    <div class="card-body">
      <h3 class="h5">
        ${tool.name}
        <span class="badge ${tool.state === 'active' ? 'text-bg-success' : 'text-bg-warning'}"
          >${tool.state === 'active' ? 'Active' : 'Pending'}</span
        >
        ${tool.hidden === true && html`<span class="badge text-bg-light border">Not in the activity chooser</span>`}
      </h3>
      <p class="small mb-2">${tool.targetLinkUri}</p>
      ${definitions([
        ['Platform ID (issuer)', lms.url],
        ['Client ID', clientId],
        ['Deployment ID', [tool.deploymentId, ...(tool.moreDeployments ?? [])].join(', ')],
        ['Authentication request URL', authorizationEndpoint],
        ['Access token URL', tokenEndpoint],
        ['Public keyset URL', jwksUri],
        ['Services', tool.scopes.map((scope) => scope.split('/').slice(-1)[0] ?? '').join(', ')],
      ])}
      ${tool.state === 'pending' && button(`/admin/tools/${tool.id}/activate`, 'Activate', 'btn-primary', tool.name)}
      ${
        tool.hidden === true &&
        button(`/admin/tools/${tool.id}/show`, 'Show in activity chooser', 'btn-outline-primary', tool.name)
      }
      ${button(`/admin/tools/${tool.id}/delete`, 'Delete', 'btn-outline-danger', tool.name)}
      ${isMoodle(lms) && updateForm(lms, tool)}
    </div>
  </li>`;
}

/** The one-time link of dynamic registration, where the LMS has that. */
const registrationForm = (lms: Lms): Html =>
  html`<form method="post" action="/admin/tools/add" class="card card-body mb-4">
    <label class="form-label" for="toolurl">Tool URL</label>
    <div class="d-flex flex-wrap gap-2">
      <input
        class="form-control"
        type="url"
        id="toolurl"
        name="toolurl"
        required
        value="${lms.registrationLink}"
        aria-describedby="toolurl-hint"
      />
      <button class="btn btn-primary" type="submit">Add LTI Advantage</button>
    </div>
    <div class="form-text" id="toolurl-hint">The one-time registration link that the tool gave out.</div>
  </form>`;

function toolsPage(lms: Lms, req: Request, res: Response): void {
  const person = administrator(lms, req, res);
  if (!person) return;
  const { tools } = lms.world;
  const body = html`${!isOpenEdx(lms) && registrationForm(lms)}
    <p><a class="btn btn-outline-primary" href="/admin/tools/by-hand">Add by hand</a></p>
    <h2 class="h4">Tools</h2>
    ${
      tools.length === 0
        ? html`<p>No tool is registered.</p>`
        : html`<ul class="list-unstyled">
            ${tools.map((tool) => toolCard(lms, tool))}
          </ul>`
    }
    <p>
      <a href="/admin/switches">Switches</a> · <a href="/admin/faults">Faults</a>
      ${siteLink(lms.manner, 'administration') && html`· <a href="/admin/serik">Serik for the whole site</a>`}
    </p>`;
  res.type('html').send(
    page(lms, person, {
      title: 'Manage tools',
      crumbs: [{ text: 'Site administration' }],
      body,
      here: '/admin/tools',
    }),
  );
}

/** Opens the tool's link in a frame, as the LMS makes it. */
function framePage(lms: Lms, req: Request, res: Response, inviting: (link: string) => string): void {
  const person = administrator(lms, req, res);
  if (!person) return;
  const { toolurl } = req.body as { toolurl?: unknown };
  const link = typeof toolurl === 'string' ? toolurl.trim() : '';
  if (isOpenEdx(lms) || !URL.canParse(link) || !/^https?:$/.test(new URL(link).protocol)) {
    res.redirect(303, '/admin/tools');
    return;
  }
  const body = html`<iframe id="contentframe" title="Registration of the tool" src="${inviting(link)}"></iframe>
    <p class="mt-2"><a href="/admin/tools">Back to the tools</a></p>`;
  const crumbs = [...CRUMBS, { text: 'Register' }];
  res
    .type('html')
    .send(
      page(lms, person, { title: 'Register a tool', crumbs, body, early: ['registration.js'], here: '/admin/tools' }),
    );
}

function change(lms: Lms, req: Request, res: Response, what: (tool: Tool) => void): void {
  if (!administrator(lms, req, res)) return;
  const tool = toolById(lms, String(req.params['id']));
  if (tool) what(tool);
  lms.world.changed();
  res.redirect(303, '/admin/tools');
}

function deleteTool({ world }: Lms, tool: Tool): void {
  world.tools = world.tools.filter((one) => one !== tool);
  // Activities that were made for it go with it; the seeded one waits for the next tool.
  world.links = world.links.filter(({ toolId }) => toolId !== tool.id);
}

export const adminToolsRoutes = (lms: Lms): Router =>
  Router()
    .get('/admin/tools', (req, res) => toolsPage(lms, req, res))
    .get('/admin/tools/add', (_req, res) => res.redirect(303, '/admin/tools'))
    .post('/admin/tools/add', urlencoded({ extended: false }), (req, res) =>
      framePage(lms, req, res, (link) => registrationUrl(lms, link)),
    )
    .post('/admin/tools/:id/renew', urlencoded({ extended: false }), (req, res) =>
      framePage(lms, req, res, (link) => registrationUpdateUrl(lms, req.params.id, link)),
    )
    .post('/admin/tools/:id/show', (req, res) =>
      change(lms, req, res, (tool) => {
        tool.hidden = false;
      }),
    )
    .post('/admin/tools/:id/activate', (req, res) =>
      change(lms, req, res, (tool) => {
        tool.state = 'active';
      }),
    )
    .post('/admin/tools/:id/delete', (req, res) => change(lms, req, res, (tool) => deleteTool(lms, tool)));
