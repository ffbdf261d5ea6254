import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import {
  createBrowser,
  formsOf,
  frameOf,
  submit,
  textOf,
  type Browser,
  type Page,
} from '../../scripts/driver/browser.js';
import {
  AGS,
  CLAIM,
  contextRole,
  csrfOf,
  DL,
  expectRefused,
  hasSession,
  open,
  personOf,
  systemRole,
  without,
  type Claims,
} from '../support/crafted-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const PLACES = ['tool', 'plan', 'stage-midterm-1', 'stage-midterm-2', 'stage-exam', 'mooc'];

interface Item {
  readonly type: string;
  readonly url: string;
  readonly title: string;
  readonly text?: string;
  readonly custom: Record<string, string>;
  readonly lineItem?: { label: string; scoreMaximum: number; resourceId: string; tag: string };
}

describe.each(['standard', 'moodle'] as const)('deep linking with a %s LMS', (manner) => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool(manner);
  }, 60_000);
  afterAll(() => tool.close());

  const RETURN = () => `${tool.lms.url}/mod/lti/contentitem_return.php?course=2&sesskey=a+b%3D`;

  /** A deep-linking request as the LMS makes it of a launch, with these settings. */
  const asking =
    (settings: Claims = {}) =>
    (claims: Claims): Claims => ({
      ...without(claims, `${CLAIM}/resource_link`),
      [`${CLAIM}/message_type`]: 'LtiDeepLinkingRequest',
      [`${DL}/deep_linking_settings`]: {
        accept_types: ['link', 'ltiResourceLink'],
        accept_presentation_document_targets: ['iframe', 'window'],
        accept_multiple: true,
        deep_link_return_url: RETURN(),
        ...settings,
      },
    });
  const ask = (settings: Claims = {}, person?: string, browser?: Browser) =>
    open(tool, {
      change: asking(settings),
      ...(person === undefined ? {} : { person }),
      ...(browser ? { browser } : {}),
    });

  const choose = async (browser: Browser, page: Page, places: readonly string[]): Promise<Page> => {
    const form = new URLSearchParams({ _csrf: csrfOf(page) });
    for (const place of places) form.append('place', place);
    return browser.post(page.url, form, { Origin: tool.url });
  };

  const answerForm = (page: Page) => formsOf(page).find(({ fields }) => 'JWT' in fields);
  const jwtOf = (page: Page) => answerForm(page)?.fields['JWT'] ?? '';
  async function answerOf(page: Page): Promise<{ payload: JWTPayload; items: Item[]; kid: string | undefined }> {
    const jwt = jwtOf(page);
    const keys = createRemoteJWKSet(new URL(`${tool.url}/lti/keys`));
    const { payload } = await jwtVerify(jwt, keys, {
      algorithms: ['RS256'],
      issuer: tool.lms.tools()[0]?.clientId ?? '',
      audience: tool.lms.url,
    });
    return { payload, items: payload[`${DL}/content_items`] as Item[], kid: decodeProtectedHeader(jwt).kid };
  }

  describe('the choice of a tutor', () => {
    test('the page offers the whole tool and its parts, and the answer goes to the LMS to the letter', async () => {
      const { page, browser, courseId } = await ask({ data: 'opaque <&"> дерек' });
      expect(page.status).toBe(200);
      expect(new URL(page.url).pathname).toMatch(/\/place\/[\w-]+$/);
      expect([...page.html.matchAll(/name="place" value="([^"]+)"/g)].map(([, place]) => place)).toEqual(PLACES);
      const done = await choose(browser, page, PLACES);
      expect(done.status).toBe(200);
      expect(answerForm(done)).toMatchObject({ action: RETURN(), method: 'post' });

      const { payload, items, kid } = await answerOf(done);
      expect(kid).toMatch(/^[\w-]{16}$/);
      expect(payload.aud).toBe(tool.lms.url);
      expect(payload['nonce']).toMatch(/^[\w-]{20,}$/);
      expect(payload[`${CLAIM}/message_type`]).toBe('LtiDeepLinkingResponse');
      expect(payload[`${CLAIM}/version`]).toBe('1.3.0');
      expect(payload[`${CLAIM}/deployment_id`]).toBe(tool.lms.tools()[0]?.deploymentId);
      expect(payload[`${DL}/data`]).toBe('opaque <&"> дерек');
      const now = Date.now() / 1000;
      // Moodle and Open edX refuse an iat that is one second ahead of them.
      expect(payload.iat).toBeLessThanOrEqual(now - 30);
      expect(payload.exp).toBeGreaterThan(now + 60);
      expect(payload.exp).toBeLessThan(now + 3600);

      expect(items.map(({ custom }) => custom['serik_place'])).toEqual(PLACES);
      for (const item of items) {
        expect(item.type).toBe('ltiResourceLink');
        expect(item.url).toBe(`${tool.url}/lti/launch`);
        expect(item.title).toMatch(/\S/);
        expect(item.custom).toEqual({ serik_place: item.custom['serik_place'], serik_course: courseId });
      }
      expect(new Set(items.map(({ title }) => title)).size).toBe(PLACES.length);
      const graded = items.filter(({ lineItem }) => lineItem);
      expect(graded.map(({ custom }) => custom['serik_place'])).toEqual(['mooc']);
      const { label, scoreMaximum, resourceId, tag } = graded[0]?.lineItem ?? {};
      expect(label).toMatch(/\S/);
      expect(Number.isInteger(scoreMaximum)).toBe(true);
      expect(scoreMaximum).toBeGreaterThan(0);
      expect(scoreMaximum).toBeLessThanOrEqual(100);
      expect({ resourceId, tag }).toEqual({ resourceId: 'serik:mooc', tag: 'mooc' });
    });

    test('each answer has a nonce of its own', async () => {
      const { page, browser } = await ask();
      const nonces = [];
      for (const place of ['tool', 'plan'])
        nonces.push((await answerOf(await choose(browser, page, [place]))).payload['nonce']);
      expect(new Set(nonces).size).toBe(2);
    });

    test('data that the LMS did not send is not answered', async () => {
      const { page, browser } = await ask();
      expect((await answerOf(await choose(browser, page, ['tool']))).payload).not.toHaveProperty([`${DL}/data`]);
    });

    test('an empty choice gives an empty list', async () => {
      const { page, browser } = await ask();
      const done = await choose(browser, page, []);
      expect(done.status).toBe(200);
      expect(textOf(done)).toContain('Nothing was chosen');
      expect((await answerOf(done)).items).toEqual([]);
    });

    test('one only where the LMS accepts no more, whatever the form says', async () => {
      for (const accept of [false, undefined, 'yes']) {
        const { page, browser, home } = await ask({ accept_multiple: accept });
        expect(page.html).toContain('type="radio"');
        const done = await choose(browser, page, ['plan', 'mooc']);
        expect(textOf(done)).toContain('1 activity is ready');
        expect((await answerOf(done)).items.map(({ custom }) => custom['serik_place'])).toEqual(['plan']);
        expect((await browser.get(`${home}/results`)).status).toBe(200);
      }
    });

    test('the column of a choice that was not taken is not made', async () => {
      const change = (claims: Claims) => ({
        ...asking({ accept_multiple: false })(claims),
        [`${CLAIM}/context`]: { id: 'without mooc', title: 'Without MOOC' },
      });
      const { page, browser, home } = await open(tool, { change });
      await choose(browser, page, ['plan', 'mooc']);
      expect((await browser.get(`${home}/results.csv`)).html.split('\r\n')[0]).not.toMatch(/MOOC/i);
    });

    test('no line item where the LMS makes no columns of choices', async () => {
      const { page, browser } = await ask({ accept_lineitem: false });
      expect(page.html).not.toContain('with a grade column');
      const { items } = await answerOf(await choose(browser, page, PLACES));
      expect(items).toHaveLength(PLACES.length);
      expect(items.filter((item) => 'lineItem' in item)).toEqual([]);
    });

    test('an unknown place is refused and nothing is answered', async () => {
      const { page, browser } = await ask();
      for (const place of ['desk', '', '__proto__', 'tool '])
        expect((await choose(browser, page, [place])).status).toBe(400);
    });

    test('without our own form’s token, or from another site, it is refused', async () => {
      const { page, browser } = await ask();
      expect((await browser.post(page.url, { place: 'tool' })).status).toBe(409);
      const foreign = { _csrf: csrfOf(page), place: 'tool' };
      expect((await browser.post(page.url, foreign, { Origin: tool.lms.url })).status).toBe(403);
    });

    test('form-action names the LMS’s origin on the page that answers, and on no other', async () => {
      const { page, browser, home } = await ask();
      const done = await choose(browser, page, ['tool']);
      const policyOf = ({ headers }: Page) =>
        /form-action ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1];
      expect(policyOf(done)).toBe(`'self' ${new URL(RETURN()).origin}`);
      expect(policyOf(page)).toBe("'self'");
      for (const path of ['/', '/map', '/results', '/consultations', '/students'])
        expect(policyOf(await browser.get(`${home}${path}`))).toBe("'self'");
    });
  });

  describe('who may not', () => {
    test('a student gets 403 and no session to go on with', async () => {
      const { page } = await ask({}, personOf(tool.lms, 'student'));
      expect(page.status).toBe(403);
      expect(textOf(page)).toContain('This page is for tutors');
    });

    test('nor a student by the address of a tutor’s choice', async () => {
      const { page } = await ask();
      const { browser } = await open(tool, { person: personOf(tool.lms, 'student') });
      expect((await browser.get(page.url)).status).toBe(403);
      expect((await choose(browser, page, ['tool'])).status).toBe(409);
    });

    if (manner === 'standard')
      test('an assistant places nothing', async () => {
        const { page } = await ask({}, personOf(tool.lms, 'assistant'));
        expect(page.status).toBe(403);
      });

    test('a test student who is nothing else has no role here', async () => {
      const { page, browser } = await open(tool, {
        change: (claims) => ({ ...asking()(claims), [`${CLAIM}/roles`]: [systemRole('TestUser')] }),
      });
      expect(page.status).toBe(403);
      expect(hasSession(tool, browser)).toBe(false);
    });

    test('another tutor’s choice is not found, nor the own one in another course', async () => {
      const { page, browser } = await ask();
      const id = new URL(page.url).pathname.split('/').at(-1) ?? '';
      const other = await open(tool, { person: personOf(tool.lms, 'tutor', 1) });
      const theirs = await other.browser.get(page.url);
      expect(theirs.status).toBe(404);
      expect(textOf(theirs)).toContain('This choice is over');
      const elsewhere = await open(tool, { browser, course: '3' });
      expect((await browser.get(`${elsewhere.home}/place/${id}`)).status).toBe(404);
      expect((await browser.get(page.url)).status).toBe(200);
    });

    test.each(['x', 'x'.repeat(41), 'x'.repeat(5000), '..%2F..', '%00', '$ne', '__proto__'])(
      'an invented choice (%#) is not found',
      async (id) => {
        const { browser, home, page } = await open(tool);
        expect((await browser.get(`${home}/place/${id}`)).status).toBe(404);
        const form = { _csrf: csrfOf(page), place: 'tool' };
        expect((await browser.post(`${home}/place/${id}`, form, { Origin: tool.url })).status).toBe(404);
      },
    );

    test('a choice that was begun more than an hour ago is over', async () => {
      const { page, browser } = await ask();
      tool.clock.offsetMs = 59 * 60_000;
      try {
        expect((await browser.get(page.url)).status).toBe(200);
        tool.clock.offsetMs = 61 * 60_000;
        const late = await browser.get(page.url);
        expect(late.status).toBe(404);
        expect(textOf(late)).toContain('This choice is over');
        expect((await choose(browser, page, ['tool'])).status).toBe(404);
      } finally {
        tool.clock.offsetMs = 0;
      }
    });

    test.each([
      ['missing', undefined],
      ['null', null],
      ['without a return address', { deep_link_return_url: undefined }],
      ['with a return address that is none', { deep_link_return_url: 'x' }],
      ['with a return address that would run script', { deep_link_return_url: 'javascript:alert(1)' }],
      ['that accept no links to tools', { accept_types: ['file', 'html'] }],
      ['that accept nothing', { accept_types: [] }],
      ['whose types are no list', { accept_types: 'ltiResourceLink' }],
    ])('settings %s are refused', async (_title, settings) => {
      const refused = await open(tool, {
        change: (claims) =>
          settings === undefined || settings === null
            ? { ...asking()(claims), [`${DL}/deep_linking_settings`]: settings }
            : asking(settings)(claims),
      });
      expectRefused(tool, refused, 'message is not complete');
    });
  });

  describe('over the whole way', () => {
    // As an administrator does where the tool was registered without it: Moodle's "Supports Deep Linking".
    beforeAll(() => {
      const [registered] = tool.lms.tools();
      if (registered) Object.assign(registered, { deepLinkingUri: `${tool.url}/lti/launch` });
    });

    const select = async (places: readonly string[]) => {
      const browser = createBrowser();
      const tutor = personOf(tool.lms, 'tutor');
      await browser.get(`${tool.lms.url}/switch?to=${tutor}&return=/course/2`);
      const initiation = await browser.get(frameOf(await browser.get(`${tool.lms.url}/course/2/select`)));
      const page = await submit(browser, await submit(browser, initiation, '/lti/login'), '/lti/launch');
      const done = await choose(browser, page, places);
      const shown = await browser.post(answerForm(done)?.action ?? '', { JWT: jwtOf(done) });
      return { browser, shown };
    };

    test('the LMS takes the answer and shows what was selected', async () => {
      const { browser, shown } = await select(['plan', 'mooc']);
      expect(shown.status).toBe(200);
      const saved = await submit(browser, shown, '/course/2/links');
      expect(saved.status).toBe(200);
      const columns = tool.lms.gradebook('2').columns;
      expect(columns).toHaveLength(1);
      expect(columns[0]?.maximum).toBe(100);
    });

    test('an empty choice is taken too', async () => {
      const { shown } = await select([]);
      expect(shown.status).toBe(200);
      expect(textOf(shown)).toContain('Nothing was selected');
    });
  });

  describe('a launch of a placed link', () => {
    const pathsOf: Record<string, readonly [string, string]> = {
      tool: ['/', '/'],
      plan: ['/map', '/plan'],
      'stage-midterm-1': ['/consultations?stage=midterm-1', '/consultations?stage=midterm-1'],
      'stage-midterm-2': ['/consultations?stage=midterm-2', '/consultations?stage=midterm-2'],
      'stage-exam': ['/consultations?stage=exam', '/consultations?stage=exam'],
      mooc: ['/results?column=mooc', '/'],
      'of a later version': ['/', '/'],
    };
    const launchOf = (place: string, courseId: string, person: string) =>
      open(tool, {
        person,
        change: (claims) => ({
          ...claims,
          [`${CLAIM}/resource_link`]: { id: `link-${place}`, title: place },
          // Moodle writes names in two spellings; ours are in lower case and stay one.
          [`${CLAIM}/custom`]: { serik_place: place, serik_course: courseId, other: 'x' },
        }),
      });

    test.each(Object.entries(pathsOf))('%s opens the right page for tutor and student', async (place, paths) => {
      const { courseId } = await open(tool);
      for (const [person, path] of [
        [personOf(tool.lms, 'tutor'), paths[0]],
        [personOf(tool.lms, 'student'), paths[1]],
      ] as const) {
        const { page, home } = await launchOf(place, courseId, person);
        expect(page.status).toBe(200);
        expect(page.url).toBe(`${home}${path}`);
      }
    });

    test('with a role that sees less it opens what the role sees, not an error', async () => {
      const { courseId } = await open(tool);
      const { page } = await open(tool, {
        change: (claims) => ({
          ...without(claims, AGS),
          [`${CLAIM}/roles`]: [contextRole('Manager')],
          [`${CLAIM}/custom`]: { serik_place: 'mooc', serik_course: courseId },
        }),
      });
      expect(page.status).toBe(200);
    });
  });
});
