import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { DemoLms, Tool, ToolForm } from '../../scripts/demo-lms/index.js';
import { createBrowser, submit } from '../../scripts/driver/browser.js';

export const SCOPE = {
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  result: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
};
export const GROUPS_SCOPE = 'https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly';
export const ALL_SCOPES = Object.values(SCOPE).join(' ');

export const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** A tool with real keys: it serves its key set and signs; the tests play its other parts. */
export interface FakeTool {
  readonly url: string;
  kid: string;
  jwksStatus: number;
  /** What a browser is shown at any other address than the key set's. */
  page: string;
  sign(claims: JWTPayload, header?: { kid?: string | undefined }): Promise<string>;
  rotate(): Promise<void>;
  close(): Promise<void>;
}

export async function startFakeTool(): Promise<FakeTool> {
  let pair = await generateKeyPair('RS256', { extractable: true });
  let jwk = await exportJWK(pair.publicKey);
  const server = createServer((req, res) => {
    if (tool.page !== '' && req.url !== '/keys') {
      res.writeHead(200, { 'Content-Type': 'text/html' });
      res.end(tool.page);
      return;
    }
    res.writeHead(tool.jwksStatus, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify({ keys: [{ ...jwk, kid: tool.kid, alg: 'RS256', use: 'sig' }] }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const tool: FakeTool = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kid: 'key-1',
    jwksStatus: 200,
    page: '',
    sign: (claims, header = {}) => signed(pair.privateKey, claims, { kid: tool.kid, ...header }),
    async rotate() {
      pair = await generateKeyPair('RS256', { extractable: true });
      jwk = await exportJWK(pair.publicKey);
      tool.kid = 'key-2';
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return tool;
}

const signed = (key: CryptoKey, claims: JWTPayload, { kid }: { kid?: string | undefined }) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...(kid === undefined ? {} : { kid }) }).sign(key);

export const registrationOf = (
  tool: { url: string },
  changes: Record<string, unknown> = {},
): Record<string, unknown> => ({
  application_type: 'web',
  response_types: ['id_token'],
  initiate_login_uri: `${tool.url}/lti/login`,
  redirect_uris: [`${tool.url}/lti/launch`],
  client_name: 'Test tool',
  jwks_uri: `${tool.url}/keys`,
  token_endpoint_auth_method: 'private_key_jwt',
  scope: ALL_SCOPES,
  ...changes,
  [TOOL_CONFIGURATION]: {
    domain: new URL(tool.url).host,
    target_link_uri: `${tool.url}/lti/launch`,
    claims: ['sub', 'name', 'given_name', 'family_name', 'email'],
    messages: [{ type: 'LtiResourceLinkRequest' }],
    ...(changes[TOOL_CONFIGURATION] as Record<string, unknown> | undefined),
  },
});

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Headers;
  json(): Record<string, unknown>;
  list(): Record<string, unknown>[];
}

export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text,
    headers: response.headers,
    json: () => JSON.parse(text) as Record<string, unknown>,
    list: () => JSON.parse(text) as Record<string, unknown>[],
  };
}

export async function configurationOf(lms: DemoLms): Promise<Record<string, unknown>> {
  const address = new URL(lms.registrationUrl('http://127.0.0.1:1/')).searchParams.get('openid_configuration');
  return (await call(address ?? '')).json();
}

export async function register(lms: DemoLms, body: unknown, token?: string): Promise<Answer> {
  const { registration_endpoint: endpoint } = await configurationOf(lms);
  const fresh = new URL(lms.registrationUrl('http://127.0.0.1:1/')).searchParams.get('registration_token') ?? '';
  const bearer = token ?? fresh;
  return call(String(endpoint), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(bearer === '' ? {} : { Authorization: `Bearer ${bearer}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** What an administrator does after the registration: Moodle keeps a new tool pending. */
export async function activate(lms: DemoLms): Promise<void> {
  const administrator = lms.people.find(({ kind }) => kind === 'administrator');
  const browser = createBrowser();
  const page = await browser.get(`${lms.url}/switch?to=${administrator?.id ?? ''}&return=/admin/tools`);
  if (lms.manner === 'moodle') await submit(browser, page, 'activate');
}

export async function registered(lms: DemoLms, tool: FakeTool, changes: Record<string, unknown> = {}): Promise<string> {
  const answer = await register(lms, registrationOf(tool, changes));
  await activate(lms);
  return String(answer.json()['client_id']);
}

/** The administrator's form, filled in for this tool. */
export const addedByHand = (lms: DemoLms, tool: { url: string }, changes: Partial<ToolForm> = {}): Tool =>
  lms.addTool({
    name: 'Test tool',
    initiateLoginUri: `${tool.url}/lti/login`,
    targetLinkUri: `${tool.url}/lti/launch`,
    redirectUris: [`${tool.url}/lti/launch`],
    jwksUri: `${tool.url}/keys`,
    deepLinkingUri: `${tool.url}/lti/launch`,
    ...changes,
  });

let assertions = 0;

export async function askToken(
  lms: DemoLms,
  tool: FakeTool,
  {
    claims = {},
    kid,
    form = {},
    toolId = lms.tools()[0]?.id ?? '',
  }: { claims?: Record<string, unknown>; kid?: string; form?: Record<string, string>; toolId?: string } = {},
): Promise<Answer> {
  const { tokenEndpoint: endpoint, clientId } = lms.connection(toolId);
  const now = Math.floor(Date.now() / 1000);
  assertions += 1;
  const usual = {
    iss: clientId,
    sub: clientId,
    aud: endpoint,
    iat: now - 60,
    exp: now + 60,
    jti: `assertion-${assertions}`,
  };
  const assertion = await tool.sign(withoutUndefined({ ...usual, ...claims }), kid === undefined ? {} : { kid });
  return call(endpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: ALL_SCOPES,
      ...form,
    }),
  });
}

const withoutUndefined = (claims: Record<string, unknown>): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));

export async function tokenFor(lms: DemoLms, tool: FakeTool, scope = ALL_SCOPES): Promise<string> {
  return String((await askToken(lms, tool, { form: { scope } })).json()['access_token']);
}
