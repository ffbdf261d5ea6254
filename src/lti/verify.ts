import { timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { AppError } from '../web/errors.js';
import type { DeploymentStore } from './deployment-store.js';
import { deploymentOf, hintOf, LaunchClaims, launchOf, targetOf, type Launch } from './launch.js';
import { ticketOf, type BrowserSecrets, type Login, type Opened } from './login-state.js';
import { KeysUnavailable, type PlatformKeys } from './platform-keys.js';
import type { Platform, Platforms } from './platforms.js';

/** What the browser brought back from the LMS. */
export interface LaunchAnswer {
  readonly idToken: string | undefined;
  readonly state: string | undefined;
  /** The secrets that logins gave this browser. */
  readonly browser: BrowserSecrets;
  /** What the state says of the login, held against them; nothing without a state. */
  readonly opened: Opened | undefined;
}

export interface VerifierDeps {
  readonly platforms: Platforms;
  readonly deployments: DeploymentStore;
  readonly keys: PlatformKeys;
  readonly publicUrl: string;
  readonly clockToleranceSeconds: number;
  /** True: a deployment that nobody knew is let in at its first launch. */
  readonly approvesDeployments: boolean;
  readonly now: () => Date;
}

/** A refusal, and of whom: the administrator's desk lists it. */
export class LaunchRefused extends AppError {
  readonly platform: Platform | undefined;
  readonly deployment: string | undefined;
  /** Seconds between the two clocks, where that is the matter. */
  readonly seconds: number | undefined;

  constructor(
    reason: string,
    options: ErrorOptions & {
      readonly platform?: Platform;
      readonly deployment?: string;
      readonly seconds?: number;
      /** A good sign-in of somebody who has no business here. */
      readonly forbidden?: true;
    } = {},
  ) {
    super(options.forbidden ? 'forbidden' : 'launch_refused', `launch.${reason}`, { cause: options.cause });
    this.platform = options.platform;
    this.deployment = options.deployment;
    this.seconds = options.seconds;
  }
}

/** Compared as bytes: texts of one length may differ in theirs, and then `timingSafeEqual` throws. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * The one verifier of launches (1EdTech Security Framework 1.0, section 5.1.3). A launch is good when this browser
 * started it here, its token is signed by that platform for us and for now, and it names a deployment that was let in.
 * What is refused writes nothing; that a state gets in once is seen to by the write that lets the person in
 * (`launch.ticket`). Each refusal has its own message, since each is mended by another act.
 */
export function createVerifier(deps: VerifierDeps) {
  function loginOf({ state, browser, opened }: LaunchAnswer) {
    if (state === undefined || opened === undefined) throw new LaunchRefused('no-state');
    if (opened.found === 'login') return { state, login: opened.login, keepsCookies: opened.byCookie };
    const bare = browser.cookies.length === 0 && browser.stored === undefined;
    throw new LaunchRefused(opened.found === 'foreign-browser' ? (bare ? 'no-cookie' : 'foreign-state') : 'used');
  }

  async function payloadOf(idToken: string, platform: Platform): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(idToken, deps.keys.finder(platform.jwksUrl), {
        algorithms: ['RS256'],
        issuer: platform.issuer,
        audience: platform.clientId,
        clockTolerance: deps.clockToleranceSeconds,
        currentDate: deps.now(),
        requiredClaims: ['exp', 'iat', 'nonce', 'sub'],
      });
      return payload;
    } catch (error) {
      const exp = error instanceof errors.JWTExpired ? error.payload.exp : undefined;
      const late = exp === undefined ? {} : { seconds: Math.round(deps.now().getTime() / 1000 - exp) };
      throw new LaunchRefused(reasonOf(error), { cause: error, platform, ...late });
    }
  }

  function checkBinding(payload: JWTPayload, login: Login, platform: Platform): void {
    const nonce = payload['nonce'];
    if (typeof nonce !== 'string' || !sameText(nonce, login.nonce)) throw new LaunchRefused('nonce', { platform });
    // OpenID Connect core 3.1.3.7: with several audiences, or where azp is given, it must be us.
    const azp = payload['azp'];
    const alone = !Array.isArray(payload.aud) || payload.aud.length === 1;
    if (azp === undefined ? !alone : azp !== login.clientId) throw new LaunchRefused('audience', { platform });
    const ahead = (payload.iat ?? 0) - deps.now().getTime() / 1000;
    if (ahead > deps.clockToleranceSeconds) throw new LaunchRefused('clock', { platform, seconds: Math.round(ahead) });
  }

  async function checkDeployment(platform: Platform, deployment: string, login: Login, hint: string): Promise<void> {
    const about = { platform, deployment };
    if (login.deployment !== undefined && login.deployment !== deployment) throw new LaunchRefused('deployment', about);
    if (platform.deployments.includes(deployment)) return;
    // One that was refused stays refused, whatever the setting says.
    const state = await deps.deployments.ask(platform.key, deployment, hint);
    if (state === 'waiting' && deps.approvesDeployments) {
      await deps.platforms.setDeployment(platform.key, deployment, true);
      await deps.deployments.forget(platform.key, deployment);
      return;
    }
    throw new LaunchRefused(state === 'waiting' ? 'deployment-waiting' : 'deployment', about);
  }

  return async function verify(answer: LaunchAnswer): Promise<{ payload: JWTPayload; launch: Launch }> {
    const { idToken } = answer;
    if (idToken === undefined || idToken === '') throw new LaunchRefused('no-token');
    const { state, login, keepsCookies } = loginOf(answer);
    const platform = await deps.platforms.find(login.issuer, login.clientId);
    if (!platform?.active) throw new LaunchRefused('platform', platform ? { platform } : {});
    const payload = await payloadOf(idToken, platform);
    checkBinding(payload, login, platform);

    const parsed = LaunchClaims.safeParse(payload);
    if (!parsed.success)
      throw new LaunchRefused(faultyClaim(parsed.error.issues[0]?.path.join('.')), { platform, cause: parsed.error });
    const claims = parsed.data;
    const deployment = deploymentOf(claims);
    const about = { platform, deployment };
    const target = targetOf(claims) ?? login.target;
    if (!isOurs(target, deps.publicUrl)) throw new LaunchRefused('target', about);
    const launch = launchOf(claims, platform);
    if (typeof launch === 'string') throw new LaunchRefused(launch, about);
    await checkDeployment(platform, deployment, login, hintOf(claims));
    return { payload, launch: { ...launch, ticket: ticketOf(state), keepsCookies } };
  };
}

/** A link must lead to this tool: an answer meant for another address is not ours to accept. */
export const isOurs = (url: string, publicUrl: string): boolean =>
  URL.canParse(url) && new URL(url).origin === new URL(publicUrl).origin;

function faultyClaim(path: string | undefined): string {
  if (path?.includes('/roles') === true) return 'no-roles';
  if (path?.endsWith('/context') === true || path?.endsWith('/context.id') === true) return 'no-context';
  if (path?.endsWith('/deployment_id') === true) return 'deployment';
  return 'claims';
}

function reasonOf(error: unknown): string {
  if (error instanceof KeysUnavailable) return 'keys-unavailable';
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWTClaimValidationFailed) {
    const reasons: Record<string, string> = {
      aud: 'audience',
      iss: 'issuer',
      iat: 'clock',
      nbf: 'clock',
      nonce: 'nonce',
    };
    return reasons[error.claim] ?? 'claims';
  }
  return 'signature';
}
