import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDemoLms, type DemoLms } from '../../../scripts/demo-lms/index.js';
import type { Course } from '../../../src/launch/course.js';
import { createLmsFetch } from '../../../src/lti/lms-fetch.js';
import type { Platform } from '../../../src/lti/platforms.js';
import { createCallLms, type CallLmsDeps } from '../../../src/lti/services/call-lms.js';
import { SCOPES, type CallLms } from '../../../src/lti/services/call.js';
import { activate, configurationOf, register, registrationOf } from '../../demo-lms/fake-tool.js';

export const GRADE_SCOPES = [SCOPES.lineItem, SCOPES.lineItemReadOnly, SCOPES.score, SCOPES.resultReadOnly];

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export async function serve(handle: (req: IncomingMessage, res: ServerResponse) => void): Promise<Served> {
  const server = createServer(handle);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export const bodyOf = async (req: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KID = 'key-1';
const signingKey = (): Promise<{ key: KeyObject; kid: string }> => Promise.resolve({ key: privateKey, kid: KID });

export const platformAt = (url: string, facts: Partial<Platform> = {}): Platform => ({
  key: `${url} client-1`,
  id: 'platform-1',
  issuer: url,
  clientId: 'client-1',
  authorizationEndpoint: `${url}/auth`,
  tokenEndpoint: `${url}/token`,
  tokenAudience: `${url}/token`,
  jwksUrl: `${url}/jwks`,
  lmsName: 'LMS',
  origins: [],
  deployments: ['1'],
  active: true,
  desk: 'all',
  registeredAt: new Date(0),
  ...facts,
});

/** Our own calls as they are made in the field, over real HTTP. */
export function callsTo(
  platforms: Platform | readonly Platform[],
  { timeoutMs = 2000, ...deps }: Partial<CallLmsDeps> & { timeoutMs?: number } = {},
): CallLms {
  return createCallLms({
    platforms: {
      byKey: (key) => Promise.resolve([platforms].flat().find((platform) => platform.key === key)),
      signingKey,
    },
    lmsFetch: createLmsFetch({ timeoutMs, allowPrivate: true, maxBytes: 1_000_000 }),
    ...deps,
  });
}

export const courseOf = (platform: Platform, services: Partial<Course['services']> = {}): Course => ({
  id: 'c1',
  platform: platform.key,
  deployment: '1',
  context: '2',
  title: '',
  label: '',
  lmsName: platform.lmsName,
  services: { gradeScopes: GRADE_SCOPES, ...services },
});

export interface OddLms extends Served {
  readonly platform: Platform;
  readonly course: Course;
  /** Requests so far, as `METHOD /path?query`. */
  readonly asked: string[];
  /** Token requests so far. */
  tokens: number;
  /** What the token endpoint answers; by default a token `token-<n>` for everything. */
  token: (req: IncomingMessage, res: ServerResponse) => void;
  /** What everything else answers. */
  service: (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;
}

export const send = (
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  res.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  res.end(typeof body === 'string' ? body : JSON.stringify(body));
};

/** A small LMS that answers as a test says; for answers that no decent LMS gives. */
export async function startOddLms(): Promise<OddLms> {
  const served = await serve((req, res) => {
    if (req.url === '/token') {
      lms.tokens += 1;
      lms.token(req, res);
    } else {
      lms.asked.push(`${req.method ?? ''} ${req.url ?? ''}`);
      void lms.service(req, res);
    }
  });
  const platform = platformAt(served.url);
  const lms: OddLms = {
    ...served,
    platform,
    course: courseOf(platform, {
      membershipsUrl: `${served.url}/members`,
      lineItemsUrl: `${served.url}/items`,
    }),
    asked: [],
    tokens: 0,
    token: (_req, res) => send(res, 200, { access_token: `token-${lms.tokens}`, expires_in: 3600 }),
    service: (_req, res) => send(res, 404, ''),
  };
  return lms;
}

export interface DemoBench {
  readonly lms: DemoLms;
  readonly platform: Platform;
  readonly course: Course;
  close(): Promise<void>;
}

/** The demo LMS with our keys registered in it, and its course 2 as a launch of the tutor describes it. */
export async function startDemoBench(manner: 'standard' | 'moodle'): Promise<DemoBench> {
  const keys = await serve((_req, res) =>
    send(res, 200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' }] }),
  );
  const lms = await startDemoLms({ port: 0, manner });
  const clientId = String((await register(lms, registrationOf(keys))).json()['client_id']);
  await activate(lms);
  const endpoint = String((await configurationOf(lms))['token_endpoint']);
  const platform = platformAt(lms.url, {
    key: `${lms.url} ${clientId}`,
    clientId,
    tokenEndpoint: endpoint,
    tokenAudience: endpoint,
  });
  const tutor = lms.people.find(({ kind }) => kind === 'tutor')?.id ?? '';
  const claims = lms.launchClaims('2', tutor) as Record<string, Record<string, unknown> | undefined>;
  const purl = 'https://purl.imsglobal.org/spec';
  const course = courseOf(platform, {
    membershipsUrl: String(claims[`${purl}/lti-nrps/claim/namesroleservice`]?.['context_memberships_url']),
    lineItemsUrl: String(claims[`${purl}/lti-ags/claim/endpoint`]?.['lineitems']),
    resourceLinkId: String(claims[`${purl}/lti/claim/resource_link`]?.['id']),
  });
  return {
    lms,
    platform,
    course,
    async close() {
      await Promise.all([lms.close(), keys.close()]);
    },
  };
}
