import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDemoLms, type DemoLms } from '../../scripts/demo-lms/index.js';
import { createBrowser } from '../../scripts/driver/browser.js';
import { launch, registerTool } from '../../scripts/driver/launch.js';
import { enterMarks, sendMarks } from '../../scripts/driver/main-job.js';
import { freePort } from '../../scripts/driver/ports.js';
import { startToolProcess, type ToolProcess } from '../../scripts/driver/tool-process.js';
import { createRegistrationLinks } from '../../src/lti/registration-links.js';
import { testDatabase } from '../support/database.js';

const COURSE = '2';

describe.each(['standard', 'moodle'] as const)('kill -9 while marks go to a %s LMS', (manner) => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let lms: DemoLms;
  let tool: ToolProcess;
  let start: () => Promise<ToolProcess>;

  beforeAll(async () => {
    database = await testDatabase();
    const port = await freePort();
    const secret = randomBytes(32).toString('hex');
    start = () =>
      startToolProcess({
        port,
        mongodbUri: database.uri,
        secret,
        dataDir: '.data/test',
        env: { LOG_LEVEL: 'error', OUTBOX_LEASE_SECONDS: '2' },
      });
    tool = await start();
    lms = await startDemoLms({ port: 0, manner });
    const links = createRegistrationLinks(database.connection, { publicUrl: tool.url, now: () => new Date() });
    await registerTool(lms, await links.create());
  }, 60_000);

  afterAll(async () => {
    await tool.stop();
    await lms.close();
    await database.close();
  });

  const accepted = () => lms.log.filter(({ service, accepted: taken }) => service === 'scores' && taken === true);

  test('every mark arrives once, in one column', async () => {
    const browser = createBrowser();
    const tutor = lms.people.find(({ kind }) => kind === 'tutor');
    const students = lms.people.filter(({ kind }) => kind === 'student');
    const marks = new Map(students.map(({ id }, index) => [id, 30 + index]));
    const home = (await launch(lms, tutor?.id ?? '', COURSE, browser)).url.replace(/\/$/, '');
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await browser.get(`${home}/students`)).html.includes('student01')) break;
      await sleep(100);
    }
    await enterMarks(browser, home, marks);
    lms.faults.set({ kind: 'slow', ms: 60 }, { service: 'scores' });
    await sendMarks(browser, home);

    // Killed three times, each time with some marks there, some on their way and some waiting.
    for (const enough of [5, 20, 40]) {
      for (let tries = 0; tries < 400 && accepted().length < enough; tries += 1) await sleep(25);
      expect(accepted().length).toBeGreaterThanOrEqual(enough);
      await tool.kill();
      expect(accepted().length).toBeLessThan(60);
      tool = await start();
    }
    const arrived = () => {
      const { columns, rows } = lms.gradebook(COURSE);
      const column = columns.find(({ maximum }) => maximum === 100)?.id ?? '';
      return rows.filter(({ userId, marks: got }) => got[column] === marks.get(userId)).length;
    };
    for (let tries = 0; tries < 600 && arrived() < marks.size; tries += 1) await sleep(50);
    expect(arrived()).toBe(60);

    const times = new Map<string, number>();
    for (const { userId = '' } of accepted()) times.set(userId, (times.get(userId) ?? 0) + 1);
    expect([...times].filter(([, count]) => count !== 1)).toEqual([]);
    expect(times.size).toBe(60);
    const made = lms.log.filter(
      ({ service, method, status }) => service === 'lineitems' && method === 'POST' && status < 300,
    );
    expect(made).toHaveLength(1);
  }, 120_000);
});
