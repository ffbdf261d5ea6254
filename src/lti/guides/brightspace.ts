import type { ToolConfiguration } from '../tool-configuration.js';
import { code, fields, indented, ONE_TIME_LINK, PRIVATE_NETWORK, storeCommand } from './words.js';

export function brightspace(tool: ToolConfiguration): string {
  const form = fields([
    ['Name', tool.name],
    ['Description', tool.description],
    ['Domain', code(new URL(tool.launchUrl).origin)],
    ['Redirect URLs', code(tool.launchUrl)],
    ['OpenID Connect Login URL', code(tool.loginUrl)],
    ['Target Link URI', code(tool.launchUrl)],
    ['Keyset URL', code(tool.keysUrl)],
    ['Extensions', 'Assignment and Grade Services, Deep Linking, Names and Role Provisioning Services'],
    ['Roles', 'Send Institution Role'],
    ['Custom Parameters', 'leave empty'],
  ]);
  return `# Connect Brightspace (D2L)

You need the permissions to manage LTI Advantage tool registrations and deployments at the organisation.

## By its link (dynamic registration)

1. ${ONE_TIME_LINK}
2. Admin Tools → Manage Extensibility → **LTI Advantage** → **Register Tool** → **Dynamic**: paste the link. Serik's page opens in a new
   tab; press **Register**. The registration comes disabled: look through it and enable it.
3. Go on with the deployment, below.

## By hand

1. The same, with **Standard**:

${indented(form)}

2. Brightspace shows Client Id, Brightspace Keyset URL, Brightspace OAuth2 Access Token URL, OpenID Connect Authentication Endpoint,
   **Brightspace OAuth2 Audience** and Issuer. The audience is not the token URL: without it Serik gets no token.
3. On Serik's machine, after the deployment was made:

${indented(
  storeCommand({
    name: 'Brightspace',
    issuer: 'https://brightspace.example.edu',
    authUrl: 'OPENID_CONNECT_AUTHENTICATION_ENDPOINT',
    tokenUrl: 'OAUTH2_ACCESS_TOKEN_URL',
    jwksUrl: 'BRIGHTSPACE_KEYSET_URL',
    audience: 'OAUTH2_AUDIENCE',
    deployment: 'DEPLOYMENT_ID',
  }),
)}

## The deployment

**View Deployments → New Deployment**: Tool ${tool.name}; the same three extensions; Security Settings: **Org Unit Information, User
Information, Link Information**, and within them name and e-mail; **Add Org Units**: the courses, or the organisation with all below it.
Save; the Deployment Id stands on its page. Then in a course: Add Existing Activities, or Insert Stuff, → Serik, and choose the part.

What may be in the way:

- _Registration and deployment are each switched on_; a launch needs both.
- _"The domain is in use."_ A domain belongs to one enabled registration.
- _The course list is short._ Brightspace may give only people whom the deployment covers: add the course's org unit.
- _A link has no grade of its own._ Serik makes a column for each assessment itself.
${PRIVATE_NETWORK}
`;
}
