import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBrowser } from '../../scripts/driver/browser.js';
import {
  AGS,
  beginLogin,
  CLAIM,
  DL,
  goodClaims,
  hasSession,
  NRPS,
  personOf,
  postAnswer,
  type Claims,
} from '../support/crafted-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

/** fast-check prints it with every failure; another one is tried with FUZZ_SEED. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_124);
const CLAIM_RUNS = 110;
const FORM_RUNS = 90;

const NAMES = [
  'aud',
  'azp',
  'email',
  'exp',
  'family_name',
  'given_name',
  'iat',
  'iss',
  'jti',
  'name',
  'nbf',
  'nonce',
  'sub',
];
const LTI_NAMES = [
  ...['version', 'message_type', 'deployment_id', 'target_link_uri', 'roles', 'context', 'resource_link'],
  ...['launch_presentation', 'tool_platform', 'custom', 'for_user', 'lis', 'ext', 'role_scope_mentor'],
].map((name) => `${CLAIM}/${name}`);
const SERVICE_NAMES = [
  AGS,
  NRPS,
  `${DL}/deep_linking_settings`,
  'https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice',
];
const HOSTILE = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '$where',
  'a.b',
  'then',
  'toJSON',
  '',
];
const INNER = [
  'id',
  'title',
  'label',
  'type',
  'locale',
  'return_url',
  'user_id',
  'scope',
  'lineitems',
  'lineitem',
  'serik_place',
];

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    'Ә'.repeat(43),
    '\u202e',
    'ﷺ'.repeat(100),
    'x'.repeat(255),
    'x'.repeat(256),
    'x'.repeat(30_000),
    '{"$gt":""}',
    'javascript:alert(1)',
    'http://',
    'https://[::1',
    'LtiDeepLinkingRequest',
    'LtiSubmissionReviewRequest',
    'Instructor',
    '1.3.0',
    ...HOSTILE,
  ),
);
const odd = fc.oneof(
  nasty,
  fc.constantFrom(null, true, false, 0, -1, 1e308, -1e308, 1.5, 2 ** 53, [], {}, [[]], [null], [{}]),
  fc.array(nasty, { maxLength: 5 }),
  fc.constant(Array.from({ length: 300 }, () => 'Instructor')),
  fc.dictionary(fc.constantFrom(...INNER, ...HOSTILE), fc.oneof(nasty, fc.jsonValue({ maxDepth: 2 })), { maxKeys: 5 }),
  fc.jsonValue({ maxDepth: 4 }),
  // Deeper than any claim, and than many a parser likes.
  fc.constant(Array.from({ length: 120 }).reduce<unknown>((inner) => [inner], 'deep')),
);

const change = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), name: fc.constantFrom(...NAMES, ...LTI_NAMES, ...SERVICE_NAMES) }),
  fc.record({
    kind: fc.constant('set' as const),
    name: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...NAMES, ...LTI_NAMES, ...SERVICE_NAMES) },
      { weight: 1, arbitrary: fc.constantFrom(...HOSTILE, ...HOSTILE.map((name) => `${CLAIM}/${name}`)) },
    ),
    value: odd,
  }),
  fc.record({
    kind: fc.constant('inside' as const),
    name: fc.constantFrom(...LTI_NAMES, ...SERVICE_NAMES),
    inner: fc.constantFrom(...INNER, ...HOSTILE),
    value: odd,
  }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const who = fc.constantFrom('tutor', 'student', 'student');

/** With own properties only: a claim named `__proto__` is one like any other. */
function changed(claims: Claims, changes: readonly Change[]): Claims {
  const entries = new Map(Object.entries(claims));
  for (const one of changes) {
    if (one.kind === 'drop') entries.delete(one.name);
    else if (one.kind === 'set') entries.set(one.name, one.value);
    else {
      const outer = entries.get(one.name);
      const inside = typeof outer === 'object' && outer !== null ? Object.entries(outer) : [];
      entries.set(one.name, Object.fromEntries([...inside, [one.inner, one.value]]));
    }
  }
  return Object.fromEntries(entries);
}

/** Half a surrogate pair cannot be sent in a form. */
const wellFormed = (text: string) => Buffer.from(text).toString();

const isText = (value: unknown, longest = 255): value is string =>
  typeof value === 'string' && value !== '' && value.length <= longest;

/** What the standard asks of any launch, written down once more: whoever got in must at least have brought this. */
function mayBeLetIn(claims: Claims, good: Claims, url: string): boolean {
  const of = (name: string) => claims[`${CLAIM}/${name}`];
  const idOf = (value: unknown) => (value as { id?: unknown } | null)?.id;
  const now = Date.now() / 1000;
  const { aud, azp, iat, exp, nbf, sub, iss, nonce } = claims;
  const target = of('target_link_uri');
  const forUs = aud === good['aud'] || (Array.isArray(aud) && aud.includes(good['aud']));
  return (
    iss === good['iss'] &&
    forUs &&
    (azp === undefined || azp === good['aud']) &&
    nonce === good['nonce'] &&
    isText(sub) &&
    typeof iat === 'number' &&
    iat < now + 62 &&
    typeof exp === 'number' &&
    exp > now - 62 &&
    (nbf === undefined || (typeof nbf === 'number' && nbf < now + 62)) &&
    of('version') === '1.3.0' &&
    ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiSubmissionReviewRequest'].includes(
      String(of('message_type')),
    ) &&
    of('deployment_id') === good[`${CLAIM}/deployment_id`] &&
    Array.isArray(of('roles')) &&
    // Without a course staff get to their own pages; a context must be one.
    (of('context') === undefined ? of('message_type') === 'LtiResourceLinkRequest' : isText(idOf(of('context')))) &&
    (of('resource_link') === undefined || isText(idOf(of('resource_link')))) &&
    // Text that is empty, blank or none at all is as if it were not there: the login named a target of ours.
    (typeof target !== 'string' || target.trim() === '' || target.length > 2000 || target.startsWith(url))
  );
}

describe.each(['standard', 'moodle'] as const)('whatever a %s LMS, or anybody else, may send', (manner) => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool(manner);
  }, 60_000);
  afterAll(() => tool.close());

  const isAlive = async () => (await fetch(`${tool.url}/healthz`)).status === 200;

  test(`any change of a good launch’s claims, properly signed, is let in or refused, and breaks nothing (seed ${seed})`, async () => {
    let letIn = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(who, fc.array(change, { minLength: 1, maxLength: 4 }), async (kind, changes) => {
        const login = await beginLogin(tool);
        const good = goodClaims(tool, login, { person: personOf(tool.lms, kind) });
        const claims = changed(good, changes);
        const idToken = await tool.lms.signIdToken(claims);
        const page = await postAnswer(tool, login.browser, { id_token: idToken, state: login.state });
        expect(page.status).toBeLessThan(500);
        expect(page.html).not.toMatch(/\[object Object\]|at \w+ \(.*\.ts/);
        if (hasSession(tool, login.browser)) {
          letIn += 1;
          expect(mayBeLetIn(claims, good, tool.url)).toBe(true);
        } else {
          refused += 1;
          expect([401, 403, 413]).toContain(page.status);
        }
        expect(await isAlive()).toBe(true);
      }),
      { numRuns: CLAIM_RUNS, seed, endOnFailure: true },
    );
    // Neither half of it is idle.
    expect(letIn).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(10);
  }, 120_000);

  test('a good launch is let in after all that', async () => {
    const login = await beginLogin(tool);
    const idToken = await tool.lms.signIdToken(goodClaims(tool, login));
    const page = await postAnswer(tool, login.browser, { id_token: idToken, state: login.state });
    expect(page.status).toBe(200);
    expect(Object.hasOwn(Object.prototype, 'serik_place')).toBe(false);
  });

  const field = fc.constantFrom(
    ...[
      'id_token',
      'state',
      'error',
      'browser',
      'iss',
      'login_hint',
      'target_link_uri',
      'client_id',
      'code',
      'JWT',
      'cookie',
    ],
    ...['lti_message_hint', 'lti_deployment_id', 'lti_storage_target', 'state[a]', 'state[]', 'id_token[$ne]', 'ltik'],
    ...HOSTILE,
  );
  const form = fc.array(fc.tuple(field, nasty), { maxLength: 8 });
  const sent = fc.oneof(
    form.map((pairs) => ({
      type: 'application/x-www-form-urlencoded',
      body: pairs
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(wellFormed(value))}`)
        .join('&'),
    })),
    fc.jsonValue().map((value) => ({ type: 'application/json', body: JSON.stringify(value) })),
    fc.record({
      type: fc.constantFrom(
        'application/x-www-form-urlencoded',
        'application/x-www-form-urlencoded; charset=utf-16',
        'application/json; charset=junk',
        'multipart/form-data; boundary=x',
        'text/plain',
        'x',
      ),
      body: nasty.map(wellFormed),
    }),
    fc
      .constantFrom('%', '%zz=%', '&&&', '=', 'a[b][c][d][e][f][g]=1', 'id_token=a&id_token=b', '%00=%00')
      .map((body) => ({
        type: 'application/x-www-form-urlencoded',
        body,
      })),
  );
  const address = fc.constantFrom(
    ...['/lti/launch', '/lti/launch', '/lti/login', '/lti/register/x', '/open', '/lti/launch?ltik=x&state[]=1'],
    ...['/lti/', '/lti/keys', '/lti/ltijs-login', '/lti/ltijs-register', '/c/x/place/y', '/desk/links', '/lti/launch/'],
  );

  test(`any form, at any door, opens no session and breaks nothing (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(address, sent, async (path, { type, body }) => {
        const answer = await fetch(`${tool.url}${path}`, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'Content-Type': type, Origin: tool.url },
          body,
        });
        expect(answer.status).toBeLessThan(500);
        expect(answer.headers.getSetCookie().filter((cookie) => /^(__Host-)?serik=./.test(cookie))).toEqual([]);
        await answer.arrayBuffer();
        expect(await isAlive()).toBe(true);
      }),
      { numRuns: FORM_RUNS, seed, endOnFailure: true },
    );
  }, 60_000);

  test(`any answer to a login that was really begun, but without its token, opens no session (seed ${seed})`, async () => {
    const login = await beginLogin(tool);
    await fc.assert(
      fc.asyncProperty(nasty, form, async (token, pairs) => {
        const fields = new URLSearchParams(pairs.map(([name, value]) => [name, wellFormed(value)]));
        fields.set('state', login.state);
        fields.set('id_token', wellFormed(token));
        const page = await login.browser.post(`${tool.url}/lti/launch`, fields);
        expect([401, 413]).toContain(page.status);
        expect(hasSession(tool, login.browser)).toBe(false);
      }),
      { numRuns: 40, seed, endOnFailure: true },
    );
  }, 60_000);

  test(`any query at the addresses that are asked for opens no session and breaks nothing (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/lti/login', '/enter', '/lti/register/x', '/', '/c/x/', '/c/__proto__/plan', '/lti/launch'),
        form,
        async (path, pairs) => {
          const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(wellFormed(value.slice(0, 3000)))}`);
          const browser = createBrowser();
          const page = await browser.get(`${tool.url}${path}?${query.join('&')}`);
          expect(page.status).toBeLessThan(500);
          expect(hasSession(tool, browser)).toBe(false);
        },
      ),
      { numRuns: 40, seed, endOnFailure: true },
    );
  }, 60_000);
});
