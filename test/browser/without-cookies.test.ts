import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { startTestTool, type TestTool } from '../support/tool.js';

async function openInFrame(page: Page, tool: TestTool, kind: string): Promise<Frame> {
  const person = tool.lms.people.find((one) => one.kind === kind)?.id ?? '';
  await page.goto(`${tool.lms.url}/switch?to=${person}&return=/course/2/serik`);
  const frame = await (await page.waitForSelector('#contentframe')).contentFrame();
  if (!frame) throw new Error('The course page has no frame');
  return frame;
}

async function byTheButton(context: BrowserContext, frame: Frame): Promise<Page> {
  const button = frame.getByText('Open in a new tab');
  await button.waitFor({ timeout: 15_000 });
  const [tab] = await Promise.all([context.waitForEvent('page'), button.click()]);
  await tab.waitForURL(/\/c\/[\w-]+\/$/);
  return tab;
}

describe('a browser that drops every cookie of the frame', () => {
  let browser: Browser;
  let moodle: TestTool;
  let standard: TestTool;
  beforeAll(async () => {
    moodle = await startTestTool('moodle');
    standard = await startTestTool('standard');
    browser = await launchBrowser({ log: console.log, thirdPartyCookies: 'blocked' });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await moodle.close();
    await standard.close();
  });

  const drop = (dropped: boolean) => {
    for (const { frameCookies } of [moodle, standard]) {
      frameCookies.dropped = dropped;
      frameCookies.lost.length = 0;
    }
  };
  beforeEach(() => drop(true));

  const newContext = () => browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 } });

  test('where the LMS keeps no data, one button begins the sign-in again in a tab, and it ends in the tool', async () => {
    const context = await newContext();
    const page = await context.newPage();
    const frame = await openInFrame(page, moodle, 'tutor');
    await frame.getByText('Open in a new tab').waitFor({ timeout: 15_000 });
    const { violations } = await new AxeBuilder({ page }).include('#contentframe').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    const tab = await byTheButton(context, frame);
    await tab.getByText('Hotel business management').first().waitFor();
    expect(new URL(tab.url()).search).toBe('');
    expect(moodle.frameCookies.lost.some((name) => name.startsWith('serik_login'))).toBe(true);
    await context.close();
  }, 60_000);

  test('where the LMS keeps data, the sign-in goes on in the frame, and only the session needs the button', async () => {
    standard.lms.offerStorage(true);
    const context = await newContext();
    const page = await context.newPage();
    const frame = await openInFrame(page, standard, 'student');
    await frame.waitForURL(/\/enter\?code=/, { timeout: 15_000 });
    await frame.getByText('Open in a new tab').waitFor({ timeout: 15_000 });
    const { violations } = await new AxeBuilder({ page }).include('#contentframe').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    const tab = await byTheButton(context, frame);
    await tab.getByText('Hotel business management').first().waitFor();
    // The session was made for the frame first: it is what was lost there.
    expect(standard.frameCookies.lost).toContain('serik');
    await context.close();
  }, 60_000);

  test('where the LMS names a frame for the data but nobody answers, the button comes after a moment', async () => {
    standard.lms.offerStorage(true);
    const context = await newContext();
    // As in the mobile applications that send the target and have no page around the tool.
    await context.addInitScript(() => {
      window.addEventListener('message', (event) => event.stopImmediatePropagation(), true);
    });
    const page = await context.newPage();
    const frame = await openInFrame(page, standard, 'student');
    const tab = await byTheButton(context, frame);
    await tab.getByText('Hotel business management').first().waitFor();
    await context.close();
  }, 60_000);

  test('with partitioned cookies nobody is asked anything, whether the LMS keeps data or not', async () => {
    drop(false);
    for (const tool of [standard, moodle]) {
      const context = await newContext();
      const page = await context.newPage();
      const frame = await openInFrame(page, tool, 'student');
      await frame.waitForURL(/\/c\/[\w-]+\/$/, { timeout: 15_000 });
      await frame.getByText('Hotel business management').first().waitFor();
      await context.close();
    }
  }, 60_000);

  test('the page that answers the launch is an ordinary one: it can be reloaded, and come back to', async () => {
    drop(false);
    const context = await newContext();
    const page = await context.newPage();
    const frame = await openInFrame(page, standard, 'student');
    const home = frame.getByText('Hotel business management').first();
    await home.waitFor({ timeout: 15_000 });
    await frame.waitForURL(/\/c\/[\w-]+\/$/, { timeout: 15_000 });
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest()) asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
    });
    const { pathname } = new URL(frame.url());
    await frame.evaluate(() => window.location.reload());
    await frame.waitForLoadState('load');
    await home.waitFor();
    await frame.locator('nav a[href$="/consultations"]').first().click();
    await frame.waitForURL(/\/consultations$/);
    await frame.evaluate(() => window.history.back());
    await frame.waitForURL(/\/c\/[\w-]+\/$/);
    await home.waitFor();
    expect(asked.slice(0, 2)).toEqual([`GET ${pathname}`, `GET ${pathname}consultations`]);
    expect(asked.filter((line) => line.startsWith('POST'))).toEqual([]);
    await context.close();
  }, 60_000);

  test('an expired session inside the frame says how to come back', async () => {
    drop(false);
    const context = await newContext();
    const page = await context.newPage();
    const frame = await openInFrame(page, moodle, 'tutor');
    await frame.waitForURL(/\/c\/[\w-]+\/$/, { timeout: 15_000 });
    moodle.clock.offsetMs = 9 * 3_600_000;
    await frame
      .getByRole('link', { name: 'Карта' })
      .or(frame.getByRole('link', { name: 'Map' }))
      .first()
      .click();
    await frame
      .getByText(/Open Serik again from the course page|курс бетінен қайта ашыңыз|снова со страницы курса/)
      .first()
      .waitFor();
    moodle.clock.offsetMs = 0;
    await context.close();
  }, 60_000);
});
