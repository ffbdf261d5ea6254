import type { MannerName, Tool } from './types.js';
import { SCOPE } from './types.js';

const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

export type RegistrationFault = { fault: string; status: 400 | 404 };
export type NewTool = Omit<Tool, 'id' | 'clientId' | 'deploymentId' | 'state'>;

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const text = (value: unknown): string => (typeof value === 'string' ? value.replace(/<[^>]*>/g, '') : '');

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const bareHost = (host: string) => host.replace(/^www\./, '');
const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : '');

const refuse = (fault: string, status: 400 | 404 = 400): RegistrationFault => ({ fault, status });

const REQUIRED = [
  'initiate_login_uri',
  'redirect_uris',
  'client_name',
  'jwks_uri',
  'token_endpoint_auth_method',
] as const;

function firstFault(request: Record<string, unknown>, domain: string, target: string): RegistrationFault | undefined {
  // Moodle walks over `response_types` unchecked: anything but a list ends in its error page.
  if (!Array.isArray(request['response_types'])) return refuse('response_types is not a list', 404);
  if (!texts(request['response_types']).includes('id_token')) return refuse('invalid_response_types');
  const missing = REQUIRED.find((name) => {
    const value = request[name];
    return name === 'redirect_uris' ? texts(value).length === 0 : text(value) === '';
  });
  if (missing) return refuse(`missing required attribute ${missing}`);
  if (request['token_endpoint_auth_method'] !== 'private_key_jwt') return refuse('invalid_token_endpoint_auth_method');
  if (!['', 'web'].includes(text(request['application_type']))) return refuse('invalid_application_type');
  if (domain === '') return refuse('missing_domain');
  if (bareHost(hostOf(target)) !== bareHost(domain)) return refuse('domain_targetlinkuri_mismatch');
  return undefined;
}

/** Moodle knows three levels of grade sync; the standard grants what was asked. */
function grantedScopes(manner: MannerName, asked: readonly string[]): string[] {
  const known = Object.values(SCOPE).filter((scope) => asked.includes(scope));
  if (manner === 'standard') return known;
  const roster = asked.includes(SCOPE.roster) ? [SCOPE.roster] : [];
  if (asked.includes(SCOPE.lineItem))
    return [SCOPE.lineItem, SCOPE.lineItemReadOnly, SCOPE.resultReadOnly, SCOPE.score, ...roster];
  const any = [SCOPE.lineItemReadOnly, SCOPE.resultReadOnly, SCOPE.score].some((scope) => asked.includes(scope));
  return [...(any ? [SCOPE.lineItemReadOnly, SCOPE.resultReadOnly, SCOPE.score] : []), ...roster];
}

/** What the LMS makes of a tool's registration (LTI Dynamic Registration 1.0, section 3.5). */
export function readRegistration(manner: MannerName, body: unknown): NewTool | RegistrationFault {
  const request = record(body);
  const configuration = record(request[TOOL_CONFIGURATION]);
  const domain = text(configuration['domain']);
  const target = text(configuration['target_link_uri']) || `https://${domain}`;
  const fault = firstFault(request, domain, target);
  if (fault) return fault;
  const messages = Array.isArray(configuration['messages']) ? configuration['messages'].map(record) : [];
  const message = (type: string) => messages.find((one) => one['type'] === type);
  const deepLinking = message('LtiDeepLinkingRequest');
  const claims = texts(configuration['claims']);
  return {
    name: text(request['client_name']),
    description: text(configuration['description']),
    initiateLoginUri: text(request['initiate_login_uri']),
    targetLinkUri: target,
    redirectUris: texts(request['redirect_uris']),
    jwksUri: text(request['jwks_uri']),
    scopes: grantedScopes(manner, text(request['scope']).split(' ')),
    sendsNames: ['name', 'given_name', 'family_name'].some((claim) => claims.includes(claim)),
    sendsEmail: claims.includes('email'),
    ...(deepLinking ? { deepLinkingUri: text(deepLinking['target_link_uri']) || target } : {}),
    submissionReview: manner === 'moodle' || message('LtiSubmissionReviewRequest') !== undefined,
    custom: Object.fromEntries(
      Object.entries(record(configuration['custom_parameters'])).map(([name, value]) => [name, String(value)]),
    ),
  };
}
