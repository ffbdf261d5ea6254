import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import type { Connection } from 'mongoose';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import type { Row } from '../../src/integration-map/map.js';
import { testDatabase } from '../support/database.js';
import { asHtml, asTsv, HOSTILE, RANGE } from './clipboard-samples.js';
import { mapSite, paste, saved, type MapSite } from './map-site.js';

// A browser's own time-outs come first, since they say what was waited for.
jest.setTimeout(60_000);

const DELIVERIES = ['synchronous', 'asynchronous', 'in-class'];

const pasted = (week: number): Partial<Row> => ({
  week: String(week),
  topic: `Тақырып ${week}: «Қонақ үй»`,
  hours: week % 2 === 0 ? '2' : '1',
  tasks: `Read chapter ${week}\nAnswer "the questions"`,
  assessment: `Test, ${week} points`,
  delivery: DELIVERIES[week % 3] ?? '',
  platform: `Coursera, module ${week}`,
});

describe('the weekly table as a sheet', () => {
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

  const cell = (page: Page, row: string, field: string) => page.locator(`[name="rows.${row}.${field}"]`);
  const focused = (page: Page) => page.evaluate<string>('document.activeElement.name');
  const lectures = async () =>
    ((await site.room.maps.find(site.room.course))?.rows ?? []).filter((row) => row.kind === 'lecture' && !row.deleted);
  const settled = async (page: Page) => {
    await page.waitForTimeout(100);
    await saved(page);
  };

  test.each([
    ['HTML', { html: asHtml(RANGE), text: asTsv(RANGE) }],
    ['text with tabs', { text: asTsv(RANGE) }],
  ])('a range of 15 × 7 from %s fills the fifteen weeks, is one step back, and one forth', async (_name, contents) => {
    const page = await site.open('tutor-1');
    await cell(page, 'l1', 'topic').fill('Before');
    await settled(page);
    await cell(page, 'l1', 'week').focus();
    await paste(page, contents);
    await settled(page);
    expect(await lectures()).toMatchObject(RANGE.map((_, index) => pasted(index + 1)));

    await page.keyboard.press('Control+z');
    await settled(page);
    const back = await lectures();
    expect(back.map(({ topic }) => topic)).toEqual(['Before', ...Array<string>(14).fill('')]);
    expect(back.map(({ delivery, hours }) => [delivery, hours])).toEqual(Array<string[]>(15).fill(['', '1']));
    await page.keyboard.press('Control+Shift+z');
    await settled(page);
    expect(await lectures()).toMatchObject(RANGE.map((_, index) => pasted(index + 1)));
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await settled(page);
    expect((await lectures())[0]?.topic).toBe('');
  });

  test('rows that are missing are added after a question, and go with the paste when it is taken back', async () => {
    const page = await site.open('tutor-1');
    await cell(page, 'l13', 'week').focus();
    const six = RANGE.slice(0, 6).map((row, index) => [String(13 + index), ...row.slice(1)]);
    await paste(page, { html: asHtml(six) });
    const note = page.locator('[data-paste-note]');
    await note.getByText('6 rows × 7 columns; 3 rows will be added.').waitFor();
    expect((await lectures()).length).toBe(15);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Week 18, topic' }).waitFor();
    await settled(page);
    expect((await lectures()).slice(12).map(({ week, topic }) => [week, topic])).toEqual(
      six.map(([week, topic]) => [week, topic]),
    );
    expect(await focused(page)).toBe('rows.l13.week');

    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByRole('textbox', { name: 'Week 18, topic' }).waitFor({ state: 'detached' });
    await settled(page);
    expect((await lectures()).slice(12).map(({ week, topic }) => [week, topic])).toEqual([
      ['13', ''],
      ['14', ''],
      ['15', ''],
    ]);
    await page.getByRole('button', { name: 'Redo', exact: true }).click();
    await page.getByRole('textbox', { name: 'Week 18, topic' }).waitFor();
    await settled(page);
    expect((await lectures()).slice(12).map(({ topic }) => topic)).toEqual(six.map(([, topic]) => topic));
  });

  test('what does not fit is said before, and Escape leaves everything as it is', async () => {
    const page = await site.open('tutor-1', { language: 'ru' });
    await cell(page, 'l1', 'delivery').focus();
    const rows = [...Array.from({ length: 60 }, () => ['смешанно', 'Zoom', 'https://zoom.us/j/1', 'лишнее'])];
    await paste(page, { text: asTsv(rows) });
    const note = page.locator('[data-paste-note]');
    expect(await note.innerText()).toContain(
      '60 строк × 4 столбца; добавится 39 строк; 6 строк не поместится: в таблице не больше 60 строк; для 1 столбца нет места в таблице; нет такой формы проведения: “смешанно”.',
    );
    await page.keyboard.press('Escape');
    expect(await note.count()).toBe(0);
    expect(await focused(page)).toBe('rows.l1.delivery');
    expect((await site.room.maps.find(site.room.course))?.revision).toBe(1);
  });

  test('a text that is too long stays in its cell, unsaved, and the rest is saved', async () => {
    const page = await site.open('tutor-1');
    await cell(page, 'l1', 'topic').focus();
    await paste(page, { text: `${'a'.repeat(10_000)}\t2\n=1+1\t3\n` });
    await page.getByRole('button', { name: 'Paste', exact: true }).click();
    await page.locator('#row-l1').getByText('Too long: at most 2000 characters. Not saved.').waitFor();
    expect((await cell(page, 'l1', 'topic').inputValue()).length).toBe(10_000);
    expect(await site.row('l1')).toMatchObject({ topic: '', hours: '2' });
    expect(await site.row('l2')).toMatchObject({ topic: '=1+1', hours: '3' });
  });

  test('pasted HTML with scripts is only its texts', async () => {
    const page = await site.open('tutor-1');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await cell(page, 'l1', 'topic').focus();
    await paste(page, { html: HOSTILE });
    await settled(page);
    expect(await site.row('l1')).toMatchObject({ topic: 'Topic', hours: '2' });
    expect(await site.row('l2')).toMatchObject({ topic: '=HYPERLINK("http://evil.example")', hours: '3' });
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    const { origin } = new URL(page.url());
    expect(asked.filter((url) => !url.startsWith(`${origin}/assets/`) && !url.startsWith(page.url()))).toEqual([]);
  });

  test('a range is selected by keys or Shift+click, copied as HTML and text, and pasted elsewhere', async () => {
    const page = await site.open('tutor-1');
    await cell(page, 'l1', 'topic').focus();
    await paste(page, { text: '=1+1\t2\nB & <b>\t3\n' });
    await settled(page);
    await cell(page, 'l1', 'topic').focus();
    await page.keyboard.press('F2');
    await page.keyboard.press('F2');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    expect(await page.locator('#map-plan .picked').count()).toBe(4);
    expect(await page.locator('#live').textContent()).toBe('Selected: 2 rows × 2 columns.');
    await page.keyboard.press('Control+c');
    const copied = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const read = async (type: string) => (await item?.getType(type))?.text();
      return { html: await read('text/html'), text: await read('text/plain') };
    });
    expect(copied.text?.replaceAll('\r', '')).toBe("'=1+1\t2\nB & <b>\t3");
    expect(copied.html).toContain('mso-number-format');
    expect(copied.html).toContain('B &amp; &lt;b&gt;');

    await cell(page, 'l5', 'topic').click();
    await page.keyboard.press('Control+v');
    await settled(page);
    expect([await site.row('l5'), await site.row('l6')]).toMatchObject([
      { topic: '=1+1', hours: '2' },
      { topic: 'B & <b>', hours: '3' },
    ]);

    await cell(page, 'l5', 'topic').click();
    await cell(page, 'l6', 'hours').click({ modifiers: ['Shift'] });
    expect(await focused(page)).toBe('rows.l5.topic');
    await page.keyboard.press('Delete');
    await settled(page);
    expect([await site.row('l5'), await site.row('l6')]).toMatchObject([
      { topic: '', hours: '' },
      { topic: '', hours: '' },
    ]);
  });

  test('a single cell of Excel goes into the text where the cursor is', async () => {
    const page = await site.open('tutor-1');
    await cell(page, 'l1', 'tasks').fill('Read: .');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await paste(page, { html: '<table><tr><td>chapter 2</td></tr></table>', text: 'chapter 2\r\n' });
    await settled(page);
    expect((await site.row('l1'))?.tasks).toBe('Read: chapter 2.');
  });

  test('what was typed, and rows that were added, moved, copied or deleted, come back step by step', async () => {
    const page = await site.open('tutor-1');
    await cell(page, 'l2', 'topic').fill('Types');
    await page.keyboard.press('Tab');
    const act = async (row: string, name: string) => {
      await page.locator(`#row-${row} summary`).click();
      await page.locator(`#row-${row} .row-acts`).getByRole('button', { name }).click();
      await settled(page);
    };
    const order = () =>
      page.evaluate<string[]>('[...document.querySelectorAll("#map-plan tr[id]")].slice(0, 5).map((row) => row.id)');
    await act('l2', 'Duplicate the row');
    const [, , copy = ''] = await order();
    expect(await page.locator(`#${copy} [name$=".topic"]`).inputValue()).toBe('Types');
    await act('l1', 'Move down');
    await act('l3', 'Delete the row');
    expect(await order()).toEqual(['row-l2', 'row-l1', copy, 'row-l4', 'row-l5']);

    const undo = page.locator('[data-step="undo"]');
    const steps: string[][] = [];
    for (let step = 0; step < 3; step++) {
      await undo.click();
      await settled(page);
      steps.push(await order());
    }
    expect(steps).toEqual([
      ['row-l2', 'row-l1', copy, 'row-l3', 'row-l4'],
      ['row-l1', 'row-l2', copy, 'row-l3', 'row-l4'],
      ['row-l1', 'row-l2', 'row-l3', 'row-l4', 'row-l5'],
    ]);
    expect((await lectures()).map(({ week }) => week)).toEqual(Array.from({ length: 15 }, (_, n) => String(n + 1)));
    await page.locator('[data-step="undo"]').click();
    await settled(page);
    expect((await site.row('l2'))?.topic).toBe('');
    expect(await undo.isDisabled()).toBe(true);
    for (let step = 0; step < 4; step++) {
      await page.locator('[data-step="redo"]').click();
      await settled(page);
    }
    expect(await order()).toEqual(['row-l2', 'row-l1', copy, 'row-l4', 'row-l5']);
    expect((await site.row('l2'))?.topic).toBe('Types');
  });

  test('taking back writes over nobody’s newer text: both stand there to choose', async () => {
    const page = await site.open('tutor-1');
    await cell(page, 'l1', 'topic').fill('Mine');
    await page.keyboard.press('Tab');
    await settled(page);
    await site.room.patch(
      { since: 2, changes: [{ path: 'rows.l1.topic', base: 'Mine', value: 'Olga’s, newer' }] },
      { sub: 'tutor-2' },
    );
    await page.locator('[data-step="undo"]').click();
    const note = page.locator('[data-problem="rows.l1.topic"]');
    await note.waitFor();
    expect(await note.innerText()).toContain('Olga’s, newer');
    expect((await site.row('l1'))?.topic).toBe('Olga’s, newer');
    await note.getByRole('button', { name: 'Olga’s, newer' }).click();
    expect(await cell(page, 'l1', 'topic').inputValue()).toBe('Olga’s, newer');
  });

  test('two tutors in one map: different cells go together, the same cell is a choice', async () => {
    const [first, second] = [await site.open('tutor-1'), await site.open('tutor-2')];
    await cell(first, 'l1', 'topic').focus();
    await cell(second, 'l3', 'tasks').focus();
    await paste(first, { text: 'A\t1\nB\t1\n' });
    await paste(second, { text: 'c\td\ne\tf\n' });
    await Promise.all([settled(first), settled(second)]);
    expect([await site.row('l1'), await site.row('l2'), await site.row('l3'), await site.row('l4')]).toMatchObject([
      { topic: 'A' },
      { topic: 'B' },
      { tasks: 'c', assessment: 'd' },
      { tasks: 'e', assessment: 'f' },
    ]);
    // On a slow machine the page would hear of the other's change before it makes its own, and there is no conflict then.
    await second.route('**/map/changes*', () => undefined);
    await cell(first, 'l5', 'topic').fill('Hers');
    await first.keyboard.press('Tab');
    await settled(first);
    await cell(second, 'l5', 'topic').focus();
    await paste(second, { text: 'Olga’s\t2\n' });
    await second.locator('[data-problem="rows.l5.topic"]').waitFor();
    expect(await site.row('l5')).toMatchObject({ topic: 'Hers', hours: '2' });
  });

  test('a reload in the middle of typing loses nothing that was shown as saved', async () => {
    const page = await site.open('tutor-1');
    const shown: string[] = [];
    page.on('dialog', (dialog) => void dialog.accept());
    await cell(page, 'l1', 'topic').focus();
    for (const word of ['one', ' two', ' three', ' four']) {
      await page.keyboard.type(word, { delay: 20 });
      await page.locator('#map-state [data-state="saving"]:not([hidden])').waitFor();
      await saved(page);
      shown.push(await cell(page, 'l1', 'topic').inputValue());
    }
    await page.keyboard.type(' five', { delay: 20 });
    await page.reload();
    await page.waitForSelector('#map-form.is-live');
    expect(await cell(page, 'l1', 'topic').inputValue()).toMatch(new RegExp(`^${shown.at(-1)}`));
    await settled(page);
    expect((await site.row('l1'))?.topic).toMatch(/^one two three four/);
  });

  test('without a connection edits, new rows and steps back wait, and go when it is there again', async () => {
    const page = await site.open('tutor-1');
    await page.context().setOffline(true);
    await cell(page, 'l1', 'topic').fill('On the train');
    await page.locator('#map-state [data-state="waiting"]:not([hidden])').waitFor();
    await cell(page, 'l2', 'topic').focus();
    await paste(page, { text: 'A\t2\nB\t3\n' });
    await page.locator('#row-l2 summary').click();
    await page.locator('#row-l2 .row-acts').getByRole('button', { name: 'Duplicate the row' }).click();
    await cell(page, 'l9', 'topic').fill('Taken back');
    await page.locator('[data-step="undo"]').click();
    await page.waitForTimeout(3000);
    expect((await site.room.maps.find(site.room.course))?.revision).toBe(1);
    await page.context().setOffline(false);
    await saved(page);
    const topics = (await lectures()).slice(0, 5).map(({ topic, hours }) => [topic, hours]);
    expect(topics).toEqual([
      ['On the train', '1'],
      ['A', '2'],
      ['A', '2'],
      ['B', '3'],
      ['', '1'],
    ]);
    expect((await site.row('l9'))?.topic).toBe('');
  });

  test('by keys alone: through the cells, into a text and out of it, and out of the sheet', async () => {
    const page = await site.open('tutor-1');
    const value = (row: string, field: string) => cell(page, row, field).inputValue();
    await cell(page, 'l1', 'topic').focus();
    await page.keyboard.type('Introduction');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Types');
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).toBe('rows.l1.topic');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('rows.l1.hours');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type('Read');
    await page.keyboard.press('Alt+Enter');
    await page.keyboard.type('Write');
    expect(await value('l1', 'tasks')).toBe('Read\nWrite');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('F2');
    await page.keyboard.type('!');
    expect(await value('l1', 'tasks')).toBe('Read\nWrite!');
    await page.keyboard.press('Escape');
    expect(await value('l1', 'tasks')).toBe('Read\nWrite');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('rows.l1.delivery');
    await page.keyboard.press('s');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('rows.l1.platform');
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe('rows.l1.delivery');
    await settled(page);
    expect(await site.row('l1')).toMatchObject({
      topic: 'Introduction',
      tasks: 'Read\nWrite',
      delivery: 'synchronous',
    });

    // Typed over what was chosen, as in a sheet; Ctrl+Z in the text is the browser's, then the sheet's.
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).toBe('rows.l1.tasks');
    await page.keyboard.type('New');
    expect(await value('l1', 'tasks')).toBe('New');
    for (let tries = 0; tries < 3 && (await value('l1', 'tasks')) !== 'Read\nWrite'; tries++)
      await page.keyboard.press('Control+z');
    expect(await value('l1', 'tasks')).toBe('Read\nWrite');
    await settled(page);
    expect((await site.row('l1'))?.tasks).toBe('Read\nWrite');
    // The next ones are the sheet's: the choice, the tasks, the two topics.
    for (let steps = 0; steps < 4; steps++) {
      await page.keyboard.press('Control+z');
      await page.waitForTimeout(100);
    }
    await settled(page);
    expect([await site.row('l1'), await site.row('l2')]).toMatchObject([
      { topic: '', tasks: '', delivery: '' },
      { topic: '' },
    ]);

    // Tab leaves the sheet after its last cell.
    await page.locator('#row-k3 summary').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('new-kind');
  });

  test('a row is dragged by its name to another place', async () => {
    const page = await site.open('tutor-1');
    await cell(page, 'l2', 'topic').fill('Two');
    await settled(page);
    await page.evaluate('document.querySelector("#row-l3").scrollIntoView({ block: "center", behavior: "instant" })');
    const [name, target] = [
      await page.locator('#row-l2 [data-drag]').boundingBox(),
      await page.locator('#row-l4').boundingBox(),
    ];
    if (!name || !target) throw new Error('The rows are not on the page');
    await page.mouse.move(name.x + 4, name.y + 8);
    await page.mouse.down();
    await page.mouse.move(name.x + 4, target.y + 4, { steps: 5 });
    await page.mouse.move(name.x + 4, target.y + target.height - 4, { steps: 5 });
    await page.locator('#row-l4.drop-after').waitFor();
    await page.mouse.up();
    await settled(page);
    const map = await site.room.maps.find(site.room.course);
    expect(map?.rows.slice(0, 5).map(({ id, week }) => [id, week])).toEqual([
      ['l1', '1'],
      ['l3', '2'],
      ['l4', '3'],
      ['l2', '4'],
      ['l5', '5'],
    ]);
    await page.locator('[data-step="undo"]').click();
    await settled(page);
    const back = await site.room.maps.find(site.room.course);
    expect(back?.rows.slice(0, 4).map(({ id, week }) => [id, week])).toEqual([
      ['l1', '1'],
      ['l2', '2'],
      ['l3', '3'],
      ['l4', '4'],
    ]);
  });

  test('on a phone a range is pasted, a row is copied and taken back, and nothing scrolls sideways', async () => {
    const page = await site.open('tutor-1', { width: 360, language: 'kk' });
    await cell(page, 'l1', 'topic').focus();
    await paste(page, { html: asHtml(RANGE.slice(0, 2).map((row) => row.slice(1))) });
    await settled(page);
    expect([await site.row('l1'), await site.row('l2')]).toMatchObject([
      { topic: pasted(1).topic, platform: 'Coursera, module 1' },
      { topic: pasted(2).topic, platform: 'Coursera, module 2' },
    ]);
    await page.locator('#row-l1 summary').click();
    await page.locator('#row-l1 .row-acts').getByRole('button', { name: 'Жолдың көшірмесін жасау' }).click();
    await settled(page);
    expect((await lectures()).length).toBe(16);
    await page.getByRole('button', { name: 'Болдырмау' }).click();
    await settled(page);
    expect((await lectures()).length).toBe(15);
    await cell(page, 'l1', 'link').focus();
    await paste(page, { text: 'https://a.kz\tartıq\n' });
    await page.locator('[data-paste-note]').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  test.each([1280, 360])(
    'axe finds nothing with a selected range and a question before a paste at %i px',
    async (width) => {
      const page = await site.open('tutor-1', { width });
      await cell(page, 'l1', 'topic').focus();
      await paste(page, { text: 'A\t2\nB\t3\n' });
      await settled(page);
      await cell(page, 'l1', 'link').focus();
      await paste(page, { text: 'https://a.kz\textra\n' });
      await page.locator('[data-paste-note]').waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    },
    120_000,
  );
});
