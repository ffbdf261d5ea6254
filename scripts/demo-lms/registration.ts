import { json, Router, type Request, type Response } from 'express';
import { isMoodle, secondsOf, type Lms } from './lms.js';
import { moodleErrorPage } from './refusals.js';
import { readRegistration } from './registration-request.js';
import { randomHex } from './secrets.js';
import { recorded } from './service-door.js';
import { SCOPE, type Tool } from './types.js';

const HOUR = 3600;

/** The tool's link as the LMS opens it: two parameters more, the link's own kept (LTI Dynamic Registration 1.0, 3.3). */
export function registrationUrl(lms: Lms, toolLink: string): string {
  const clientId = randomHex(8).slice(0, 15);
  const iat = secondsOf(lms.now());
  const key = isMoodle(lms) ? lms.keys.signNow({ sub: clientId, scope: 'reg', iat, exp: iat + HOUR }) : randomHex(24);
  const url = new URL(toolLink);
  url.searchParams.set('openid_configuration', lms.at.configuration);
  url.searchParams.set('registration_token', lms.invitations.issue({ clientId }, HOUR, key));
  return url.href;
}

/** Gives the client id of a good one-time token; answers by itself where there is none. */
function invited(lms: Lms, req: Request, res: Response): string | undefined {
  const token = /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1] ?? '';
  const invitation = lms.invitations.read(token);
  if (invitation) return invitation.clientId;
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

function register(lms: Lms, req: Request, res: Response): void {
  const clientId = invited(lms, req, res);
  if (clientId === undefined) return;
  const body: unknown = req.body;
  const read = readRegistration(lms.manner, body);
  if ('fault' in read) {
    if (!isMoodle(lms)) res.status(400).json({ error: 'invalid_client_metadata', error_description: read.fault });
    else if (read.status === 404) moodleErrorPage(res, 404, read.fault);
    else res.status(400).type('html').send(read.fault);
    return;
  }
  lms.invitations.take(/^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1] ?? '');
  const id = lms.world.nextId();
  // In Moodle the deployment is the tool type itself, one for the whole site.
  const deploymentId = isMoodle(lms) ? id : `deployment-${randomHex(6)}`;
  const tool: Tool = { id, clientId, deploymentId, state: isMoodle(lms) ? 'pending' : 'active', ...read };
  lms.world.tools.push(tool);
  lms.world.changed();
  res.status(isMoodle(lms) ? 200 : 201).json(answerOf(lms, tool, body as Record<string, unknown>));
}

export const registrationRoutes = (lms: Lms): Router =>
  Router().post(
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
