import type { ToolConfiguration } from '../tool-configuration.js';
import { code, fields, indented, ONE_TIME_LINK, storeCommand } from './words.js';

export function moodle(tool: ToolConfiguration): string {
  const form = fields([
    ['Tool name', tool.name],
    ['Tool URL', code(tool.launchUrl)],
    ['Tool description', tool.description],
    ['LTI version', 'LTI 1.3'],
    ['Public key type', 'Keyset URL'],
    ['Public keyset', code(tool.keysUrl)],
    ['Initiate login URL', code(tool.loginUrl)],
    ['Redirection URI(s)', `${code(tool.launchUrl)}, exactly so and nothing else`],
    ['Custom parameters', code(`serik_history=${tool.custom.serik_history}`)],
    ['Tool configuration usage', 'Show in activity chooser and as a preconfigured tool'],
    ['Default launch container', 'Embed, without blocks'],
    ['Supports Deep Linking (Content-Item Message)', 'yes'],
    ['Content Selection URL', code(tool.deepLinkingUrl)],
    ['IMS LTI Assignment and Grade Services', 'Use this service for grade sync and column management'],
    [
      'IMS LTI Names and Role Provisioning',
      "Use this service to retrieve members' information as per privacy settings",
    ],
    ["Share launcher's name with tool, Share launcher's email with tool", 'Always'],
  ]);
  return `# Connect Moodle (4.0 and later)

You need a Moodle site administrator, and the address where Serik runs (https, reachable from Moodle's server).

## By its link (dynamic registration)

1. ${ONE_TIME_LINK}
2. In Moodle: Site administration → Plugins → Activity modules → External tool → **Manage tools**. Paste the link under "Tool
   URL" and press **Add LTI Advantage**. Serik's page opens in a frame; press **Register**. The frame closes by itself.
3. The tool stands there as _pending_: press **Activate**.
4. Press the cog of the tool and set "Tool configuration usage" to **Show in activity chooser**, so that teachers find it.
5. In a course: **Add an activity → Serik**, then **Select content**: the teacher chooses the whole tool or a part of it, such as
   the consultations, and saves. Under "Privacy" and "Services" nothing needs to be changed: names, e-mail, roster and grades
   were agreed on in step 2.

## By hand

1. Manage tools → **configure a tool manually**:

${indented(form)}

2. The list icon of the new tool ("View configuration details") shows Platform ID (the issuer), Client ID, Deployment ID, Public
   keyset URL, Access token URL and Authentication request URL. On Serik's machine:

${indented(
  storeCommand({
    name: 'Moodle',
    issuer: 'https://moodle.example.edu',
    authUrl: 'https://moodle.example.edu/mod/lti/auth.php',
    tokenUrl: 'https://moodle.example.edu/mod/lti/token.php',
    jwksUrl: 'https://moodle.example.edu/mod/lti/certs.php',
    deployment: 'DEPLOYMENT_ID',
  }),
)}

## What may be in the way, as Moodle ships

- _Serik inside your own network._ Moodle refuses private addresses and ports other than 80 and 443: Site administration →
  Security → HTTP security, "cURL blocked hosts" and "cURL allowed ports". Serik refuses them too: set
  \`ALLOW_PRIVATE_LMS=true\`.
- _"The tool answers 404 when it asks for a token."_ Moodle could not read Serik's keys at ${code(tool.keysUrl)}: same setting, or a
  proxy between them.
- _"There is no course list."_ The tool's "IMS LTI Names and Role Provisioning" must be on (it is, after registration).
- _"You need to select content for this activity."_ The teacher typed a name only: press **Select content** first.
- _The activity has no grade of its own._ "Accept grades from the tool" is off in Moodle at first. Serik does not need it: it makes
  a column for each assessment itself.
- _After a registration was repeated as an update_ Moodle hides the tool from the activity chooser again: step 4.
- _Where is the administrator's desk?_ Add Serik once to the **front page** of the site: a site administrator who opens it there lands
  on the desk (platforms, deployments, self-test, errors), and staff on the list of their courses.
- _A non-editing teacher_ counts as a student in Moodle's course list until that person has opened Serik once.
`;
}
