import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';

const COOKIES = [
  'plain=1; Path=/; Secure; HttpOnly; SameSite=None',
  'partitioned=1; Path=/; Secure; HttpOnly; SameSite=None; Partitioned',
];

const listen = (handler: RequestListener) =>
  new Promise<Server>((resolve) => {
    const server: Server = createServer(handler).listen(0, '127.0.0.1', () => resolve(server));
  });
const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** What comes back to the tool in the LMS's frame, and at the tool opened by itself, after the frame set both cookies. */
async function cookiesSeen(browser: Browser, lms: string, tool: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(lms);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('link').click();
  const inFrame = await frame.getByTestId('cookies').textContent();
  await page.goto(`${tool}/show`);
  const byItself = await page.getByTestId('cookies').textContent();
  await context.close();
  return { inFrame, byItself };
}

/** Two sites, as the browser sees them: the LMS on localhost, the tool on 127.0.0.1. Decision 0002 stands on this. */
describe('the cookies of a tool in the frame of an LMS', () => {
  let tool: Server;
  let lms: Server;

  beforeAll(async () => {
    tool = await listen((req, res) => {
      res.setHeader('Content-Type', 'text/html');
      if (req.url === '/set') res.setHeader('Set-Cookie', COOKIES).end('<a href="/show">Show</a>');
      else res.end(`<p data-testid="cookies">${req.headers.cookie ?? 'none'}</p>`);
    });
    lms = await listen((_req, res) => {
      res.setHeader('Content-Type', 'text/html').end(`<iframe src="http://127.0.0.1:${portOf(tool)}/set"></iframe>`);
    });
  });

  afterAll(() => {
    tool.close();
    lms.close();
  });

  test.each([
    ['blocked', { inFrame: 'partitioned=1', byItself: 'none' }],
    ['allowed', { inFrame: 'plain=1; partitioned=1', byItself: 'plain=1' }],
  ] as const)('with third-party cookies %s', async (thirdPartyCookies, expected) => {
    const browser = await launchBrowser({ log: console.log, thirdPartyCookies });
    const seen = await cookiesSeen(browser, `http://localhost:${portOf(lms)}`, `http://127.0.0.1:${portOf(tool)}`);
    await browser.close();
    expect(seen).toEqual(expected);
  });
});
