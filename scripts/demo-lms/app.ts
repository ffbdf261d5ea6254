import express, { type ErrorRequestHandler, type Express } from 'express';
import { authorizeRoutes } from './authorize.js';
import { configurationRoutes } from './configuration.js';
import { deepLinkingRoutes } from './deep-linking.js';
import { launchRoutes } from './launch.js';
import { messagePage } from './layout.js';
import { lineItemRoutes } from './line-items.js';
import { isMoodle, type Lms } from './lms.js';
import { activityRoutes } from './pages/activity.js';
import { adminFaultsRoutes } from './pages/admin-faults.js';
import { adminToolsRoutes } from './pages/admin-tools.js';
import { courseRoutes } from './pages/course.js';
import { gradesRoutes } from './pages/grades.js';
import { homeRoutes } from './pages/home.js';
import { moodleErrorPage, wrongMethod } from './refusals.js';
import { registrationRoutes } from './registration.js';
import { resultRoutes } from './results.js';
import { rosterRoutes } from './roster.js';
import { scoreRoutes } from './scores.js';
import { visitorOf } from './session.js';
import { staticRoutes } from './static.js';
import { tokenRoutes } from './token.js';

const PARTS = [
  configurationRoutes,
  registrationRoutes,
  launchRoutes,
  authorizeRoutes,
  tokenRoutes,
  rosterRoutes,
  lineItemRoutes,
  scoreRoutes,
  resultRoutes,
  deepLinkingRoutes,
  homeRoutes,
  courseRoutes,
  activityRoutes,
  gradesRoutes,
  adminToolsRoutes,
  adminFaultsRoutes,
];

export function createLmsApp(lms: Lms): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(staticRoutes());
  for (const part of PARTS) app.use(part(lms));
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
