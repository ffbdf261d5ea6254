import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createBrowser, formsOf, frameOf, submit, textOf } from '../../scripts/driver/browser.js';
import { claim, COURSE, MANNERS, startBench, type Bench } from './bench.js';
import { configurationOf, TOOL_CONFIGURATION } from './fake-tool.js';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const CORE = 'https://purl.imsglobal.org/spec/lti/claim';

describe.each(MANNERS)('Deep linking in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner, {
      registration: { [TOOL_CONFIGURATION]: { messages: [{ type: 'LtiDeepLinkingRequest' }] } },
    });
  });
  afterAll(() => bench.close());

  /** The teacher presses "Select content"; gives the request's claims. */
  async function request() {
    const browser = createBrowser();
    const course = await browser.get(`${bench.lms.url}/switch?to=${bench.tutor}&return=/course/${COURSE}`);
    const href = /href="(\/course\/2\/select\?tool=\d+)"/.exec(course.html)?.[1] ?? '';
    const initiation = formsOf(await browser.get(frameOf(await browser.get(`${bench.lms.url}${href}`))))[0];
    const url = new URL(String((await configurationOf(bench.lms))['authorization_endpoint']));
    const { client_id, login_hint, lti_message_hint } = initiation?.fields ?? {};
    const params = {
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      nonce: 'n',
      client_id,
      login_hint,
      lti_message_hint,
      redirect_uri: `${bench.tool.url}/lti/launch`,
    };
    for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value ?? '');
    const claims = decodeJwt(formsOf(await browser.get(url.href))[0]?.fields['id_token'] ?? '');
    return { browser, claims, settings: claim(claims, 'lti-dl/claim/deep_linking_settings') ?? {} };
  }

  async function respond(items: unknown, changes: Record<string, unknown> = {}) {
    const { browser, claims, settings } = await request();
    const now = Math.floor(Date.now() / 1000);
    const jwt = await bench.tool.sign({
      iss: bench.clientId,
      aud: bench.lms.url,
      iat: now,
      exp: now + 60,
      nonce: 'x',
      [`${CORE}/message_type`]: 'LtiDeepLinkingResponse',
      [`${CORE}/version`]: '1.3.0',
      [`${CORE}/deployment_id`]: claims[`${CORE}/deployment_id`],
      [`${DL}/content_items`]: items,
      ...(moodle ? {} : { [`${DL}/data`]: settings['data'] }),
      ...changes,
    });
    return { browser, page: await browser.post(String(settings['deep_link_return_url']), { JWT: jwt }) };
  }

  test('the request carries settings and neither a link nor a line item', async () => {
    const { claims, settings } = await request();
    expect([claims[`${CORE}/message_type`], claims[`${CORE}/resource_link`]]).toEqual([
      'LtiDeepLinkingRequest',
      undefined,
    ]);
    expect(settings).toMatchObject({ accept_types: ['ltiResourceLink'], accept_multiple: true, auto_create: false });
    expect('data' in settings).toBe(!moodle);
  });

  test('nothing is saved until the teacher presses Save; then the item is an activity with its column', async () => {
    const columns = () => bench.lms.gradebook(COURSE).columns.map(({ label, maximum }) => [label, maximum]);
    const { browser, page } = await respond([
      {
        type: 'ltiResourceLink',
        title: 'Map & plan',
        url: `${bench.tool.url}/lti/launch?map`,
        custom: { n: 5 },
        lineItem: { scoreMaximum: 250 },
      },
    ]);
    expect(columns()).toEqual([]);
    const saved = await submit(browser, page, '/links');
    expect(textOf(saved)).toContain('Map & plan');
    expect(columns()).toEqual([['Map & plan', moodle ? 100 : 250]]);
    const cm = /serik\?cm=(\d+)/.exec(saved.html)?.[1] ?? '';
    const initiation = formsOf(await browser.get(`${bench.lms.url}/mod/lti/launch.php?id=${cm}`))[0];
    expect(initiation?.fields['target_link_uri']).toBe(`${bench.tool.url}/lti/launch?map`);
  });

  test('an empty answer selects nothing', async () => {
    const { page } = await respond([]);
    expect([textOf(page).includes('Nothing was selected'), formsOf(page).length]).toEqual([true, 0]);
  });

  test('an error message is shown and no item taken', async () => {
    const { page } = await respond([{ type: 'ltiResourceLink' }], { [`${DL}/errormsg`]: 'Sorry' });
    expect([textOf(page).includes('Sorry'), formsOf(page).length]).toEqual([true, 0]);
  });

  test('a plain link becomes a broken activity in Moodle and is left out by the standard', async () => {
    const { page } = await respond([{ type: 'link', url: 'https://example.org' }]);
    expect(formsOf(page).length).toBe(moodle ? 1 : 0);
  });

  test.each([
    [{ aud: 'http://elsewhere.test' }, true],
    [{ [`${CORE}/message_type`]: 'Foo' }, true],
    [{ [`${CORE}/deployment_id`]: 'other' }, true],
    [{ iss: 'somebody' }, false],
    [{ exp: 1 }, false],
  ])('an answer with %o', async (changes, passesInMoodle) => {
    const { page } = await respond([{ type: 'ltiResourceLink' }], changes);
    expect(page.status).toBe(moodle && passesInMoodle ? 200 : 400);
  });

  test('students have no such button', async () => {
    const browser = createBrowser();
    const page = await browser.get(`${bench.lms.url}/switch?to=${bench.student(0)}&return=/course/${COURSE}`);
    expect(page.html).not.toContain('/select');
    expect(
      (await browser.get(`${bench.lms.url}/mod/lti/contentitem.php?course=2&id=${bench.lms.tools()[0]?.id ?? ''}`))
        .status,
    ).toBe(403);
  });
});
