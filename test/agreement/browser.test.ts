import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { buildMap } from '../../scripts/driver/main-job.js';
import { arrive, arriveAtDesk, ask, type Guest } from '../support/guests.js';
import { CLAIM } from '../support/hand-made-launch.js';
import { ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';
import { until } from '../support/victim.js';

/** A folder, where somebody wants to look at the pages. */
const SHOTS = process.env['SHOTS'];
const ENGLISH = { [`${CLAIM}/launch_presentation`]: { locale: 'en' } };

describe.each([1280, 360])('pages of the agreement at %i px', (width) => {
  let tool: TestTool;
  let browser: Browser;
  let tutor: Guest;
  let administrator: Guest;
  let leader: Guest;
  let director: Guest;
  let course: string;

  const staff = (sub: string, name: string) => arriveAtDesk(tool, ROLE.faculty, { claims: { ...ENGLISH, sub, name } });

  beforeAll(async () => {
    tool = await startTestTool('standard');
    browser = await launchBrowser({ log: console.log });
    tutor = await arrive(tool, { claims: ENGLISH });
    await buildMap(tutor.browser, tutor.home);
    course = tutor.home.split('/c/')[1] ?? '';
    administrator = await arriveAtDesk(tool, ROLE.administrator, { claims: ENGLISH });
    leader = await staff('leader', 'Нұрлан Бейсенұлы Әбішев');
    director = await staff('director', 'Елена Викторовна Сон');
    const desk = `${tool.url}/desk`;
    await until('both are known', async () => {
      const { html } = await ask(administrator, 'get /agreement', desk);
      return html.includes('Нұрлан') && html.includes('Елена');
    });
    for (const form of [
      { person: 'leader', role: 'programme-leader', scope: 'HBM' },
      { person: 'director', role: 'director', scope: '' },
    ])
      await ask(administrator, 'post /agreement/give', desk, { form });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await tool.close();
  });

  async function as(guest: Guest | null): Promise<Page> {
    const context = await browser.newContext({ locale: 'en', viewport: { width, height: 900 } });
    const cookies = guest?.browser.cookies(new URL(tool.url).host) ?? {};
    await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: tool.url })));
    return context.newPage();
  }

  async function looksGood(page: Page, name: string): Promise<void> {
    await page.waitForSelector('main h1');
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`), fullPage: true });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect([name, over]).toEqual([name, 0]);
    // 24 px each way, but for links within a sentence. WCAG 2.2, 2.5.8.
    const small = await page.evaluate(() =>
      [
        ...document.querySelectorAll(
          'main button, main select, main input:not([type=hidden], [type=radio]), main summary',
        ),
      ]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ html: element.outerHTML.slice(0, 80), box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 1 && (box.width < 24 || box.height < 24))
        .map(({ html }) => html),
    );
    expect([name, small]).toEqual([name, []]);
  }

  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

  test('from the map to a code on paper, with a return on the way', async () => {
    const mine = await as(tutor);
    await mine.goto(`${tutor.home}/map`);
    await looksGood(mine, 'map');
    await mine.getByRole('link', { name: 'Agreement' }).click();
    await looksGood(mine, 'tutor-first');
    await mine.getByLabel('What is new, or why now').fill('First version of the term');
    await press(mine, 'Submit the map');
    await mine.getByText('The map is submitted.').waitFor();
    await looksGood(mine, 'tutor-submitted');
    await mine.getByRole('link', { name: 'Open: Version 1' }).click();
    await looksGood(mine, 'version');

    const theirs = await as(leader);
    await theirs.goto(`${tool.url}/my/`);
    await looksGood(theirs, 'my');
    await theirs.getByRole('link', { name: 'Maps to agree' }).click();
    await looksGood(theirs, 'approvals');
    await theirs.locator('.queue a').first().click();
    await looksGood(theirs, 'approval-new');
    await press(theirs, 'Return with comments');
    await theirs.getByText('Write at least one comment').waitFor();
    await theirs.locator('.remark summary').nth(10).click();
    await theirs.locator('.remark[open] textarea').fill('Name the platform here.');
    await looksGood(theirs, 'approval-comment');
    await press(theirs, 'Return with comments');
    await theirs.getByText('Returned with your comments.').waitFor();

    await mine.goto(`${tutor.home}/agreement?from=none&to=1`);
    await mine.getByText('Name the platform here.').first().waitFor();
    await looksGood(mine, 'tutor-returned');
    await mine.getByLabel('What is new, or why now').fill('Platform named');
    await press(mine, 'Submit the map');

    await theirs.goto(`${tool.url}/my/approvals/${course}/2`);
    await theirs.getByLabel(/^Comment for the tutor/).fill('It fits the syllabus now.');
    await press(theirs, 'Agree');
    await theirs.getByText('It goes on to the director').waitFor();
    const last = await as(director);
    await last.goto(`${tool.url}/my/approvals/${course}/2`);
    await looksGood(last, 'approval-director');
    await press(last, 'Agree');
    await last.getByText('The version is in force.').waitFor();
    await looksGood(last, 'approvals-empty');

    const changed = { path: 'rows.l6.assessment', base: '', value: 'Case study, 10 points' };
    await ask(tutor, 'post /map/act', tutor.home, { json: { since: 1, act: { do: 'delete-row', id: 'l3' } } });
    await ask(tutor, 'patch /map', tutor.home, { json: { since: 1, changes: [changed] } });
    await mine.goto(`${tutor.home}/agreement`);
    await looksGood(mine, 'tutor-in-force');
    const code = (await mine.locator('.code').textContent()) ?? '';
    await mine.goto(`${tutor.home}/`);
    await looksGood(mine, 'overview');

    const anyone = await as(null);
    await anyone.goto(`${tool.url}/v/`);
    await looksGood(anyone, 'verify-form');
    await anyone.getByLabel('Code').fill(code.toLowerCase());
    await press(anyone, 'Check');
    await anyone.getByText('This version is in force').first().waitFor();
    await looksGood(anyone, 'verify-in-force');
    await anyone.goto(`${tool.url}/v/AAAA-AAAA?lang=kk`);
    await looksGood(anyone, 'verify-unknown');
    for (const page of [mine, theirs, last, anyone]) await page.context().close();
  }, 300_000);

  test('the desk’s roles', async () => {
    const page = await as(administrator);
    await page.goto(`${tool.url}/desk/agreement`);
    await looksGood(page, 'roles');
    await page.getByLabel('Name or LMS id').fill('елена');
    await press(page, 'Find');
    await page.waitForURL(/search=/);
    expect(await page.locator('#person option').allTextContents()).toEqual(['Елена Викторовна Сон · director']);
    await page.context().close();
  }, 60_000);
});
