import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, type JWTPayload } from 'jose';
import { createBrowser, formsOf, frameOf, textOf, type Browser } from '../../scripts/driver/browser.js';
import { claim, startBench, type Bench } from './bench.js';
import { authorizationOf, initiationOf, launchedFrom, visitAs } from './walk.js';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const CORE = 'https://purl.imsglobal.org/spec/lti/claim';

describe('Deep linking in the open-edx manner', () => {
  let bench: Bench;
  let redirectUri: string;

  beforeAll(async () => {
    bench = await startBench('open-edx');
    redirectUri = `${bench.tool.url}/lti/launch`;
  });
  afterAll(() => bench.close());

  const selectPath = () => `/course/${bench.course}/select?tool=${bench.lms.tools()[0]?.id ?? ''}`;
  const settingsOf = (claims: JWTPayload) => claim(claims, 'lti-dl/claim/deep_linking_settings') ?? {};

  async function request(browser = createBrowser()) {
    const { page } = await visitAs(bench.lms, bench.tutor, selectPath(), browser);
    return { browser, claims: await launchedFrom(bench.lms, browser, page, redirectUri) };
  }

  async function respond(items: unknown, changes: Record<string, unknown> = {}, by?: Browser) {
    const { browser, claims } = await request();
    const now = Math.floor(Date.now() / 1000);
    const jwt = await bench.tool.sign({
      iat: now,
      exp: now + 60,
      [`${CORE}/message_type`]: 'LtiDeepLinkingResponse',
      [`${DL}/content_items`]: items,
      ...changes,
    });
    return (by ?? browser).post(String(settingsOf(claims)['deep_link_return_url']), { JWT: jwt });
  }

  async function launched(personId = bench.student(0)) {
    const browser = createBrowser();
    const { page } = await visitAs(bench.lms, personId, `/course/${bench.course}/serik`, browser);
    return {
      initiation: await initiationOf(browser, page),
      claims: await launchedFrom(bench.lms, browser, page, redirectUri),
    };
  }

  test('the request carries settings without data, an author role, and nothing else', async () => {
    const { claims } = await request();
    expect(settingsOf(claims)).toEqual({
      accept_types: ['ltiResourceLink', 'link', 'html', 'image'],
      accept_presentation_document_targets: ['iframe', 'window', 'embed'],
      accept_multiple: true,
      auto_create: true,
      title: '',
      text: '',
      deep_link_return_url: expect.stringContaining('/lti-dl/response'),
    });
    expect((claims[`${CORE}/roles`] as string[]).map((role) => role.split('/lis/v2/')[1]).sort()).toEqual([
      'institution/person#None',
      'membership#Administrator',
      'membership#Instructor',
      'system/person#None',
    ]);
    for (const name of ['resource_link', 'custom', 'launch_presentation', 'tool_platform'])
      expect(claims).not.toHaveProperty(`${CORE}/${name}`);
    expect([claim(claims, 'lti-ags/claim/endpoint'), claim(claims, 'lti-nrps/claim/namesroleservice')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('a selection is saved at once; link and line items stay, address and custom are the item’s', async () => {
    const before = bench.lms.launchClaims(bench.course, bench.student(0));
    const saved = await respond([
      {
        type: 'ltiResourceLink',
        title: 'Map',
        url: 'https://tool.test/launch?map=1',
        custom: { n: 5, literal: '$Context.id' },
        lineItem: { scoreMaximum: 50 },
      },
    ]);
    expect([saved.status, textOf(saved).includes('saved')]).toEqual([200, true]);
    const { claims, initiation } = await launched();
    expect(claims[`${CORE}/resource_link`]).toEqual(before[`${CORE}/resource_link`]);
    expect(claim(claims, 'lti-ags/claim/endpoint')).toEqual(claim(before, 'lti-ags/claim/endpoint'));
    expect([initiation.fields['target_link_uri'], claims[`${CORE}/target_link_uri`]]).toEqual([
      redirectUri,
      'https://tool.test/launch?map=1',
    ]);
    expect(claims[`${CORE}/custom`]).toEqual({ n: 5, literal: '$Context.id' });
    expect(bench.lms.gradebook(bench.course).columns).toEqual([]);
  });

  test('several items are a bare page of links, all of the same resource link, and replace the older ones', async () => {
    await respond([
      { type: 'ltiResourceLink', title: 'One', url: 'https://tool.test/1' },
      { type: 'ltiResourceLink', title: 'Two', url: 'https://tool.test/2' },
    ]);
    const browser = createBrowser();
    const { page } = await visitAs(bench.lms, bench.student(0), `/course/${bench.course}/serik`, browser);
    const list = await browser.get(frameOf(page));
    const hrefs = [...list.html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replace('&amp;', '&'));
    expect([hrefs.length, textOf(list).includes('Map'), formsOf(list)]).toEqual([2, false, []]);
    const [initiation] = formsOf(await browser.get(bench.lms.url + (hrefs[1] ?? '')));
    if (!initiation) throw new Error('No initiation');
    const answer = await browser.get(authorizationOf(bench.lms, initiation, redirectUri));
    const claims = decodeJwt(formsOf(answer)[0]?.fields['id_token'] ?? '');
    expect(claims[`${CORE}/target_link_uri`]).toBe('https://tool.test/2');
  });

  test.each([
    ['an empty list', [], {}],
    ['no list', undefined, {}],
    ['an error message', undefined, { [`${DL}/errormsg`]: 'No' }],
  ])('%s wipes what was selected', async (_, items, changes) => {
    await respond([{ type: 'ltiResourceLink', url: 'https://tool.test/1' }]);
    expect((await launched()).claims[`${CORE}/target_link_uri`]).toBe('https://tool.test/1');
    expect((await respond(items, changes)).status).toBe(200);
    expect((await launched()).claims[`${CORE}/target_link_uri`]).toBe(redirectUri);
  });

  test.each([
    [{ url: 'https://tool.test/' }, 500],
    [{ type: 'file' }, 400],
    [{ type: 'ltiResourceLink', url: 'http://tool:3000/' }, 500],
    [{ type: 'ltiResourceLink', url: 'http://localhost:3000/' }, 200],
    [{ type: 'ltiResourceLink', url: 'http://127.0.0.1:3000/' }, 200],
    [{ type: 'ltiResourceLink', title: '' }, 500],
    [{ type: 'ltiResourceLink', title: 'x'.repeat(256) }, 500],
    [{ type: 'ltiResourceLink', custom: 'a=b' }, 500],
    [{ type: 'ltiResourceLink', lineItem: { scoreMaximum: 'many' } }, 500],
    [{ type: 'link', url: 'https://tool.test/', icon: { url: 'https://tool.test/i' } }, 500],
    [{ type: 'ltiResourceLink' }, 200],
  ])('an item %o: %i', async (item, status) => {
    expect((await respond([item])).status).toBe(status);
  });

  test.each([
    [{ aud: 'elsewhere', iss: 'somebody', [`${CORE}/deployment_id`]: 'other' }, 200],
    [{ exp: 1 }, 500],
    [{ iat: 4_000_000_000 }, 500],
    [{ [`${CORE}/message_type`]: 'Foo' }, 400],
  ])('an answer with %o: %i', async (changes, status) => {
    expect((await respond([], changes)).status).toBe(status);
  });

  test('the answer needs the author’s own session, and a learner gets no request', async () => {
    expect((await respond([], {}, createBrowser())).status).toBe(403);
    const browser = createBrowser();
    await visitAs(bench.lms, bench.student(0), '/', browser);
    expect((await respond([], {}, browser)).status).toBe(403);
    const page = await browser.get(
      `${bench.lms.url}/mod/lti/contentitem.php?course=${encodeURIComponent(bench.course)}&id=${bench.lms.tools()[0]?.id ?? ''}`,
    );
    expect([page.status, formsOf(page)]).toEqual([403, []]);
  });

  test('the session goes along from another site', async () => {
    const answer = await fetch(`${bench.lms.url}/switch?to=${bench.tutor}&return=/`, { redirect: 'manual' });
    expect(answer.headers.get('set-cookie')).toMatch(/^demo_lms=[^,]*Secure; SameSite=None/);
  });

  test('a plain launch and a deep-linking launch of one person share the hint', async () => {
    const browser = createBrowser();
    const { page: select } = await visitAs(bench.lms, bench.tutor, selectPath(), browser);
    const selecting = await initiationOf(browser, select);
    await initiationOf(browser, await browser.get(`${bench.lms.url}/course/${bench.course}/serik`));
    const answer = await browser.get(authorizationOf(bench.lms, selecting, redirectUri));
    const claims = decodeJwt(formsOf(answer)[0]?.fields['id_token'] ?? '');
    expect(claims[`${CORE}/message_type`]).toBe('LtiResourceLinkRequest');
  });
});
