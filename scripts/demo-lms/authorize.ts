import { Router, urlencoded, type Request, type Response } from 'express';
import { claimsOf } from './claims.js';
import { factsOf } from './launch-facts.js';
import { launchIdIn } from './launch.js';
import { messagePage, postPage } from './layout.js';
import { isMoodle, toolById, type Lms, type PendingLaunch } from './lms.js';
import { visitorOf } from './session.js';
import type { Person, Tool } from './types.js';

export type Params = Readonly<Record<string, string | undefined>>;

/** `page`: nobody may be redirected, so the LMS shows the fault itself; else the fault is posted to the tool. */
type Fault = { readonly page: string } | { readonly error: string; readonly description: string };

export function paramsOf(req: Request): Params {
  const source = { ...req.query, ...(req.body as Record<string, unknown> | undefined) };
  return Object.fromEntries(
    Object.entries(source).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

const scopeIsGood = (lms: Lms, scope = '') =>
  isMoodle(lms) ? scope === 'openid' : scope.split(' ').includes('openid');

/** What makes an answer to the redirect URI impossible or unwise. */
function pageFault(lms: Lms, params: Params, tool: Tool | undefined): string | undefined {
  if (!tool?.redirectUris.includes(params['redirect_uri'] ?? '')) return 'Unregistered redirect_uri';
  if (!scopeIsGood(lms, params['scope'])) return 'Invalid scope';
  if (params['response_type'] !== 'id_token') return 'Invalid response_type';
  if (!params['nonce']) return 'Missing nonce';
  if (!params['lti_message_hint']) return 'Missing lti_message_hint';
  return undefined;
}

const invalid = (description: string): Fault => ({ error: 'invalid_request', description });

function promptFault(lms: Lms, prompt: string | undefined): Fault | undefined {
  const good = isMoodle(lms) ? ['', 'none'].includes(prompt ?? '') : prompt === 'none';
  return good ? undefined : invalid('Invalid prompt');
}

function answerFault(
  lms: Lms,
  params: Params,
  visitor: Person | undefined,
  launch: PendingLaunch | undefined,
  tool: Tool,
): Fault | undefined {
  if (params['response_mode'] !== 'form_post') return invalid('Invalid response_mode');
  const prompt = promptFault(lms, params['prompt']);
  if (prompt) return prompt;
  if (tool.state !== 'active' || params['client_id'] !== tool.clientId)
    return { error: 'unauthorized_client', description: 'Unauthorized client' };
  if (!launch) return invalid('The launch is over or was never begun');
  if (!visitor) return { error: 'login_required', description: 'Nobody is signed in' };
  if (params['login_hint'] !== launch.loginHint || launch.visitorId !== visitor.id)
    return { error: 'access_denied', description: 'The login_hint names someone else' };
  return undefined;
}

/** The tool that asks: by its client id, else (wrong id, right address) by the launch under way. */
function askingTool(lms: Lms, params: Params, launch: PendingLaunch | undefined): Tool | undefined {
  return lms.world.tools.find((tool) => tool.clientId === params['client_id']) ?? toolById(lms, launch?.toolId);
}

const signedLaunch = (lms: Lms, launch: PendingLaunch, tool: Tool, nonce: string): Promise<string> =>
  lms.keys.sign({ ...claimsOf(lms, factsOf(lms, launch, tool)), nonce });

export const filledOnly = (fields: Params): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined));

async function authorize(lms: Lms, req: Request, res: Response): Promise<void> {
  const params = paramsOf(req);
  const visitor = visitorOf(lms, req);
  // Coming from the tool's site in a frame our cookie may stay behind; a post from our own page brings it along.
  if (!visitor && params['repost'] === undefined)
    return void res.type('html').send(postPage('Signing in', lms.at.authorize, { ...filledOnly(params), repost: '1' }));
  const launchId = launchIdIn(lms, params['lti_message_hint'] ?? '');
  const launch = lms.launches.read(launchId);
  const tool = askingTool(lms, params, launch);
  const page = pageFault(lms, params, tool);
  if (page !== undefined || !tool)
    return void res
      .status(400)
      .type('html')
      .send(messagePage(lms, visitor, 'Invalid request', page ?? 'Unknown client'));
  const redirectUri = params['redirect_uri'] ?? '';
  const fault = answerFault(lms, params, visitor, launch, tool);
  if (fault && 'error' in fault) {
    const answer = filledOnly({ error: fault.error, error_description: fault.description, state: params['state'] });
    return void res.type('html').send(postPage('Launch refused', redirectUri, answer));
  }
  // Each launch is good once: a reload here must not sign a second token.
  const taken = lms.launches.take(launchId);
  if (!taken)
    return void res
      .status(400)
      .type('html')
      .send(messagePage(lms, visitor, 'Invalid request', 'The launch is over'));
  const idToken = await signedLaunch(lms, taken, tool, params['nonce'] ?? '');
  res
    .type('html')
    .send(postPage('Opening the tool', redirectUri, filledOnly({ id_token: idToken, state: params['state'] })));
}

export const authorizeRoutes = (lms: Lms): Router => {
  const handler = (req: Request, res: Response) => authorize(lms, req, res);
  return Router()
    .get(lms.at.routes.authorize, handler)
    .post(lms.at.routes.authorize, urlencoded({ extended: false, limit: '100kb' }), handler);
};
