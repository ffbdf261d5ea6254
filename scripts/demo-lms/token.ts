import { Router, urlencoded, type Request, type Response } from 'express';
import {
  AssertionRefused,
  checkAsMoodle,
  checkToTheLetter,
  isSignatureError,
  KeySetUnreachable,
  unverified,
  verifySignature,
} from './assertion.js';
import { isMoodle, type Lms } from './lms.js';
import { moodleErrorPage } from './refusals.js';
import { faulty, recorded } from './service-door.js';
import type { Tool } from './types.js';

const TOKEN_LIVES = 3600;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** RFC 6749, section 5.2. Moodle builds its body by hand, so quotes in the words break it. */
function refuse(lms: Lms, res: Response, error: string, description?: string): void {
  if (isMoodle(lms)) {
    res.status(400).type('html').send(`{\n  "error" : "${error}"\n}\n`);
    return;
  }
  res.status(error === 'invalid_client' ? 401 : 400).set('Cache-Control', 'no-store');
  res.json({ error, ...(description === undefined ? {} : { error_description: description }) });
}

function formFault(lms: Lms, req: Request, form: Record<string, unknown>): string | undefined {
  if (req.is('application/x-www-form-urlencoded') === false) return 'invalid_request';
  const texts = ['grant_type', 'client_assertion_type', 'client_assertion', 'scope'].map((name) => form[name]);
  if (texts.some((text) => typeof text !== 'string' || text === '')) return 'invalid_request';
  if (form['grant_type'] !== 'client_credentials') return 'unsupported_grant_type';
  if (form['client_assertion_type'] !== ASSERTION_TYPE)
    return isMoodle(lms) ? 'unsupported_grant_type' : 'invalid_request';
  return undefined;
}

async function checkAssertion(lms: Lms, tool: Tool, assertion: string, kid: string | undefined): Promise<void> {
  if (kid === undefined) throw new AssertionRefused('"kid" empty, unable to lookup correct key');
  try {
    const payload = await verifySignature(lms, tool, assertion);
    if (isMoodle(lms)) checkAsMoodle(lms, payload);
    else checkToTheLetter(lms, tool, payload);
  } catch (error) {
    if (!isSignatureError(error)) throw error;
    const unknownKey = error.code === 'ERR_JWKS_NO_MATCHING_KEY';
    throw new AssertionRefused(
      unknownKey ? '"kid" invalid, unable to lookup correct key' : 'Signature verification failed',
      {
        cause: error,
      },
    );
  }
}

function grant(lms: Lms, res: Response, tool: Tool, asked: string): void {
  const scopes = tool.scopes.filter((scope) => asked.split(' ').includes(scope));
  if (scopes.length === 0) return refuse(lms, res, 'invalid_scope');
  const token = lms.accessTokens.issue({ toolId: tool.id, scopes }, TOKEN_LIVES);
  const body = { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIVES, scope: scopes.join(' ') };
  if (isMoodle(lms)) res.type('html').send(JSON.stringify(body));
  else res.set('Cache-Control', 'no-store').set('Pragma', 'no-cache').json(body);
}

async function giveToken(lms: Lms, req: Request, res: Response): Promise<void> {
  const form = (req.body ?? {}) as Record<string, unknown>;
  const fault = formFault(lms, req, form);
  if (fault !== undefined) {
    refuse(lms, res, fault);
    return;
  }
  const assertion = String(form['client_assertion']);
  const read = unverified(assertion);
  const tool = lms.world.tools.find(({ clientId }) => clientId === read?.payload.sub);
  if (!read || !tool) {
    refuse(lms, res, isMoodle(lms) && !read ? 'invalid_request' : 'invalid_client');
    return;
  }
  try {
    await checkAssertion(lms, tool, assertion, read.kid);
  } catch (error) {
    if (error instanceof KeySetUnreachable && isMoodle(lms)) {
      moodleErrorPage(res, 404, 'mod_lti\\local\\ltiopenid\\jwks_helper: keyset is null');
      return;
    }
    if (error instanceof KeySetUnreachable) {
      refuse(lms, res, 'invalid_client', 'The key set of the tool cannot be read');
      return;
    }
    if (!(error instanceof AssertionRefused)) throw error;
    if (isMoodle(lms)) refuse(lms, res, error.message);
    else refuse(lms, res, 'invalid_client', error.message);
    return;
  }
  grant(lms, res, tool, String(form['scope']));
}

export const tokenRoutes = (lms: Lms): Router =>
  Router().post(
    lms.at.routes.token,
    recorded(lms, 'token'),
    faulty(lms, 'token'),
    urlencoded({ extended: false, limit: '100kb' }),
    (req: Request, res: Response) => giveToken(lms, req, res),
  );
