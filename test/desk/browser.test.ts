import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { buildMap } from '../../scripts/driver/main-job.js';
import { createBrowser } from '../../scripts/driver/browser.js';
import { launch } from '../../scripts/driver/launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

/** The pages of the administrator, of staff above courses, and of a teacher who places or copies: in the LMS's frame. */
describe.each([1280, 360])('desk and placement pages at %i px', (width) => {
  let tool: TestTool;
  let browser: Browser;
  let copy: string;
  beforeAll(async () => {
    tool = await startTestTool('moodle');
    browser = await launchBrowser({ log: console.log, thirdPartyCookies: 'blocked' });
    const tutor = createBrowser();
    await buildMap(tutor, (await launch(tool.lms, person('tutor'), '2', tutor)).url.replace(/\/$/, ''));
    copy = tool.lms.copyCourse('2').id;
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await tool.close();
  });

  const person = (kind: string) => tool.lms.people.find((one) => one.kind === kind)?.id ?? '';

  async function open(kind: string, path: string): Promise<{ page: Page; frame: Frame; faults: string[] }> {
    const context = await browser.newContext({ locale: 'en', viewport: { width, height: 1200 } });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(`${tool.lms.url}/switch?to=${person(kind)}&return=${encodeURIComponent(path)}`);
    const frame = await (await page.waitForSelector('#contentframe')).contentFrame();
    if (!frame) throw new Error('There is no frame');
    await frame.waitForURL(/\/(c|desk|my)\//, { timeout: 15_000 });
    return { page, frame, faults };
  }

  async function looksGood(page: Page, frame: Frame): Promise<void> {
    await frame.waitForSelector('main h1');
    const { violations } = await new AxeBuilder({ page }).include('#contentframe').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    const over = await frame.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over).toBe(0);
  }

  test('the administrator: platforms, a new link, one platform tested, the form by hand, the errors', async () => {
    const { page, frame, faults } = await open('administrator', '/admin/serik');
    await looksGood(page, frame);
    await frame.locator('#link form button').first().click();
    await frame.locator('#new-link').waitFor();
    await looksGood(page, frame);
    // The row of this LMS, among all that the tool knows.
    await frame.locator('tr', { hasText: tool.lms.url }).locator('a.btn').click();
    await frame.locator('#test form button').click();
    // The page waits for the test and shows itself anew.
    await frame.locator('#test .fix, #test li.test .st.ok').nth(8).waitFor({ timeout: 20_000 });
    await frame.getByText('with a partitioned cookie').waitFor();
    await looksGood(page, frame);
    for (const path of ['/desk/add', '/desk/events']) {
      await frame.goto(tool.url + path);
      await looksGood(page, frame);
    }
    await frame.goto(`${tool.url}/desk/add`);
    await frame.locator('form.sk-panel button.btn-primary').click();
    await frame.locator('.is-invalid').first().waitFor();
    await looksGood(page, frame);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 90_000);

  test('staff above courses', async () => {
    const { page, frame } = await open('tutor', '/my/serik');
    await looksGood(page, frame);
    await frame.locator('form button').last().click();
    await frame.waitForURL(/\/c\/[\w-]+\/$/);
    await page.context().close();
  }, 60_000);

  test('a teacher chooses what to place, and the LMS has it', async () => {
    const before = tool.lms.tools()[0]?.id ?? '';
    const { page, frame } = await open('tutor', `/course/2/select?tool=${before}`);
    await looksGood(page, frame);
    await frame.locator('#place-mooc').check();
    await frame.locator('form.sk-panel button.btn-primary').click();
    await frame.getByRole('button', { name: 'Save and return to course' }).click();
    await page.waitForURL(/\/course\/2$/);
    expect(tool.lms.gradebook('2').columns.map(({ maximum }) => maximum)).toContain(100);
    await page.context().close();
  }, 60_000);

  test('a copied course asks, in another language too', async () => {
    const { page, frame } = await open('tutor', `/course/${copy}/serik`);
    await looksGood(page, frame);
    await frame.getByRole('link', { name: 'Eng' }).click();
    await frame.getByRole('button', { name: 'Copy its map here' }).waitFor();
    await looksGood(page, frame);
    await frame.getByRole('button', { name: 'Copy its map here' }).click();
    await frame.waitForURL(/\/map/);
    await frame
      .getByText('Hotel Management: Distribution')
      .first()
      .waitFor()
      .catch(() => undefined);
    expect(
      await frame.locator('textarea, input').evaluateAll((fields) => fields.map((f) => (f as HTMLInputElement).value)),
    ).toContain('Hotel Management: Distribution, Revenue and Demand');
    await page.context().close();
  }, 60_000);
});
