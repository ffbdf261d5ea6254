import { Router, urlencoded, type Request, type Response } from 'express';
import { KeySetUnreachable, unverified } from '../assertion.js';
import { secondsOf, toolById, type Lms } from '../lms.js';
import { moodleErrorPage } from '../refusals.js';
import { randomHex } from '../secrets.js';
import { faulty, recorded } from '../service-door.js';
import { SCOPE, type Tool } from '../types.js';
import { SignatureRefused, verifyAsOpenEdx } from './tool-keys.js';

const TOKEN_LIVES = 3600;
const REQUIRED = ['grant_type', 'client_assertion_type', 'client_assertion', 'scope'];

/** All five, whatever the component enables. */
const GRANTED: readonly string[] = [
  SCOPE.roster,
  SCOPE.lineItem,
  SCOPE.lineItemReadOnly,
  SCOPE.resultReadOnly,
  SCOPE.score,
];

function formFault(form: Record<string, unknown>): string | undefined {
  if (REQUIRED.some((name) => typeof form[name] !== 'string')) return 'invalid_request';
  if (form['grant_type'] !== 'client_credentials') return 'unsupported_grant_type';
  return unverified(String(form['client_assertion'])) ? undefined : 'invalid_grant';
}

/** Neither `aud`, `iss`, `sub`, `jti` nor the assertion type's value is looked at: the address names the client. */
async function assertionFault(lms: Lms, tool: Tool, assertion: string): Promise<string | undefined> {
  try {
    await verifyAsOpenEdx(lms, tool, assertion);
    return undefined;
  } catch (error) {
    const known = error instanceof SignatureRefused || error instanceof KeySetUnreachable;
    return known ? 'invalid_client' : 'unidentified_error';
  }
}

function grant(lms: Lms, res: Response, tool: Tool, asked: string): void {
  // An unknown scope leaves an empty list and still a token.
  const scopes = GRANTED.filter((scope) => asked.split(' ').includes(scope));
  const iat = secondsOf(lms.now());
  const claims = { sub: tool.clientId, iss: lms.url, iat, exp: iat + TOKEN_LIVES, jti: randomHex(8) };
  const token = lms.keys.signNow({ ...claims, scopes: scopes.join(' ') });
  lms.accessTokens.issue({ toolId: tool.id, scopes }, TOKEN_LIVES, token);
  res.json({ access_token: token, token_type: 'bearer', expires_in: TOKEN_LIVES, scope: scopes.join(' ') });
}

async function giveToken(lms: Lms, req: Request, res: Response): Promise<void> {
  const tool = toolById(lms, String(req.params['tool']));
  if (!tool) {
    moodleErrorPage(res, 404, 'Not found');
    return;
  }
  const form = (req.body ?? {}) as Record<string, unknown>;
  const fault = formFault(form) ?? (await assertionFault(lms, tool, String(form['client_assertion'])));
  if (fault === undefined) grant(lms, res, tool, String(form['scope']));
  else res.status(400).json({ error: fault });
}

export const tokenRoutes = (lms: Lms): Router =>
  Router()
    .all(lms.at.routes.token, recorded(lms, 'token'), faulty(lms, 'token'))
    .post(lms.at.routes.token, urlencoded({ extended: false, limit: '100kb' }), (req: Request, res: Response) =>
      giveToken(lms, req, res),
    )
    .all(lms.at.routes.token, (_req, res) => void res.status(405).json({ detail: 'Method not allowed.' }));
