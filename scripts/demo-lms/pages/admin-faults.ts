import { Router, urlencoded, type Request, type Response } from 'express';
import type { Fault } from '../faults.js';
import { html } from '../html.js';
import { page } from '../layout.js';
import type { Lms } from '../lms.js';
import type { ServiceName } from '../types.js';
import { administrator } from './door.js';

const SERVICES: readonly ServiceName[] = ['token', 'roster', 'groups', 'lineitems', 'scores', 'results', 'jwks'];

const FAULTS: readonly { kind: Fault['kind']; text: string }[] = [
  { kind: 'slow', text: 'Slow (milliseconds)' },
  { kind: 'too-many', text: '429 Too many requests (seconds to wait)' },
  { kind: 'error', text: '500 Internal error' },
  { kind: 'cut', text: 'Carried out, then the connection breaks' },
  { kind: 'jwks-down', text: 'Key set is down' },
  { kind: 'clock', text: 'Clock is wrong (seconds)' },
];

function faultOf(kind: string, amount: number): Fault | undefined {
  switch (kind) {
    case 'slow':
      return { kind, ms: amount };
    case 'too-many':
      return { kind, retryAfter: amount };
    case 'clock':
      return { kind, seconds: amount };
    case 'error':
    case 'cut':
    case 'jwks-down':
      return { kind };
    default:
      return undefined;
  }
}

function faultsPage(lms: Lms, req: Request, res: Response): void {
  const person = administrator(lms, req, res);
  if (!person) return;
  const active = lms.faults.list();
  const body = html`<form method="post" action="/admin/faults" class="card card-body mb-4">
      <div class="row g-3">
        <div class="col-md-4">
          <label class="form-label" for="kind">Fault</label
          ><select class="form-select" id="kind" name="kind">
            ${FAULTS.map(({ kind, text }) => html`<option value="${kind}">${text}</option>`)}
          </select>
        </div>
        <div class="col-md-2">
          <label class="form-label" for="amount">How much</label
          ><input class="form-control" id="amount" name="amount" type="number" value="1000" />
        </div>
        <div class="col-md-3">
          <label class="form-label" for="service">Service</label
          ><select class="form-select" id="service" name="service">
            <option value="">All</option>
            ${SERVICES.map((name) => html`<option>${name}</option>`)}
          </select>
        </div>
        <div class="col-md-2">
          <label class="form-label" for="times">How often (empty: until cleared)</label
          ><input class="form-control" id="times" name="times" type="number" min="1" />
        </div>
      </div>
      <div class="mt-3"><button class="btn btn-primary" type="submit">Switch on</button></div>
    </form>
    <h2 class="h4">Active faults</h2>
    ${
      active.length === 0
        ? html`<p>Everything works.</p>`
        : html`<ul>
              ${active.map(({ fault, service, left }) => html`<li>${FAULTS.find(({ kind }) => kind === fault.kind)?.text}: ${service ?? 'all services'}, ${left === Infinity ? 'until cleared' : `${left} times more`}</li>`)}
            </ul>
            <form method="post" action="/admin/faults/clear">
              <button class="btn btn-outline-secondary" type="submit">Switch all off</button>
            </form>`
    }`;
  const crumbs = [{ text: 'Site administration', href: '/admin/tools' }, { text: 'Faults' }];
  res.type('html').send(page(lms, person, { title: 'Faults', crumbs, body, here: '/admin/faults' }));
}

function switchOn(lms: Lms, req: Request, res: Response): void {
  if (!administrator(lms, req, res)) return;
  const form = new URLSearchParams(req.body as Record<string, string>);
  const fault = faultOf(form.get('kind') ?? '', Number(form.get('amount') ?? 0) || 0);
  const service = SERVICES.find((name) => name === form.get('service'));
  const times = Number(form.get('times') ?? '');
  if (fault) lms.faults.set(fault, { ...(service ? { service } : {}), ...(times > 0 ? { times } : {}) });
  res.redirect(303, '/admin/faults');
}

export const adminFaultsRoutes = (lms: Lms): Router =>
  Router()
    .get('/admin/faults', (req, res) => faultsPage(lms, req, res))
    .post('/admin/faults', urlencoded({ extended: false }), (req, res) => switchOn(lms, req, res))
    .post('/admin/faults/clear', (req, res) => {
      if (!administrator(lms, req, res)) return;
      lms.faults.clear();
      res.redirect(303, '/admin/faults');
    });
