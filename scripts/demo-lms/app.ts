import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import { authorizeRoutes } from './authorize.js';
import { configurationRoutes } from './configuration.js';
import { deepLinkingRoutes } from './deep-linking.js';
import { groupsRoutes } from './groups.js';
import { launchRoutes } from './launch.js';
import { messagePage } from './layout.js';
import { lineItemRoutes } from './line-items.js';
import { isMoodle, type Lms } from './lms.js';
import { openEdxParts } from './open-edx/parts.js';
import { activityRoutes } from './pages/activity.js';
import { adminByHandRoutes } from './pages/admin-by-hand.js';
import { adminFaultsRoutes } from './pages/admin-faults.js';
import { adminSwitchesRoutes } from './pages/admin-switches.js';
import { adminToolsRoutes } from './pages/admin-tools.js';
import { courseChangesRoutes } from './pages/course-changes.js';
import { courseRoutes } from './pages/course.js';
import { gradesRoutes } from './pages/grades.js';
import { homeRoutes } from './pages/home.js';
import { selectRoutes } from './pages/select.js';
import { siteRoutes } from './pages/site.js';
import { storageRoutes } from './pages/storage.js';
import { moodleErrorPage, wrongMethod } from './refusals.js';
import { registrationRoutes } from './registration.js';
import { resultRoutes } from './results.js';
import { rosterRoutes } from './roster.js';
import { scoreRoutes } from './scores.js';
import { visitorOf } from './session.js';
import { staticRoutes } from './static.js';
import { tokenRoutes } from './token.js';
import type { MannerName } from './types.js';

const PAGES = [
  homeRoutes,
  courseRoutes,
  courseChangesRoutes,
  activityRoutes,
  selectRoutes,
  siteRoutes,
  gradesRoutes,
  adminToolsRoutes,
  adminByHandRoutes,
  adminSwitchesRoutes,
  adminFaultsRoutes,
  storageRoutes,
];

/** Written for both; where the manners differ, the parts ask. */
const STANDARD_AND_MOODLE = [
  configurationRoutes,
  registrationRoutes,
  authorizeRoutes,
  tokenRoutes,
  rosterRoutes,
  lineItemRoutes,
  scoreRoutes,
  resultRoutes,
  deepLinkingRoutes,
];

const PARTS: Readonly<Record<MannerName, readonly ((lms: Lms) => Router)[]>> = {
  standard: [...STANDARD_AND_MOODLE, groupsRoutes],
  moodle: STANDARD_AND_MOODLE,
  'open-edx': openEdxParts,
};

export function createLmsApp(lms: Lms): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(staticRoutes());
  for (const part of [launchRoutes, ...PARTS[lms.manner], ...PAGES]) app.use(part(lms));
  if (isMoodle(lms)) app.use('/mod/lti/services.php', wrongMethod(lms));
  app.use((req, res) => {
    res
      .status(404)
      .type('html')
      .send(messagePage(lms, visitorOf(lms, req), 'Not found', 'There is no such page.'));
  });
  const failed: ErrorRequestHandler = (error, _req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const status = (error as { status?: unknown }).status;
    moodleErrorPage(res, typeof status === 'number' ? status : 500, error instanceof Error ? error.message : 'Error');
  };
  app.use(failed);
  return app;
}
