import type { ToolConfiguration } from '../tool-configuration.js';
import { code, fields, indented, PRIVATE_NETWORK, storeCommand } from './words.js';

export function openEdx(tool: ToolConfiguration): string {
  const form = fields([
    ['LTI Version', 'LTI 1.3'],
    ['Tool Launch URL', code(tool.launchUrl)],
    ['Registered Redirect URIs', code(`["${tool.launchUrl}"]`)],
    ['Tool Initiate Login URL', code(tool.loginUrl)],
    ['Tool Public Key Mode', 'Keyset URL'],
    ['Tool Keyset URL', code(tool.keysUrl)],
    ['Enable LTI NRPS', 'True'],
    ['Deep linking', 'True, where the component is to show a part of Serik'],
    ['Deep Linking Launch URL', code(tool.deepLinkingUrl)],
    ['LTI Assignment and Grades Service', 'Allow tools to manage and submit grade (programmatic)'],
    ['Scored', 'True, and Weight: the highest mark, a whole number'],
    ["Request user's full name, Request user's email", 'True'],
  ]);
  return `# Connect Open edX

You need the course's staff in Studio, and for names in the course list an administrator. There is no dynamic registration.

1. Studio → Settings → Advanced Settings → Advanced Module List: add \`"lti_consumer"\`.
2. In a unit: Advanced → **LTI Consumer** → Edit:

${indented(form)}

3. After saving, the component shows Client, Deployment Id, Keyset URL, Access Token URL and Login URL. On Serik's machine:

${indented(
  storeCommand({
    name: 'Open-edX',
    issuer: 'https://lms.example.edu',
    authUrl: 'https://lms.example.edu/api/lti_consumer/v1/launch/',
    tokenUrl: 'ACCESS_TOKEN_URL',
    jwksUrl: 'KEYSET_URL',
    deployment: '1',
  }),
)}

What may be in the way:

- _Each component is a client of its own_ with its own client id and endpoints: repeat step 3 for each, or share one by "LTI Reusable
  Configuration ID". Best is one component a course.
- _A mark arrives but the progress page has nothing._ The component is not Scored, or it is past due and "Accept grades past deadline"
  is False. Open edX says yes all the same.
- _One mark for each component._ Two assessments sent to one component overwrite each other, and a published mark cannot be taken back:
  keep midterm 1, midterm 2 and the exam in components of their own where all three are to be in Open edX.
- _People have no names._ The launch asks by the component's fields; the course list by a switch of the course that only an administrator
  sets ("LTI 1.3 PII sharing" in the admin site).
- _More than 1,000 enrolled:_ Open edX gives no course list then.
- _Chosen parts share one component_, so that choosing again replaces what was chosen before.
${PRIVATE_NETWORK}
`;
}
