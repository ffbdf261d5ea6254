import { Router } from 'express';
import { join } from 'node:path';
import { projectRoot } from '../../src/root.js';
import { STORAGE_SCRIPT } from './storage-script.js';

const CSS = `
body { background: #f8f9fa; color: #1d2125; }
a { color: #0a58a8; }
.nav { --bs-nav-link-color: #0a58a8; }
.btn-outline-secondary { --bs-btn-color: #495057; }
.btn-outline-primary { --bs-btn-color: #0a58a8; --bs-btn-border-color: #0a58a8; }
.navbar-brand { white-space: normal; font-size: 1rem; font-weight: 600; }
.user { overflow-wrap: anywhere; }
h1, td, th, .card { overflow-wrap: anywhere; }
.breadcrumb { font-size: .9rem; }
.card { border-radius: .5rem; }
.activity-icon { width: 50px; height: 50px; border-radius: .5rem; background: #e5f0fb; color: #0a58a8; display: flex; align-items: center; justify-content: center; font-weight: 700; flex: none; }
.people { columns: 16rem auto; list-style: none; padding: 0; }
.people li { break-inside: avoid; }
.people a { display: inline-block; padding: .2rem 0; }
#contentframe { width: 100%; height: 600px; border: 0; background: #fff; display: block; }
.grades td, .grades th { white-space: nowrap; }
.grades th[scope=row] { white-space: normal; min-width: 9rem; max-width: 18rem; }
.grades a { display: inline-block; min-width: 24px; min-height: 24px; }
`;

/** As Moodle: 600 px, then down to the viewport's end. `lti.frameResize` is honoured in both manners. */
const FRAME = `
const found = () => document.getElementById('contentframe');
let asked = 0;
const stretch = () => {
  const frame = found();
  if (!frame) return;
  const top = frame.getBoundingClientRect().top + scrollY;
  frame.style.height = Math.max(600, innerHeight - top - 15, asked) + 'px';
};
addEventListener('resize', stretch);
document.addEventListener('DOMContentLoaded', stretch);
addEventListener('message', (event) => {
  if (event.source !== found()?.contentWindow) return;
  let message = event.data;
  try { if (typeof message === 'string') message = JSON.parse(message); } catch { return; }
  if (message?.subject === 'lti.frameResize' && Number(message.height) > 0) {
    asked = Math.min(Number(message.height), 20000);
    stretch();
  }
});
`;

/** As Moodle: whoever sends it, from whatever origin. */
const REGISTRATION = `
addEventListener('message', (event) => {
  if (event.data?.subject === 'org.imsglobal.lti.close') location.assign('/admin/tools');
});
`;

const SUBMIT = 'document.forms[0].submit();';

/** Out of the tool's frame. */
const LEAVE = "(window.top ?? window).location.assign(document.querySelector('a[data-leave]').href);";

export const staticRoutes = (): Router => {
  const routes = Router().get('/static/bootstrap.min.css', (_req, res) =>
    res.sendFile(join(projectRoot, 'node_modules', 'bootstrap', 'dist', 'css', 'bootstrap.min.css'), { maxAge: '1h' }),
  );
  const files = {
    'demo.css': CSS,
    'frame.js': FRAME,
    'storage.js': STORAGE_SCRIPT,
    'registration.js': REGISTRATION,
    'submit.js': SUBMIT,
    'leave.js': LEAVE,
  };
  for (const [name, text] of Object.entries(files))
    routes.get(`/static/${name}`, (_req, res) => void res.type(name.endsWith('.css') ? 'css' : 'js').send(text));
  return routes;
};
