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

export const LMS_KINDS = ['moodle', 'canvas', 'blackboard', 'brightspace', 'sakai', 'open-edx'] as const;
export type LmsKind = (typeof LMS_KINDS)[number];

/** What comes back from the LMS; words in capitals are to be replaced. */
interface BroughtBack {
  readonly name: string;
  readonly issuer: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly deployment: string;
  /** Where it is not the token URL. */
  readonly audience?: string;
  /** Where pages of the LMS are of another origin than the issuer. */
  readonly origin?: string;
}

const storeCommand = (back: BroughtBack): string => {
  const options = [
    `--name ${back.name}`,
    `--issuer ${back.issuer}`,
    '--client-id CLIENT_ID',
    `--auth-url ${back.authUrl}`,
    `--token-url ${back.tokenUrl}`,
    `--jwks-url ${back.jwksUrl}`,
    ...(back.audience === undefined ? [] : [`--audience ${back.audience}`]),
    `--deployment ${back.deployment}`,
    ...(back.origin === undefined ? [] : [`--origin ${back.origin}`]),
  ];
  return ['```', ['npm run admin -- platform add', ...options].join(' \\\n  '), '```'].join('\n');
};

/** The fields of a form, by the names that the LMS gives them. */
const fields = (rows: readonly (readonly [field: string, value: string])[]): string =>
  rows.map(([field, value]) => `- **${field}**: ${value}`).join('\n');

const code = (text: string) => `\`${text}\``;
const indented = (text: string) => text.replace(/^(?=.)/gm, '   ');

/** The first step wherever the LMS registers by link. */
const ONE_TIME_LINK = `On Serik's machine: \`npm run admin -- registration-link\`. It prints a link that works once, within 72 hours.`;
const PRIVATE_NETWORK = `- _The LMS is inside your own network._ Serik asks no private address by itself: set \`ALLOW_PRIVATE_LMS=true\`.`;

function moodle(tool: ToolConfiguration): string {
  const form = fields([
    ['Tool name', tool.name],
    ['Tool URL', code(tool.launchUrl)],
    ['Tool description', tool.description],
    ['LTI version', 'LTI 1.3'],
    ['Public key type', 'Keyset URL'],
    ['Public keyset', code(tool.keysUrl)],
    ['Initiate login URL', code(tool.loginUrl)],
    ['Redirection URI(s)', `${code(tool.launchUrl)}, exactly so and nothing else`],
    ['Custom parameters', code(`serik_history=${CUSTOM.serik_history}`)],
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

function canvas(tool: ToolConfiguration): string {
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

function blackboard(tool: ToolConfiguration): string {
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

function brightspace(tool: ToolConfiguration): string {
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

function sakai(tool: ToolConfiguration): string {
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

function openEdx(tool: ToolConfiguration): string {
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

const TEXTS: Readonly<Record<LmsKind, (tool: ToolConfiguration) => string>> = {
  moodle,
  canvas,
  blackboard,
  brightspace,
  sakai,
  'open-edx': openEdx,
};

/** Markdown for the administrator of this LMS: what to give, what to bring back, what may be in the way. */
export const administratorText = (lms: LmsKind, publicUrl: string): string => TEXTS[lms](toolConfiguration(publicUrl));

/** All files of `lti-config/` by name. */
export function configurationFiles(publicUrl: string): ReadonlyMap<string, string> {
  return new Map([
    ...LMS_KINDS.map((lms) => [`${lms}.md`, administratorText(lms, publicUrl)] as const),
    ['canvas.json', `${JSON.stringify(canvasKey(publicUrl), null, 2)}\n`] as const,
  ]);
}
