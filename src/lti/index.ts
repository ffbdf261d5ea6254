import { Router, urlencoded, type Request, type RequestHandler, type Response } from 'express';
import type { Connection } from 'mongoose';
import { createCookie } from '../web/cookies.js';
import type { Catalogues, Language } from '../web/i18n.js';
import { limitRequests } from '../web/rate-limit.js';
import type { Views } from '../web/views.js';
import { createDeploymentStore, type DeploymentStore } from './deployment-store.js';
import type { Launch, SelectionRequest } from './launch.js';
import { createLaunchLog, type LaunchLog } from './launch-log-store.js';
import { createLmsFetch, type HttpAnswer, type LmsFetch } from './lms-fetch.js';
import { createLoginStates } from './login-state.js';
import { LOGIN_COOKIE, loginRoute } from './login.js';
import { createPlatformKeys } from './platform-keys.js';
import { createPlatforms, type Platform, type Platforms } from './platforms.js';
import { startProvider, type Handled } from './provider.js';
import { createRegistrationLinks, type RegistrationLinks } from './registration-links.js';
import { registrationRoutes } from './registration-routes.js';
import { selectionAnswer, type Placement, type SelectionAnswer } from './selection.js';
import { createCallLms } from './services/call-lms.js';
import { SCOPES, type CallLms } from './services/call.js';
import { requestToken } from './services/tokens.js';
import { createSignInPages } from './sign-in-pages.js';
import { canvasKey } from './tool-configuration.js';
import { createToolKeys, type ToolKeys } from './tool-keys-store.js';
import { createVerifier } from './verify.js';

export type { AskingDeployment, DeploymentStore } from './deployment-store.js';
export type { CoursePlace, Launch, LaunchMessage, SelectionRequest } from './launch.js';
export type { LaunchLog, LaunchRecord } from './launch-log-store.js';
export type { HttpAnswer, LmsFetch } from './lms-fetch.js';
export { LOGIN_SECONDS } from './login-state.js';
export {
  originsOf,
  PLATFORM_FIELDS,
  platformFrom,
  TypedPlatform,
  type PlatformFault,
  type PlatformField,
} from './manual-registration.js';
export type { Desk, NewPlatform, Platform, PlatformChange, Platforms } from './platforms.js';
export type { OpenLink, RegistrationLinks } from './registration-links.js';
export type { Placement, SelectionAnswer } from './selection.js';
export type { CallLms, LmsAnswer, LmsRequest } from './services/call.js';
export { USUAL_ROTATION, type KeyState, type ToolKeys } from './tool-keys-store.js';
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
export type { Handled } from './provider.js';
export { toolValues, type ToolValue } from './tool-values.js';
export { LaunchRefused } from './verify.js';

export interface LtiDeps {
  readonly connection: Connection;
  readonly publicUrl: string;
  readonly secret: string;
  readonly clockToleranceSeconds: number;
  readonly lmsTimeoutMs: number;
  readonly allowPrivateLms: boolean;
  readonly approvesDeployments: boolean;
  readonly defaultLanguage: Language;
  readonly views: Views;
  readonly catalogues: Catalogues;
  readonly now: () => Date;
}

/** What is kept of LMSs: for the tool itself and for the operator's commands. */
export interface LtiStores {
  readonly platforms: Platforms;
  readonly deployments: DeploymentStore;
  readonly toolKeys: ToolKeys;
  readonly registrationLinks: RegistrationLinks;
}

export async function createLtiStores(
  connection: Connection,
  { publicUrl, secret, now }: Pick<LtiDeps, 'publicUrl' | 'secret' | 'now'>,
): Promise<LtiStores> {
  const toolKeys = createToolKeys(connection, { secret, now });
  const platforms = createPlatforms(connection, toolKeys, now);
  const deployments = createDeploymentStore(connection, now);
  const registrationLinks = createRegistrationLinks(connection, { publicUrl, now });
  await Promise.all([toolKeys, platforms, deployments, registrationLinks].map((store) => store.ready()));
  return { platforms, deployments, toolKeys, registrationLinks };
}

/** The room's face before it has a router: what jobs and the other rooms need. */
export interface Lti extends LtiStores {
  readonly launchLog: LaunchLog;
  readonly lmsFetch: LmsFetch;
  readonly callLms: CallLms;
  /** Asks for an access token anew, whatever is kept, and gives the LMS's answer as it came. */
  readonly askToken: (platform: Platform) => Promise<HttpAnswer>;
  /** Signs what a teacher chose; the browser carries it to the LMS. */
  answerSelection(
    platform: Platform,
    deployment: string,
    request: SelectionRequest,
    placements: readonly Placement[],
  ): Promise<SelectionAnswer>;
  /** The door itself, to be mounted at `/lti` before any body parser. ltijs is a singleton: call it once a process. */
  open(handlers: {
    readonly onLaunch: (launch: Launch, req: Request, res: Response) => Promise<Handled>;
  }): Promise<RequestHandler>;
}

export async function createLti(deps: LtiDeps): Promise<Lti> {
  const { connection, publicUrl, secret, now } = deps;
  const logins = createLoginStates({ secret, now });
  const stores = await createLtiStores(connection, deps);
  const { platforms, deployments, toolKeys, registrationLinks: links } = stores;
  const launchLog = createLaunchLog(connection, now);
  await launchLog.ready();
  const lmsFetch = createLmsFetch({ timeoutMs: deps.lmsTimeoutMs, allowPrivate: deps.allowPrivateLms });
  const keys = createPlatformKeys({ lmsFetch });
  const verify = createVerifier({ ...deps, platforms, deployments, keys });
  return {
    ...stores,
    launchLog,
    lmsFetch,
    callLms: createCallLms({ platforms, lmsFetch }),
    askToken: (platform) =>
      requestToken({ platforms, lmsFetch, now: () => now().getTime() }, platform, Object.values(SCOPES)),
    answerSelection: (...asked) => selectionAnswer({ platforms, publicUrl, now }, ...asked),
    async open(handlers) {
      const pages = createSignInPages(deps);
      const cookie = createCookie(publicUrl, LOGIN_COOKIE);
      const ltijs = await startProvider({ ...handlers, secret, verify, logins, platforms, cookie, pages, publicUrl });
      const login = loginRoute({ platforms, logins, publicUrl, cookie, pages });
      const form = urlencoded({ extended: false, limit: '100kb' });
      const registration = registrationRoutes({ ...deps, links, lmsFetch, platforms });
      return (
        Router()
          .get('/login', login)
          .post('/login', form, login)
          .get('/keys', async (_req, res) => {
            res.json({ keys: await toolKeys.publicKeys() });
          })
          // Canvas takes a key from an address ("Enter URL").
          .get('/config/canvas.json', (_req, res) => {
            res.json(canvasKey(publicUrl));
          })
          .use('/register', limitRequests(60), form, registration)
          .use(ltijs)
      );
    },
  };
}
