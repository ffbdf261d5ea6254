import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, submit, textOf } from '../../scripts/driver/browser.js';
import { registerTool } from '../../scripts/driver/launch.js';
import { buildMap, publishSlots } from '../../scripts/driver/main-job.js';
import {
  AGS,
  beginLogin,
  CLAIM,
  contextRole,
  csrfOf,
  expectRefused,
  goodClaims,
  hasSession,
  inContext,
  institutionRole,
  languageOf,
  NRPS,
  open,
  personOf,
  postAnswer,
  subRole,
  systemRole,
  until,
  without,
  type Claims,
} from '../support/crafted-launch.js';
import { launchAtSite, ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const NAMES = ['name', 'given_name', 'family_name'];

/** 1EdTech LTI 1.3 tool certification: "Valid Teacher Launches". */
describe.each(['standard', 'moodle'] as const)('valid teacher launches of a %s LMS', (manner) => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool(manner);
  }, 60_000);
  afterAll(() => tool.close());

  const changed = (change: (claims: Claims) => Claims) => open(tool, { change });
  const withRoles = (...roles: readonly string[]) => changed((claims) => ({ ...claims, [`${CLAIM}/roles`]: roles }));

  /** The map page has a form for the tutor only, the students page is open to staff, the plan page to students. */
  async function roleIn({ browser, home }: { browser: ReturnType<typeof createBrowser>; home: string }) {
    const status = async (path: string) => (await browser.get(`${home}${path}`)).status;
    const csrf = csrfOf(await browser.get(`${home}/consultations`));
    const form = { _csrf: csrf };
    const mayRead = (await browser.post(`${home}/students/read`, form, { Origin: tool.url })).status === 200;
    if ((await status('/plan')) === 200 && (await status('/students')) === 403) return 'student';
    if (mayRead) return 'tutor';
    const slot = await browser.post(
      `${home}/consultations/slots`,
      { ...form, stage: 'exam', key: 'k' },
      { Origin: tool.url },
    );
    return slot.status === 403 ? 'observer' : 'assistant';
  }

  describe('the data', () => {
    test('launch as a teacher with all data: the course’s title and the tutor’s own pages', async () => {
      const { page, browser } = await changed((claims) => claims);
      expect(page.status).toBe(200);
      expect(page.url).toMatch(/\/c\/[\w-]+\/$/);
      expect(textOf(page)).toContain('Hotel business management');
      expect(hasSession(tool, browser)).toBe(true);
      expect(page.headers.get('content-security-policy')).toContain(`frame-ancestors ${tool.lms.url}`);
    });

    test('launch as a teacher with only the e-mail', async () => {
      const { page } = await changed((claims) => without(claims, ...NAMES));
      expect(page.status).toBe(200);
      expect(page.html).not.toContain('undefined');
    });

    test('launch as a teacher with only names', async () => {
      expect((await changed((claims) => without(claims, 'email'))).page.status).toBe(200);
    });

    test('launch as a teacher without any personal data', async () => {
      const { page, ...rest } = await changed((claims) => without(claims, ...NAMES, 'email'));
      expect(page.status).toBe(200);
      expect(await roleIn(rest)).toBe('tutor');
    });

    test.each([
      ['empty', ''],
      ['null', null],
      ['a number', 7],
      ['an object', { text: 'x' }],
      ['far too long', 'x'.repeat(5000)],
    ])('names and e-mail that are %s are as if they were not there', async (_kind, value) => {
      const { page } = await changed((claims) => ({
        ...claims,
        ...Object.fromEntries([...NAMES, 'email'].map((name) => [name, value])),
      }));
      expect(page.status).toBe(200);
      expect(page.html).not.toMatch(/undefined|\[object Object\]|x{200}/);
    });

    test('a name with markup is shown as text', async () => {
      const { browser, home } = await changed((claims) => ({
        ...inContext({ id: 'of the name with markup' })(claims),
        name: '<script>alert(1)</script>',
      }));
      await submit(browser, await browser.get(`${home}/map`), '/map/start');
      const { html } = await (
        await open(tool, {
          person: personOf(tool.lms, 'tutor', 1),
          change: inContext({ id: 'of the name with markup' }),
        })
      ).browser.get(`${home}/map`);
      expect(html).toContain('&lt;script&gt;alert(1)');
      expect(html).not.toContain('<script>alert(1)');
    });
  });

  describe('roles', () => {
    test.each([
      ['several at once', [contextRole('Instructor'), contextRole('Learner'), contextRole('Administrator')], 'tutor'],
      ['unknown ones besides a known one', ['urn:x:unknown', contextRole('Instructor'), 'Wizard', ''], 'tutor'],
      ['the short name', ['Instructor'], 'tutor'],
      ['the full context name', [contextRole('Instructor')], 'tutor'],
      [
        'Open EdX: an instructor who is a site administrator',
        [
          systemRole('Administrator'),
          institutionRole('Staff'),
          contextRole('Administrator'),
          contextRole('Instructor'),
        ],
        'tutor',
      ],
      [
        'an assistant beside the instructor',
        [contextRole('Instructor'), subRole('Instructor', 'TeachingAssistant')],
        'assistant',
      ],
      ['an assistant of a section', [subRole('Instructor', 'TeachingAssistantSection')], 'assistant'],
      ['a sub-role of the instructor', [subRole('Instructor', 'Lecturer')], 'tutor'],
      ['a manager only', [contextRole('Manager')], 'observer'],
      ['a content developer only', [contextRole('ContentDeveloper')], 'observer'],
    ] as const)('%s', async (_title, roles, expected) => {
      const { page, ...rest } = await withRoles(...roles);
      expect(page.status).toBe(200);
      expect(await roleIn(rest)).toBe(expected);
    });

    test('a role listed three times is one role', async () => {
      const { page, ...rest } = await withRoles('Instructor', 'Instructor', contextRole('Instructor'));
      expect(page.status).toBe(200);
      expect(await roleIn(rest)).toBe('tutor');
    });

    test.each([
      ['no role at all', []],
      ['only unknown ones', ['urn:x:unknown', 'Wizard']],
      [
        'only institution and system roles: they say nothing about this course',
        [institutionRole('Instructor'), systemRole('Administrator'), institutionRole('Faculty')],
      ],
      ['a mentor: Canvas calls parents so', [contextRole('Mentor')]],
      ['a look-alike', ['http://evil.example/membership#Instructor-', 'instructor']],
    ])('launch with %s is told so and opens nothing', async (_title, roles) => {
      const { page, browser } = await withRoles(...roles);
      expect(page.status).toBe(403);
      expect(textOf(page)).toContain('Your role in this course is not served here');
      expect(page.headers.get('content-security-policy')).toContain('frame-ancestors *');
      expect(hasSession(tool, browser)).toBe(false);
    });
  });

  describe('the course', () => {
    const withContext = (context: Claims) => changed(inContext(context));

    test('a long title is shown and breaks nothing', async () => {
      const title = 'Қонақүй бизнесін басқару '.repeat(40).trim();
      const { page } = await withContext({ id: 'long', title });
      expect(page.status).toBe(200);
      expect(textOf(page)).toContain(title);
    });

    test('a title beyond all measure: the short name stands in its place', async () => {
      const { page } = await withContext({ id: 'longer', title: 'x'.repeat(3000), label: 'SHORT-1' });
      expect(page.status).toBe(200);
      expect(textOf(page)).toContain('SHORT-1');
      expect(page.html).not.toContain('x'.repeat(100));
    });

    test.each([
      ['an empty title', { id: 'empty-title', title: '', label: 'SHORT-2' }, 'SHORT-2'],
      ['a title of blanks', { id: 'blank-title', title: '  ', label: 'SHORT-3' }, 'SHORT-3'],
      ['neither title nor short name', { id: 'nameless', title: null, label: null }, ''],
      ['no type', { id: 'typeless', type: undefined }, 'Hotel business management'],
      ['a type that is no list', { id: 'odd-type', type: 'CourseSection' }, 'Hotel business management'],
    ])('%s', async (_title, context, shown) => {
      const { page } = await withContext(context);
      expect(page.status).toBe(200);
      expect(textOf(page)).toContain(shown);
      expect(page.html).not.toMatch(/undefined|null/);
    });

    test('an id as Open edX writes it', async () => {
      const { page } = await withContext({ id: 'course-v1:Hotel+HB101+2026' });
      expect(page.status).toBe(200);
    });
  });

  describe('the language', () => {
    test.each([
      ['kk', 'kk'],
      ['kk-KZ', 'kk'],
      ['kz', 'kk'],
      ['ru-RU', 'ru'],
      ['RU_ru', 'ru'],
      ['en-GB', 'en'],
    ])('locale %s', async (locale, expected) => {
      const browser = createBrowser(expected === 'ru' ? 'kk' : 'ru');
      const { page } = await open(tool, {
        browser,
        person: personOf(tool.lms, 'tutor'),
        change: (claims) => ({ ...claims, sub: `of ${locale}`, [`${CLAIM}/launch_presentation`]: { locale } }),
      });
      expect(page.status).toBe(200);
      expect(languageOf(page)).toBe(expected);
    });

    test.each([['pt_br'], ['junk'], ['<b>'], [''], [null], [5], ['x'.repeat(3000)]])(
      'locale %p is none of ours: the browser’s language is used',
      async (locale) => {
        const { page } = await open(tool, {
          browser: createBrowser('ru'),
          change: (claims) => ({ ...claims, sub: 'of junk', [`${CLAIM}/launch_presentation`]: { locale } }),
        });
        expect(page.status).toBe(200);
        expect(languageOf(page)).toBe('ru');
      },
    );

    test('no launch presentation at all', async () => {
      for (const change of [
        (claims: Claims) => without(claims, `${CLAIM}/launch_presentation`),
        (claims: Claims) => ({ ...claims, [`${CLAIM}/launch_presentation`]: null }),
        (claims: Claims) => ({ ...claims, [`${CLAIM}/launch_presentation`]: 'iframe' }),
      ])
        expect((await changed(change)).page.status).toBe(200);
    });
  });

  describe('what the link carries', () => {
    const withCustom = (custom: unknown) => changed((claims) => ({ ...claims, [`${CLAIM}/custom`]: custom }));

    test('custom values that are numbers, null, lists or objects do no harm', async () => {
      const { page } = await withCustom({ n: 5, nothing: null, list: [1], inner: { a: 1 }, yes: true, text: 'x' });
      expect(page.status).toBe(200);
    });

    test('a place that is a number, null or unknown opens the whole tool', async () => {
      for (const place of [1, null, 'nowhere', ['plan'], '../../desk', 'constructor'])
        expect((await withCustom({ serik_place: place })).page.url).toMatch(/\/c\/[\w-]+\/$/);
    });

    test('custom that is no object at all', async () => {
      for (const custom of [null, 'text', [], 5]) expect((await withCustom(custom)).page.status).toBe(200);
    });

    test('services that are not offered, null or odd: the launch is good all the same', async () => {
      for (const change of [
        (claims: Claims) => without(claims, AGS, NRPS),
        (claims: Claims) => ({ ...claims, [AGS]: null, [NRPS]: null }),
        (claims: Claims) => ({ ...claims, [AGS]: { scope: 'x', lineitems: 5 }, [NRPS]: [] }),
        (claims: Claims) => ({
          ...claims,
          [AGS]: { scope: [], lineitem: '', lineitems: 'javascript:x' },
          [NRPS]: { context_memberships_url: 'file:///etc/passwd' },
        }),
      ]) {
        const { page, browser, home } = await changed(change);
        expect(page.status).toBe(200);
        expect((await browser.get(`${home}/students`)).status).toBe(200);
        expect((await browser.get(`${home}/results`)).status).toBe(200);
      }
      expect((await open(tool)).page.status).toBe(200);
    });

    test('claims that nobody knows are passed over', async () => {
      const { page } = await changed((claims) => ({
        ...claims,
        'https://other.example/claim': { deep: [1, 2] },
        x: 1,
      }));
      expect(page.status).toBe(200);
    });
  });

  describe('the login', () => {
    test.each(['get', 'post'] as const)('by %s', async (method) => {
      expect((await open(tool, { method })).page.status).toBe(200);
    });

    test('it asks the LMS for what OpenID Connect and LTI want, and gives away nothing', async () => {
      const { to, clientId } = await beginLogin(tool, { params: { lti_message_hint: '{"cmid":3,"launchid":"ä&="}' } });
      const asked = Object.fromEntries(to.searchParams);
      expect(asked).toMatchObject({
        scope: 'openid',
        response_type: 'id_token',
        response_mode: 'form_post',
        prompt: 'none',
        client_id: clientId,
        redirect_uri: `${tool.url}/lti/launch`,
        login_hint: 'hint',
        lti_message_hint: '{"cmid":3,"launchid":"ä&="}',
      });
      expect(asked['nonce']).toMatch(/^[\w-]{43}$/);
      expect(asked['state']).not.toContain(asked['nonce']);
    });

    test('without client_id, where the issuer has one client here', async () => {
      expect((await open(tool, { params: { client_id: '' } })).page.status).toBe(200);
    });

    test('with a client_id that is not registered', async () => {
      const browser = createBrowser();
      const query = new URLSearchParams({
        iss: tool.lms.url,
        client_id: 'another',
        login_hint: '1',
        target_link_uri: `${tool.url}/lti/launch`,
      });
      expectRefused(
        tool,
        { page: await browser.get(`${tool.url}/lti/login?${query.toString()}`), browser },
        'We do not know this LMS',
      );
    });

    test('target_link_uri of login and token differ, as in Open edX after deep linking: both are ours, so it is good', async () => {
      const { page } = await open(tool, {
        params: { target_link_uri: `${tool.url}/lti/launch?component=1` },
        change: (claims) => ({ ...claims, [`${CLAIM}/target_link_uri`]: `${tool.url}/lti/launch?item=2` }),
      });
      expect(page.status).toBe(200);
    });

    test('the deployment that the login named is the one of the token', async () => {
      const deployment = tool.lms.tools()[0]?.deploymentId ?? '';
      expect((await open(tool, { params: { lti_deployment_id: deployment } })).page.status).toBe(200);
    });

    test('two logins begun in one browser, as by two frames of a page, both get in', async () => {
      const browser = createBrowser();
      const [one, two] = [await beginLogin(tool, { browser }), await beginLogin(tool, { browser })];
      const finish = async (login: typeof one) =>
        postAnswer(tool, browser, {
          id_token: await tool.lms.signIdToken(goodClaims(tool, login)),
          state: login.state,
        });
      expect([(await finish(two)).status, (await finish(one)).status]).toEqual([200, 200]);
    });

    test('100 parallel posts of one token: exactly one launch', async () => {
      const login = await beginLogin(tool);
      const form = { id_token: await tool.lms.signIdToken(goodClaims(tool, login)), state: login.state };
      const pages = await Promise.all(Array.from({ length: 100 }, () => postAnswer(tool, login.browser, form)));
      expect(pages.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(pages.filter(({ status }) => status === 401)).toHaveLength(99);
    }, 60_000);
  });

  describe('two clocks that differ', () => {
    const seconds = () => Math.floor(Date.now() / 1000);
    test.each([
      ['behind by less than the tolerance', -50, 200],
      ['ahead by less than the tolerance', 55, 200],
      ['ahead by more than the tolerance', 75, 401],
    ])('the LMS is %s', async (_title, skew, status) => {
      const { page } = await changed((claims) => ({ ...claims, iat: seconds() + skew, exp: seconds() + skew + 60 }));
      expect(page.status).toBe(status);
    });

    test.each([
      ['less', 100, 200],
      ['more', 140, 401],
    ])(
      'our clock is ahead of a token of 60 seconds by %s than its life and the tolerance',
      async (_t, ahead, status) => {
        tool.clock.offsetMs = ahead * 1000;
        try {
          expect((await changed((claims) => claims)).page.status).toBe(status);
        } finally {
          tool.clock.offsetMs = 0;
        }
      },
    );
  });

  test('submission review lands on the results of that student', async () => {
    const student = personOf(tool.lms, 'student', 3);
    const name = tool.lms.people.find(({ id }) => id === student)?.name ?? '';
    const other = tool.lms.people.find(({ id }) => id === personOf(tool.lms, 'student', 4))?.name ?? '';
    const review = (forUser: unknown) =>
      changed((claims) => ({
        ...claims,
        [`${CLAIM}/message_type`]: 'LtiSubmissionReviewRequest',
        [`${CLAIM}/for_user`]: forUser,
      }));
    const first = await review({ user_id: student });
    await until(async () => textOf(await first.browser.get(`${first.home}/students`)).includes('Course list read'));
    const { page } = await review({ user_id: student });
    expect(page.status).toBe(200);
    expect(new URL(page.url).pathname).toMatch(/\/results$/);
    expect(new URL(page.url).searchParams.get('who')).toBe(student);
    expect(textOf(page)).toContain(name);
    expect(textOf(page)).not.toContain(other);
    for (const forUser of [undefined, null, {}, { user_id: '' }, { user_id: 5 }])
      expect(new URL((await review(forUser)).page.url).pathname).toMatch(/\/results$/);
    const odd = '"&who=1#<b>';
    expect(new URL((await review({ user_id: odd })).page.url).searchParams.get('who')).toBe(odd);
  }, 60_000);

  describe('places without a course', () => {
    test('a tutor gets to the own courses, a course tutor role alone suffices there', async () => {
      for (const roles of [[ROLE.faculty], [ROLE.instructor]]) {
        const { page } = await launchAtSite(tool, { roles, sub: personOf(tool.lms, 'tutor') });
        expect(page.status).toBe(200);
        expect(new URL(page.url).pathname).toBe('/my/');
        expect(textOf(page)).toContain('Hotel business management');
      }
    });

    test('deep linking without a course is told to open a course', async () => {
      const { page } = await changed((claims) => ({
        ...without(claims, `${CLAIM}/context`),
        [`${CLAIM}/roles`]: [ROLE.administrator],
        [`${CLAIM}/message_type`]: 'LtiSubmissionReviewRequest',
      }));
      expect(page.status).toBe(403);
      expect(textOf(page)).toContain('Open Serik inside a course');
    });
  });

  describe('tenants that look alike are never mixed', () => {
    /** A course with a map and a time, and another that must know nothing of them. */
    async function expectStrangers(one: Awaited<ReturnType<typeof open>>, other: Awaited<ReturnType<typeof open>>) {
      expect(one.page.status).toBe(200);
      expect(other.page.status).toBe(200);
      expect(one.courseId).not.toBe('');
      expect(one.courseId).not.toBe(other.courseId);
      await buildMap(one.browser, one.home);
      await publishSlots(one.browser, one.home, { capacity: 1, howMany: 2, link: 'https://meet.example/only-here' });
      expect((await one.browser.get(`${one.home}/map`)).html).toContain('Topic 7');
      const theirs = async (path: string) => (await other.browser.get(`${other.home}${path}`)).html;
      expect(await theirs('/map')).not.toContain('Topic 7');
      expect(await theirs('/map')).toContain('/map/start');
      expect(await theirs('/consultations?stage=midterm-1')).not.toContain('only-here');
      // Nor does the address of the one open with the session of the other.
      for (const path of ['/', '/map', '/consultations', '/results', '/results.csv', '/students'])
        expect((await other.browser.get(`${one.home}${path}`)).status).toBe(404);
    }

    test('two clients of one issuer', async () => {
      expect((await registerTool(tool.lms, await tool.app.registrationLinks.create())).status).toBe(200);
      const change = inContext({ id: 'of two clients' });
      await expectStrangers(await open(tool, { change }), await open(tool, { change, client: 1 }));
      // With two of them a login must say which one is meant: it is never guessed.
      const browser = createBrowser();
      const query = new URLSearchParams({
        iss: tool.lms.url,
        login_hint: '1',
        target_link_uri: `${tool.url}/lti/launch`,
      });
      const page = await browser.get(`${tool.url}/lti/login?${query.toString()}`);
      expectRefused(tool, { page, browser }, 'We do not know this LMS');
    }, 60_000);

    test('two issuers with equal context ids and equal people', async () => {
      const other = await startTestTool(manner);
      try {
        const change = inContext({ id: 'of two issuers' });
        await expectStrangers(await open(other, { change }), await open(tool, { change }));
      } finally {
        await other.close();
      }
    }, 60_000);

    test('one course through two deployments', async () => {
      const { clientId = '' } = tool.lms.tools()[0] ?? {};
      const platform = await tool.app.platforms.find(tool.lms.url, clientId);
      await tool.app.platforms.setDeployment(platform?.key ?? '', 'faculty-2', true);
      const wish = (deployment: string) => ({
        change: (claims: Claims) => ({
          ...inContext({ id: 'of two deployments' })(claims),
          [`${CLAIM}/deployment_id`]: deployment,
        }),
      });
      const usual = platform?.deployments[0] ?? '';
      await expectStrangers(await open(tool, wish('faculty-2')), await open(tool, wish(usual)));
    }, 60_000);

    test('marks of the one are not on the sheet of the other', async () => {
      const student = personOf(tool.lms, 'student', 1);
      const [one, two] = [await open(tool, { client: 0 }), await open(tool, { client: 1 })];
      for (const { browser, home } of [one, two])
        await until(async () => textOf(await browser.get(`${home}/students`)).includes('Course list read'));
      const csrf = csrfOf(await one.browser.get(`${one.home}/results`));
      const mark = { column: 'exam', sub: student, base: '', value: '73.25' };
      const saved = await one.browser.json('PATCH', `${one.home}/results`, mark, { 'X-CSRF-Token': csrf });
      expect(saved.status).toBe(200);
      const csv = async ({ browser, home }: typeof one) => (await browser.get(`${home}/results.csv`)).html;
      expect(await csv(one)).toContain('73.25');
      expect(await csv(two)).not.toContain('73.25');
    }, 60_000);
  });
});
