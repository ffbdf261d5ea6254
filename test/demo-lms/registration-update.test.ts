import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { startDemoLms } from '../../scripts/demo-lms/index.js';
import { frameOf, submit } from '../../scripts/driver/browser.js';
import { claim, COURSE, startBench, type Bench } from './bench.js';
import { call, configurationOf, register, registrationOf, SCOPE, TOOL_CONFIGURATION } from './fake-tool.js';
import { visitAs } from './walk.js';

describe('An update of a registration in the moodle manner', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench('moodle', {
      registration: {
        [TOOL_CONFIGURATION]: { custom_parameters: { old: '1' }, messages: [{ type: 'LtiDeepLinkingRequest' }] },
      },
    });
  });
  afterAll(() => bench.close());

  const tool = () => bench.lms.tools()[0];
  const tokenOf = (url: string) => new URL(url).searchParams.get('registration_token') ?? '';
  const freshToken = () => tokenOf(bench.lms.registrationUpdateUrl(tool()?.id ?? '', bench.tool.url));
  const read = async (token: string) =>
    call(String((await configurationOf(bench.lms))['registration_endpoint']), {
      headers: { Authorization: `Bearer ${token}` },
    });
  const custom = () => claim(bench.lms.launchClaims(COURSE, bench.tutor), 'lti/claim/custom');

  test('the token names the tool and the scope, and the link keeps its query', () => {
    const url = bench.lms.registrationUpdateUrl(tool()?.id ?? '', 'http://tool.test/r?a=1');
    const { sub, scope, exp = 0, iat = 0 } = decodeJwt(tokenOf(url));
    expect([sub, scope, exp - iat, new URL(url).searchParams.get('a')]).toEqual([tool()?.id, 'reg-update', 3600, '1']);
  });

  test('GET reads the registration back; a token for a new tool reads nothing', async () => {
    const answer = await read(freshToken());
    expect([answer.status, answer.json()['client_id'], answer.json()['client_name']]).toEqual([
      200,
      bench.clientId,
      'Test tool',
    ]);
    expect((await read(tokenOf(bench.lms.registrationUrl(bench.tool.url)))).status).toBe(404);
    expect((await read('made-up')).status).toBe(404);
  });

  test('POST replaces all but client, deployment and state, and is good more than once', async () => {
    const before = tool();
    const token = freshToken();
    const changes = {
      client_name: 'New name',
      scope: SCOPE.roster,
      [TOOL_CONFIGURATION]: { custom_parameters: { new: '2' }, claims: ['sub'] },
    };
    const answer = await register(bench.lms, registrationOf(bench.tool, changes), token);
    expect([answer.status, answer.json()['client_id'], bench.lms.tools().length]).toEqual([200, bench.clientId, 1]);
    expect(tool()).toMatchObject({
      id: before?.id,
      clientId: before?.clientId,
      deploymentId: before?.deploymentId,
      state: 'active',
      name: 'New name',
      scopes: [SCOPE.roster],
      sendsNames: false,
    });
    expect([custom(), bench.lms.launchClaims(COURSE, bench.tutor)['name']]).toEqual([{ new: '2' }, undefined]);
    expect((await register(bench.lms, registrationOf(bench.tool, {}), token)).status).toBe(200);
    expect(tool()?.name).toBe('Test tool');
  });

  test('a refused update changes nothing', async () => {
    const answer = await register(bench.lms, registrationOf(bench.tool, { client_name: '' }), freshToken());
    expect([answer.status, tool()?.name]).toEqual([400, 'Test tool']);
  });

  test('it takes the tool out of the activity chooser until the administrator shows it again', async () => {
    const registration = { [TOOL_CONFIGURATION]: { messages: [{ type: 'LtiDeepLinkingRequest' }] } };
    await register(bench.lms, registrationOf(bench.tool, registration), freshToken());
    const offered = async () =>
      (await visitAs(bench.lms, bench.tutor, `/course/${COURSE}`)).page.html.includes('/select?');
    expect(await offered()).toBe(false);
    const administrator = bench.lms.people.find(({ kind }) => kind === 'administrator')?.id ?? '';
    const { browser, page } = await visitAs(bench.lms, administrator, '/admin/tools');
    await submit(browser, page, '/show');
    expect(await offered()).toBe(true);
  });

  test('the administrator starts it from the tool’s card', async () => {
    const administrator = bench.lms.people.find(({ kind }) => kind === 'administrator')?.id ?? '';
    const { browser, page } = await visitAs(bench.lms, administrator, '/admin/tools');
    const frame = frameOf(await submit(browser, page, '/renew', { toolurl: 'http://tool.test/r' }));
    expect(decodeJwt(tokenOf(frame))['scope']).toBe('reg-update');
  });

  test('the standard manner has no such token', async () => {
    const lms = await startDemoLms({ port: 0, manner: 'standard' });
    expect(() => lms.registrationUpdateUrl('1', 'http://tool.test/')).toThrow();
    await lms.close();
  });
});
