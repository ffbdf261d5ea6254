import { z } from 'zod';
import type { DemoLms, Tool } from '../demo-lms/index.js';
import type { StockToolSettings } from './stock-tool.js';

const Configuration = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  registration_endpoint: z.string(),
});
const Answer = z.object({ client_id: z.string() });

/**
 * Enters the stock tool at the demo LMS, as its administrator would by hand, before it runs: its own dynamic registration
 * would wait to be activated inside it. Gives the LMS's record of the tool and what the tool has to know of the LMS.
 */
export async function registerStockTool(
  lms: DemoLms,
  url: string,
): Promise<{ tool: Tool; platform: StockToolSettings['platform'] }> {
  const invitation = new URL(lms.registrationUrl(url)).searchParams;
  const described = await fetch(invitation.get('openid_configuration') ?? '');
  const configuration = Configuration.parse(await described.json());
  const answer = await fetch(configuration.registration_endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${invitation.get('registration_token') ?? ''}`,
    },
    body: JSON.stringify({
      application_type: 'web',
      response_types: ['id_token'],
      grant_types: ['implicit', 'client_credentials'],
      initiate_login_uri: `${url}/login`,
      redirect_uris: [`${url}/`],
      client_name: 'Stock ltijs',
      jwks_uri: `${url}/keys`,
      token_endpoint_auth_method: 'private_key_jwt',
      scope: '',
      'https://purl.imsglobal.org/spec/lti-tool-configuration': {
        domain: new URL(url).host,
        target_link_uri: `${url}/`,
        claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email'],
        messages: [{ type: 'LtiResourceLinkRequest' }],
      },
    }),
  });
  const { client_id: clientId } = Answer.parse(await answer.json());
  const tool = lms.tools().find((one) => one.clientId === clientId);
  if (!tool) throw new Error('The demo LMS does not know the stock tool that it registered');
  return {
    tool,
    platform: {
      url: configuration.issuer,
      name: 'Demo LMS',
      clientId,
      authenticationEndpoint: configuration.authorization_endpoint,
      accesstokenEndpoint: configuration.token_endpoint,
      authConfig: { method: 'JWK_SET', key: configuration.jwks_uri },
    },
  };
}
