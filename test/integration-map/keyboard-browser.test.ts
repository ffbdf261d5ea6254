import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { arrive, type Guest } from '../support/guests.js';
import { CLAIM } from '../support/hand-made-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';
import { quiet } from '../support/victim.js';

jest.setTimeout(240_000);

const ENGLISH = { [`${CLAIM}/launch_presentation`]: { locale: 'en' } };
/** No way on these pages is longer. */
const FARTHEST = 200;

let tool: TestTool;
let browser: Browser;
let tutor: Guest;

beforeAll(async () => {
  tool = await startTestTool('standard');
  browser = await launchBrowser({ log: console.log });
  tutor = await arrive(tool, { claims: ENGLISH });
  // The overview opens anew when the roster and the grade book are read.
  await quiet(tutor);
});
afterAll(async () => {
  await browser.close();
  await tool.close();
});

const isFocused = (target: Locator) =>
  target.evaluateAll((elements) => elements.some((element) => element === document.activeElement));

/** Goes there as somebody without a mouse does, and sees where the focus is. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let steps = 0; steps < FARTHEST; steps++) {
    if (await isFocused(target)) {
      const ring = await target.first().evaluate((element) => {
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        return outlineStyle !== 'none' || boxShadow !== 'none';
      });
      expect([await target.first().evaluate((element) => element.outerHTML.slice(0, 120)), ring]).toEqual([
        expect.any(String),
        true,
      ]);
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never reaches ${target.toString()}`);
}

test('by keyboard alone: from a course without a map to a map that is submitted', async () => {
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 900 } });
  const cookies = tutor.browser.cookies(new URL(tool.url).host);
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: tool.url })));
  context.setDefaultTimeout(25_000);
  const page = await context.newPage();
  await page.goto(`${tutor.home}/`);
  const { keyboard } = page;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const box = (name: string) => page.getByRole('textbox', { name, exact: true });

  await tabTo(page, page.locator('nav a[href$="/map"]'));
  await keyboard.press('Enter');
  await page.waitForURL(/\/map$/);
  await tabTo(page, button('Make the map'));
  await keyboard.press('Enter');
  await page.waitForSelector('#map-form.is-live');

  await tabTo(page, page.locator('[name="moocs.m1.title"]'));
  await keyboard.type('Hotel Management');
  await tabTo(page, page.locator('[name="head.hours"]'));
  await keyboard.type('150');
  await tabTo(page, page.locator('[name="head.credits"]'));
  await keyboard.type('5');
  for (const name of ['head.form', 'head.level', 'head.language']) {
    await tabTo(page, page.locator(`select[name="${name}"]`));
    await keyboard.press('ArrowDown');
  }
  await tabTo(page, page.locator('[name="head.semester"]'));
  await keyboard.type('Autumn 2026');

  await tabTo(page, page.locator('[name="moocs.m1.match"]'));
  await keyboard.type('80');
  await tabTo(page, page.locator('[name="head.model"]'));
  await keyboard.press('ArrowDown');

  // The sheet: a week's topic, Enter, and the next one.
  await tabTo(page, box('Week 1, topic'));
  for (let week = 1; week <= 15; week++) {
    for (let rows = 0; rows < FARTHEST && !(await isFocused(box(`Week ${week}, topic`))); rows++)
      await keyboard.press('Enter');
    expect(await isFocused(box(`Week ${week}, topic`))).toBe(true);
    await keyboard.type(`Topic ${week}`);
  }
  // A sheet must not hold whoever came in by keys.
  await keyboard.press('Enter');
  await page.locator('#map-state [data-state="saved"]:not([hidden])').waitFor();

  await tabTo(page, link('Agreement'), 'Shift+Tab');
  await keyboard.press('Enter');
  await page.waitForURL(/\/agreement$/);
  await tabTo(page, box('What is new, or why now'));
  await keyboard.type('First version');
  await keyboard.press('Enter');
  await page.getByText('The map is submitted.').waitFor();

  await page.goto(`${tutor.home}/agreement/versions/1`);
  const text = (await page.locator('main').textContent()) ?? '';
  for (const word of ['150', 'Hotel Management', 'Autumn 2026', 'Topic 1', 'Topic 15']) expect(text).toContain(word);
  await context.close();
});
