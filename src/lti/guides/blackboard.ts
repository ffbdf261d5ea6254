import type { ToolConfiguration } from '../tool-configuration.js';
import { code, fields, indented, PRIVATE_NETWORK, storeCommand } from './words.js';

export function blackboard(tool: ToolConfiguration): string {
  const form = fields([
    ['Application Name', tool.name],
    ['Description', tool.description],
    ['Domain(s)', code(tool.domain)],
    ['My Integration supports LTI 1.3', 'on'],
    ['Login Initiation URL', code(tool.loginUrl)],
    ['Tool Redirect URL(s)', code(tool.launchUrl)],
    ['Tool JWKS URL', code(tool.keysUrl)],
    ['Signing Algorithm', 'RS256'],
    ['Custom Parameters', 'leave empty'],
  ]);
  return `# Connect Blackboard Learn

Whoever runs Serik registers it once, for all universities; then each Blackboard administrator lets it in.

1. Once, at developer.anthology.com: **register an application**:

${indented(form)}

   The portal shows Application ID (the client id), Issuer, Public keyset URL, Auth token endpoint and OIDC auth request endpoint.

2. In Blackboard: Administrator Panel → Integrations → **LTI Tool Providers** → **Register LTI 1.3/Advantage Tool**, with the client
   id. Status **Approved**; user fields to send: **role in course, name, e-mail address**; allow **grade service access** and
   **membership service access**. Copy the **Deployment ID**.
3. In the menu of the tool → **Manage placements** → Create placement: type **Deep Linking content tool**, and one of type **Course
   content tool** where the whole tool is wanted, both with Target Link URI ${code(tool.launchUrl)}.
4. On Serik's machine, with the address of your Blackboard as the origin and the endpoints as the portal shows them:

${indented(
  storeCommand({
    name: 'Blackboard',
    issuer: 'https://blackboard.com',
    authUrl: 'OIDC_AUTH_REQUEST_ENDPOINT',
    tokenUrl: 'AUTH_TOKEN_ENDPOINT',
    jwksUrl: 'PUBLIC_KEYSET_URL',
    deployment: 'DEPLOYMENT_ID',
    origin: 'https://blackboard.example.edu',
  }),
)}

5. In a course: **Content Market** → Serik.

What may be in the way:

- _"This part of the LMS waits for approval."_ Issuer and client id are the same for all universities; only the deployment id is yours:
  \`npm run admin -- deployments approve\`.
- _The application was changed at the portal:_ each Blackboard takes it over only when its administrator synchronises the tool.
- _A domain belongs to one application:_ where ${code(tool.domain)} is refused, an older registration of Serik has it.
- _"User could not be found"_ for a mark: that student has left the course.
${PRIVATE_NETWORK}
`;
}
