import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../../scripts/chromium.js';
import { personOf } from '../../support/guests.js';
import { startTestTool, type TestTool } from '../../support/tool.js';
import { WORD } from '../clipboard-samples.js';
import { xlsx } from './office-files.js';

jest.setTimeout(120_000);

let tool: TestTool;
let browser: Browser;
let context: BrowserContext;
const pictures = process.env['PICTURES'];

beforeAll(async () => {
  tool = await startTestTool('moodle');
  browser = await launchBrowser({ log: console.log });
  context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
  context.setDefaultTimeout(25_000);
}, 90_000);
afterAll(async () => {
  await browser.close();
  await tool.close();
});

async function inFrame(course: string, language: string): Promise<{ page: Page; frame: Frame; home: string }> {
  const page = await context.newPage();
  await page.goto(`${tool.lms.url}/switch?to=${personOf(tool, 'tutor')}&return=/course/${course}/serik`);
  const frame = await (await page.waitForSelector('#contentframe')).contentFrame();
  if (!frame) throw new Error('The course page has no frame');
  await frame.waitForURL(/\/c\/[\w-]+\/$/);
  const home = frame.url().replace(/\/$/, '');
  await frame.goto(`${home}/map?lang=${language}`);
  return { page, frame, home };
}

const faults = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).include(['#contentframe', 'main']).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};

/** At 360 px nothing is cut off to the side. */
async function isNarrow(page: Page, frame: Frame): Promise<boolean> {
  await page.setViewportSize({ width: 360, height: 1400 });
  const fits = await frame.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
  return fits;
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

const SYLLABUS = xlsx([
  { name: 'Титул', rows: [['Силлабус'], ['Гостиничный бизнес']] },
  {
    name: 'План',
    rows: [
      ['Тематический план'],
      ['Неделя', 'Тема', 'Часы', 'Задания', 'Баллы', 'Формат', 'Ссылка'],
      [
        '1',
        'Лекция 1. Введение в гостиничный бизнес',
        '1',
        'Посмотреть видео модуля 1',
        '5',
        'асинхронно',
        'https://www.coursera.org/learn/hotel',
      ],
      [null, 'Практическая работа 1. Кейс', 'два', 'Разбор кейса', '10', 'смешанно', null],
      ['7', `Лекция 2. ${'Очень длинная тема. '.repeat(130)}`, '1', null, null, 'в аудитории', null],
      [null, 'Рубежный контроль 1'],
      ['Итого', null, '3'],
    ],
    merged: ['A3:A4'],
  },
]);

test('a tutor chooses a file, puts columns and rows right, and has the map', async () => {
  const { page, frame } = await inFrame('2', 'ru');
  await frame.getByRole('link', { name: 'Выбрать таблицу' }).click();
  await frame.waitForURL(/\/map\/table$/);
  expect(await faults(page)).toEqual([]);
  await picture(page, 'choose');
  const choose = frame.getByLabel('Файл: XLSX, DOCX, CSV или TSV, до 5 МБ');
  await choose.setInputFiles({ name: 'big.xlsx', mimeType: 'application/zip', buffer: Buffer.alloc(5_000_001) });
  await frame.getByRole('alert').waitFor();
  await frame.getByRole('button', { name: 'Показать, что получится' }).click();
  expect(await frame.getByRole('alert').textContent()).toContain('Файл больше 5 МБ');

  await choose.setInputFiles({ name: 'Силлабус.xlsx', mimeType: 'application/zip', buffer: SYLLABUS });
  await frame.getByRole('alert').waitFor({ state: 'hidden' });
  await frame.getByRole('button', { name: 'Показать, что получится' }).click();
  const add = frame.getByRole('button', { name: /^Добавить/ });
  await add.waitFor();
  expect(await frame.getByLabel('Таблица', { exact: true }).inputValue()).toBe('1');
  expect(await frame.getByLabel('Строка заголовков').inputValue()).toBe('1');
  expect(await add.textContent()).toBe('Добавить 4 строки');
  expect(await faults(page)).toEqual([]);
  await picture(page, 'preview');

  // Choices show at once, and whoever chose stays there.
  const row = frame.getByLabel('Строка 4 станет');
  await row.focus();
  await row.selectOption({ label: 'Лекция' });
  await frame.locator('tr[data-row="3"].lec').waitFor();
  expect(await row.evaluate((select) => select === document.activeElement)).toBe(true);
  await frame.getByLabel('Столбец «Баллы»').selectOption({ label: 'Не переносить' });
  await frame
    .locator('tr[data-row="2"] td:nth-of-type(5) .ml')
    .filter({ hasText: /^$/ })
    .first()
    .waitFor({ state: 'attached' });
  await add.click();
  await frame.getByRole('alert').waitFor();
  expect(await frame.getByRole('alert').textContent()).toContain('Решите, что делать со слишком длинными текстами');
  expect(await faults(page)).toEqual([]);
  await frame.getByLabel('Оставить начало, сколько входит в ячейку').check();
  await frame.locator('[name="long"][value="keep"][checked]').waitFor();
  expect(await isNarrow(page, frame)).toBe(true);
  await picture(page, 'preview-360');
  await add.click();
  await frame.waitForURL(/notice=table-added/);
  await page.setViewportSize({ width: 1280, height: 1000 });
  expect(await frame.getByRole('textbox', { name: 'Неделя 1, тема' }).first().inputValue()).toBe(
    'Введение в гостиничный бизнес',
  );
  expect(await frame.getByRole('textbox', { name: 'Неделя 1, ссылка' }).first().inputValue()).toBe(
    'https://www.coursera.org/learn/hotel',
  );
});

test('a table from the clipboard brings its merged cells and addresses, and none of its scripts', async () => {
  const { page, frame, home } = await inFrame('2', 'kk');
  await frame.goto(`${home}/map/table`);
  const field = frame.getByLabel('Немесе кестені қойыңыз');
  await field.focus();
  await field.evaluate((area, html) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', html);
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, WORD);
  await frame.getByText('Кесте буферден оқылды').waitFor();
  expect(await isNarrow(page, frame)).toBe(true);
  await page.setViewportSize({ width: 1280, height: 1000 });
  await frame.getByRole('button', { name: 'Не шығатынын көрсету' }).click();
  await frame.getByLabel('Тақырыпша жолы').waitFor();
  const texts = await frame.locator('tr[data-row]').allTextContents();
  expect(texts.join(' ')).toContain('Қонақжайлылық индустриясына кіріспе');
  expect(
    await frame
      .locator('tr[data-row="1"] select')
      .first()
      .evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text),
  ).toBe('Практикалық жұмыс (танылды)');
  expect(await faults(page)).toEqual([]);
  expect(await frame.evaluate('window.pwned')).toBeUndefined();
  await picture(page, 'pasted');
});
