import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, submit, textOf, type Browser } from '../../scripts/driver/browser.js';
import {
  answerOf,
  arrive,
  ask,
  attribute,
  beginLogin,
  csrfOf,
  launchWithoutCookies,
  personOf,
} from '../support/guests.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const EVIL = 'https://evil.example';
describe('signing in', () => {
  let tool: TestTool;
  let host: string;
  beforeAll(async () => {
    tool = await startTestTool('standard');
    host = new URL(tool.url).host;
  }, 60_000);
  afterAll(() => tool.close());

  const sessionOf = (browser: Browser) => browser.cookies(host)['serik'];

  describe('as somebody else, by another site', () => {
    test('an answer that belongs to the attacker’s browser signs nobody in', async () => {
      const attacker = await beginLogin(tool);
      const form = await answerOf(tool, attacker);
      const victim = (await beginLogin(tool)).browser;
      for (const headers of [{}, { Origin: EVIL }, { Origin: tool.url }]) {
        const page = await victim.post(`${tool.url}/lti/launch`, form, headers);
        expect(page.status).toBe(401);
        expect(sessionOf(victim)).toBeUndefined();
      }
    });

    test('the secret that an LMS’s storage keeps is taken from our own page only', async () => {
      const bare = createBrowser();
      const query = { lti_storage_target: '_parent', cookie: 'set' };
      const login = new URL(`${tool.url}/lti/login`);
      const clientId = tool.lms.tools()[0]?.clientId ?? '';
      const params = { iss: tool.lms.url, client_id: clientId, login_hint: '1', target_link_uri: tool.url, ...query };
      for (const [name, value] of Object.entries(params)) login.searchParams.set(name, value);
      const page = await bare.get(login.href);
      const next = new URL(attribute(page.html, 'data-next'));
      const begun = { state: next.searchParams.get('state') ?? '', nonce: next.searchParams.get('nonce') ?? '' };
      const form = { ...(await answerOf(tool, begun)), browser: attribute(page.html, 'data-value') };
      expect(form.browser).toMatch(/^[\w-]{43}$/);
      for (const headers of [{}, { Origin: EVIL }, { Origin: 'null' }, { Origin: tool.lms.url }]) {
        const victim = createBrowser();
        expect((await victim.post(`${tool.url}/lti/launch`, form, headers)).status).toBe(401);
        expect(sessionOf(victim)).toBeUndefined();
      }
      const own = createBrowser();
      expect((await own.post(`${tool.url}/lti/launch`, form, { Origin: tool.url })).status).toBe(200);
    });

    /** A launch whose session cookie was lost: the address to which the frame was sent. */
    const lost = () => launchWithoutCookies(tool);

    test('the button for a tab of its own is shown inside the LMS’s frame only', async () => {
      const address = await lost();
      const framed = await createBrowser().get(address, { 'Sec-Fetch-Dest': 'iframe' });
      expect(textOf(framed)).toContain('Open in a new tab');
      // An attacker’s site leads a person here with a code of the attacker’s own.
      const led = await createBrowser().get(address, { 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Site': 'cross-site' });
      expect(led.status).toBe(401);
      expect(led.html).not.toContain('<form');
    });

    test('a code opens nothing when another site posts it', async () => {
      const code = new URL(await lost()).searchParams.get('code') ?? '';
      for (const headers of [{ Origin: EVIL }, { Origin: tool.lms.url }, { Origin: 'null' }, {}]) {
        const victim = createBrowser();
        expect((await victim.post(`${tool.url}/open`, { code }, headers)).status).toBe(403);
        expect(sessionOf(victim)).toBeUndefined();
      }
    });
  });

  describe('a second time with what was used', () => {
    /** Other spellings of the same sealed bytes. */
    const respelled = (text: string) => [
      `${text}=`,
      `${text}!`,
      ` ${text}`,
      `${text.slice(0, 9)}.${text.slice(9)}`,
      text.replaceAll('-', '+').replaceAll('_', '/'),
    ];

    test('a used state stays used, however it is spelled', async () => {
      const begun = await beginLogin(tool);
      const form = await answerOf(tool, begun);
      const post = (state: string) => begun.browser.post(`${tool.url}/lti/launch`, { ...form, state });
      expect((await post(form.state)).status).toBe(200);
      for (const state of respelled(form.state)) expect((await post(state)).status).toBe(401);
    });

    /** Posts the same launch again, in the browser as it is now, past the jar that `Browser` keeps. */
    const replay = async (cookies: Record<string, string>, form: Record<string, string>) => {
      const answer = await fetch(`${tool.url}/lti/launch`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          Cookie: Object.entries(cookies)
            .map((pair) => pair.join('='))
            .join('; '),
        },
        body: new URLSearchParams(form),
      });
      return { status: answer.status, headers: answer.headers, html: await answer.text() };
    };
    const isLogin = ([name]: [string, string]) => name.startsWith('serik_login');

    test('of a launch that comes with the session and without it at once, one gets in', async () => {
      for (let round = 0; round < 5; round++) {
        const { browser } = await arrive(tool);
        const begun = await beginLogin(tool, { browser });
        const form = await answerOf(tool, begun);
        const all = browser.cookies(host);
        const bare = Object.fromEntries(Object.entries(all).filter(isLogin));
        const answers = await Promise.all(
          Array.from({ length: 12 }, (_, index) => replay(index % 2 === 0 ? all : bare, form)),
        );
        expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(11).fill(401)]);
      }
    });

    test('who is refused gets nothing of the page that was made ready, and no cookie', async () => {
      const begun = await beginLogin(tool);
      const form = await answerOf(tool, begun);
      const cookies = begun.browser.cookies(host);
      const first = await replay(cookies, form);
      expect(first.html).toContain('Hotel business management');
      expect(first.headers.getSetCookie()).toHaveLength(1);
      const second = await replay(cookies, form);
      expect([second.status, second.headers.getSetCookie(), second.headers.get('content-location')]).toEqual([
        401,
        [],
        null,
      ]);
      expect(second.html).not.toContain('Hotel business management');
      expect(second.html).not.toContain('csrf');
    });

    test('a launch stays used when its session has ended since', async () => {
      const begun = await beginLogin(tool);
      const form = await answerOf(tool, begun);
      const page = await begun.browser.post(`${tool.url}/lti/launch`, form);
      const guest = { browser: begun.browser, page, home: page.url.replace(/\/$/, ''), csrf: csrfOf(page.html) };
      expect((await ask(guest, 'post /sign-out', guest.home)).status).toBe(200);
      expect((await begun.browser.post(`${tool.url}/lti/launch`, form)).status).toBe(401);
    });

    test('a used code for a new tab stays used, however it is spelled', async () => {
      const code = new URL(await launchWithoutCookies(tool)).searchParams.get('code') ?? '';
      const open = (spelled: string) =>
        createBrowser().post(`${tool.url}/open`, { code: spelled }, { Origin: tool.url });
      expect((await open(code)).status).toBe(200);
      for (const spelled of [code, ...respelled(code)]) expect((await open(spelled)).status).toBe(401);
    });
  });

  describe('in a browser in which somebody has been before', () => {
    test('another person gets another cookie and another token, and the first session gets nothing of theirs', async () => {
      const browser = createBrowser();
      const first = await arrive(tool, { browser, person: personOf(tool, 'student') });
      const planted = sessionOf(browser) ?? '';
      const second = await arrive(tool, { browser, person: personOf(tool, 'tutor') });
      expect(sessionOf(browser)).not.toBe(planted);
      expect(second.csrf).not.toBe(first.csrf);
      // Whoever planted the cookie still is who they were.
      const page = await fetch(`${second.home}/`, { headers: { Cookie: `serik=${planted}`, Accept: 'text/html' } });
      const html = await page.text();
      expect(csrfOf(html)).toBe(first.csrf);
      expect((await fetch(`${second.home}/results`, { headers: { Cookie: `serik=${planted}` } })).status).toBe(403);
    });

    test('an invented cookie is never taken over', async () => {
      const begun = await beginLogin(tool);
      const cookies = Object.entries(begun.browser.cookies(host)).map(([name, value]) => `${name}=${value}`);
      const answer = await fetch(`${tool.url}/lti/launch`, {
        method: 'POST',
        redirect: 'manual',
        headers: { Cookie: [...cookies, 'serik=planted'].join('; ') },
        body: new URLSearchParams(await answerOf(tool, begun)),
      });
      expect(answer.status).toBe(200);
      const [set = ''] = answer.headers.getSetCookie().filter((line) => line.startsWith('serik='));
      expect(set).toMatch(/^serik=[\w-]{43};/);
      const page = await fetch(`${tool.url}/desk/`, { headers: { Cookie: 'serik=planted' } });
      expect(page.status).toBe(401);
    });

    test('after the longest time the same person gets in again, by a new session', async () => {
      const browser = createBrowser();
      const guest = await arrive(tool, { browser });
      const cookie = sessionOf(browser);
      try {
        for (const hours of [7, 14]) {
          tool.clock.offsetMs = hours * 3_600_000;
          expect((await ask(guest, 'get /', guest.home)).status).toBe(200);
        }
        tool.clock.offsetMs = 17 * 3_600_000;
        expect((await ask(guest, 'get /', guest.home)).status).toBe(401);
        const now = Math.floor(Date.now() / 1000) + 17 * 3600;
        const again = await arrive(tool, { browser, claims: { iat: now, exp: now + 60 } });
        expect(again.page.status).toBe(200);
        expect(sessionOf(browser)).not.toBe(cookie);
      } finally {
        tool.clock.offsetMs = 0;
      }
    });

    test('signed out, the cookie of before opens nothing', async () => {
      const browser = createBrowser();
      const guest = await arrive(tool, { browser });
      const cookie = sessionOf(browser) ?? '';
      await submit(browser, guest.page, '/sign-out');
      expect(sessionOf(browser)).toBeUndefined();
      expect((await fetch(`${guest.home}/`, { headers: { Cookie: `serik=${cookie}` } })).status).toBe(401);
    });
  });
});
