import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Cookies } from '../web/cookies.js';
import { seeOther } from '../web/redirect.js';
import { randomToken } from '../web/sealed.js';
import { storageKey, type LoginStates } from './login-state.js';
import type { Platform, Platforms } from './platforms.js';
import type { SignInPages } from './sign-in-pages.js';
import { isOurs, LaunchRefused } from './verify.js';

export const LOGIN_COOKIE = 'serik_login';
const COOKIE_SECONDS = 24 * 3600;

const field = z.string().max(4000);
const optional = field.optional().transform((value) => (value === '' ? undefined : value));

/** OIDC third-party login initiation (1EdTech Security Framework 1.0, section 5.1.1.1); Moodle posts it, Open edX gets. */
const Initiation = z.object({
  iss: field.min(1),
  login_hint: field.min(1),
  target_link_uri: z.string().min(1).max(1000),
  lti_message_hint: optional,
  client_id: optional,
  lti_deployment_id: z
    .string()
    .max(255)
    .optional()
    .transform((value) => (value === '' ? undefined : value)),
  /** LTI platform storage: the frame that keeps data for us, `_parent` or a name. */
  lti_storage_target: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional()
    .catch(undefined),
  /** Ours: the second look, whether the cookie of the first came back. */
  cookie: z.literal('set').optional().catch(undefined),
});
type Initiation = z.output<typeof Initiation>;

async function platformOf(platforms: Platforms, issuer: string, clientId: string | undefined): Promise<Platform> {
  const all = await platforms.ofIssuer(issuer);
  // An LMS that leaves out the client id is understood only while it has one client here: never guessed.
  const found =
    clientId === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((p) => p.clientId === clientId);
  if (!found) throw new LaunchRefused('issuer');
  if (!found.active) throw new LaunchRefused('platform', { platform: found });
  return found;
}

/** The same initiation as a query, for the second look and for the new tab. */
function again(asked: Initiation, extra: Record<string, string> = {}): string {
  const query = new URLSearchParams(extra);
  for (const [name, value] of Object.entries(asked))
    if (value !== undefined && name !== 'cookie') query.set(name, value);
  return `/lti/login?${query.toString()}`;
}

export interface LoginDeps {
  readonly platforms: Platforms;
  readonly logins: LoginStates;
  readonly publicUrl: string;
  /** Keeps this browser's secret. */
  readonly cookie: Cookies;
  readonly pages: SignInPages;
}

/**
 * Begins a sign-in. The state is bound to this browser by the secret of a partitioned cookie. A browser that brings the
 * cookie goes straight on. To one that does not, it is set and asked for at once, while the LMS's hint is still unspent
 * (Moodle's is good once): if it does not come back, the LMS's storage keeps the secret where it offers to, and else the
 * same sign-in begins again in a tab of its own, where cookies are first-party.
 */
export function loginRoute(deps: LoginDeps): RequestHandler {
  function authorizationUrl(asked: Initiation, platform: Platform, state: string, nonce: string): string {
    const to = new URL(platform.authorizationEndpoint);
    const params = {
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: platform.clientId,
      // The registered address and nothing else: LMSs compare it to the letter.
      redirect_uri: `${deps.publicUrl}/lti/launch`,
      login_hint: asked.login_hint,
      state,
      nonce,
      ...(asked.lti_message_hint === undefined ? {} : { lti_message_hint: asked.lti_message_hint }),
    };
    for (const [name, value] of Object.entries(params)) to.searchParams.set(name, value);
    return to.href;
  }

  function begin(asked: Initiation, platform: Platform, browser: string) {
    const { state, nonce } = deps.logins.begin(
      {
        issuer: platform.issuer,
        clientId: platform.clientId,
        deployment: asked.lti_deployment_id,
        target: asked.target_link_uri,
        storage: asked.lti_storage_target,
      },
      browser,
    );
    return { state, next: authorizationUrl(asked, platform, state, nonce) };
  }

  /** No cookie came back: whatever helps in such a browser. */
  function withoutCookie(req: Request, res: Response, asked: Initiation, platform: Platform): void {
    const newTab = again({ ...asked, lti_storage_target: undefined });
    if (asked.lti_storage_target === undefined) return deps.pages.newTab(req, res, platform, newTab);
    const browser = randomToken();
    const { state, next } = begin(asked, platform, browser);
    deps.pages.keep(req, res, platform, {
      target: asked.lti_storage_target,
      key: storageKey(state),
      value: browser,
      next,
      newTab,
    });
  }

  return async (req, res) => {
    const parsed = Initiation.safeParse(req.method === 'POST' ? req.body : req.query);
    if (!parsed.success) throw new LaunchRefused('initiation', { cause: parsed.error });
    const asked = parsed.data;
    const platform = await platformOf(deps.platforms, asked.iss, asked.client_id);
    if (!isOurs(asked.target_link_uri, deps.publicUrl)) throw new LaunchRefused('target', { platform });

    const [browser] = deps.cookie.readAll(req);
    if (browser !== undefined) {
      seeOther(res, begin(asked, platform, browser).next);
    } else if (asked.cookie === 'set') {
      withoutCookie(req, res, asked, platform);
    } else {
      // Several frames of one page begin at once: each has a name of its own, so that none loses the other's.
      deps.cookie.set(res, randomToken(), COOKIE_SECONDS, `-${randomBytes(3).toString('hex')}`);
      seeOther(res, again(asked, { cookie: 'set' }));
    }
  };
}
