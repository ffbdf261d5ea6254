import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { COURSE, MANNERS, scoreOf, startBench, type Bench } from './bench.js';
import { TOOL_CONFIGURATION } from './fake-tool.js';

// Axe over sixty rows takes its time on a busy machine.
const SLOW = 90_000;

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser({ log: () => undefined });
}, SLOW);
afterAll(() => browser.close());

async function visit({ lms }: Bench, personId: string, path: string, width = 1280): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${lms.url}/switch?to=${personId}&return=${encodeURIComponent(path)}`);
  return page;
}

const idOf = ({ lms }: Bench, kind: string) => lms.people.find((person) => person.kind === kind)?.id ?? '';

const start = (manner: (typeof MANNERS)[number]) =>
  startBench(manner, { registration: { [TOOL_CONFIGURATION]: { messages: [{ type: 'LtiDeepLinkingRequest' }] } } });

describe('The pages in Chromium', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await start('moodle');
    bench.lms.acceptGrades(COURSE, true);
    const item = await bench.item({ label: 'Midterm 1' });
    for (const index of [0, 1, 25]) await bench.score(item, scoreOf(bench.student(index), 71, { comment: 'Good' }));
  }, SLOW);
  afterAll(() => bench.close());

  test.each([
    ['tutor', '/'],
    ['tutor', `/course/${COURSE}?lti_errormsg=No&lti_msg=Yes`],
    ['tutor', `/course/${COURSE}/grades?student=101`],
    ['student', `/course/${COURSE}`],
    ['student', `/course/${COURSE}/grades`],
    ['administrator', '/admin/tools'],
    ['administrator', '/admin/faults'],
    ['administrator', '/admin/switches'],
    ['administrator', '/admin/tools/by-hand'],
    ['administrator', '/'],
    ['tutor', '/my/serik'],
    ['tutor', '/admin/tools'],
  ])(
    'axe finds nothing for the %s at %s, and 360 px are enough',
    async (kind, path) => {
      for (const width of [1280, 360]) {
        const page = await visit(bench, idOf(bench, kind), path, width);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await page.context().close();
      }
    },
    SLOW,
  );
});

describe.each(MANNERS)('Frames in Chromium, in the %s manner', (manner) => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await start(manner);
  }, SLOW);
  afterAll(() => bench.close());

  test('the frame posts the login to the tool, and grows as the tool asks', async () => {
    const page = await visit(bench, bench.tutor, '/');
    const posted: string[] = [];
    await page.route(`${bench.tool.url}/**`, (route) => {
      posted.push(`${route.request().method()} ${new URL(route.request().url()).pathname}`);
      const body = '<script>parent.postMessage({ subject: "lti.frameResize", height: 2345 }, "*")</script>';
      return route.fulfill({ contentType: 'text/html', body });
    });
    await page.goto(`${bench.lms.url}/course/${COURSE}/serik`);
    await page.waitForFunction(`document.querySelector('#contentframe').style.height === '2345px'`);
    expect(await page.locator('#contentframe').getAttribute('title')).toBe('Serik');
    expect(posted).toEqual(['POST /lti/login']);
    await page.context().close();
  });

  test('at the end of a registration the tool closes the frame and the list comes back', async () => {
    const page = await visit(bench, idOf(bench, 'administrator'), '/admin/tools');
    await page.route(`${bench.tool.url}/**`, (route) => {
      const body = '<script>parent.postMessage({ subject: "org.imsglobal.lti.close" }, "*")</script>';
      return route.fulfill({ contentType: 'text/html', body });
    });
    await page.getByLabel('Tool URL').fill(`${bench.tool.url}/register`);
    await page.getByRole('button', { name: 'Add LTI Advantage' }).click();
    await page.waitForURL(`${bench.lms.url}/admin/tools`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Manage tools');
    await page.context().close();
  });
});
