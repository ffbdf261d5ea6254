import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import express from 'express';
import type { Connection } from 'mongoose';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { publicFolder } from '../../src/web/assets.js';
import { testDatabase } from '../support/database.js';
import { mapApp } from './map-app.js';

// A browser's own time-outs come first, since they say what was waited for.
jest.setTimeout(60_000);

describe('the map in a browser', () => {
  let database: { connection: Connection; close(): Promise<void> };
  let browser: Browser;
  let server: Server;
  let room: Awaited<ReturnType<typeof mapApp>>;
  let address: string;
  let down: boolean;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    database = await testDatabase();
    browser = await launchBrowser({ log: console.log });
  });
  afterAll(async () => {
    await browser.close();
    await database.close();
  });
  beforeEach(async () => {
    down = false;
    room = await mapApp(database.connection);
    await room.start();
    const outer = express();
    outer.use('/assets', express.static(publicFolder));
    outer.use((req, _res, next) => {
      // The room's app knows another port than the one that this test was given.
      delete req.headers.origin;
      if (down) req.socket.destroy();
      else next();
    });
    outer.use(room.app);
    server = outer.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/c/${room.course.id}`;
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function open(sub: string, width = 1280, headers: Record<string, string> = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      extraHTTPHeaders: { 'x-test-sub': sub, ...headers },
    });
    contexts.push(context);
    context.setDefaultTimeout(25_000);
    const page = await context.newPage();
    await page.goto(`${address}/map`);
    await page.waitForSelector('#map-form.is-live');
    return page;
  }

  const topic = (page: Page, week: number) => page.getByRole('textbox', { name: `Week ${week}, topic` });
  const saved = (page: Page) => page.locator('#map-state [data-state="saved"]:not([hidden])').waitFor();
  const stored = async (id: string) => (await room.maps.find(room.course))?.rows.find((row) => row.id === id)?.topic;

  test('what is typed is saved by itself and is there after a reload', async () => {
    const page = await open('tutor-1');
    await topic(page, 3).fill('Organisation of a hotel');
    await page.locator('#map-state [data-state="saving"]:not([hidden])').waitFor();
    await saved(page);
    expect(await stored('l3')).toBe('Organisation of a hotel');
    await page.reload();
    expect(await topic(page, 3).inputValue()).toBe('Organisation of a hotel');
  });

  test('two tutors see each other’s texts, and choose where both wrote', async () => {
    const [first, second] = [await open('tutor-1'), await open('tutor-2')];
    await topic(first, 1).fill('Hers');
    await saved(first);
    await topic(second, 2).fill('Olga’s');
    await saved(second);
    expect(await topic(second, 1).inputValue()).toBe('Hers');

    await topic(first, 5).fill('One text');
    await saved(first);
    await topic(second, 5).fill('Another text');
    const note = second.locator('[data-problem="rows.l5.topic"]');
    await note.waitFor();
    expect(await note.innerText()).toContain('Person tutor-1 changed this cell too.');
    expect(await stored('l5')).toBe('One text');
    await second.locator('#map-state [data-state="stuck"]:not([hidden])').waitFor();
    await note.getByRole('button', { name: /Yours/ }).click();
    await saved(second);
    expect(await stored('l5')).toBe('Another text');
    expect(await note.count()).toBe(0);
  });

  test('without a connection the text waits on the page and goes out when it is back', async () => {
    const page = await open('tutor-1');
    down = true;
    await topic(page, 1).fill('Typed on the train');
    await page.locator('#map-state [data-state="waiting"]:not([hidden])').waitFor();
    await topic(page, 1).fill('Typed on the train, and more');
    const asked = page.waitForEvent('dialog');
    const leaving = page.close({ runBeforeUnload: true });
    await (await asked).dismiss();
    await leaving;
    down = false;
    await saved(page);
    expect(await stored('l1')).toBe('Typed on the train, and more');
  });

  test('a row is added, moved, deleted and brought back; what was being typed elsewhere stays', async () => {
    const page = await open('tutor-1');
    await topic(page, 2).fill('Types');
    await page.locator('#row-l1 summary').click();
    await page.locator('#row-l1 .row-acts').getByRole('button', { name: 'Add a practical class below' }).click();
    const practical = page.getByRole('textbox', { name: 'Week 1, practical class 1, topic' });
    await practical.waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe(await practical.getAttribute('name'));
    expect(await topic(page, 2).inputValue()).toBe('Types');
    await saved(page);
    expect(await stored('l2')).toBe('Types');

    await page.locator('#row-l2 summary').click();
    await page.locator('#row-l2 .row-acts').getByRole('button', { name: 'Delete the row' }).click();
    await page.locator('#map-notices').getByText('Lecture “Types” is deleted.').waitFor();
    expect(await page.locator('#row-l2').count()).toBe(0);
    await page.locator('#map-notices').getByRole('button', { name: 'Undo' }).click();
    await page.locator('#row-l2').waitFor();
    expect(await topic(page, 2).inputValue()).toBe('Types');
  });

  test('a text for a row that another tutor deleted is kept, and brings the row back', async () => {
    const [first, second] = [await open('tutor-1'), await open('tutor-2')];
    await room.act({ since: 1, act: { do: 'delete-row', id: 'l4' } }).expect(200);
    await topic(second, 4).fill('Law');
    const note = second.locator('[data-problem="rows.l4"]');
    await note.waitFor();
    expect(await note.innerText()).toContain('Law');
    await note.getByRole('button', { name: 'Bring it back with my text' }).click();
    await saved(second);
    expect(await stored('l4')).toBe('Law');
    expect(await topic(second, 4).inputValue()).toBe('Law');
    await first.close();
  });

  test('keys go from cell to cell as in a sheet', async () => {
    const page = await open('tutor-1');
    const focused = () => page.evaluate('document.activeElement.name');
    await topic(page, 1).focus();
    await page.keyboard.type('Introduction');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('rows.l2.topic');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('rows.l1.topic');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('rows.l1.hours');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('rows.l1.tasks');
    await page.keyboard.type('One');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('Two');
    await page.keyboard.press('Alt+ArrowDown');
    expect(await focused()).toBe('rows.l2.tasks');
    await page.keyboard.type('Nothing');
    await page.keyboard.press('Escape');
    expect(await page.locator('[name="rows.l2.tasks"]').inputValue()).toBe('');
    await saved(page);
    const map = await room.maps.find(room.course);
    expect(map?.rows.slice(0, 2).map(({ tasks }) => tasks)).toEqual(['One\nTwo', '']);
  });

  test('totals, progress and checks follow what is typed, and a check leads to its cell', async () => {
    const page = await open('tutor-1');
    await page.getByRole('textbox', { name: 'Week 1, hours' }).fill('2,5');
    expect(await page.locator('[data-total="contact"]').innerText()).toBe('19.5 h');
    await page.getByRole('textbox', { name: 'Week 5, link' }).fill('http://openu.kz');
    await page.locator('#map-checks').getByText('Week 5, link: the link is not https.').waitFor();
    expect(await page.locator('#row-l5 .cell-msg').innerText()).toBe('Use https, not http');
    await page.locator('#map-checks a[href="#f-rows-l5-link"]').click();
    expect(await page.evaluate('document.activeElement.id')).toBe('f-rows-l5-link');
  });

  test('the first day of the semester dates the weeks at once, and what is being typed stays', async () => {
    const page = await open('tutor-1');
    await topic(page, 3).fill('Organisation');
    await page.getByLabel('Semester’s first day').fill('2026-09-01');
    await page.locator('#row-l7 .wk-date').getByText('12–18').waitFor();
    expect(await page.evaluate('[...document.querySelectorAll("tr.now")].map((row) => row.id)')).toEqual([
      'row-l7',
      'row-c1',
      'row-k1',
    ]);
    expect(await topic(page, 3).inputValue()).toBe('Organisation');
    await page.getByLabel('Holidays').fill('2026-10-05 – 2026-10-10');
    await page.locator('#row-l6 .wk-date').getByText('12–18').waitFor();
    await page.getByLabel('Holidays').fill('next week');
    await page.locator('#map-checks').getByText('Holidays, line 1: “next week” is not a date.').waitFor();
    await page.locator('#map-checks a[href="#f-head-holidays"]').click();
    expect(await page.evaluate('document.activeElement.id')).toBe('f-head-holidays');
    await saved(page);
    expect((await room.maps.find(room.course))?.head).toMatchObject({
      semesterStart: '2026-09-01',
      holidays: 'next week',
    });
  });

  test('a text that is too long says so in its cell and stays there', async () => {
    const page = await open('tutor-1');
    await topic(page, 1).fill('a'.repeat(10_000));
    await page.locator('#row-l1').getByText('Too long: at most 2000 characters. Not saved.').waitFor();
    expect((await topic(page, 1).inputValue()).length).toBe(10_000);
    await topic(page, 1).fill('Short');
    await saved(page);
    expect(await stored('l1')).toBe('Short');
  });

  test('on a phone one week is shown at a time, and nothing scrolls sideways', async () => {
    const page = await open('tutor-1', 360, { 'x-test-language': 'kk' });
    expect(await page.locator('#row-l1').isVisible()).toBe(true);
    expect(await page.locator('#row-l2').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Келесі апта' }).click();
    expect(await page.locator('#row-l2').isVisible()).toBe(true);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await page.setViewportSize({ width: 320, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });

  const SLOW = 120_000;

  const violations = async (page: Page) =>
    (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html]);

  test.each([1280, 360])(
    'axe finds nothing in the editor with a conflict and a warning at %i px',
    async (width) => {
      const page = await open('tutor-1', width);
      // On a slow machine the page would hear of the other's change before it makes its own, and there is no conflict then.
      await page.route('**/map/changes*', () => undefined);
      await room.patch(
        { since: 1, changes: [{ path: 'rows.l1.topic', base: '', value: 'Olga’s' }] },
        { sub: 'tutor-2' },
      );
      await page.getByRole('textbox', { name: 'Week 1, link' }).fill('http://openu.kz');
      await topic(page, 1).fill('Mine');
      await page.locator('[data-problem]').waitFor();
      expect(await violations(page)).toEqual([]);
    },
    SLOW,
  );

  test.each([
    ['observer', '/map', 1280],
    ['observer', '/map', 360],
    ['student', '/plan', 360],
  ])(
    'axe finds nothing for an %s at %s, %i px',
    async (role, path, width) => {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        extraHTTPHeaders: { 'x-test-role': role },
      });
      contexts.push(context);
      const page = await context.newPage();
      await page.goto(`${address}${path}`);
      expect(await violations(page)).toEqual([]);
    },
    SLOW,
  );
});
