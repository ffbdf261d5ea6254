import type { ToolConfiguration } from '../tool-configuration.js';
import { code, indented, storeCommand } from './words.js';

export function canvas(tool: ToolConfiguration): string {
  return `# Connect Canvas

You need an administrator of the Canvas root account.

1. Admin → **Developer Keys** → **+ Developer Key → + LTI Key**. Redirect URIs: ${code(tool.launchUrl)}. Method: **Paste JSON**, and
   paste [canvas.json](canvas.json), made for your address. Save. (By **Manual Entry** the same values: Title ${tool.name}, Target Link
   URI ${code(tool.launchUrl)}, OpenID Connect Initiation Url ${code(tool.loginUrl)}, JWK Method Public JWK URL
   ${code(tool.keysUrl)}, all five scopes of grades and names, privacy level Public.)
2. Switch the key **ON**. The number in its Details column is the client id.
3. Admin → Settings → **Apps** → View App Configurations → **+ App**, by **Client ID**. The cog of the app → **Deployment Id**.
4. On Serik's machine, with the address at which people open your Canvas as the origin:

${indented(
  storeCommand({
    name: 'Canvas',
    issuer: 'https://canvas.instructure.com',
    authUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
    tokenUrl: 'https://sso.canvaslms.com/login/oauth2/token',
    jwksUrl: 'https://sso.canvaslms.com/api/lti/security/jwks',
    deployment: 'DEPLOYMENT_ID',
    origin: 'https://YOUR_SCHOOL.instructure.com',
  }),
)}

   The issuer is the same for every Canvas that Instructure hosts; a Canvas of your own has the one that its operator set, and its
   own host in the three addresses.

5. In a course: Settings → **Navigation**, drag Serik up into the menu. Or in a module or assignment: External Tool → Serik, and
   choose the part.

What may be in the way:

- _Beta and test Canvas_ have hosts of their own: \`sso.beta.canvaslms.com\` and \`sso.test.canvaslms.com\` in all three addresses.
- _"This part of the LMS waits for approval."_ Each account or course where the app was added has a deployment id of its own. It waits in
  Serik's desk, which an administrator opens from the account's menu, or for \`npm run admin -- deployments approve\`.
- _Groups_ are not offered to tools by Canvas over LTI; Serik's own groups are used.
- _Grades_ are taken for students only, while the course runs and attempts are left.
- _A copied course_ brings the links along. Serik sees from which course it came, and carries no students' data over.
- _The Canvas app on phones_ may keep cookies from Serik's frame: its button opens a tab of its own.
- _A Canvas inside your own network:_ Serik asks no private address by itself: set \`ALLOW_PRIVATE_LMS=true\`.
`;
}
