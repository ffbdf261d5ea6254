import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import { DateTime } from 'luxon';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { buildMap } from '../../scripts/driver/main-job.js';
import { spanOfDays } from '../../src/web/dates.js';
import { loadCatalogues, type Language, type Translate } from '../../src/web/i18n.js';
import { arrive, personOf, type Guest } from '../support/guests.js';
import { CLAIM } from '../support/hand-made-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

/** A folder, where somebody wants to look at the pages. */
const SHOTS = process.env['SHOTS'];

const today = DateTime.now().setZone('Asia/Almaty').startOf('day');
/** Monday of week 7, when the semester began five weeks ago. */
const monday = today.minus({ weeks: 5 }).startOf('week').plus({ weeks: 6 });
const isoDay = (day: DateTime) => day.toFormat('yyyy-MM-dd');

describe.each([
  [1280, 'en'],
  [360, 'kk'],
] as const)('from the map to the course at %i px in %s', (width, language: Language) => {
  let tool: TestTool;
  let browser: Browser;
  let t: Translate;
  let tutor: Guest;
  let student: Guest;

  beforeAll(async () => {
    tool = await startTestTool('standard');
    browser = await launchBrowser({ log: console.log });
    t = (await loadCatalogues()).translator(language);
    const claims = { [`${CLAIM}/launch_presentation`]: { locale: language } };
    tutor = await arrive(tool, { claims });
    await buildMap(tutor.browser, tutor.home, { semesterStart: '' });
    student = await arrive(tool, { person: personOf(tool, 'student'), claims });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await tool.close();
  });

  async function as(guest: Guest, path: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 900 } });
    const cookies = guest.browser.cookies(new URL(tool.url).host);
    await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: tool.url })));
    context.setDefaultTimeout(25_000);
    const page = await context.newPage();
    await page.goto(guest.home + path);
    return page;
  }

  async function fits(page: Page, name: string): Promise<void> {
    await page.waitForSelector('main h1');
    await page.waitForLoadState();
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect([name, over]).toEqual([name, 0]);
  }

  async function looksGood(page: Page, name: string): Promise<void> {
    await fits(page, name);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
  }

  const apply = (page: Page) => page.locator('#preview .btn-primary').click();

  test('a tutor previews and applies; consultations, results and the student’s plan follow', async () => {
    const page = await as(tutor, '/map');
    await page.getByRole('link', { name: t('course-plan:title'), exact: true }).click();
    await page.getByText(t('course-plan:no-start.missing')).waitFor();
    await looksGood(page, 'no-start');
    await page.getByRole('link', { name: t('course-plan:no-start.act') }).click();
    await page.waitForSelector('#map-form.is-live');
    const start = page.locator('#f-head-semesterStart');
    expect(await start.evaluate((element) => element.matches(':target'))).toBe(true);
    await start.fill(isoDay(today.minus({ weeks: 5 })));
    await start.press('Tab');
    await page.locator('#map-state [data-state="saved"]:not([hidden])').waitFor();

    await page.goto(`${tutor.home}/map/apply`);
    const window = spanOfDays(isoDay(monday), isoDay(monday.plus({ days: 6 })), language);
    await page.locator('#preview').getByText(window).first().waitFor();
    await looksGood(page, 'preview');
    await apply(page);
    await page.getByText(t('course-plan:notice.applied.title')).waitFor();
    await looksGood(page, 'applied');

    await page.goto(`${tutor.home}/consultations?stage=midterm-1&add=1#add`);
    expect(await page.locator('#planned').textContent()).toContain(window);
    expect(await page.locator('#add-date').inputValue()).toBe(isoDay(monday));
    await fits(page, 'consultations-add');
    await page.locator('#add-date').fill(isoDay(monday.plus({ days: 8 })));
    await page.locator('#add-time').fill('14:00');
    await page.locator('#add-count').fill('1');
    await page.locator('#add-place-room').check();
    await page.locator('#add-room').fill('304');
    await page.locator('#add .btn-primary').click();
    await page.getByText(t('consultations:planned.outside')).first().waitFor();
    await looksGood(page, 'consultations-outside');

    await page.goto(`${tutor.home}/results`);
    expect(await page.locator('#res-grid thead').textContent()).toContain(
      monday
        .plus({ days: 6 })
        .setLocale(language === 'en' ? 'en-GB' : language)
        .toFormat('d LLL'),
    );
    await fits(page, 'results');

    const mine = await as(student, '/plan');
    const own = mine.locator('#my-consultations');
    await own.getByText(t('consultations:mine.free', { count: 1 })).waitFor();
    expect(await own.textContent()).toContain(window);
    const panels = await mine.locator('main section h2').allInnerTexts();
    expect(panels.indexOf(t('consultations:mine.title'))).toBeGreaterThan(
      panels.findIndex((title) => title.startsWith(t('integration-map:plan.week', { week: 6 }))),
    );
    await looksGood(mine, 'student-plan');
    await own.getByRole('link', { name: t('consultations:mine.book') }).click();
    await fits(mine, 'student-consultations');
    await mine
      .getByRole('button')
      .filter({ hasText: t('consultations:offer.book') })
      .first()
      .click();
    await mine.goto(`${student.home}/plan`);
    await own.getByText(t('consultations:own.booked')).waitFor();
    expect(await own.textContent()).toContain('304');
    await looksGood(mine, 'student-plan-booked');

    await page.goto(`${tutor.home}/map`);
    await page.waitForSelector('#map-form.is-live');
    await page.locator('#f-head-semesterStart').fill(isoDay(today.minus({ weeks: 4 })));
    await page.locator('#f-head-semesterStart').press('Tab');
    await page.locator('#map-state [data-state="saved"]:not([hidden])').waitFor();
    await page.goto(`${tutor.home}/`);
    await looksGood(page, 'overview');
    await page.getByRole('link', { name: t('course-plan:note.act') }).click();
    await fits(page, 'preview-changed');
    await apply(page);
    await page.getByText(t('course-plan:notice.applied.title')).waitFor();
    await page.goto(`${tutor.home}/`);
    await page.waitForSelector('main h1');
    expect(await page.getByRole('link', { name: t('course-plan:note.act') }).count()).toBe(0);
    await mine.reload();
    await own.getByText(t('consultations:own.booked')).waitFor();
    for (const one of [page, mine]) await one.context().close();
  }, 300_000);
});
