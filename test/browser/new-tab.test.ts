import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { startTestTool, type TestTool } from '../support/tool.js';

describe('a browser that keeps no session in the frame', () => {
  let tool: TestTool;
  let browser: Browser;
  beforeAll(async () => {
    tool = await startTestTool('moodle');
    browser = await launchBrowser({ log: console.log, thirdPartyCookies: 'blocked' });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await tool.close();
  });

  test('one button opens the tool in a tab of its own', async () => {
    const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    // The frame's launch loses the session's cookie on its way, and nothing else.
    await context.route('**/lti/launch', async (route) => {
      const response = await route.fetch({ maxRedirects: 0 });
      const { 'set-cookie': _lost, ...headers } = response.headers();
      await route.fulfill({ response, headers });
    });
    const tutor = tool.lms.people.find(({ kind }) => kind === 'tutor')?.id ?? '';
    await page.goto(`${tool.lms.url}/switch?to=${tutor}&return=/course/2/serik`);
    const frame = await (await page.waitForSelector('#contentframe')).contentFrame();
    if (!frame) throw new Error('The course page has no frame');
    const button = frame.getByRole('button', { name: 'Open in a new tab' });
    await button.waitFor({ timeout: 15_000 });
    const { violations } = await new AxeBuilder({ page }).include('#contentframe').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    const [tab] = await Promise.all([context.waitForEvent('page'), button.click()]);
    await tab.waitForURL(/\/c\/[\w-]+\/$/);
    await tab.getByText('Hotel business management').first().waitFor();
    expect(new URL(tab.url()).search).toBe('');
    await context.close();
  }, 60_000);
});
