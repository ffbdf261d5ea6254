import type { ToolConfiguration } from '../tool-configuration.js';
import { code, fields, indented, ONE_TIME_LINK, PRIVATE_NETWORK, storeCommand } from './words.js';

export function sakai(tool: ToolConfiguration): string {
  const form = fields([
    ['Tool Title', tool.name],
    ['Launch URL', code(tool.launchUrl)],
    ['LTI 1.3 (`lti13`)', 'on'],
    ['Tool keyset URL (`lti13_tool_keyset`)', code(tool.keysUrl)],
    ['OpenID Connect/initialization endpoint (`lti13_oidc_endpoint`)', code(tool.loginUrl)],
    ['Redirect endpoint (`lti13_oidc_redirect`)', code(tool.launchUrl)],
    ['Send names, send email addresses', 'on'],
    ['Services', 'allow the roster, grades and line items'],
    ['Message types', 'allow launch, and content selection (deep linking)'],
  ]);
  return `# Connect Sakai (21 and later)

You need a Sakai administrator. In brackets: the names that the fields have inside Sakai; the words beside them differ between
versions and translations.

## By its link (dynamic registration)

1. ${ONE_TIME_LINK}
2. Administration Workspace → **External Tools** → LTI Advantage **auto provision**: a name, and the link. Serik's page opens; press
   **Register**. Then look through the tool and save it.

## By hand

1. Administration Workspace → External Tools → **Install LTI tool**:

${indented(form)}

2. After saving, the tool shows the issuer (\`lti13_lms_issuer\`), client id (\`lti13_client_id\`), deployment id
   (\`lti13_lms_deployment_id\`), keyset (\`lti13_lms_keyset\`), authorization endpoint (\`lti13_lms_endpoint\`) and token endpoint
   (\`lti13_lms_token\`). On Serik's machine:

${indented(
  storeCommand({
    name: 'Sakai',
    issuer: 'https://sakai.example.edu',
    authUrl: 'LTI13_LMS_ENDPOINT',
    tokenUrl: 'LTI13_LMS_TOKEN',
    jwksUrl: 'LTI13_LMS_KEYSET',
    deployment: 'DEPLOYMENT_ID',
  }),
)}

In a site: Site Info → Manage Tools → External Tools, or Lessons → Add External Tool, → Serik, and choose the part.

What may be in the way:

- _No names, no course list, no grades:_ each of them is a box of the tool that must be ticked.
- _The issuer_ is the server's address as Sakai knows it (\`sakai.properties\`), which must be the one that browsers use.
${PRIVATE_NETWORK}
`;
}
