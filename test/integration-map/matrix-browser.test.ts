import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { testDatabase } from '../support/database.js';
import { mapSite, paste, saved, type MapSite } from './map-site.js';

// A browser's own time-outs come first, since they say what was waited for.
jest.setTimeout(90_000);

describe('the match matrix in a browser', () => {
  let database: { connection: Connection; close(): Promise<void> };
  let browser: Browser;
  let site: MapSite;

  beforeAll(async () => {
    database = await testDatabase();
    browser = await launchBrowser({ log: console.log });
  });
  afterAll(async () => {
    await browser.close();
    await database.close();
  });
  beforeEach(async () => {
    site = await mapSite(database.connection, browser);
  });
  afterEach(() => site.close());

  const stored = async () => {
    const map = await site.room.maps.find(site.room.course);
    if (!map) throw new Error('There is no map');
    return map;
  };
  const OUTCOMES = '1. Explains how a hotel is organised\n2. Sets prices from demand data\n3. Serves guests';
  const MODULES = '• Hotel business today\n• Demand';

  /** Three outcomes and two modules, pasted as lists, with the matrix open. */
  async function openMatrix(page: Page): Promise<void> {
    await page.locator('#new-outcomes').focus();
    await page.locator('#new-outcomes').fill(OUTCOMES);
    await page.locator('button[value="add-outcomes"]').click();
    await page.locator('#map-outcomes li').nth(2).waitFor();
    await page.locator('#matrix-link-m1').click();
    await page.locator('#new-modules').fill(MODULES);
    await page.locator('button[value="add-modules:m1"]').click();
    await page.locator('#matrix-table').waitFor();
  }

  const cell = (page: Page, row: number, column: number) =>
    page.locator('#matrix-table tbody tr').nth(row).locator('select').nth(column);

  /** What axe finds in the page's own content. */
  const faults = async (page: Page) =>
    (await new AxeBuilder({ page }).include('#s2').include('#s3').analyze()).violations;

  test('lists are pasted, cells set by keyboard; per cent, gaps and hint follow', async () => {
    const page = await site.open('tutor-1');
    await openMatrix(page);
    expect((await stored()).outcomes.map(({ text }) => text)).toEqual([
      'Explains how a hotel is organised',
      'Sets prices from demand data',
      'Serves guests',
    ]);
    expect(await page.locator('#new-outcomes').inputValue()).toBe('');

    await cell(page, 0, 0).focus();
    await page.keyboard.press('3');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await cell(page, 1, 1).evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press(' ');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Two of four topics');
    await page.keyboard.press('Escape');
    expect(await cell(page, 1, 1).evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByText('by the matrix: 1.5 of 3 outcomes').waitFor();
    await saved(page);

    const map = await stored();
    const [one, two] = map.outcomes.map(({ id }) => id);
    const [left, right] = map.modules.map(({ id }) => id);
    expect(map.cells).toEqual({
      [`${one}-${left}`]: { level: 'fully', note: '' },
      [`${two}-${right}`]: { level: 'partly', note: 'Two of four topics' },
    });
    expect(await page.locator('#f-moocs-m1-match').getAttribute('placeholder')).toBe('50');
    const match = await page.locator('#map-match').innerText();
    expect(match).toContain('All MOOCs together cover 50 % of the outcomes: 1 fully, 1 partly, 1 not at all.');
    expect(match).toMatch(/Outcome 3\s+Serves guests – in no module/);
    expect(match).toMatch(/Outcome 2\s+Sets prices from demand data – only partly/);
    expect(await page.locator('#map-hint').innerText()).toContain('The numbers suggest model 2.');
    expect(await page.locator('#map-checks').innerText()).toContain('Outcome 3 is covered by no MOOC.');

    const name = page.getByRole('combobox', {
      name: /1 Explains how a hotel is organised M1 Hotel business today/,
    });
    expect(await name.inputValue()).toBe('fully');
    expect(await faults(page)).toEqual([]);
    await page.reload();
    expect(await page.getByText('by the matrix: 1.5 of 3 outcomes').count()).toBe(1);
  });

  test('a per cent of one’s own asks for its reason, in the cell and among the checks', async () => {
    const page = await site.open('tutor-1');
    await openMatrix(page);
    expect(await page.locator('#f-moocs-m1-reason').isVisible()).toBe(false);
    await cell(page, 0, 0).selectOption('fully');
    await page.locator('#f-moocs-m1-match').fill('80');
    await page.locator('#f-moocs-m1-reason').waitFor();
    const warning = page.locator('#map-checks li', { hasText: 'set by hand' });
    await warning.getByRole('link').click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('f-moocs-m1-reason');
    await page.keyboard.type('Two modules are read in class');
    await warning.waitFor({ state: 'detached' });
    await saved(page);
    expect((await stored()).moocs[0]).toMatchObject({ match: '80', reason: 'Two modules are read in class' });
  });

  test('at 360 px an outcome comes after the other, and nothing scrolls sideways', async () => {
    const page = await site.open('tutor-1', { width: 360, language: 'ru' });
    await openMatrix(page);
    await cell(page, 1, 0).selectOption('partly');
    await saved(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide).toBe(false);
    const [above, below] = await Promise.all([cell(page, 0, 0), cell(page, 0, 1)].map((one) => one.boundingBox()));
    expect((below?.y ?? 0) - (above?.y ?? 0)).toBeGreaterThan(24);
    expect(await faults(page)).toEqual([]);
  });

  test('two tutors fill one matrix; the same cell is a choice, and what was taken out under one comes back', async () => {
    const [hers, his] = [await site.open('tutor-1'), await site.open('tutor-2')];
    await openMatrix(hers);
    await his.reload();
    await his.locator('#matrix-link-m1').click();
    await his.locator('#matrix-table').waitFor();
    // He sees what she does by the answers to his own saves only.
    await his.route('**/map/changes*', (route) => route.abort());
    await cell(hers, 0, 0).selectOption('fully');
    await saved(hers);
    await cell(his, 0, 1).selectOption('partly');
    await saved(his);
    expect(await cell(his, 0, 0).inputValue()).toBe('fully');
    await cell(hers, 1, 0).selectOption('fully');
    await saved(hers);
    await cell(his, 1, 0).selectOption('partly');
    const note = his.locator('[data-problem$=".level"]');
    await note.waitFor();
    expect(await note.innerText()).toContain('Outcome 2 × MOOC 1, module 1, level');
    await note.getByRole('button', { name: /Yours/ }).click();
    await saved(his);
    expect(Object.values((await stored()).cells).map(({ level }) => level)).toEqual(['fully', 'partly', 'partly']);

    await hers.locator('#map-outcomes button[value^="delete-outcome"]').nth(2).click();
    await hers.locator('[data-notice] button').waitFor();
    await cell(his, 2, 0).selectOption('fully');
    const lost = his.locator('[data-problem^="outcomes."]');
    await lost.waitFor();
    await lost.getByRole('button').first().click();
    await saved(his);
    const map = await stored();
    expect(map.outcomes.map(({ deleted }) => deleted)).toEqual([null, null, null]);
    expect(map.cells[`${map.outcomes[2]?.id ?? ''}-${map.modules[0]?.id ?? ''}`]?.level).toBe('fully');
  });

  test('what is set without a connection waits for it, and a list that is being written stays', async () => {
    const page = await site.open('tutor-1');
    await openMatrix(page);
    await page.context().setOffline(true);
    await cell(page, 0, 0).selectOption('fully');
    await page.locator('#map-state [data-state="waiting"]:not([hidden])').waitFor();
    await page.locator('#new-modules').focus();
    await paste(page, { text: 'x' });
    await page.locator('#new-modules').fill('Revenue\nFront office');
    await page.context().setOffline(false);
    await page.getByText('by the matrix: 1 of 3 outcomes').waitFor();
    await site.room.act({ since: 1, act: { do: 'add-mooc', id: 'n0000000009' } }, { sub: 'tutor-2' }).expect(200);
    await page.locator('#mooc-n0000000009').waitFor();
    expect(await page.locator('#new-modules').inputValue()).toBe('Revenue\nFront office');
  });
});
