import { json, Router, type Request, type Response } from 'express';
import { isMoodle, isOpenEdx, secondsOf, toolById, type Invitation, type Lms } from './lms.js';
import { moodleErrorPage } from './refusals.js';
import { readRegistration, type NewTool, type RegistrationFault } from './registration-request.js';
import { randomHex } from './secrets.js';
import { recorded } from './service-door.js';
import { SCOPE, type Tool } from './types.js';

const HOUR = 3600;

/** The tool's link as the LMS opens it: two parameters more, the link's own kept (LTI Dynamic Registration 1.0, 3.3). */
function invitingUrl(lms: Lms, toolLink: string, token: string): string {
  const url = new URL(toolLink);
  url.searchParams.set('openid_configuration', lms.at.configuration);
  url.searchParams.set('registration_token', token);
  return url.href;
}

/** With a token that registers one tool. */
export function registrationUrl(lms: Lms, toolLink: string): string {
  if (isOpenEdx(lms)) throw new Error('Open edX has no dynamic registration: add the tool by hand');
  const clientId = randomHex(8).slice(0, 15);
  const iat = secondsOf(lms.now());
  const key = isMoodle(lms) ? lms.keys.signNow({ sub: clientId, scope: 'reg', iat, exp: iat + HOUR }) : randomHex(24);
  return invitingUrl(lms, toolLink, lms.invitations.issue({ clientId }, HOUR, key));
}

/** The same for a tool that is registered: Moodle's update token, good for an hour and as often as it is shown. */
export function registrationUpdateUrl(lms: Lms, toolId: string, toolLink: string): string {
  if (!isMoodle(lms) || !toolById(lms, toolId)) throw new Error(`No tool ${toolId}, or this LMS updates none`);
  const iat = secondsOf(lms.now());
  const key = lms.keys.signNow({ sub: toolId, scope: 'reg-update', iat, exp: iat + HOUR });
  return invitingUrl(lms, toolLink, lms.invitations.issue({ toolId }, HOUR, key));
}

const bearerOf = (req: Request): string => /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1] ?? '';

/** What a good token invites to; answers by itself where there is none. */
function invited(lms: Lms, req: Request, res: Response): Invitation | undefined {
  const token = bearerOf(req);
  const invitation = lms.invitations.read(token);
  if (invitation) return invitation;
  if (!isMoodle(lms)) res.status(401).set('WWW-Authenticate', 'Bearer').json({ error: 'invalid_token' });
  else if (token === '') res.status(401).type('html').send('missing_registration_token');
  else if (lms.invitations.wasTaken(token)) res.status(401).type('html').send('token_already_used');
  else moodleErrorPage(res, 404, 'Expired token');
  return undefined;
}

/** Moodle's precedence slip: whoever asks for any grade scope reads that all were given. */
function toldScopes(lms: Lms, tool: Tool): readonly string[] {
  const graded = tool.scopes.includes(SCOPE.score);
  return isMoodle(lms) && graded ? [...new Set([SCOPE.lineItem, ...tool.scopes])] : tool.scopes;
}

function answerOf(lms: Lms, tool: Tool, asked: Record<string, unknown>) {
  return {
    client_id: tool.clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    response_types: ['id_token'],
    application_type: 'web',
    initiate_login_uri: tool.initiateLoginUri,
    grant_types: ['client_credentials', 'implicit'],
    redirect_uris: tool.redirectUris,
    jwks_uri: tool.jwksUri,
    client_name: tool.name,
    ...(typeof asked['logo_uri'] === 'string' ? { logo_uri: asked['logo_uri'] } : {}),
    scope: toldScopes(lms, tool).join(' '),
    'https://purl.imsglobal.org/spec/lti-tool-configuration': {
      version: '1.3.0',
      deployment_id: tool.deploymentId,
      target_link_uri: tool.targetLinkUri,
      domain: new URL(tool.targetLinkUri).host,
      description: tool.description,
      custom_parameters: tool.custom,
      messages: [
        ...(isMoodle(lms) ? [] : [{ type: 'LtiResourceLinkRequest' }]),
        ...(tool.deepLinkingUri === undefined
          ? []
          : [{ type: 'LtiDeepLinkingRequest', target_link_uri: tool.deepLinkingUri }]),
      ],
      claims: [
        'sub',
        'iss',
        ...(tool.sendsNames ? ['name', 'given_name', 'family_name'] : []),
        ...(tool.sendsEmail ? ['email'] : []),
      ],
    },
  };
}

function refuseRegistration(lms: Lms, res: Response, { fault, status }: RegistrationFault): void {
  if (!isMoodle(lms)) res.status(400).json({ error: 'invalid_client_metadata', error_description: fault });
  else if (status === 404) moodleErrorPage(res, 404, fault);
  else res.status(400).type('html').send(fault);
}

function newTool(lms: Lms, clientId: string, read: NewTool): Tool {
  const id = lms.world.nextId();
  // In Moodle the deployment is the tool type itself, one for the whole site.
  const deploymentId = isMoodle(lms) ? id : `deployment-${randomHex(6)}`;
  const tool: Tool = { id, clientId, deploymentId, state: isMoodle(lms) ? 'pending' : 'active', ...read };
  lms.world.tools.push(tool);
  return tool;
}

/** State, client id and deployment stay; all else is as in the new request, and the tool leaves the activity chooser. */
function updatedTool(lms: Lms, toolId: string, read: NewTool): Tool | undefined {
  const before = toolById(lms, toolId);
  if (!before) return undefined;
  const { id, clientId, deploymentId, state } = before;
  const tool: Tool = { id, clientId, deploymentId, state, ...read, hidden: true };
  lms.world.tools[lms.world.tools.indexOf(before)] = tool;
  return tool;
}

function register(lms: Lms, req: Request, res: Response): void {
  const invitation = invited(lms, req, res);
  if (!invitation) return;
  const body: unknown = req.body;
  const read = readRegistration(lms.manner, body);
  if ('fault' in read) return refuseRegistration(lms, res, read);
  if ('clientId' in invitation) lms.invitations.take(bearerOf(req));
  const tool =
    'clientId' in invitation ? newTool(lms, invitation.clientId, read) : updatedTool(lms, invitation.toolId, read);
  if (!tool) return moodleErrorPage(res, 404, 'No such registration');
  lms.world.changed();
  res.status(isMoodle(lms) ? 200 : 201).json(answerOf(lms, tool, body as Record<string, unknown>));
}

/** With an update token Moodle reads the registration back. */
function readBack(lms: Lms, req: Request, res: Response): void {
  const invitation = invited(lms, req, res);
  if (!invitation) return;
  const tool = 'toolId' in invitation ? toolById(lms, invitation.toolId) : undefined;
  if (tool) res.json(answerOf(lms, tool, {}));
  else moodleErrorPage(res, 404, 'No such registration');
}

export const registrationRoutes = (lms: Lms): Router =>
  Router()
    .get(lms.at.routes.register, recorded(lms, 'registration'), (req, res, next) => {
      if (isMoodle(lms)) readBack(lms, req, res);
      else next();
    })
    .post(
      lms.at.routes.register,
      recorded(lms, 'registration'),
      json({ type: () => true, limit: '200kb' }),
      (req: Request, res: Response) => register(lms, req, res),
      (_error: unknown, _req: Request, res: Response, next: () => void) => {
        if (res.headersSent) {
          next();
          return;
        }
        if (isMoodle(lms)) moodleErrorPage(res, 404, 'Syntax error');
        else res.status(400).json({ error: 'invalid_client_metadata' });
      },
    );
