import { timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { AppError } from '../web/errors.js';
import {
  contextOf,
  deploymentOf,
  LaunchClaims,
  launchOf,
  MESSAGE_TYPES,
  messageTypeOf,
  targetOf,
  type Launch,
} from './launch.js';
import type { Login, LoginStore } from './login-store.js';
import { KeysUnavailable, type PlatformKeys } from './platform-keys.js';
import type { Platform, Platforms } from './platforms.js';

/** What the browser brought back from the LMS. */
export interface LaunchAnswer {
  readonly idToken: string | undefined;
  readonly state: string | undefined;
  /** The value of the cookie that the login set; empty where none came. */
  readonly browser: string;
}

export interface VerifierDeps {
  readonly logins: LoginStore;
  readonly platforms: Platforms;
  readonly keys: PlatformKeys;
  readonly publicUrl: string;
  readonly clockToleranceSeconds: number;
  readonly now: () => Date;
}

const refuse = (reason: string, cause?: unknown): AppError =>
  new AppError('launch_refused', `launch.${reason}`, { cause });

const sameText = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/**
 * The one verifier of launches (1EdTech Security Framework 1.0, section 5.1.3). A launch is good when this browser
 * started it here, its token is signed by that platform for us and for now, and it names a deployment that we know. Each
 * refusal has its own message, since each is mended by another act.
 */
export function createVerifier(deps: VerifierDeps) {
  async function loginOf({ state, browser }: LaunchAnswer): Promise<Login> {
    if (state === undefined || state === '') throw refuse('no-state');
    const consumed = await deps.logins.consume(state, browser);
    if (consumed.found === 'login') return consumed.login;
    throw refuse(consumed.found === 'foreign-browser' ? (browser === '' ? 'no-cookie' : 'foreign-state') : 'used');
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
      throw refuse(reasonOf(error), error);
    }
  }

  function checkBinding(payload: JWTPayload, login: Login): void {
    const nonce = payload['nonce'];
    if (typeof nonce !== 'string' || !sameText(nonce, login.nonce)) throw refuse('nonce');
    // OpenID Connect core 3.1.3.7: with several audiences, or where azp is given, it must be us.
    const azp = payload['azp'];
    const alone = !Array.isArray(payload.aud) || payload.aud.length === 1;
    if (azp === undefined ? !alone : azp !== login.clientId) throw refuse('audience');
    const ahead = (payload.iat ?? 0) - deps.now().getTime() / 1000;
    if (ahead > deps.clockToleranceSeconds) throw refuse('clock');
  }

  return async function verify(answer: LaunchAnswer): Promise<{ payload: JWTPayload; launch: Launch }> {
    const { idToken } = answer;
    if (idToken === undefined || idToken === '') throw refuse('no-token');
    const login = await loginOf(answer);
    const platform = await deps.platforms.find(login.issuer, login.clientId);
    if (!platform?.active) throw refuse('platform');
    const payload = await payloadOf(idToken, platform);
    checkBinding(payload, login);

    const parsed = LaunchClaims.safeParse(payload);
    if (!parsed.success) throw refuse(faultyClaim(parsed.error.issues[0]?.path.join('.')), parsed.error);
    const claims = parsed.data;
    const deployment = deploymentOf(claims);
    if (login.deployment !== undefined && login.deployment !== deployment) throw refuse('deployment');
    if (!platform.deployments.includes(deployment)) throw refuse('deployment');
    if (!(MESSAGE_TYPES as readonly string[]).includes(messageTypeOf(claims))) throw refuse('message-type');
    const target = targetOf(claims) ?? login.target;
    if (!isOurs(target, deps.publicUrl)) throw refuse('target');
    const context = contextOf(claims);
    if (!context) throw refuse('no-context');
    return { payload, launch: launchOf(claims, context, platform) };
  };
}

/** A link must lead to this tool: an answer meant for another address is not ours to accept. */
export const isOurs = (url: string, publicUrl: string): boolean =>
  URL.canParse(url) && new URL(url).origin === new URL(publicUrl).origin;

function faultyClaim(path: string | undefined): string {
  if (path?.endsWith('/roles')) return 'no-roles';
  if (path?.endsWith('/context') || path?.endsWith('/context.id')) return 'no-context';
  if (path?.endsWith('/deployment_id')) return 'deployment';
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
