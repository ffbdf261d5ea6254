import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import type { ClipCell } from '../../src/integration-map/table/clip.js';
import { projectRoot } from '../../src/root.js';
import { EXCEL, GOOGLE, HOSTILE, WORD } from './clipboard-samples.js';

jest.setTimeout(60_000);

/** The module itself, read by the parser that reads it in use: the browser's. */
describe('tables in HTML from the clipboard', () => {
  let browser: Browser;
  let page: Page;
  const asked: string[] = [];

  beforeAll(async () => {
    const made = await build({
      entryPoints: [join(projectRoot, 'src', 'client', 'map', 'sheet', 'html-table.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'clip',
    });
    browser = await launchBrowser({ log: console.log });
    page = await browser.newPage();
    page.on('request', (request) => asked.push(request.url()));
    await page.addScriptTag({ content: made.outputFiles[0]?.text ?? '' });
  });
  afterAll(() => browser.close());

  const read = (html: string) =>
    page.evaluate<ClipCell[][] | null, string>(
      (source) =>
        (globalThis as unknown as { clip: { cellsOfHtml(html: string): ClipCell[][] | null } }).clip.cellsOfHtml(
          source,
        ),
      html,
    );
  const texts = async (html: string) => (await read(html))?.map((row) => row.map(({ text }) => text));

  test('Excel: wrapped source lines are blanks, breaks are lines', async () => {
    expect(await texts(EXCEL)).toEqual([
      ['Введение в гостиничное дело', '1,5', 'Прочитать главу 2\nОтветить на форуме'],
      ['R&D <в отеле>', '', ''],
    ]);
  });

  test('Word: paragraphs are lines, merged cells go down, numbers of lists stay, links are taken, scripts are not', async () => {
    const cells = await read(WORD);
    expect(cells?.map((row) => row.map(({ text }) => text))).toEqual([
      ['1', 'Қонақжайлылық индустриясына кіріспе', '1. Оқу\n2. Жазу', 'Coursera'],
      ['1', 'Практика', '', 'Moodle'],
    ]);
    expect(cells?.map((row) => row.map(({ part, link }) => [part, link]).filter(([, link]) => link !== null))).toEqual([
      [['own', 'https://www.coursera.org/learn/hotel']],
      [],
    ]);
    expect(cells?.[1]?.[0]?.part).toBe('row');
  });

  test('Google Sheets', async () => {
    const cells = await read(GOOGLE);
    expect(cells).toEqual([
      [
        { text: 'a\nb', link: null, part: 'own' },
        { text: 'OpenU', link: 'https://openu.kz', part: 'own' },
      ],
    ]);
  });

  test('tables inside a cell are its text; several tables stand below each other; without a table there is nothing', async () => {
    expect(
      await texts(
        '<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td></tr></table><table><tr><td>d</table>',
      ),
    ).toEqual([['a\nb c'], ['d']]);
    expect(await read('<p>Only a paragraph</p>')).toBeNull();
  });

  test('nothing in it runs, nothing is asked for, and only texts are left', async () => {
    expect(await texts(HOSTILE)).toEqual([
      ['Topic', '2'],
      ['=HYPERLINK("http://evil.example")', '3'],
    ]);
    await page.waitForTimeout(300);
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
