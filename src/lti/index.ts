import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import type { Connection } from 'mongoose';
import type { Catalogues, Language } from '../web/i18n.js';
import { limitRequests } from '../web/rate-limit.js';
import type { Views } from '../web/views.js';
import type { Launch } from './launch.js';
import { createLmsFetch } from './lms-fetch.js';
import { createLoginStore } from './login-store.js';
import { loginRoute } from './login.js';
import { createLtijsStore } from './ltijs-store.js';
import { createPlatformKeys } from './platform-keys.js';
import { createPlatforms, type Platforms } from './platforms.js';
import { startProvider } from './provider.js';
import { createRegistrationLinks, type RegistrationLinks } from './registration-links.js';
import { registrationRoutes } from './registration-routes.js';
import { createCallLms } from './services/call-lms.js';
import type { CallLms } from './services/call.js';
import { createVerifier } from './verify.js';

export type { Launch } from './launch.js';
export type { Platform, Platforms } from './platforms.js';
export type { RegistrationLinks } from './registration-links.js';
export type { CallLms, LmsAnswer, LmsRequest } from './services/call.js';
export { SCOPES } from './services/call.js';
export {
  boundLink,
  createGradeService,
  type GradeFailure,
  type GradeService,
  type LineItem,
  type Result,
} from './services/grades.js';
export { readRoster, type Member, type RosterFailure, type RosterOutcome } from './services/roster.js';

export interface LtiDeps {
  readonly connection: Connection;
  readonly publicUrl: string;
  readonly secret: string;
  readonly clockToleranceSeconds: number;
  readonly lmsTimeoutMs: number;
  readonly allowPrivateLms: boolean;
  readonly defaultLanguage: Language;
  readonly views: Views;
  readonly catalogues: Catalogues;
  readonly now: () => Date;
}

/** The room's face before it has a router: what jobs and the other rooms need. */
export interface Lti {
  readonly platforms: Platforms;
  readonly registrationLinks: RegistrationLinks;
  readonly callLms: CallLms;
  /** The door itself, to be mounted at `/lti` before any body parser. ltijs is a singleton: call it once a process. */
  open(handlers: {
    readonly onLaunch: (launch: Launch, req: Request, res: Response) => Promise<void>;
    readonly onRefusal: (error: unknown, req: Request, res: Response) => void;
  }): Promise<RequestHandler>;
}

export async function createLti(deps: LtiDeps): Promise<Lti> {
  const { connection, publicUrl, now } = deps;
  const store = createLtijsStore(connection);
  const logins = createLoginStore(connection, now);
  const platforms = createPlatforms(connection);
  const links = createRegistrationLinks(connection, { publicUrl, now });
  await Promise.all([store.ready(), logins.ready(), platforms.ready(), links.ready()]);
  const lmsFetch = createLmsFetch({ timeoutMs: deps.lmsTimeoutMs, allowPrivate: deps.allowPrivateLms });
  const verify = createVerifier({
    logins,
    platforms,
    keys: createPlatformKeys({ lmsFetch }),
    publicUrl,
    clockToleranceSeconds: deps.clockToleranceSeconds,
    now,
  });
  return {
    platforms,
    registrationLinks: links,
    callLms: createCallLms({ platforms, lmsFetch }),
    async open(handlers) {
      const ltijs = await startProvider({ store, secret: deps.secret, verify, ...handlers });
      const login = loginRoute({ platforms, logins, publicUrl });
      const form = urlencoded({ extended: false, limit: '100kb' });
      const registration = registrationRoutes({ ...deps, links, lmsFetch, platforms });
      return Router()
        .use(limitRequests(6000))
        .get('/login', login)
        .post('/login', form, login)
        .use('/register', limitRequests(60), form, registration)
        .use(ltijs);
    },
  };
}
