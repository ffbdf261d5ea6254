import type { RequestHandler } from 'express';
import { z } from 'zod';
import { readCookie, setCookie } from '../web/cookies.js';
import { AppError } from '../web/errors.js';
import { randomToken, type LoginStore } from './login-store.js';
import type { Platform, Platforms } from './platforms.js';
import { isOurs } from './verify.js';

export const LOGIN_COOKIE = 'serik_login';

const field = z.string().max(4000);
const optional = field.optional().transform((value) => (value === '' ? undefined : value));

/** OIDC third-party login initiation (1EdTech Security Framework 1.0, section 5.1.1.1); Moodle posts it, Open edX gets. */
const Initiation = z.object({
  iss: field.min(1),
  login_hint: field.min(1),
  target_link_uri: field.min(1),
  lti_message_hint: optional,
  client_id: optional,
  lti_deployment_id: optional,
});

async function platformOf(platforms: Platforms, issuer: string, clientId: string | undefined): Promise<Platform> {
  const all = await platforms.ofIssuer(issuer);
  // An LMS that leaves out the client id is understood only while it has one client here: never guessed.
  const found =
    clientId === undefined ? (all.length === 1 ? all[0] : undefined) : all.find((p) => p.clientId === clientId);
  if (!found) throw new AppError('launch_refused', 'launch.issuer');
  if (!found.active) throw new AppError('launch_refused', 'launch.platform');
  return found;
}

export const loginRoute =
  (deps: { platforms: Platforms; logins: LoginStore; publicUrl: string }): RequestHandler =>
  async (req, res) => {
    const parsed = Initiation.safeParse(req.method === 'POST' ? req.body : req.query);
    if (!parsed.success) throw new AppError('launch_refused', 'launch.initiation', { cause: parsed.error });
    const asked = parsed.data;
    const platform = await platformOf(deps.platforms, asked.iss, asked.client_id);
    if (!isOurs(asked.target_link_uri, deps.publicUrl)) throw new AppError('launch_refused', 'launch.target');

    const browser = readCookie(req, LOGIN_COOKIE) ?? randomToken();
    const { state, nonce } = await deps.logins.begin(
      {
        platform: platform.key,
        issuer: platform.issuer,
        clientId: platform.clientId,
        deployment: asked.lti_deployment_id,
        target: asked.target_link_uri,
      },
      browser,
    );
    setCookie(res, LOGIN_COOKIE, browser, 600);
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
    res.redirect(303, to.href);
  };
