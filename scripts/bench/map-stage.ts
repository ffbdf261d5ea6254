import { randomBytes } from 'node:crypto';
import type { BrowserContext } from 'playwright-core';
import { startEmbedded } from '../../src/database/index.js';
import { LIMITS } from '../../src/integration-map/map.js';
import { launchBrowser } from '../chromium.js';
import { startDemoLms } from '../demo-lms/index.js';
import { createBrowser } from '../driver/browser.js';
import { launch, registerTool } from '../driver/launch.js';
import { buildMap } from '../driver/main-job.js';
import { freePort } from '../driver/ports.js';
import { registrationLink } from '../driver/registration-link.js';
import { startToolProcess } from '../driver/tool-process.js';
import { temporaryFolder, type Started } from './started.js';

const COURSE = '2';
/** Of the template: 15 lectures, 3 consultations, 3 controls. */
const TEMPLATE_ROWS = 21;

export interface MapStage {
  /** A browser of its own, signed in as the tutor. */
  readonly context: BrowserContext;
  readonly url: string;
}

const sentence = (row: number) =>
  `Қонақжайлылық индустриясы ${row}: нөмір қорын басқару, бағалар мен сұраныс, қызмет көрсету сапасы`;

const textsOf = (row: string, number: number): Record<string, string> => ({
  [`rows.${row}.topic`]: sentence(number),
  [`rows.${row}.tasks`]: `Бейнедәріс ${number}\nФорумда жауап беру\n${sentence(number)}`,
  [`rows.${row}.assessment`]: 'Онлайн тест, 5 балл',
  [`rows.${row}.delivery`]: 'asynchronous',
  [`rows.${row}.platform`]: `Coursera, module ${number}`,
  [`rows.${row}.link`]: `https://www.coursera.org/learn/hotel-management/module/${number}`,
});

/** The tool, its database and an LMS as in use, and a map as full as it may be, with texts as long as tutors write them. */
export async function setMapStage(started: Started): Promise<MapStage> {
  const dataDir = await temporaryFolder(started, 'serik-bench-map-');
  const log = (line: string) => console.log(`  ${line}`);
  const database = await started.start(() => startEmbedded({ dataDir, log }));
  const tool = await started.start(async () =>
    startToolProcess({
      port: await freePort(),
      mongodbUri: database.uri,
      secret: randomBytes(32).toString('hex'),
      dataDir,
      env: { LOG_LEVEL: 'warn', DEFAULT_LANGUAGE: 'en' },
      onLine: (line) => console.error(`  Serik: ${line}`),
    }),
  );
  const lms = await startDemoLms({ port: 0, manner: 'standard' });
  await started.start(() => Promise.resolve({ stop: () => lms.close() }));
  await registerTool(lms, await registrationLink(database.uri, tool.url));

  const tutor = createBrowser();
  const person = lms.people.find(({ kind }) => kind === 'tutor');
  const home = (await launch(lms, person?.id ?? '', COURSE, tutor)).url.replace(/\/$/, '');
  await buildMap(tutor, home);
  const page = await tutor.get(`${home}/map`);
  const headers = {
    'X-CSRF-Token': /name="csrf" content="([^"]+)"/.exec(page.html)?.[1] ?? '',
    Origin: new URL(home).origin,
  };
  const rows = Array.from({ length: LIMITS.rows - TEMPLATE_ROWS }, (_, index) => ({
    id: `b${index}`,
    kind: index % 2 === 0 ? 'practical' : 'lecture',
  }));
  const added = await tutor.json('POST', `${home}/map/act`, { since: 0, act: { do: 'add-rows', rows } }, headers);
  const ids = [...Array.from({ length: 15 }, (_, index) => `l${index + 1}`), ...rows.map(({ id }) => id)];
  const texts = Object.assign({}, ...ids.map((id, index) => textsOf(id, index + 1))) as Record<string, string>;
  const changes = Object.entries(texts).map(([path, value]) => ({
    path,
    base: /^rows\.l\d+\.topic$/.test(path) ? path.replace(/^rows\.l(\d+)\.topic$/, 'Topic $1') : baseOf(path),
    value,
  }));
  const saved = await tutor.json('PATCH', `${home}/map`, { since: 0, changes }, headers);
  if (added.status !== 200 || saved.status !== 200)
    throw new Error(`The map could not be filled: ${added.status}, ${saved.status} ${saved.html.slice(0, 300)}`);

  const browser = await launchBrowser({ log });
  await started.start(() => Promise.resolve({ stop: () => browser.close() }));
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en' });
  const { host, origin } = new URL(home);
  await context.addCookies(Object.entries(tutor.cookies(host)).map(([name, value]) => ({ name, value, url: origin })));
  return { context, url: `${home}/map` };
}

/** `buildMap` has chosen a form of delivery for every lecture of the template. */
const baseOf = (path: string) => (/^rows\.l\d+\.delivery$/.test(path) ? 'asynchronous' : '');
