import express, { type Express, type RequestHandler, Router } from 'express';
import { pino } from 'pino';
import type { Course } from '../../src/launch/course.js';
import type { Role } from '../../src/launch/permissions.js';
import { beginVisit, visitOf, type Person } from '../../src/launch/visit.js';
import { readAssets } from '../../src/web/assets.js';
import { requireCsrf } from '../../src/web/csrf.js';
import { errorPages, notFound } from '../../src/web/error-pages.js';
import { loadCatalogues, type Language } from '../../src/web/i18n.js';
import { createViews, type Views } from '../../src/web/views.js';

export const testCourse: Course = {
  id: 'c0ffee',
  platform: 'http://localhost:1 client-1',
  deployment: '1',
  context: '2',
  title: 'Hotel business management',
  label: 'HBM',
  lmsName: 'Moodle',
  services: { gradeScopes: [] },
};

export const CSRF = 'csrf-token-of-the-test';

/** One room behind the real views, catalogues, CSRF check and error pages; who is there is said by two headers. */
export async function roomApp(
  routes: (deps: { views: Views }) => Router,
  {
    course = testCourse,
    now = () => new Date(),
    uploads = Router(),
  }: { course?: Course; now?: () => Date; uploads?: RequestHandler } = {},
): Promise<Express> {
  const catalogues = await loadCatalogues();
  const views = createViews({ catalogues, asset: readAssets() });
  const app = express();
  app.use(express.urlencoded({ extended: true, limit: '1mb' }), express.json({ limit: '1mb' }));
  app.use(`/c/${course.id}`, (req, _res, next) => {
    const language = (req.get('x-test-language') ?? 'en') as Language;
    const sub = req.get('x-test-sub') ?? 'tutor-1';
    const person: Person = { sub, name: `Person ${sub}` };
    const role = (req.get('x-test-role') ?? 'tutor') as Role;
    beginVisit(req, { person, course, role, language, t: catalogues.translator(language), csrf: CSRF, now: now() });
    next();
  });
  app.use(
    `/c/${course.id}`,
    uploads,
    requireCsrf('http://127.0.0.1:3000', (req) => visitOf(req).csrf),
    routes({ views }),
  );
  app.use(notFound, errorPages({ views, catalogues, logger: pino({ level: 'silent' }), defaultLanguage: 'en' }));
  return app;
}
