import type { RequestHandler } from 'express';
import { AppError } from '../web/errors.js';
import { beginDeskVisit } from './desk.js';
import type { DeskRole } from './roles.js';
import { activePlatform, goOn, sessionOf, type SignedInDeps } from './signed-in.js';

/** Stands before every page of a desk. Whoever never came from such a place is told what to do; the other desk is a 403. */
export const deskVisit =
  (deps: SignedInDeps, wanted: DeskRole): RequestHandler =>
  async (req, res, next) => {
    const session = await sessionOf(deps, req);
    if (!session) throw new AppError('session_ended', 'session-ended');
    const platform = await activePlatform(deps, session, res);
    if (!platform.deployments.includes(session.deskDeployment ?? ''))
      throw new AppError('forbidden', 'launch.deployment');
    if (session.desk !== wanted) throw new AppError('forbidden', 'not-your-desk');

    const language = await goOn(deps, session, req, res);
    beginDeskVisit(req, {
      person: session.person,
      platform,
      role: wanted,
      home: wanted === 'administrator' ? '/desk/' : '/my/',
      language,
      t: deps.catalogues.translator(language),
      csrf: session.csrf,
      session: session.id,
      entered: Object.keys(session.entries),
      now: deps.now(),
    });
    next();
  };
