import { Router, urlencoded, type Request, type Response } from 'express';
import { filledOnly, paramsOf, type Params } from '../authorize.js';
import { claimsOf } from '../claims.js';
import { mayTeach, personById, roleIn } from '../enrolment.js';
import { factsOf } from '../launch-facts.js';
import { messagePage, postPage } from '../layout.js';
import { toolById, type Lms, type PendingLaunch } from '../lms.js';
import type { Tool } from '../types.js';

interface Refusal {
  readonly status: 400 | 403 | 404;
  readonly words: string;
}

const REQUIRED = ['lti_message_hint', 'login_hint', 'client_id', 'redirect_uri', 'nonce', 'state'] as const;

/** Only authors select content; everybody else gets a page. */
function maySelect(lms: Lms, { courseId = '', personId }: PendingLaunch): boolean {
  const person = personById(lms.world, personId);
  return person !== undefined && mayTeach(roleIn(lms.world, courseId, person));
}

/** Scope, response type and mode, prompt, the value of `login_hint` and the browser's session are not looked at. */
function refusalOf(
  lms: Lms,
  params: Params,
  launch: PendingLaunch | undefined,
  tool: Tool | undefined,
): Refusal | undefined {
  const missing = REQUIRED.find((name) => !params[name]);
  if (missing !== undefined) return { status: 400, words: `The "${missing}" parameter is missing` };
  if (!launch || !tool) return { status: 400, words: 'The launch is over or was never begun' };
  if (params['client_id'] !== tool.clientId) return { status: 404, words: 'No such client' };
  if (!tool.redirectUris.includes(params['redirect_uri'] ?? ''))
    return { status: 400, words: 'The redirect_uri is not registered' };
  if (launch.message === 'LtiDeepLinkingRequest' && !maySelect(lms, launch))
    return { status: 403, words: 'Only course authors select content' };
  return undefined;
}

/** The hint lives for ten minutes and is good as often as it is shown. Faults are pages, never a post to the tool. */
async function authorize(lms: Lms, req: Request, res: Response): Promise<void> {
  const params = paramsOf(req);
  const launch = lms.launches.read(params['lti_message_hint'] ?? '');
  const tool = toolById(lms, launch?.toolId);
  const refusal = refusalOf(lms, params, launch, tool);
  if (refusal || !launch || !tool)
    return void res
      .status(refusal?.status ?? 400)
      .type('html')
      .send(messagePage(lms, undefined, 'There was an error while launching the LTI tool', refusal?.words ?? ''));
  const idToken = await lms.keys.sign({ ...claimsOf(lms, factsOf(lms, launch, tool)), nonce: params['nonce'] });
  const answer = filledOnly({ state: params['state'], id_token: idToken });
  res.type('html').send(postPage('Opening the tool', params['redirect_uri'] ?? '', answer));
}

export const authorizeRoutes = (lms: Lms): Router => {
  const handler = (req: Request, res: Response) => authorize(lms, req, res);
  return Router()
    .get(lms.at.routes.authorize, handler)
    .post(lms.at.routes.authorize, urlencoded({ extended: false, limit: '100kb' }), handler);
};
