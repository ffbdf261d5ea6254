import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, submit, textOf } from '../../scripts/driver/browser.js';
import { createLmsFetch, isPrivateAddress } from '../../src/lti/lms-fetch.js';
import { readConfiguration } from '../../src/lti/registration.js';
import { startTestTool, type TestTool } from '../support/tool.js';

describe('dynamic registration', () => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool('moodle');
  }, 60_000);
  afterAll(() => tool.close());

  test('the page names the LMS and may be framed by it alone; the LMS is told to close it', async () => {
    const browser = createBrowser();
    const asked = await browser.get(tool.lms.registrationUrl(await tool.app.registrationLinks.create()));
    expect(textOf(asked)).toContain('Moodle asks to use Serik');
    expect(asked.headers.get('content-security-policy')).toContain(`frame-ancestors ${tool.lms.url}`);
    const done = await submit(browser, asked, '/lti/register/');
    expect(done.status).toBe(200);
    expect(done.html).toContain(`data-lms-origin="${tool.lms.url}"`);
    expect(tool.lms.tools().length).toBeGreaterThanOrEqual(2);
  });

  test('a link works once', async () => {
    const browser = createBrowser();
    const link = await tool.app.registrationLinks.create();
    const asked = await browser.get(tool.lms.registrationUrl(link));
    expect((await submit(browser, asked, '/lti/register/')).status).toBe(200);
    const again = await browser.get(tool.lms.registrationUrl(link));
    expect(again.status).toBe(403);
    expect(textOf(again)).toContain('This registration link cannot be used');
  });

  test('of two presses at once one registers', async () => {
    const browser = createBrowser();
    const before = tool.lms.tools().length;
    const asked = await browser.get(tool.lms.registrationUrl(await tool.app.registrationLinks.create()));
    const pages = await Promise.all([
      submit(browser, asked, '/lti/register/'),
      submit(browser, asked, '/lti/register/'),
    ]);
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(tool.lms.tools()).toHaveLength(before + 1);
  });

  test('an invented or expired link fetches nothing', async () => {
    const called = tool.lms.log.length;
    const page = await createBrowser().get(tool.lms.registrationUrl(`${tool.url}/lti/register/invented`));
    expect(page.status).toBe(403);
    const link = await tool.app.registrationLinks.create({ hours: 1 });
    tool.clock.offsetMs = 2 * 3_600_000;
    expect((await createBrowser().get(tool.lms.registrationUrl(link))).status).toBe(403);
    tool.clock.offsetMs = 0;
    expect(tool.lms.log).toHaveLength(called);
  });

  test('a link that is opened by itself says where to paste it', async () => {
    const page = await createBrowser().get(await tool.app.registrationLinks.create());
    expect(page.status).toBe(400);
    expect(textOf(page)).toContain('Paste this link into your LMS');
  });

  test('an LMS token that was used already: the reason is told, and the link is still good', async () => {
    const browser = createBrowser();
    const used = tool.lms.registrationUrl(await tool.app.registrationLinks.create());
    await submit(browser, await browser.get(used), '/lti/register/');
    const link = await tool.app.registrationLinks.create();
    const url = new URL(tool.lms.registrationUrl(link));
    url.searchParams.set('registration_token', new URL(used).searchParams.get('registration_token') ?? '');
    const refused = await submit(browser, await browser.get(url.href), '/lti/register/');
    expect(refused.status).toBe(502);
    expect(textOf(refused)).toContain('The LMS refused the registration');
    const second = await submit(browser, await browser.get(tool.lms.registrationUrl(link)), '/lti/register/');
    expect(second.status).toBe(200);
  });
});

describe('reading an LMS’s description', () => {
  let server: Server;
  let base: string;
  let answer: (path: string) => { status?: number; body: string };
  beforeAll(async () => {
    server = createServer((req, res) => {
      const { status = 200, body } = answer(req.url ?? '');
      res.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  const open = createLmsFetch({ timeoutMs: 500, allowPrivate: true, maxBytes: 10_000 });
  const described = (issuer: string) =>
    JSON.stringify({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      registration_endpoint: `${issuer}/register`,
    });

  test('an issuer of another host is refused: else anyone could register anyone', async () => {
    answer = () => ({ body: described('https://moodle.example.edu') });
    await expect(readConfiguration(open, `${base}/c`)).rejects.toMatchObject({ messageKey: 'registration.issuer' });
    answer = () => ({ body: described(base) });
    await expect(readConfiguration(open, `${base}/c`)).resolves.toMatchObject({ issuer: base });
  });

  test.each([
    ['a page', { body: '<html>' }, 'registration.not-an-lms'],
    ['an empty object', { body: '{}' }, 'registration.not-an-lms'],
    ['an error', { status: 500, body: '' }, 'registration.unreachable'],
    ['a redirect to somewhere else', { status: 302, body: '' }, 'registration.unreachable'],
    ['more than we take', { body: `"${'x'.repeat(20_000)}"` }, 'registration.unreachable'],
  ])('%s is refused in plain words', async (_name, given, messageKey) => {
    answer = () => given;
    await expect(readConfiguration(open, `${base}/c`)).rejects.toMatchObject({ messageKey });
  });

  test('a server that drips is cut off in time', async () => {
    const slow = createServer((_req, res) => {
      const timer = setInterval(() => res.write(' '), 50);
      res.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
    const started = Date.now();
    const { port } = slow.address() as AddressInfo;
    await expect(readConfiguration(open, `http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      messageKey: 'registration.unreachable',
    });
    expect(Date.now() - started).toBeLessThan(5000);
    slow.closeAllConnections();
    slow.close();
  });

  test.each([
    'http://moodle.example.edu/c',
    'https://127.0.0.1/c',
    'https://10.1.2.3/c',
    'https://[::1]/c',
    'https://[::ffff:192.168.1.1]/c',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/c',
    'https://user:secret@moodle.example.edu/c',
    'file:///etc/passwd',
    'not an address',
  ])('in production %s is never fetched', async (address) => {
    const guarded = createLmsFetch({ timeoutMs: 500, allowPrivate: false });
    await expect(readConfiguration(guarded, address)).rejects.toMatchObject({ messageKey: 'registration.address' });
  });

  test.each([
    ['8.8.8.8', false],
    ['172.15.0.1', false],
    ['172.16.0.1', true],
    ['100.64.0.1', true],
    ['fe80::1', true],
    ['fd00::1', true],
    ['2001:4860:4860::8888', false],
    ['::ffff:10.0.0.1', true],
    ['0.0.0.0', true],
  ])('%s is private: %s', (address, expected) => {
    expect(isPrivateAddress(address)).toBe(expected);
  });
});
