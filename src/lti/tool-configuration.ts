import { SCOPES } from './services/call.js';

/**
 * The one source of all that an LMS has to know of this tool: what dynamic registration sends, what an administrator pastes
 * into Canvas, and what the others type into their forms. `lti-config/` holds it for an example address
 * (`npm run lti-config`). Every function is pure; `publicUrl` comes without a closing slash.
 */

const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** The courses that a course was copied from. Filled in at each launch; an LMS that does not know it sends it as it stands. */
const CUSTOM = { serik_history: '$Context.id.history' } as const;

const NAME = 'Serik';
const DESCRIPTION = 'Integration map, consultations and results for tutors';
const CLAIMS = ['iss', 'sub', 'name', 'given_name', 'family_name', 'email'] as const;

/** LTI 1.3 core, Deep Linking 2.0 and Submission Review 1.0; all three come to the same address. */
const MESSAGES = ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiSubmissionReviewRequest'] as const;

export interface ToolConfiguration {
  readonly name: string;
  readonly description: string;
  /** Host and, where it is not the usual one, port: Moodle compares both. */
  readonly domain: string;
  readonly loginUrl: string;
  /** The redirect address too, to the letter. */
  readonly launchUrl: string;
  readonly deepLinkingUrl: string;
  readonly keysUrl: string;
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
  readonly messages: readonly (typeof MESSAGES)[number][];
  /** Custom parameters of the tool itself; a link's have other names. */
  readonly custom: typeof CUSTOM;
}

export function toolConfiguration(publicUrl: string): ToolConfiguration {
  const launchUrl = `${publicUrl}/lti/launch`;
  return {
    name: NAME,
    description: DESCRIPTION,
    domain: new URL(publicUrl).host,
    loginUrl: `${publicUrl}/lti/login`,
    launchUrl,
    deepLinkingUrl: launchUrl,
    keysUrl: `${publicUrl}/lti/keys`,
    scopes: Object.values(SCOPES),
    claims: CLAIMS,
    messages: MESSAGES,
    custom: CUSTOM,
  };
}

/** The body of dynamic registration (LTI Dynamic Registration 1.0, section 3.5). */
export function toolRegistration(publicUrl: string) {
  const tool = toolConfiguration(publicUrl);
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: tool.loginUrl,
    redirect_uris: [tool.launchUrl],
    client_name: tool.name,
    jwks_uri: tool.keysUrl,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: tool.scopes.join(' '),
    [TOOL_CONFIGURATION]: {
      domain: tool.domain,
      description: tool.description,
      target_link_uri: tool.launchUrl,
      custom_parameters: CUSTOM,
      claims: tool.claims,
      messages: tool.messages.map((type) => ({
        type,
        target_link_uri: type === 'LtiDeepLinkingRequest' ? tool.deepLinkingUrl : tool.launchUrl,
        label: tool.name,
      })),
    },
  };
}

/** Canvas' LTI key, for "Paste JSON" or "Enter URL" of the developer keys. */
export function canvasKey(publicUrl: string) {
  const tool = toolConfiguration(publicUrl);
  const link = {
    message_type: 'LtiResourceLinkRequest',
    target_link_uri: tool.launchUrl,
    text: tool.name,
    enabled: true,
  };
  const selection = { ...link, message_type: 'LtiDeepLinkingRequest', target_link_uri: tool.deepLinkingUrl };
  return {
    title: tool.name,
    description: tool.description,
    oidc_initiation_url: tool.loginUrl,
    target_link_uri: tool.launchUrl,
    public_jwk_url: tool.keysUrl,
    // Canvas does not know the course groups service, and refuses a key that asks for what it does not know.
    scopes: tool.scopes.filter((scope) => scope !== SCOPES.groups),
    // Filled in at each launch: a fixed value would go along into a copied course and still mean the old one.
    custom_fields: CUSTOM,
    extensions: [
      {
        platform: 'canvas.instructure.com',
        domain: tool.domain,
        tool_id: 'serik',
        privacy_level: 'public',
        settings: {
          text: tool.name,
          placements: [
            // Off until a teacher wants it: not every course has tutors.
            { placement: 'course_navigation', ...link, visibility: 'members', default: 'disabled' },
            { placement: 'link_selection', ...selection },
            { placement: 'assignment_selection', ...selection },
            { placement: 'account_navigation', ...link, visibility: 'admins' },
          ],
        },
      },
    ],
  };
}
