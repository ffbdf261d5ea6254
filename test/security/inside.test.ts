import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Course } from '../../src/launch/course.js';
import { createLmsFetch, type Resolve } from '../../src/lti/lms-fetch.js';
import { createPlatformKeys } from '../../src/lti/platform-keys.js';
import { readConfiguration, register } from '../../src/lti/registration.js';
import { createCallLms } from '../../src/lti/services/call-lms.js';
import { SCOPES } from '../../src/lti/services/call.js';
import { createGradeService } from '../../src/lti/services/grades.js';
import { readRoster } from '../../src/lti/services/roster.js';
import { platformAt, serve } from '../lti/services/service-bench.js';

/** A server inside our own network, which nobody outside may make us call. */
let inside: Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  inside = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done));
  port = (inside.address() as AddressInfo).port;
});
afterAll(() => new Promise((done) => inside.close(done)));
beforeEach(() => {
  connections = 0;
});

/** A hostile name server: every name is inside. */
const resolve: Resolve = (_hostname, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]);
const guarded = createLmsFetch({ timeoutMs: 500, allowPrivate: false, resolve });

const PLACES: readonly (readonly [string, () => string])[] = [
  ['a name that leads inside', () => `https://rebound.example:${port}`],
  ['an address', () => `https://127.0.0.1:${port}`],
  ['an address as one number', () => `https://2130706433:${port}`],
  ['an address in IPv6', () => `https://[::ffff:127.0.0.1]:${port}`],
  ['without TLS', () => `http://lms.example:${port}`],
  ['the machine’s own name', () => `https://localhost:${port}`],
  ['the cloud’s own data', () => 'https://169.254.169.254'],
  ['with a user name', () => `https://lms.example:x@127.0.0.1:${port}`],
  ['a file', () => 'file:///etc'],
];

describe.each(PLACES)('an address of an LMS that leads inside (%s) is never called', (_name, at) => {
  const described = (more: object = {}) => ({
    issuer: 'https://lms.example',
    authorization_endpoint: 'https://lms.example/auth',
    token_endpoint: 'https://lms.example/token',
    jwks_uri: 'https://lms.example/jwks',
    registration_endpoint: 'https://lms.example/register',
    ...more,
  });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const callLms = (tokenEndpoint: string, token?: string) => {
    const platform = platformAt('https://lms.example', { tokenEndpoint });
    return createCallLms({
      platforms: {
        byKey: () => Promise.resolve(platform),
        signingKey: () => Promise.resolve({ key: privateKey, kid: 'k' }),
      },
      lmsFetch: (request) =>
        token !== undefined && request.url === tokenEndpoint
          ? Promise.resolve({ status: 200, body: JSON.stringify({ access_token: token }), headers: {} })
          : guarded(request),
    });
  };
  const course = (services: Partial<Course['services']>): Course => ({
    id: 'c1',
    platform: 'https://lms.example client-1',
    deployment: '1',
    context: '2',
    title: '',
    label: '',
    lmsName: 'LMS',
    services: { gradeScopes: Object.values(SCOPES), ...services },
  });

  test('as the description of a registration', async () => {
    await expect(readConfiguration(guarded, `${at()}/configuration`)).rejects.toMatchObject({
      messageKey: 'registration.address',
    });
    expect(connections).toBe(0);
  });

  test('as the address that registers', async () => {
    const deps = { lmsFetch: guarded, publicUrl: 'https://serik.example', platforms: undefined as never };
    const configuration = described({ registration_endpoint: `${at()}/register` });
    await expect(register(deps, configuration, 'token', 'own')).rejects.toMatchObject({
      messageKey: 'registration.address',
    });
    expect(connections).toBe(0);
  });

  test('as the address of its keys', async () => {
    const find = createPlatformKeys({ lmsFetch: guarded }).finder(`${at()}/jwks`);
    await expect(find({ alg: 'RS256', kid: 'k' }, {} as never)).rejects.toThrow('address-refused');
    expect(connections).toBe(0);
  });

  test('as the address of its tokens', async () => {
    const call = callLms(`${at()}/token`);
    const answer = await call('any', [SCOPES.roster], { method: 'GET', url: 'https://lms.example/roster' });
    expect(answer).toMatchObject({ status: 0, stage: 'token', failure: 'address-refused' });
    expect(connections).toBe(0);
  });

  test('as the address of its services: roster, groups, columns, a column', async () => {
    const call = callLms('https://lms.example/token', 'secret-token');
    const roster = await readRoster(call, course({ membershipsUrl: `${at()}/roster`, groupsUrl: `${at()}/groups` }));
    expect(roster).toMatchObject({ read: 'failed', reason: 'unreachable' });
    const grades = createGradeService({ callLms: call });
    const columns = course({ lineItemsUrl: `${at()}/items` });
    const list = await grades.listLineItems(columns);
    expect(list).toMatchObject({ read: 'failed', reason: 'unreachable' });
    const score = { userId: '1', scoreGiven: 1, scoreMaximum: 2, timestamp: new Date() };
    expect(await grades.postScore(columns, `${at()}/items/1`, score as never)).toMatchObject({ status: 0 });
    expect(connections).toBe(0);
  });
});

describe('an answer of an LMS that leads elsewhere', () => {
  const calls = (next: string) => {
    const asked: string[] = [];
    const call = (_platform: string, _scopes: readonly string[], { url }: { url: string }) => {
      asked.push(url);
      const headers = { link: `<${next}>; rel="next"` };
      return Promise.resolve({ status: 200, body: '{"members":[]}', headers, stage: 'service' } as const);
    };
    return { asked, call };
  };
  const first = 'https://lms.example/roster';
  const course = { services: { gradeScopes: [], membershipsUrl: first } } as unknown as Course;

  test.each([
    'https://169.254.169.254/latest',
    'https://evil.example/roster',
    'https://lms.example.evil.example/roster',
    'https://lms.example@evil.example/roster',
    'http://lms.example/roster',
    'https://lms.example:8443/roster',
    '//evil.example/roster',
  ])('a next page on another host does not get our token: %s', async (next) => {
    const { asked, call } = calls(next);
    expect(await readRoster(call, course)).toMatchObject({ read: 'failed', reason: 'bad-answer' });
    expect(asked).toEqual([first]);
  });

  test('a redirect is not followed', async () => {
    const server = await serve((_req, res) => res.writeHead(302, { Location: `http://127.0.0.1:${port}/` }).end());
    const open = createLmsFetch({ timeoutMs: 1000, allowPrivate: true });
    expect((await open({ method: 'GET', url: server.url })).status).toBe(302);
    expect(connections).toBe(0);
    await server.close();
  });
});

describe('a description over https', () => {
  test.each(['issuer', 'authorization_endpoint'])('does not send the sign-in over http: %s', async (name) => {
    const lms = {
      issuer: 'https://lms.example',
      authorization_endpoint: 'https://lms.example/auth',
      token_endpoint: 'https://lms.example/token',
      jwks_uri: 'https://lms.example/jwks',
      registration_endpoint: 'https://lms.example/register',
    };
    const answer = (body: object) => () => Promise.resolve({ status: 200, body: JSON.stringify(body), headers: {} });
    const read = (body: object) => readConfiguration(answer(body), 'https://lms.example/configuration?token=x');
    expect(await read(lms)).toMatchObject(lms);
    await expect(read({ ...lms, [name]: 'http://lms.example/x' })).rejects.toMatchObject({
      messageKey: 'registration.address',
    });
    await expect(read({ ...lms, issuer: 'https://lms.example/a b' })).rejects.toMatchObject({
      messageKey: 'registration.not-an-lms',
    });
  });
});
