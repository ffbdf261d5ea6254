import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { createBrowser, formsOf, submit, type Browser } from '../../scripts/driver/browser.js';
import { claim, startBench, type Bench } from './bench.js';
import { call } from './fake-tool.js';
import { authorizationOf, initiationOf, visitAs } from './walk.js';

const VOCABULARY = 'http://purl.imsglobal.org/vocab/lis/v2/';

describe('A launch in the open-edx manner', () => {
  let bench: Bench;
  let redirectUri: string;

  beforeAll(async () => {
    bench = await startBench('open-edx');
    redirectUri = `${bench.tool.url}/lti/launch`;
  });
  afterAll(() => bench.close());

  const core = (claims: Record<string, unknown>, name: string) =>
    claims[`https://purl.imsglobal.org/spec/lti/claim/${name}`];
  const rolesOf = (claims: Record<string, unknown>) =>
    (core(claims, 'roles') as string[]).map((role) => role.replace(VOCABULARY, ''));
  const idOf = (kind: string) => bench.lms.people.find((person) => person.kind === kind)?.id ?? '';

  async function begun(personId = bench.tutor, browser: Browser = createBrowser()) {
    const { page } = await visitAs(bench.lms, personId, `/course/${bench.course}/serik`, browser);
    return { browser, initiation: await initiationOf(browser, page) };
  }

  test('the initiation is a GET with the sub as login_hint, deployment 1 and no storage target', async () => {
    const { initiation } = await begun();
    expect([initiation.method, initiation.action]).toEqual(['get', `${bench.tool.url}/lti/login`]);
    expect(initiation.fields).toEqual({
      iss: bench.lms.url,
      client_id: bench.clientId,
      lti_deployment_id: '1',
      target_link_uri: redirectUri,
      login_hint: bench.tutor,
      lti_message_hint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('the hint is the same at every launch of one person and good more than once', async () => {
    const { browser, initiation } = await begun();
    const again = await begun();
    expect(again.initiation.fields['lti_message_hint']).toBe(initiation.fields['lti_message_hint']);
    const url = authorizationOf(bench.lms, initiation, redirectUri);
    const pages = [await browser.get(url), await browser.get(url)];
    expect(pages.map((page) => typeof formsOf(page)[0]?.fields['id_token'])).toEqual(['string', 'string']);
  });

  test('the endpoint needs no session and believes any login_hint, scope, response type, mode and prompt', async () => {
    const { initiation } = await begun();
    const changes = {
      login_hint: 'anybody',
      scope: undefined,
      response_type: 'code',
      response_mode: undefined,
      prompt: 'login',
    };
    const page = await createBrowser().get(authorizationOf(bench.lms, initiation, redirectUri, changes));
    const [form] = formsOf(page);
    expect([form?.action, Object.keys(form?.fields ?? {}).sort()]).toEqual([redirectUri, ['id_token', 'state']]);
    expect(decodeJwt(form?.fields['id_token'] ?? '').sub).toBe(bench.tutor);
  });

  test.each([
    ['state', undefined, 400],
    ['nonce', undefined, 400],
    ['lti_message_hint', undefined, 400],
    ['lti_message_hint', 'made-up', 400],
    ['login_hint', undefined, 400],
    ['redirect_uri', 'http://evil.test/', 400],
    ['redirect_uri', 'http://127.0.0.1/lti/launch?a=1', 400],
    ['client_id', 'somebody', 404],
  ])('%s = %s is a page with %s, posted nowhere', async (name, value, status) => {
    const { browser, initiation } = await begun();
    const page = await browser.get(authorizationOf(bench.lms, initiation, redirectUri, { [name]: value }));
    expect([page.status, formsOf(page)]).toEqual([status, []]);
  });

  test('the id_token lives an hour, names azp, and its one key has neither alg nor use', async () => {
    const { browser, initiation } = await begun();
    const page = await browser.get(authorizationOf(bench.lms, initiation, redirectUri));
    const answer = await call(bench.lms.connection(bench.lms.tools()[0]?.id ?? '').jwksUri);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/);
    const keys = answer.json() as unknown as JSONWebKeySet;
    expect(keys.keys.map((key) => Object.keys(key).sort())).toEqual([['e', 'key_ops', 'kid', 'kty', 'n']]);
    const { payload } = await jwtVerify(formsOf(page)[0]?.fields['id_token'] ?? '', createLocalJWKSet(keys), {
      issuer: bench.lms.url,
      audience: bench.clientId,
      algorithms: ['RS256'],
    });
    expect([payload['azp'], (payload.exp ?? 0) - (payload.iat ?? 0), payload['nonce']]).toEqual([
      bench.clientId,
      3600,
      'nonce-1',
    ]);
  });

  test('the claims: keys for ids, no title of the link, no way back, no product family, no names', () => {
    const claims = bench.lms.launchClaims(bench.course, bench.tutor);
    expect(bench.course).toMatch(/^course-v1:University\+HBM\+2026$/);
    expect(core(claims, 'context')).toEqual({
      id: bench.course,
      label: bench.course,
      title: 'Hotel business management - University',
      type: [`${VOCABULARY}course#CourseOffering`],
    });
    expect(core(claims, 'resource_link')).toEqual({
      id: expect.stringMatching(/^block-v1:University\+HBM\+2026\+type@lti_consumer\+block@[0-9a-f]{32}$/),
    });
    expect([core(claims, 'launch_presentation'), Object.keys(core(claims, 'tool_platform') as object)]).toEqual([
      { document_target: 'iframe' },
      ['guid', 'name'],
    ]);
    expect(claims['sub']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    for (const name of ['name', 'email', 'given_name', 'family_name', 'locale'])
      expect(claims).not.toHaveProperty(name);
    for (const name of ['custom', 'lis', 'ext']) expect(core(claims, name)).toBeUndefined();
  });

  test('names in the launch have a switch of their own', () => {
    bench.lms.shareNames({ launch: true });
    const {
      name,
      email,
      preferred_username: username,
      given_name: given,
    } = bench.lms.launchClaims(bench.course, bench.tutor);
    expect([name, email, username, given]).toEqual([
      'Гүлмира Қасымбекқызы Нұрғалиева',
      'g.nurgalieva@university.example',
      'g.nurgalieva',
      undefined,
    ]);
    bench.lms.shareNames({ launch: false });
    expect(bench.lms.launchClaims(bench.course, bench.tutor)).not.toHaveProperty('name');
  });

  test('an instructor launches as administrator of the whole site, a learner as nothing else', () => {
    expect(rolesOf(bench.lms.launchClaims(bench.course, bench.tutor)).sort()).toEqual([
      'institution/person#Administrator',
      'institution/person#Faculty',
      'institution/person#Instructor',
      'institution/person#Staff',
      'membership#Administrator',
      'membership#Instructor',
      'system/person#Administrator',
    ]);
    expect(rolesOf(bench.lms.launchClaims(bench.course, bench.student(0))).sort()).toEqual([
      'institution/person#None',
      'membership#Learner',
      'system/person#None',
    ]);
  });

  test('roles come in no particular order', () => {
    const first = new Set(
      Array.from({ length: 40 }, () => rolesOf(bench.lms.launchClaims(bench.course, bench.tutor))[0]),
    );
    expect(first.size).toBeGreaterThan(1);
  });

  test('declarative: the line item is always there and read-only; programmatic: only once the tool made one', () => {
    const endpoint = () => claim(bench.lms.launchClaims(bench.course, bench.tutor), 'lti-ags/claim/endpoint') ?? {};
    expect([String(endpoint()['lineitem']).startsWith(`${bench.lineItems}/`), endpoint()['scope']]).toEqual([
      true,
      ['lineitem.readonly', 'result.readonly', 'score'].map(
        (name) => `https://purl.imsglobal.org/spec/lti-ags/scope/${name}`,
      ),
    ]);
    const other = bench.lms.courses[1]?.id ?? '';
    bench.lms.setComponent(other, { agsMode: 'programmatic' });
    const second = claim(bench.lms.launchClaims(other, idOf('administrator')), 'lti-ags/claim/endpoint');
    expect(second).not.toHaveProperty('lineitem');
  });

  test('there is no registration, no configuration, no launch outside a course and no storage', async () => {
    expect(() => bench.lms.registrationUrl(bench.tool.url)).toThrow('no dynamic registration');
    expect(() => bench.lms.siteLaunchClaims(bench.tutor)).toThrow();
    for (const path of ['/.well-known/openid-configuration', '/mod/lti/openid-configuration.php'])
      expect((await call(bench.lms.url + path)).status).toBe(404);
    const { page, browser } = await visitAs(bench.lms, idOf('administrator'), '/admin/serik');
    expect([page.status, (await browser.get(`${bench.lms.url}/my/serik`)).status]).toEqual([404, 404]);
  });

  test('grade analysis sends an ordinary launch', async () => {
    const browser = createBrowser();
    const { page } = await visitAs(
      bench.lms,
      bench.tutor,
      `/course/${bench.course}/serik?user=${bench.student(0)}`,
      browser,
    );
    const answer = await browser.get(authorizationOf(bench.lms, await initiationOf(browser, page), redirectUri));
    expect(core(decodeJwt(formsOf(answer)[0]?.fields['id_token'] ?? ''), 'message_type')).toBe(
      'LtiResourceLinkRequest',
    );
  });

  test('the administrator adds a tool by hand on a page, and reads there what the tool must know', async () => {
    const browser = createBrowser();
    const { page: tools } = await visitAs(bench.lms, idOf('administrator'), '/admin/tools', browser);
    expect(formsOf(tools).some(({ action }) => action.endsWith('/admin/tools/add'))).toBe(false);
    const form = await browser.get(`${bench.lms.url}/admin/tools/by-hand`);
    const fields = {
      name: 'By hand',
      initiateLoginUri: 'https://tool.test/login',
      targetLinkUri: 'https://tool.test/launch',
      redirectUris: 'https://tool.test/launch https://tool.test/deep',
      jwksUri: 'https://tool.test/keys',
    };
    const wrong = await submit(browser, form, '/by-hand', { ...fields, jwksUri: 'javascript:0' });
    expect([wrong.status, bench.lms.tools().length]).toEqual([400, 1]);
    const saved = await submit(browser, form, '/by-hand', fields);
    const tool = bench.lms.tools()[1];
    expect(tool).toMatchObject({
      name: 'By hand',
      state: 'active',
      deploymentId: '1',
      redirectUris: ['https://tool.test/launch', 'https://tool.test/deep'],
    });
    const { tokenEndpoint, jwksUri, clientId } = bench.lms.connection(tool?.id ?? '');
    for (const text of [tokenEndpoint, jwksUri, clientId]) expect(saved.html).toContain(text);
    expect(tokenEndpoint).not.toBe(bench.lms.connection(bench.lms.tools()[0]?.id ?? '').tokenEndpoint);
  });
});
