import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { mapFile } from '../../src/integration-map/documents/map-file.js';
import { personOf } from '../support/guests.js';
import { startTestTool, type TestTool } from '../support/tool.js';
import { hotelMap } from './document-maps.js';
import { readDocx } from './read-documents.js';

jest.setTimeout(90_000);

let tool: TestTool;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  tool = await startTestTool('moodle');
  browser = await launchBrowser({ log: console.log });
  context = await browser.newContext();
  context.setDefaultTimeout(25_000);
}, 90_000);
afterAll(async () => {
  await browser.close();
  await tool.close();
});

/** A page of the tool in the LMS's frame, where cookies are partitioned. */
async function inFrame(kind: string, path: string): Promise<{ page: Page; frame: Frame; home: string }> {
  const page = await context.newPage();
  await page.goto(`${tool.lms.url}/switch?to=${personOf(tool, kind)}&return=/course/2/serik`);
  const frame = await (await page.waitForSelector('#contentframe')).contentFrame();
  if (!frame) throw new Error('The course page has no frame');
  await frame.waitForURL(/\/c\/[\w-]+\/$/);
  const home = frame.url().replace(/\/$/, '');
  await frame.goto(`${home}${path}?lang=ru`);
  return { page, frame, home };
}

const faults = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).include(['#contentframe', 'main']).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};

const chosen = (text: string) => ({ name: 'map.json', mimeType: 'application/json', buffer: Buffer.from(text) });

test('a tutor imports a file, sees what is wrong with another, and takes the documents along', async () => {
  const { page, frame, home } = await inFrame('tutor', '/map');
  expect(await faults(page)).toEqual([]);
  const choose = frame.getByLabel('Файл карты (JSON)');
  const send = frame.getByRole('button', { name: 'Импортировать карту' });
  const problem = frame.getByRole('alert');

  await choose.setInputFiles(chosen('x'.repeat(2_000_000)));
  await problem.waitFor();
  expect(await problem.textContent()).toContain('Файл больше 1 МБ.');
  await choose.setInputFiles(chosen('{"serik":'));
  await problem.waitFor({ state: 'hidden' });
  await send.click();
  await problem.waitFor();
  expect(await problem.textContent()).toContain('Это не файл карты');
  expect(await faults(page)).toEqual([]);

  await choose.setInputFiles(chosen(JSON.stringify(mapFile(hotelMap()))));
  await problem.waitFor({ state: 'hidden' });
  await send.click();
  await frame.waitForURL(/notice=imported$/);
  expect(await frame.getByRole('textbox', { name: 'Неделя 1, тема' }).inputValue()).toBe('Қонақ үй бизнесіне кіріспе');

  const documents = frame.locator('#map-documents');
  const take = async (name: string) => {
    const waiting = page.waitForEvent('download');
    await documents.getByRole('link', { name, exact: true }).click();
    const download = await waiting;
    return { name: download.suggestedFilename(), path: await download.path() };
  };
  const own = await take('Word (DOCX)');
  expect(own.name).toBe('Карта интеграции, Hotel business management (ru).docx');
  const kazakh = await take('Word (DOCX), Қазақша');
  expect(kazakh.name).toBe('Интеграция картасы, Hotel business management (kk).docx');
  expect(readDocx(readFileSync(kazakh.path)).blocks[0]).toMatchObject({
    text: 'SPOC/MOOC интеграция картасы: Hotel business management',
  });
  expect((await take('JSON')).name).toBe('Карта интеграции, Hotel business management.json');
  // The pages are in the language that they were in.
  await frame.goto(`${home}/map`);
  expect(await frame.locator('html').getAttribute('lang')).toBe('ru');
});

test('a student prints the plan from a page of its own', async () => {
  const { page, frame } = await inFrame('student', '/plan');
  await frame.getByRole('link', { name: 'Для печати' }).click();
  await frame.waitForURL(/\/plan\/print$/);
  expect(await faults(page)).toEqual([]);
  await frame.getByRole('button', { name: 'Печать' }).waitFor();
  await page.emulateMedia({ media: 'print' });
  const shown = (selector: string) => frame.locator(selector).first().isVisible();
  expect([await shown('.sk-top'), await shown('.no-print'), await shown('.print-plan')]).toEqual([false, false, true]);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.emulateMedia({ media: 'screen' });
  const { wide, room } = await frame.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }));
  expect(wide).toBeLessThanOrEqual(room);
});
