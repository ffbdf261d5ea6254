import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, formsOf, submit, textOf, type Browser, type Page } from '../../scripts/driver/browser.js';
import { launch, registerTool } from '../../scripts/driver/launch.js';
import { answer, begin, CLAIM } from '../support/hand-made-launch.js';
import { launchAtSite, ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const personOf = (tool: TestTool, kind: string) => tool.lms.people.find((one) => one.kind === kind)?.id ?? '';

async function until(done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error('It did not happen within 20 s');
    await new Promise((go) => setTimeout(go, 100));
  }
}

describe.each(['standard', 'moodle'] as const)('the administrator’s desk, reached from a %s LMS', (manner) => {
  let tool: TestTool;
  let browser: Browser;
  let desk: Page;
  beforeAll(async () => {
    tool = await startTestTool(manner);
    await launch(tool.lms, personOf(tool, 'tutor'), '2');
    const arrived = await launchAtSite(tool, { roles: [ROLE.administrator], sub: personOf(tool, 'administrator') });
    ({ browser, page: desk } = arrived);
  }, 60_000);
  afterAll(() => tool.close());

  const platformPage = async () => {
    const list = await browser.get(`${tool.url}/desk/`);
    // The row of this LMS, among all that the test file registered.
    const row = list.html.split('<tr role="row">').find((part) => part.includes(tool.lms.url)) ?? '';
    return browser.get(tool.url + (/href="(\/desk\/platforms\/[^"]+)"/.exec(row)?.[1] ?? ''));
  };

  test('it lists the LMS with its last launch', () => {
    expect(desk.status).toBe(200);
    expect(new URL(desk.url).pathname).toBe('/desk/');
    expect(textOf(desk)).toContain(tool.lms.url);
    expect(textOf(desk)).toContain('Today,');
  });

  test('the self-test tries every service over the wire and leaves nothing behind', async () => {
    const before = tool.lms.gradebook('2').columns.length;
    await submit(browser, await platformPage(), '/test');
    await until(async () => !(await platformPage()).html.includes('Testing…'));
    const text = textOf(await platformPage());
    for (const name of [
      'keys reached',
      'Access token',
      'reaches our keys',
      'Course list',
      'Grade columns: create',
      'Clock',
    ])
      expect(text).toContain(name);
    expect(text).toMatch(/6[0-9] people/);
    expect(text).not.toContain('Fix.');
    expect(text).toMatch(/[0-2] s apart/);
    expect(tool.lms.gradebook('2').columns).toHaveLength(before);
    expect(tool.lms.log.some(({ service, method }) => service === 'lineitems' && method === 'DELETE')).toBe(true);
  }, 60_000);

  test('what is broken is red, with the fix in words', async () => {
    tool.lms.faults.set({ kind: 'jwks-down' });
    tool.lms.faults.set({ kind: 'error' }, { service: 'roster' });
    await submit(browser, await platformPage(), '/test');
    await until(async () => !(await platformPage()).html.includes('Testing…'));
    tool.lms.faults.clear();
    const text = textOf(await platformPage());
    expect(text).toMatch(/keys reached failed Refused \(503\).*Fix\. Serik’s server must reach the public keyset/);
    expect(text).toMatch(/Course list failed Not reached/);
  }, 60_000);

  test('a deployment that nobody knows waits, is approved, and then works', async () => {
    const begun = await begin(tool);
    const claims = { ...begun.claims, [`${CLAIM}/deployment_id`]: 'faculty-7' };
    const form = { id_token: await tool.lms.signIdToken(claims), state: begun.state };
    const refused = await answer(tool, begun.browser, form);
    expect(refused.status).toBe(401);
    const number = /[0-9A-F]{4}-[0-9A-F]{4}/.exec(textOf(refused))?.[0] ?? 'none';

    const page = await platformPage();
    expect(textOf(page)).toMatch(/faculty-7.*Waiting/);
    // The refusal stands in the list under the number that the person saw.
    expect(textOf(page)).toContain(number);
    const approve = formsOf(page).find(({ fields }) => fields['deployment'] === 'faculty-7');
    const done = await browser.post(approve?.action ?? '', { ...approve?.fields, do: 'approve' }, { Origin: tool.url });
    expect(textOf(done)).toContain('The deployment is approved');

    const again = await begin(tool);
    const good = await answer(tool, again.browser, {
      id_token: await tool.lms.signIdToken({ ...again.claims, [`${CLAIM}/deployment_id`]: 'faculty-7' }),
      state: again.state,
    });
    expect(good.status).toBe(200);
  });

  test('one that was refused stays out', async () => {
    const page = await platformPage();
    const csrf = formsOf(page)[0]?.fields['_csrf'] ?? '';
    const url = `${page.url.split('?')[0] ?? ''}/deployments`;
    await browser.post(url, { _csrf: csrf, deployment: 'stranger', do: 'refuse' }, { Origin: tool.url });
    const begun = await begin(tool);
    const claims = { ...begun.claims, [`${CLAIM}/deployment_id`]: 'stranger' };
    const refused = await answer(tool, begun.browser, {
      id_token: await tool.lms.signIdToken(claims),
      state: begun.state,
    });
    expect(textOf(refused)).toContain('This part of the LMS is not let in');
  });

  test('a link made here registers another LMS once, whose administrators look after their own', async () => {
    const list = await browser.get(`${tool.url}/desk/`);
    const made = await submit(browser, list, '/desk/links');
    const link = /value="([^"]+\/lti\/register\/[^"]+)"/.exec(made.html)?.[1] ?? '';
    expect(link).toContain(tool.url);
    const { startDemoLms } = await import('../../scripts/demo-lms/index.js');
    const other = await startDemoLms({ port: 0, manner: 'standard' });
    expect((await registerTool(other, link)).status).toBe(200);
    expect((await createBrowser().get(other.registrationUrl(link))).status).toBe(403);
    const there = { ...tool, lms: other };
    const guest = await launchAtSite(there, { roles: [ROLE.administrator] });
    expect(textOf(guest.page)).toContain(other.url);
    expect(textOf(guest.page)).not.toContain(tool.lms.url);
    expect((await guest.browser.get(`${tool.url}/desk/add`)).status).toBe(403);
    expect((await guest.browser.get((await platformPage()).url)).status).toBe(404);
    const csrf = /name="csrf" content="([^"]+)"/.exec(guest.page.html)?.[1] ?? '';
    const tried = await guest.browser.post(`${tool.url}/desk/links`, { _csrf: csrf }, { Origin: tool.url });
    expect(tried.status).toBe(403);
    await other.close();
  }, 60_000);

  test('a link can be withdrawn', async () => {
    const made = await submit(browser, await browser.get(`${tool.url}/desk/`), '/desk/links');
    const link = /value="([^"]+\/lti\/register\/[^"]+)"/.exec(made.html)?.[1] ?? '';
    await submit(browser, made, '/desk/links/withdraw');
    expect((await createBrowser().get(tool.lms.registrationUrl(link))).status).toBe(403);
  });

  test('origins are edited, and a wrong line is said and kept', async () => {
    const wrong = await submit(browser, await platformPage(), '/origins', { origins: 'https://lms.example.edu/path' });
    expect(wrong.status).toBe(400);
    expect(textOf(wrong)).toContain('an address without a path');
    expect(wrong.html).toContain('https://lms.example.edu/path');
    const good = await submit(browser, await platformPage(), '/origins', {
      origins: `${tool.lms.url}\nhttps://other.example.edu`,
    });
    expect(good.headers.get('content-security-policy')).toContain('https://other.example.edu');
  });

  test('by hand: each fault is named, nothing typed is lost, a good one is added', async () => {
    const page = await browser.get(`${tool.url}/desk/add`);
    expect(page.html).toContain(`${tool.url}/lti/keys`);
    const bad = await submit(browser, page, '/desk/add', { lmsName: 'Canvas <b>', issuer: 'canvas', clientId: 'a b' });
    expect(bad.status).toBe(400);
    expect(textOf(bad)).toContain('not a web address');
    expect(textOf(bad)).toContain('no space');
    expect(bad.html).toContain('value="Canvas &lt;b&gt;"');
    const good = await submit(browser, page, '/desk/add', {
      lmsName: `Canvas ${manner}`,
      issuer: `https://canvas.example/${manner}`,
      clientId: '10000000000001',
      authorizationEndpoint: 'https://sso.canvas.example/auth',
      tokenEndpoint: 'https://sso.canvas.example/token',
      jwksUrl: 'https://sso.canvas.example/jwks',
    });
    expect(good.status).toBe(200);
    expect(textOf(good)).toContain('The platform is added');
    const twice = await submit(browser, page, '/desk/add', {
      lmsName: 'Canvas',
      issuer: `https://canvas.example/${manner}`,
      clientId: '10000000000001',
      authorizationEndpoint: 'https://sso.canvas.example/auth',
      tokenEndpoint: 'https://sso.canvas.example/token',
      jwksUrl: 'https://sso.canvas.example/jwks',
    });
    expect(twice.status).toBe(409);
  });

  test('a new key is shown beside the old one', async () => {
    const keys = async () =>
      ((await (await fetch(`${tool.url}/lti/keys`)).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
    const before = await keys();
    const page = await submit(browser, await platformPage(), '/keys');
    expect(textOf(page)).toContain('A new key is made');
    const after = await keys();
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(before.length + 1);
    expect(textOf(page)).toMatch(/Next/);
  });

  test('a tutor, a student and a stranger are refused', async () => {
    for (const kind of ['tutor', 'student']) {
      const other = createBrowser();
      await launch(tool.lms, personOf(tool, kind), '2', other);
      expect((await other.get(`${tool.url}/desk/`)).status).toBe(403);
      expect((await other.get(`${tool.url}/my/`)).status).toBe(403);
    }
    expect((await createBrowser().get(`${tool.url}/desk/`)).status).toBe(401);
  });

  test('an administrator’s role in a course opens no desk: Open edX gives it to every teacher', async () => {
    const begun = await begin(tool);
    const roles = [
      ROLE.administrator,
      'http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator',
      ROLE.instructor,
    ];
    const page = await answer(tool, begun.browser, {
      id_token: await tool.lms.signIdToken({ ...begun.claims, [`${CLAIM}/roles`]: roles }),
      state: begun.state,
    });
    expect(page.status).toBe(200);
    expect((await begun.browser.get(`${tool.url}/desk/`)).status).toBe(403);
  });

  test('signing out ends the session', async () => {
    const { browser: other } = await launchAtSite(tool, { roles: [ROLE.administrator] });
    const page = await other.get(`${tool.url}/desk/`);
    expect(textOf(await submit(other, page, '/desk/sign-out'))).toContain('You are signed out');
    expect((await other.get(`${tool.url}/desk/`)).status).toBe(401);
  });

  test('switched off: sessions end, launches are refused; on again: all is well', async () => {
    const tutor = createBrowser();
    const course = await launch(tool.lms, personOf(tool, 'tutor'), '2', tutor);
    expect(course.status).toBe(200);
    const page = await platformPage();
    const csrf = formsOf(page)[0]?.fields['_csrf'] ?? '';
    const url = `${page.url.split('?')[0] ?? ''}/state`;
    await browser.post(url, { _csrf: csrf, state: 'off' }, { Origin: tool.url });
    expect((await tutor.get(course.url)).status).toBe(401);
    // The login itself is refused, so there is no answer of the LMS to post.
    await expect(launch(tool.lms, personOf(tool, 'tutor'), '2', tutor)).rejects.toThrow('switched off');
    // Its own administrator is out too; the operator switches it on.
    const platform = (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url);
    await tool.app.platforms.setActive(platform?.key ?? '', true);
    expect((await launch(tool.lms, personOf(tool, 'tutor'), '2')).status).toBe(200);
  });
});

describe('the desk of staff', () => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool('moodle');
  }, 60_000);
  afterAll(() => tool.close());

  test('lists the courses in which somebody teaches, and opens what the LMS’s course list of today confirms', async () => {
    const tutor = personOf(tool, 'tutor');
    await launch(tool.lms, tutor, '2');
    const find = async () => {
      const { page, browser } = await launchAtSite(tool, { sub: tutor, roles: [ROLE.faculty] });
      return { page, browser };
    };
    await until(async () => (await find()).page.html.includes('/my/courses/'));
    const { page, browser } = await find();
    expect(new URL(page.url).pathname).toBe('/my/');
    expect(textOf(page)).toContain('Hotel business management');
    const course = await submit(browser, page, '/my/courses/');
    expect(course.status).toBe(200);
    expect(new URL(course.url).pathname).toMatch(/^\/c\/[\w-]+\/$/);
    expect(course.html).toContain('/c/');
  }, 60_000);

  test('another person’s course does not open', async () => {
    const { browser, page } = await launchAtSite(tool, { sub: '9999', roles: [ROLE.faculty] });
    expect(textOf(page)).toContain('There is no course here yet');
    const [course] = await tool.app.courses.taughtBy(
      (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url)?.key ?? '',
      personOf(tool, 'tutor'),
      1,
    );
    const csrf = /name="csrf" content="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const tried = await browser.post(
      `${tool.url}/my/courses/${course?.id ?? ''}`,
      { _csrf: csrf },
      { Origin: tool.url },
    );
    expect(tried.status).toBe(403);
  });

  test('a student has no desk', async () => {
    const { page } = await launchAtSite(tool, { sub: '101', roles: [ROLE.learner] });
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain('Open Serik inside a course');
  });
});
