import { Router, urlencoded, type Request, type Response } from 'express';
import { addTool } from '../hand-made-tool.js';
import { html, type Html } from '../html.js';
import { page } from '../layout.js';
import type { Lms } from '../lms.js';
import { administrator } from './door.js';

const FIELDS = [
  { name: 'name', text: 'Tool name', required: true, hint: '' },
  { name: 'initiateLoginUri', text: 'Initiate login URL', required: true, hint: '' },
  { name: 'targetLinkUri', text: 'Target link URL', required: true, hint: '' },
  { name: 'redirectUris', text: 'Redirection URIs', required: true, hint: 'Several are set apart by spaces.' },
  { name: 'jwksUri', text: 'Public keyset URL', required: true, hint: '' },
  { name: 'deepLinkingUri', text: 'Content selection URL', required: false, hint: 'Empty: nothing can be selected.' },
] as const;

type Field = (typeof FIELDS)[number];

const input = ({ name, text, required, hint }: Field): Html =>
  html`<div class="mb-3">
    <label class="form-label" for="${name}">${text}</label>
    <input class="form-control" id="${name}" name="${name}" ${required && html`required`} />
    ${hint !== '' && html`<div class="form-text">${hint}</div>`}
  </div>`;

function formPage(lms: Lms, req: Request, res: Response, words?: string): void {
  const person = administrator(lms, req, res);
  if (!person) return;
  const body = html`${words !== undefined && html`<div class="alert alert-danger" role="alert">${words}</div>`}
    <form method="post" action="/admin/tools/by-hand" class="card card-body">
      ${FIELDS.map(input)}
      <div><button class="btn btn-primary" type="submit">Save changes</button></div>
    </form>`;
  const crumbs = [{ text: 'Site administration', href: '/admin/tools' }, { text: 'Add by hand' }];
  res
    .status(words === undefined ? 200 : 400)
    .type('html')
    .send(page(lms, person, { title: 'Add a tool by hand', crumbs, body, here: '/admin/tools/by-hand' }));
}

const isAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

function save(lms: Lms, req: Request, res: Response): void {
  if (!administrator(lms, req, res)) return;
  const form = new URLSearchParams(req.body as Record<string, string>);
  const text = (name: Field['name']): string => (form.get(name) ?? '').trim();
  const redirectUris = text('redirectUris').split(/\s+/);
  const addresses = [text('initiateLoginUri'), text('targetLinkUri'), text('jwksUri'), ...redirectUris];
  const deepLinkingUri = text('deepLinkingUri');
  if (text('name') === '' || !addresses.every(isAddress) || (deepLinkingUri !== '' && !isAddress(deepLinkingUri))) {
    formPage(lms, req, res, 'A name and addresses that begin with http are needed.');
    return;
  }
  addTool(lms, {
    name: text('name'),
    initiateLoginUri: text('initiateLoginUri'),
    targetLinkUri: text('targetLinkUri'),
    redirectUris,
    jwksUri: text('jwksUri'),
    ...(deepLinkingUri === '' ? {} : { deepLinkingUri }),
  });
  res.redirect(303, '/admin/tools');
}

/** The form of an LMS without dynamic registration; what the tool needs to know stands on its card afterwards. */
export const adminByHandRoutes = (lms: Lms): Router =>
  Router()
    .get('/admin/tools/by-hand', (req, res) => formPage(lms, req, res))
    .post('/admin/tools/by-hand', urlencoded({ extended: false }), (req, res) => save(lms, req, res));
