import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext } from 'playwright-core';
import { startEmbedded } from '../src/database/index.js';
import { projectRoot } from '../src/root.js';
import { launchBrowser } from './chromium.js';
import { startDemoLms, type DemoLms } from './demo-lms/index.js';
import { createBrowser } from './driver/browser.js';
import { launch, registerTool } from './driver/launch.js';
import { bookFirstSlot, buildMap, enterMarks, publishSlots, sendMarks } from './driver/main-job.js';
import { freePort } from './driver/ports.js';
import { registrationLink } from './driver/registration-link.js';
import { startToolProcess } from './driver/tool-process.js';

/** Makes the README's pictures from the real thing, after the main job was done in it. */

const COURSE = '2';
const folder = join(projectRoot, 'docs', 'pictures');

const idsOf = (lms: DemoLms, kind: string) => lms.people.filter((person) => person.kind === kind).map(({ id }) => id);

async function doTheMainJob(lms: DemoLms, link: string): Promise<void> {
  await registerTool(lms, link);
  const tutor = createBrowser();
  const home = (await launch(lms, idsOf(lms, 'tutor')[0] ?? '', COURSE, tutor)).url.replace(/\/$/, '');
  await launch(lms, idsOf(lms, 'assistant')[0] ?? '', COURSE);
  const students = idsOf(lms, 'student');
  for (let tries = 0; tries < 100 && !(await tutor.get(`${home}/students`)).html.includes('student01'); tries += 1)
    await sleep(100);
  await buildMap(tutor, home);
  await publishSlots(tutor, home, { capacity: 8, howMany: 5 });
  for (const id of students.slice(0, 27)) await bookFirstSlot(lms, id, COURSE);
  await enterMarks(tutor, home, new Map(students.slice(0, 40).map((id, index) => [id, 52 + ((index * 7) % 47)])));
  await sendMarks(tutor, home);
  await enterMarks(tutor, home, new Map(students.slice(40, 44).map((id, index) => [id, 71 + index])));
}

interface Shot {
  readonly name: string;
  readonly person: string;
  readonly path: string;
  readonly language: 'kk' | 'ru' | 'en';
}

/** The window is as tall as the picture: a frame paints only what the window shows. */
async function take(
  context: BrowserContext,
  lms: DemoLms,
  shot: Shot,
  size: { width: number; height: number },
): Promise<void> {
  const page = await context.newPage();
  await page.setViewportSize(size);
  await page.goto(`${lms.url}/switch?to=${shot.person}&return=/course/${COURSE}/serik`);
  const frame = await (await page.waitForSelector('#contentframe')).contentFrame();
  if (!frame) throw new Error('The course page has no frame');
  await frame.waitForURL(/\/c\/[\w-]+\/$/);
  await frame.goto(
    `${frame.url().replace(/\/$/, '')}${shot.path}${shot.path.includes('?') ? '&' : '?'}lang=${shot.language}`,
  );
  await frame.waitForSelector('main h1');
  await page.waitForTimeout(1500);
  const file = join(folder, `${shot.name}.png`);
  await page.screenshot({ path: file });
  console.log(`  ${file}`);
  await page.close();
}

/** The administrator's desk with a self-test that has just run. */
async function takeDesk(context: BrowserContext, lms: DemoLms, person: string): Promise<void> {
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 1000 });
  await page.goto(`${lms.url}/switch?to=${person}&return=/admin/serik`);
  const frame = await (await page.waitForSelector('#contentframe')).contentFrame();
  if (!frame) throw new Error('The page has no frame');
  await frame.waitForURL(/\/desk\/$/);
  await frame.locator('table a.btn').first().click();
  await frame.locator('#test form button').click();
  await frame.locator('#test li.test .st').nth(8).waitFor({ timeout: 20_000 });
  await page.waitForTimeout(1000);
  const file = join(folder, 'desk.png');
  await page.screenshot({ path: file });
  console.log(`  ${file}`);
  await page.close();
}

async function run(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(tmpdir(), 'serik-screenshots-'));
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const database = await startEmbedded({ dataDir, log: (line) => console.log(`  ${line}`) });
    stops.push(() => database.stop());
    const tool = await startToolProcess({
      port: await freePort(),
      mongodbUri: database.uri,
      secret: randomBytes(32).toString('hex'),
      dataDir,
      env: { LOG_LEVEL: 'warn' },
    });
    stops.push(() => tool.stop());
    const lms = await startDemoLms({ port: 0, manner: 'moodle' });
    stops.push(() => lms.close());
    const link = await registrationLink(database.uri, tool.url);
    await doTheMainJob(lms, link);

    const browser = await launchBrowser({ log: (line) => console.log(`  ${line}`) });
    stops.push(() => browser.close());
    const context = await browser.newContext();
    const [tutor = '', student = ''] = [idsOf(lms, 'tutor')[0], idsOf(lms, 'student')[0]];
    const wide = { width: 1280, height: 1100 };
    await take(context, lms, { name: 'overview', person: tutor, path: '/', language: 'en' }, wide);
    await take(
      context,
      lms,
      { name: 'map', person: tutor, path: '/map', language: 'en' },
      { width: 1280, height: 1700 },
    );
    await take(
      context,
      lms,
      { name: 'consultations', person: tutor, path: '/consultations?stage=midterm-1', language: 'ru' },
      wide,
    );
    await takeDesk(context, lms, idsOf(lms, 'administrator')[0] ?? '');
    await take(context, lms, { name: 'results', person: tutor, path: '/results', language: 'kk' }, wide);
    await take(
      context,
      lms,
      { name: 'student', person: student, path: '/', language: 'kk' },
      { width: 360, height: 1100 },
    );
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await run();
