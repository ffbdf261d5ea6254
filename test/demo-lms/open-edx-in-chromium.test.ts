import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { startBench, type Bench } from './bench.js';

const SLOW = 90_000;

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser({ log: () => undefined });
}, SLOW);
afterAll(() => browser.close());

describe('The open-edx manner in Chromium', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench('open-edx');
  }, SLOW);
  afterAll(() => bench.close());

  async function visit(path: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${bench.lms.url}/switch?to=${bench.tutor}&return=/`);
    await page.goto(bench.lms.url + path);
    return page;
  }

  test(
    'the frame asks for the login by GET, and says nothing of storage',
    async () => {
      const page = await visit('/');
      const asked: string[] = [];
      await page.route(`${bench.tool.url}/**`, (route) => {
        const { pathname, searchParams } = new URL(route.request().url());
        asked.push(`${route.request().method()} ${pathname} ${[...searchParams.keys()].sort().join(' ')}`);
        return route.fulfill({ contentType: 'text/html', body: '<h1 id="tool">Tool</h1>' });
      });
      await page.goto(`${bench.lms.url}/course/${bench.course}/serik`);
      await page.frameLocator('#contentframe').locator('#tool').waitFor();
      expect(asked).toEqual([
        'GET /lti/login client_id iss login_hint lti_deployment_id lti_message_hint target_link_uri',
      ]);
      await page.context().close();
    },
    SLOW,
  );

  test(
    'a selection that the tool posts from its own site brings the author’s session along',
    async () => {
      const page = await visit('/');
      const now = Math.floor(Date.now() / 1000);
      const jwt = await bench.tool.sign({
        iat: now,
        exp: now + 60,
        'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiDeepLinkingResponse',
        'https://purl.imsglobal.org/spec/lti-dl/claim/content_items': [{ type: 'ltiResourceLink', title: 'Map' }],
      });
      const address = bench.lineItems.replace(/lti-ags$/, 'lti-dl/response');
      // A true page: the browser keeps one that the test makes up away from this machine's addresses.
      bench.tool.page = `<form method="post" action="${address}"><input name="JWT" value="${jwt}"></form>
        <script>document.forms[0].submit()</script>`;
      await page.goto(`${bench.lms.url}/course/${bench.course}/select?tool=${bench.lms.tools()[0]?.id ?? ''}`);
      const saved = page.frameLocator('#contentframe').getByRole('heading', { name: 'Deep Linking is configured' });
      await saved.waitFor();
      expect(await saved.count()).toBe(1);
      await page.context().close();
    },
    SLOW,
  );
});
