import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { createBrowser, formsOf, frameOf, textOf, type Browser, type Form } from '../../scripts/driver/browser.js';
import { claim, COURSE, MANNERS, startBench, type Bench } from './bench.js';
import { call, configurationOf, TOOL_CONFIGURATION } from './fake-tool.js';

describe.each(MANNERS)('A launch in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let bench: Bench;

  beforeAll(async () => {
    const custom = { userName: '$User.username', due: '$ResourceLink.available.startDateTime', mixed: 'a $User.id' };
    bench = await startBench(manner, { registration: { [TOOL_CONFIGURATION]: { custom_parameters: custom } } });
  });
  afterAll(() => bench.close());

  const idOf = (kind: string) => bench.lms.people.find((person) => person.kind === kind)?.id ?? '';
  const rolesOf = (personId: string) => {
    const roles = bench.lms.launchClaims(COURSE, personId)[
      'https://purl.imsglobal.org/spec/lti/claim/roles'
    ] as string[];
    return roles.map((role) => role.replace('http://purl.imsglobal.org/vocab/lis/v2/', ''));
  };

  /** Up to the login initiation that the tool gets. */
  async function initiation(browser: Browser, personId = bench.tutor, src?: string): Promise<Form> {
    await browser.get(`${bench.lms.url}/switch?to=${personId}&return=/course/${COURSE}`);
    const frame = await browser.get(src ?? frameOf(await browser.get(`${bench.lms.url}/course/${COURSE}/serik`)));
    const form = formsOf(frame).find(({ action }) => action.includes('/lti/login'));
    if (!form) throw new Error(frame.html);
    return form;
  }

  async function authorize(
    browser: Browser,
    changes: Record<string, string | undefined> = {},
    personId = bench.tutor,
    src?: string,
  ) {
    const { fields } = await initiation(browser, personId, src);
    const usual = {
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: fields['client_id'],
      redirect_uri: `${bench.tool.url}/lti/launch`,
      login_hint: fields['login_hint'],
      lti_message_hint: fields['lti_message_hint'],
      state: 'state-1',
      nonce: 'nonce-1',
      ...changes,
    };
    const url = new URL(String((await configurationOf(bench.lms))['authorization_endpoint']));
    for (const [name, value] of Object.entries(usual)) if (value !== undefined) url.searchParams.set(name, value);
    return { url: url.href, page: await browser.get(url.href) };
  }

  test('the initiation is posted to the tool with the hint and the deployment', async () => {
    const { action, method, fields } = await initiation(createBrowser());
    expect([action, method]).toEqual([`${bench.tool.url}/lti/login`, 'post']);
    expect([fields['iss'], fields['client_id'], fields['lti_deployment_id'], fields['target_link_uri']]).toEqual([
      bench.lms.url,
      bench.clientId,
      bench.lms.tools()[0]?.deploymentId,
      `${bench.tool.url}/lti/launch`,
    ]);
    expect(fields['login_hint'] === bench.tutor).toBe(moodle);
    if (moodle)
      expect(Object.keys(JSON.parse(fields['lti_message_hint'] ?? '') as object)).toEqual(['cmid', 'launchid']);
  });

  test('a good request posts a signed id_token with nonce and state to the redirect URI', async () => {
    const { page } = await authorize(createBrowser());
    const [form] = formsOf(page);
    expect([form?.action, form?.fields['state']]).toEqual([`${bench.tool.url}/lti/launch`, 'state-1']);
    const keys = (
      await call(String((await configurationOf(bench.lms))['jwks_uri']))
    ).json() as unknown as JSONWebKeySet;
    const { payload, protectedHeader } = await jwtVerify(form?.fields['id_token'] ?? '', createLocalJWKSet(keys), {
      issuer: bench.lms.url,
      audience: bench.clientId,
    });
    expect([keys.keys.length, protectedHeader.alg, payload['nonce'], payload.sub]).toEqual([
      2,
      'RS256',
      'nonce-1',
      bench.tutor,
    ]);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(moodle ? 60 : 300);
  });

  test('a launch hint is good once', async () => {
    const browser = createBrowser();
    const { url, page } = await authorize(browser);
    expect(page.html).toContain('id_token');
    const again = await browser.get(url);
    expect(formsOf(again)[0]?.fields).toEqual({
      error: 'invalid_request',
      error_description: expect.any(String),
      state: 'state-1',
    });
  });

  test.each([
    ['response_mode', 'query', 'invalid_request'],
    ['response_mode', undefined, 'invalid_request'],
    ['prompt', 'login', 'invalid_request'],
    ['client_id', 'somebody', 'unauthorized_client'],
    ['login_hint', '101', 'access_denied'],
    ['lti_message_hint', 'made-up', 'invalid_request'],
  ])('%s = %s is posted back as %s', async (name, value, error) => {
    const { page } = await authorize(createBrowser(), { [name]: value });
    const [form] = formsOf(page);
    expect([form?.action, form?.fields['error']]).toEqual([`${bench.tool.url}/lti/launch`, error]);
  });

  test.each([
    ['redirect_uri', 'http://evil.test/'],
    ['scope', 'profile'],
    ['response_type', 'code'],
    ['nonce', undefined],
    ['lti_message_hint', undefined],
  ])('%s = %s is shown as an error page and sent nowhere', async (name, value) => {
    const { page } = await authorize(createBrowser(), { [name]: value });
    expect([page.status, formsOf(page).length]).toEqual([400, 0]);
  });

  test('a redirect URI with an added query is not the registered one', async () => {
    const { page } = await authorize(createBrowser(), { redirect_uri: `${bench.tool.url}/lti/launch?a=1` });
    expect(page.status).toBe(400);
  });

  test(`an added scope is ${moodle ? 'refused' : 'fine'}`, async () => {
    const { page } = await authorize(createBrowser(), { scope: 'openid profile' });
    expect(page.status).toBe(moodle ? 400 : 200);
  });

  test('a missing prompt is fine in Moodle only', async () => {
    const [form] = formsOf((await authorize(createBrowser(), { prompt: undefined })).page);
    expect(form?.fields['error']).toBe(moodle ? undefined : 'invalid_request');
  });

  test('without our cookie the page posts itself once more and then gives up', async () => {
    const { url } = await authorize(createBrowser());
    const stranger = createBrowser();
    const again = formsOf(await stranger.get(url))[0];
    expect([again?.action.startsWith(bench.lms.url), again?.fields['repost']]).toEqual([true, '1']);
    const end = await stranger.post(again?.action ?? '', again?.fields ?? {});
    expect(formsOf(end)[0]?.fields['id_token']).toBeUndefined();
  });

  test('the claims are those of the manner', () => {
    const claims = bench.lms.launchClaims(COURSE, bench.tutor);
    const core = (name: string) => claim(claims, `lti/claim/${name}`);
    expect(core('context')).toEqual({
      id: '2',
      label: 'HBM-2026',
      title: 'Hotel business management',
      type: [moodle ? 'CourseSection' : 'http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection'],
    });
    expect([
      core('resource_link')?.['id'],
      core('launch_presentation')?.['locale'],
      core('tool_platform')?.['product_family_code'],
    ]).toEqual(['1', moodle ? 'kk' : 'kk-KZ', moodle ? 'moodle' : 'demo-lms']);
    expect([claims['nonce'], claims['name'], claims['given_name']]).toEqual([
      undefined,
      'Гүлмира Қасымбекқызы Нұрғалиева',
      'Гүлмира Қасымбекқызы',
    ]);
    const { searchParams } = new URL(String(claim(claims, 'lti-ags/claim/endpoint')?.['lineitems']));
    expect(searchParams.has('type_id')).toBe(moodle);
  });

  test('roles are those of the manner', () => {
    expect([rolesOf(idOf('tutor'))[0], rolesOf(idOf('student'))[0]]).toEqual([
      'membership#Instructor',
      'membership#Learner',
    ]);
    expect(rolesOf(idOf('assistant'))).toEqual(
      moodle ? ['membership#Instructor'] : ['membership#Instructor', 'membership/Instructor#TeachingAssistant'],
    );
    for (const kind of ['leader', 'director', 'dean'])
      expect(rolesOf(idOf(kind))[0]).toBe(moodle ? 'membership#Instructor' : 'membership#Manager');
    expect(rolesOf(idOf('administrator')).includes('system/person#Administrator')).toBe(true);
    expect(rolesOf(idOf('administrator')).includes('membership#Instructor')).toBe(moodle);
  });

  test('a person without e-mail or name: "" in Moodle, absent by the standard', () => {
    const mute = bench.lms.people.find(({ kind, email }) => kind === 'student' && email === undefined)?.id ?? '';
    const nameless = bench.lms.people.find(({ name }) => name === '')?.id ?? '';
    expect([bench.lms.launchClaims(COURSE, mute)['email'], bench.lms.launchClaims(COURSE, nameless)['name']]).toEqual(
      moodle ? ['', ''] : [undefined, undefined],
    );
  });

  test('lineitem: absent without an item, "" or the address of one, absent again with two', async () => {
    const lineItem = () => claim(bench.lms.launchClaims(COURSE, bench.tutor), 'lti-ags/claim/endpoint')?.['lineitem'];
    const seen = [lineItem()];
    const first = await bench.item({ resourceLinkId: '1' });
    seen.push(lineItem());
    const second = await bench.item({ resourceLinkId: '1' });
    seen.push(lineItem());
    expect(seen).toEqual([undefined, moodle ? '' : first, undefined]);
    for (const item of [first, second]) await bench.send('DELETE', item);
    bench.lms.acceptGrades(COURSE, true);
    expect(String(lineItem())).toMatch(moodle ? /\/lineitems\/\d+\/lineitem\?type_id=\d+$/ : /\/line-items\/\d+$/);
    bench.lms.acceptGrades(COURSE, false);
  });

  test('a stranger is not let into the course', async () => {
    const stranger = bench.lms.people.filter(({ kind }) => kind === 'tutor')[1]?.id ?? '';
    const browser = createBrowser();
    expect((await browser.get(`${bench.lms.url}/switch?to=${stranger}&return=/course/3`)).status).toBe(403);
    expect((await browser.get(`${bench.lms.url}/mod/lti/launch.php?id=4`)).status).toBe(403);
  });

  async function reviewClaims(personId: string): Promise<Record<string, unknown>> {
    const browser = createBrowser();
    await browser.get(`${bench.lms.url}/switch?to=${personId}&return=/`);
    const view = await browser.get(`${bench.lms.url}/course/${COURSE}/serik?user=101`);
    const { page } = await authorize(browser, {}, personId, frameOf(view));
    return decodeJwt(formsOf(page)[0]?.fields['id_token'] ?? '');
  }

  test('grade analysis sends teachers a submission review; by the standard only if that was registered', async () => {
    const claims = await reviewClaims(bench.tutor);
    expect([claim(claims, 'lti/claim/message_type'), claim(claims, 'lti/claim/for_user')?.['user_id']]).toEqual(
      moodle ? ['LtiSubmissionReviewRequest', '101'] : ['LtiResourceLinkRequest', undefined],
    );
    const own = await reviewClaims(bench.student(0));
    expect(claim(own, 'lti/claim/message_type')).toBe('LtiResourceLinkRequest');
  });

  test('custom parameters are filled in where the whole value is a known variable; Moodle spells keys twice', () => {
    expect(claim(bench.lms.launchClaims(COURSE, bench.tutor), 'lti/claim/custom')).toEqual({
      userName: 'g.nurgalieva',
      ...(moodle ? { username: 'g.nurgalieva' } : {}),
      due: '$ResourceLink.available.startDateTime',
      mixed: 'a $User.id',
    });
  });

  test('the course shows what the tool said when it sent the person back, escaped', async () => {
    const browser = createBrowser();
    await initiation(browser);
    const page = await browser.get(
      `${bench.lms.url}/course/${COURSE}?lti_errormsg=${encodeURIComponent('<b>No</b>')}&lti_msg=Done`,
    );
    expect(textOf(page)).toContain('<b>No</b>');
    expect(page.html).toContain('&lt;b&gt;No&lt;/b&gt;');
    expect(textOf(page)).toContain('Done');
  });

  test('after a key rotation new tokens carry a new key and the one before stays published', async () => {
    const jwks = String((await configurationOf(bench.lms))['jwks_uri']);
    const kids = async () => ((await call(jwks)).json()['keys'] as { kid: string }[]).map(({ kid }) => kid);
    const before = await kids();
    const old = await bench.lms.signIdToken({ sub: 'x' });
    await bench.lms.rotateKeys();
    const after = await kids();
    expect(after[0]).toBe(before[1]);
    expect(before).not.toContain(after[1]);
    await expect(
      jwtVerify(old, createLocalJWKSet((await call(jwks)).json() as unknown as JSONWebKeySet)),
    ).resolves.toBeDefined();
  });
});
