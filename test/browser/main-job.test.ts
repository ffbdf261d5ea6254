import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { projectRoot } from '../../src/root.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const PICTURES = join(projectRoot, '.cache', 'screenshots');
const TEAMS = 'https://teams.microsoft.com/l/meetup-join/19%3ameeting';

describe.each([
  { cookies: 'blocked', manner: 'moodle', width: 1280 },
  { cookies: 'default', manner: 'standard', width: 360 },
] as const)(
  'the main job at $width px, in the frame of a $manner LMS, third-party cookies $cookies',
  ({ cookies, manner, width }) => {
    let tool: TestTool;
    let browser: Browser;
    let context: BrowserContext;
    let page: Page;
    const foul: string[] = [];
    // A picture of the page puts a style of its own into it, which the policy rightly refuses.
    let looking = false;

    beforeAll(async () => {
      mkdirSync(PICTURES, { recursive: true });
      tool = await startTestTool(manner);
      browser = await launchBrowser({ log: console.log, thirdPartyCookies: cookies });
      context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'en' });
      page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Refused/.test(message.text()) && !looking)
          foul.push(message.text());
      });
      page.on('pageerror', (error) => foul.push(error.message));
    }, 120_000);
    afterAll(async () => {
      await browser.close();
      await tool.close();
    });

    const person = (kind: string, index = 0) =>
      tool.lms.people.filter((candidate) => candidate.kind === kind)[index]?.id ?? '';

    /** Signs somebody in at the LMS, opens the tool from the course page and gives the tool's frame. */
    async function open(personId: string): Promise<Frame> {
      await page.goto(`${tool.lms.url}/switch?to=${personId}&return=/course/2/serik`);
      const handle = await page.waitForSelector('#contentframe');
      const frame = await handle.contentFrame();
      if (!frame) throw new Error('The course page has no frame');
      await frame.waitForURL(/\/c\/[\w-]+\/$/, { timeout: 15_000 });
      await frame.waitForSelector('main h1');
      await settled(frame);
      if ((await frame.locator('html').getAttribute('lang')) !== 'en') {
        await frame.locator('.sk-lang a[lang="en"]').click();
        await frame.waitForSelector('html[lang="en"]');
      }
      return frame;
    }

    /** Looks with axe at everything on the page, takes a picture, and sees that nothing scrolls sideways. */
    async function look(frame: Frame, name: string): Promise<void> {
      looking = true;
      const { violations } = await new AxeBuilder({ page }).include('#contentframe').analyze();
      expect(
        violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      ).toEqual([]);
      const wide = await frame.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(`${name} is too wide by ${String(wide)}`).toBe(`${name} is too wide by 0`);
      await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`), fullPage: true });
      looking = false;
    }

    /** A page that waits for the LMS shows itself anew when it has heard: until then it is not left. */
    const settled = (frame: Frame) => frame.waitForSelector('[data-wait]', { state: 'detached', timeout: 20_000 });

    const go = async (frame: Frame, path: string) => {
      await settled(frame);
      const base = /^.*\/c\/[\w-]+/.exec(frame.url())?.[0] ?? '';
      await frame.goto(base + path);
      await frame.waitForSelector('main h1');
    };

    test('step 2: the tutor sees course, roster and grade context, and what to do next', async () => {
      const frame = await open(person('tutor'));
      await frame.getByText('Grade book reached').waitFor({ timeout: 15_000 });
      await frame
        .getByText(/6[01] people|6\d people/)
        .first()
        .waitFor();
      await frame.getByText('What to do next').waitFor();
      await frame.getByText('Build the integration map').waitFor();
      await look(frame, 'overview');
      await go(frame, '/students');
      expect(await frame.locator('tbody tr').count()).toBeGreaterThanOrEqual(60);
      await frame.getByText('No name (').first().waitFor();
      await look(frame, 'students');
      expect(await context.cookies()).toEqual(
        expect.arrayContaining([expect.objectContaining({ name: 'serik', httpOnly: true, secure: true })]),
      );
    }, 60_000);

    test('step 3: the tutor builds the map inline, and it survives a reload', async () => {
      const frame = await open(person('tutor'));
      await go(frame, '/map');
      await look(frame, 'map-empty');
      await frame.getByRole('button', { name: 'Make the map' }).click();
      await frame.waitForSelector('#map-form.is-live');
      expect(await frame.locator('[name="head.discipline"]').inputValue()).toContain('Hotel business management');
      await frame.locator('[name="head.semester"]').fill('Autumn 2026');
      await frame.locator('[name="moocs.m1.title"]').first().fill('Hotel Management');
      await frame.locator('[name="moocs.m1.match"]').fill('80');
      await frame.locator('[name="head.model"][value="2"]').check();
      await frame.locator('[name="rows.l1.topic"]').fill('Introduction to the hotel business');
      await frame.locator('#map-state [data-state="saved"]:not([hidden])').waitFor();
      await expect(saved(frame)).resolves.toBe(true);
      await look(frame, 'map');
      await go(frame, '/map');
      expect(await frame.locator('[name="rows.l1.topic"]').inputValue()).toBe('Introduction to the hotel business');
      expect(await frame.locator('[name="moocs.m1.match"]').inputValue()).toBe('80');
      expect(await frame.locator('[name="head.model"][value="2"]').isChecked()).toBe(true);
    }, 90_000);

    /** Nothing of the editor waits any more. */
    async function saved(frame: Frame): Promise<boolean> {
      for (let tries = 0; tries < 100; tries += 1) {
        await page.waitForTimeout(100);
        const html = await frame.evaluate<string>('fetch(location.href).then((answer) => answer.text())');
        if (
          ['Introduction to the hotel business', 'Autumn 2026', 'Hotel Management'].every((text) => html.includes(text))
        )
          return true;
      }
      return false;
    }

    test('step 4: times are published, a student sees the plan, books one, and a full one cannot be taken', async () => {
      const tutor = await open(person('tutor'));
      await go(tutor, '/consultations?stage=midterm-1');
      await look(tutor, 'consultations-empty');
      await tutor.getByRole('link', { name: 'Add slots' }).first().click();
      await tutor.waitForSelector('#add');
      await tutor.locator('#add [name="date"]').fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10));
      await tutor.locator('#add [name="time"]').fill('14:00');
      await tutor.locator('#add [name="capacity"]').fill('1');
      await tutor.locator('#add [name="count"]').fill('2');
      await tutor.locator('#add [name="place"][value="teams"]').check();
      await tutor.locator('#add [name="link"]').fill(TEAMS);
      await look(tutor, 'consultations-form');
      await tutor.locator('#add button.btn-primary[value="published"]').click();
      await tutor.getByText('14:00–').first().waitFor();
      await look(tutor, 'consultations');

      const student = await open(person('student', 0));
      await look(student, 'student-home');
      await go(student, '/plan');
      await student.getByText('Introduction to the hotel business').first().waitFor();
      await look(student, 'student-plan');
      await go(student, '/consultations');
      await student.getByRole('button', { name: /^Book/ }).first().click();
      await student.getByText('your booking').first().waitFor();
      expect(await student.getByRole('link', { name: /Join/ }).first().getAttribute('href')).toBe(TEAMS);
      await look(student, 'student-consultations');

      const second = await open(person('student', 1));
      await go(second, '/consultations');
      expect(await second.getByRole('button', { name: /^Book/ }).count()).toBe(1);
      await second.getByText('Full').first().waitFor();
      expect(await second.locator(`a[href="${TEAMS}"]`).count()).toBe(0);
      await look(second, 'student-full');
    }, 120_000);

    test('step 5: marks are entered, pushed outside the request, and stand in the LMS’s grade book', async () => {
      const frame = await open(person('tutor'));
      await go(frame, '/results?column=midterm-1');
      const cells = frame.locator('td.c-midterm-1 input.cellin');
      for (const [index, mark] of ['85', '72.5', '91'].entries()) {
        await cells.nth(index).fill(mark);
        await cells.nth(index).press('Enter');
      }
      await frame
        .getByRole('button', { name: /Send 3/ })
        .first()
        .waitFor({ timeout: 15_000 });
      await look(frame, 'results');
      await frame
        .getByRole('button', { name: /Send 3/ })
        .first()
        .click();
      const arrived = () =>
        tool.lms
          .gradebook('2')
          .rows.flatMap(({ marks }) => Object.values(marks))
          .filter((mark) => mark !== null)
          .sort();
      for (let tries = 0; tries < 150 && arrived().length < 3; tries += 1) await page.waitForTimeout(100);
      expect(arrived()).toEqual([72.5, 85, 91]);
      await frame
        .getByText(/Sent:? 3/)
        .first()
        .waitFor({ timeout: 15_000 });
      await look(frame, 'results-sent');
      await page.goto(`${tool.lms.url}/course/2/grades`);
      await page.getByText('72.5').first().waitFor();
      await page.screenshot({ path: join(PICTURES, `gradebook-${width}.png`), fullPage: false });
    }, 90_000);

    test('no page broke the content security policy or threw', () => {
      expect(foul).toEqual([]);
    });
  },
);
