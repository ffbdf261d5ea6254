import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, submit, textOf, type Page } from '../../scripts/driver/browser.js';
import { launch } from '../../scripts/driver/launch.js';
import { launchWithoutCookies } from '../support/guests.js';
import { startTestTool, type TestTool } from '../support/tool.js';

describe('sessions', () => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool('moodle');
  }, 60_000);
  afterAll(() => tool.close());

  const person = (kind: string, index = 0) => {
    const found = tool.lms.people.filter((candidate) => candidate.kind === kind)[index];
    if (!found) throw new Error(`No ${kind}`);
    return found.id;
  };
  const home = (url: string) => url.replace(/\/$/, '');
  const csrfOf = (html: string) => /name="csrf" content="([^"]+)"/.exec(html)?.[1] ?? '';

  test('the session cookie is HttpOnly, Secure, SameSite=None and Partitioned', async () => {
    const seen: string[] = [];
    const real = globalThis.fetch;
    globalThis.fetch = async (...words: Parameters<typeof fetch>) => {
      const answer = await real(...words);
      seen.push(...answer.headers.getSetCookie().filter((line) => line.startsWith('serik=')));
      return answer;
    };
    try {
      await launch(tool.lms, person('tutor'), '2');
    } finally {
      globalThis.fetch = real;
    }
    expect(seen).toHaveLength(1);
    for (const word of ['HttpOnly', 'Secure', 'SameSite=None', 'Partitioned', 'Path=/'])
      expect(seen[0]).toContain(word);
  });

  test('two courses open side by side stay two courses', async () => {
    const browser = createBrowser();
    const first = await launch(tool.lms, person('tutor'), '2', browser);
    const second = await launch(tool.lms, person('tutor'), '3', browser);
    expect(second.url).not.toBe(first.url);
    expect(textOf(await browser.get(first.url))).toContain('Hotel business management');
    expect(textOf(await browser.get(second.url))).toContain('Қонақүй');
  });

  test('a course that was never entered looks like one that does not exist', async () => {
    const other = await launch(tool.lms, person('tutor'), '3');
    const browser = createBrowser();
    await launch(tool.lms, person('student'), '2', browser);
    for (const path of ['/', '/map', '/results', '/students', '/consultations', '/plan'])
      expect((await browser.get(home(other.url) + path)).status).toBe(404);
  });

  test('without a session every page says how to come back', async () => {
    const { url } = await launch(tool.lms, person('tutor'), '2');
    for (const path of ['/', '/map', '/results', '/students', '/consultations', '/plan']) {
      const page = await createBrowser().get(home(url) + path);
      expect(page.status).toBe(401);
      expect(textOf(page)).toContain('Open Serik again from the course page');
    }
  });

  test('a page of the person before is refused as out of date, and changes nothing', async () => {
    const browser = createBrowser();
    const first = await launch(tool.lms, person('tutor', 0), '2', browser);
    const stale = csrfOf(first.html);
    await launch(tool.lms, person('tutor', 1), '2', browser);
    const page = await browser.post(`${home(first.url)}/map/start`, { _csrf: stale }, { Origin: tool.url });
    expect(page.status).toBe(409);
    expect(textOf(page)).toContain('Эта страница устарела');
  });

  test('a change without token, or from another site, is refused', async () => {
    const browser = createBrowser();
    const page = await launch(tool.lms, person('tutor'), '2', browser);
    const send = (form: Record<string, string>, headers: Record<string, string>) =>
      browser.post(`${home(page.url)}/students/read`, form, headers);
    expect((await send({}, { Origin: tool.url })).status).toBe(409);
    expect((await send({ _csrf: csrfOf(page.html) }, { Origin: tool.lms.url })).status).toBe(403);
    expect((await send({ _csrf: csrfOf(page.html) }, { Origin: 'null' })).status).toBe(403);
    expect((await send({ _csrf: csrfOf(page.html) }, { Origin: tool.url })).status).toBe(200);
  });

  /** A launch in a browser whose frame loses the session's cookie at once; gives the page with the button. */
  const blocked = async (): Promise<Page> => createBrowser().get(await launchWithoutCookies(tool));

  test('a browser that drops the cookie gets a button, whose code works once', async () => {
    const page = await blocked();
    expect(textOf(page)).toContain('Your browser blocks sign-in inside');
    expect(page.headers.get('content-security-policy')).toContain(`frame-ancestors ${tool.lms.url}`);
    const opened = await submit(createBrowser(), page, '/open');
    expect(opened.status).toBe(200);
    expect(textOf(opened)).toContain('Hotel business management');
    const again = await submit(createBrowser(), page, '/open');
    expect(again.status).toBe(401);
    expect(textOf(again)).toContain('used already, or is too old');
  });

  test('the code is dead after a minute', async () => {
    const page = await blocked();
    tool.clock.offsetMs = 61_000;
    const late = await submit(createBrowser(), page, '/open');
    tool.clock.offsetMs = 0;
    expect(late.status).toBe(401);
  });

  test('an invented code opens nothing', async () => {
    expect((await createBrowser().get(`${tool.url}/enter?code=invented`)).status).toBe(401);
    const open = (headers: Record<string, string>) =>
      createBrowser().post(`${tool.url}/open`, { code: 'invented' }, headers);
    expect((await open({ Origin: tool.url })).status).toBe(401);
    // A page of another site cannot sign anybody in.
    expect((await open({ Origin: 'https://evil.example' })).status).toBe(403);
    expect((await open({})).status).toBe(403);
  });

  test('an idle session ends', async () => {
    const browser = createBrowser();
    const page = await launch(tool.lms, person('tutor'), '2', browser);
    tool.clock.offsetMs = 7 * 3_600_000;
    expect((await browser.get(page.url)).status).toBe(200);
    tool.clock.offsetMs = 14 * 3_600_000;
    expect((await browser.get(page.url)).status).toBe(200);
    tool.clock.offsetMs = 0;
    const idle = createBrowser();
    const left = await launch(tool.lms, person('tutor'), '2', idle);
    tool.clock.offsetMs = 9 * 3_600_000;
    expect((await idle.get(left.url)).status).toBe(401);
    // However busy, a session ends after 16 hours, and the LMS is asked again.
    tool.clock.offsetMs = 17 * 3_600_000;
    expect((await browser.get(page.url)).status).toBe(401);
    tool.clock.offsetMs = 0;
  });

  test('the language is the launch’s until the person chooses another, which is remembered', async () => {
    const kazakh = tool.lms.people.find(({ kind, locale }) => kind === 'student' && locale === 'kk');
    if (!kazakh) throw new Error('No Kazakh student');
    const browser = createBrowser('de');
    const page = await launch(tool.lms, kazakh.id, '2', browser);
    expect(page.html).toContain('<html lang="kk"');
    expect((await browser.get(`${page.url}?lang=ru`)).html).toContain('<html lang="ru"');
    expect((await browser.get(page.url)).html).toContain('<html lang="ru"');
    const later = await launch(tool.lms, kazakh.id, '2', createBrowser('de'));
    expect(later.html).toContain('<html lang="ru"');
  });

  test('pages may be framed by their LMS only', async () => {
    const page = await launch(tool.lms, person('tutor'), '2');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`frame-ancestors ${tool.lms.url}`);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(page.headers.get('referrer-policy')).toBe('strict-origin');
    expect(page.headers.get('x-frame-options')).toBeNull();
  });
});
