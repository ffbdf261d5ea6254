import { Router, urlencoded, type Request, type Response } from 'express';
import { html, type Html } from '../html.js';
import { page } from '../layout.js';
import type { Lms } from '../lms.js';
import type { Switches } from '../switches.js';
import type { MannerName } from '../types.js';
import { administrator } from './door.js';

type Name = Exclude<keyof Switches, 'storageTarget'>;

const SWITCHES: readonly { name: Name; text: string; manners: readonly MannerName[] }[] = [
  {
    name: 'blockPrivateKeySets',
    text: 'Key sets on private addresses and odd ports are blocked',
    manners: ['standard', 'moodle', 'open-edx'],
  },
  { name: 'launchNames', text: 'Components share name, e-mail and username in the launch', manners: ['open-edx'] },
  { name: 'rosterNames', text: 'Rosters share name and e-mail', manners: ['open-edx'] },
  { name: 'rosterTooLong', text: 'Rosters are over the limit', manners: ['open-edx'] },
];

const box = (name: string, text: string, on: boolean): Html =>
  html`<div class="form-check">
    <input class="form-check-input" type="checkbox" id="${name}" name="${name}" value="1" ${on && html`checked`} />
    <label class="form-check-label" for="${name}">${text}</label>
  </div>`;

function switchesPage(lms: Lms, req: Request, res: Response): void {
  const person = administrator(lms, req, res);
  if (!person) return;
  const { switches } = lms.world;
  const offered = SWITCHES.filter(({ manners }) => manners.includes(lms.manner));
  const body = html`<form method="post" action="/admin/switches">
    ${box('storage', 'LTI platform storage is offered', switches.storageTarget !== undefined)}
    ${offered.map(({ name, text }) => box(name, text, switches[name]))}
    <button class="btn btn-primary mt-3" type="submit">Save changes</button>
  </form>`;
  const crumbs = [{ text: 'Site administration', href: '/admin/tools' }, { text: 'Switches' }];
  res.type('html').send(page(lms, person, { title: 'Switches', crumbs, body, here: '/admin/switches' }));
}

function save(lms: Lms, req: Request, res: Response): void {
  if (!administrator(lms, req, res)) return;
  const form = new URLSearchParams(req.body as Record<string, string>);
  const { switches } = lms.world;
  switches.storageTarget = form.has('storage') ? (switches.storageTarget ?? '_parent') : undefined;
  for (const { name, manners } of SWITCHES) if (manners.includes(lms.manner)) switches[name] = form.has(name);
  lms.world.changed();
  res.redirect(303, '/admin/switches');
}

export const adminSwitchesRoutes = (lms: Lms): Router =>
  Router()
    .get('/admin/switches', (req, res) => switchesPage(lms, req, res))
    .post('/admin/switches', urlencoded({ extended: false }), (req, res) => save(lms, req, res));
