import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDemoLms, type DemoLms } from '../../scripts/demo-lms/index.js';
import { createBrowser, submit } from '../../scripts/driver/browser.js';
import { MANNERS } from './bench.js';
import {
  ALL_SCOPES,
  call,
  configurationOf,
  register,
  registrationOf,
  SCOPE,
  startFakeTool,
  TOOL_CONFIGURATION,
  type FakeTool,
} from './fake-tool.js';

describe.each(MANNERS)('Registration in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let lms: DemoLms;
  let tool: FakeTool;

  beforeAll(async () => {
    tool = await startFakeTool();
    lms = await startDemoLms({ port: 0, manner, registrationLink: `${tool.url}/lti/register/once?a=1` });
  });
  afterAll(async () => {
    await Promise.all([lms.close(), tool.close()]);
  });

  const toolOf = (clientId: unknown) => lms.tools().find((one) => one.clientId === clientId);
  const tokenOf = (url: string) => new URL(url).searchParams.get('registration_token') ?? '';

  test('the link keeps its own query and gets the configuration and a fresh token', () => {
    const [first, second] = [
      lms.registrationUrl('http://tool.test/r?a=1'),
      lms.registrationUrl('http://tool.test/r?a=1'),
    ];
    const query = new URL(first).searchParams;
    expect([query.get('a'), query.get('openid_configuration')]).toEqual([
      '1',
      `${lms.url}${moodle ? '/mod/lti/openid-configuration.php' : '/.well-known/openid-configuration'}`,
    ]);
    expect(tokenOf(first)).not.toBe(tokenOf(second));
  });

  test('the configuration names its issuer without a slash, and its family', async () => {
    const configuration = await configurationOf(lms);
    const platform = configuration['https://purl.imsglobal.org/spec/lti-platform-configuration'] as Record<
      string,
      unknown
    >;
    expect([
      configuration['issuer'],
      platform['product_family_code'],
      configuration['response_modes_supported'],
    ]).toEqual([lms.url, moodle ? 'moodle' : 'demo-lms', moodle ? undefined : ['form_post']]);
  });

  test(`a good registration answers ${moodle ? '200 and waits for Activate' : '201 and is active'}`, async () => {
    const answer = await register(lms, registrationOf(tool));
    const registered = toolOf(answer.json()['client_id']);
    expect([answer.status, registered?.state]).toEqual(moodle ? [200, 'pending'] : [201, 'active']);
    const configuration = answer.json()[TOOL_CONFIGURATION] as Record<string, unknown>;
    expect(configuration['deployment_id']).toBe(moodle ? registered?.id : registered?.deploymentId);
  });

  test('a token registers once', async () => {
    const token = tokenOf(lms.registrationUrl(tool.url));
    const statuses = [
      await register(lms, registrationOf(tool), token),
      await register(lms, registrationOf(tool), token),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([moodle ? 200 : 201, 401]);
    if (moodle)
      expect([statuses[1]?.text, statuses[1]?.type]).toEqual(['token_already_used', 'text/html; charset=utf-8']);
  });

  test('a missing token is 401, a made-up one too, save that Moodle then shows a page', async () => {
    const missing = await register(lms, registrationOf(tool), '');
    const madeUp = await register(lms, registrationOf(tool), 'made-up');
    expect([missing.status, madeUp.status]).toEqual([401, moodle ? 404 : 401]);
    if (moodle) expect([missing.text, madeUp.type]).toEqual(['missing_registration_token', 'text/html; charset=utf-8']);
  });

  test('broken JSON is refused', async () => {
    const answer = await register(lms, '{"application_type":');
    expect([answer.status, answer.type.split(';')[0]]).toEqual(moodle ? [404, 'text/html'] : [400, 'application/json']);
  });

  test.each([
    [{ jwks_uri: undefined }, 'missing required attribute jwks_uri', 400],
    [{ redirect_uris: 'http://one.test' }, 'missing required attribute redirect_uris', 400],
    [{ [TOOL_CONFIGURATION]: { domain: '127.0.0.1' } }, 'domain_targetlinkuri_mismatch', 400],
    [{ response_types: 'id_token' }, 'response_types is not a list', 404],
  ])('a registration with %o is refused: %s', async (changes, words, moodleStatus) => {
    const answer = await register(lms, registrationOf(tool, changes));
    expect(answer.status).toBe(moodle ? moodleStatus : 400);
    expect(answer.text).toContain(words);
  });

  test('a refused registration leaves its token good', async () => {
    const token = tokenOf(lms.registrationUrl(tool.url));
    await register(lms, registrationOf(tool, { client_name: '' }), token);
    expect((await register(lms, registrationOf(tool), token)).status).toBe(moodle ? 200 : 201);
  });

  test('read-only grade scopes are granted; Moodle says that it granted more', async () => {
    const asked = `${SCOPE.score} ${SCOPE.roster}`;
    const answer = (await register(lms, registrationOf(tool, { scope: asked }))).json();
    const granted = toolOf(answer['client_id'])?.scopes ?? [];
    expect(granted.includes(SCOPE.lineItem)).toBe(false);
    expect(String(answer['scope']).split(' ').includes(SCOPE.lineItem)).toBe(moodle);
    expect([...granted].sort()).toEqual(
      moodle
        ? [SCOPE.lineItemReadOnly, SCOPE.result, SCOPE.score, SCOPE.roster].sort()
        : [SCOPE.score, SCOPE.roster].sort(),
    );
  });

  test('all scopes are granted where all are asked for', async () => {
    const answer = (await register(lms, registrationOf(tool))).json();
    expect(String(answer['scope']).split(' ').sort()).toEqual(ALL_SCOPES.split(' ').sort());
  });

  test('the administrator adds by the prefilled link in a frame, and activates', async () => {
    const administrator = lms.people.find(({ kind }) => kind === 'administrator')?.id ?? '';
    const browser = createBrowser();
    const page = await browser.get(`${lms.url}/switch?to=${administrator}&return=/admin/tools`);
    const added = await submit(browser, page, '/admin/tools/add');
    expect(added.html).toContain(`src="${tool.url}/lti/register/once?a=1&amp;openid_configuration=`);
    if (moodle) await submit(browser, await browser.get(`${lms.url}/admin/tools`), 'activate');
    expect(lms.tools().some(({ state }) => state === 'active')).toBe(true);
    const before = lms.tools().length;
    await submit(browser, await browser.get(`${lms.url}/admin/tools`), 'delete');
    expect(lms.tools().length).toBe(before - 1);
  });

  test('nobody else sees the tools', async () => {
    const tutor = lms.people.find(({ kind }) => kind === 'tutor')?.id ?? '';
    const browser = createBrowser();
    expect((await browser.get(`${lms.url}/switch?to=${tutor}&return=/admin/tools`)).status).toBe(403);
    expect((await call(`${lms.url}/admin/tools/1/activate`, { method: 'POST' })).status).toBe(403);
  });
});
