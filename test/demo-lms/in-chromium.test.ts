import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { COURSE, MANNERS, scoreOf, startBench, type Bench } from './bench.js';
import { TOOL_CONFIGURATION } from './fake-tool.js';

describe.each(MANNERS)('In Chromium, in the %s manner', (manner) => {
  let bench: Bench;
  let browser: Browser;

  beforeAll(async () => {
    bench = await startBench(manner, {
      registration: { [TOOL_CONFIGURATION]: { messages: [{ type: 'LtiDeepLinkingRequest' }] } },
    });
    bench.lms.acceptGrades(COURSE, true);
    const item = await bench.item({ label: 'Midterm 1' });
    for (const index of [0, 1, 25]) await bench.score(item, scoreOf(bench.student(index), 71, { comment: 'Good' }));
    browser = await launchBrowser({ log: () => undefined });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await bench.close();
  });

  async function visit(personId: string, path: string, width = 1280): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const page = await context.newPage();
    await page.goto(`${bench.lms.url}/switch?to=${personId}&return=${encodeURIComponent(path)}`);
    return page;
  }

  const people = () => ({
    tutor: bench.tutor,
    student: bench.student(0),
    administrator: bench.lms.people.find(({ kind }) => kind === 'administrator')?.id ?? '',
  });

  const PAGES = [
    ['tutor', '/'],
    ['tutor', `/course/${COURSE}?lti_errormsg=No&lti_msg=Yes`],
    ['tutor', `/course/${COURSE}/grades?student=101`],
    ['student', `/course/${COURSE}`],
    ['student', `/course/${COURSE}/grades`],
    ['administrator', '/admin/tools'],
    ['administrator', '/admin/faults'],
    ['tutor', '/admin/tools'],
  ] as const;

  // The pages are the same in both manners.
  const pages = manner === 'moodle' ? PAGES : [];
  (pages.length > 0 ? test.each(pages) : test.skip.each(PAGES))('axe finds nothing for the %s at %s, and 360 px are enough', async (kind, path) => {
    for (const width of [1280, 360]) {
      const page = await visit(people()[kind], path, width);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(wide).toBeLessThanOrEqual(width);
      await page.context().close();
    }
  });

  test('the frame posts the login to the tool, and grows as the tool asks', async () => {
    const page = await visit(bench.tutor, '/');
    const posted: string[] = [];
    await page.route(`${bench.tool.url}/**`, (route) => {
      posted.push(`${route.request().method()} ${new URL(route.request().url()).pathname}`);
      const body = '<script>parent.postMessage({ subject: "lti.frameResize", height: 2345 }, "*")</script>';
      return route.fulfill({ contentType: 'text/html', body });
    });
    await page.goto(`${bench.lms.url}/course/${COURSE}/serik`);
    const frame = page.locator('#contentframe');
    await expect(frame.getAttribute('title')).resolves.toBe('Serik');
    await page.waitForFunction(`document.querySelector('#contentframe').style.height === '2345px'`);
    expect(posted).toEqual(['POST /lti/login']);
    await page.context().close();
  });

  test('at the end of a registration the tool closes the frame and the list comes back', async () => {
    const page = await visit(people().administrator, '/admin/tools');
    await page.route(`${bench.tool.url}/**`, (route) => {
      const body = '<script>parent.postMessage({ subject: "org.imsglobal.lti.close" }, "*")</script>';
      return route.fulfill({ contentType: 'text/html', body });
    });
    await page.getByLabel('Tool URL').fill(`${bench.tool.url}/register`);
    await page.getByRole('button', { name: 'Add LTI Advantage' }).click();
    await page.waitForURL(`${bench.lms.url}/admin/tools`);
    await expect(page.getByRole('heading', { level: 1 }).textContent()).resolves.toBe('Manage tools');
    await page.context().close();
  });
});
