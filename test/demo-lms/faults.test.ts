import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoLms } from '../../scripts/demo-lms/index.js';
import { createBrowser, submit, textOf } from '../../scripts/driver/browser.js';
import { COURSE, MANNERS, scoreOf, startBench, TYPE, type Bench } from './bench.js';
import { askToken, call, configurationOf } from './fake-tool.js';

describe.each(MANNERS)('Faults in the %s manner', (manner) => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner);
  });
  beforeEach(() => bench.clear());
  afterAll(() => bench.close());

  const roster = () => bench.get(bench.roster, TYPE.roster);

  test('429 names how long to wait, so many times and at that service only', async () => {
    bench.lms.faults.set({ kind: 'too-many', retryAfter: 7 }, { service: 'roster', times: 2 });
    const answers = [await roster(), await roster(), await roster()];
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [429, '7'],
      [429, '7'],
      [200, null],
    ]);
    bench.lms.faults.set({ kind: 'too-many', retryAfter: 7 }, { service: 'scores' });
    expect((await roster()).status).toBe(200);
  });

  test('500 until cleared', async () => {
    bench.lms.faults.set({ kind: 'error' });
    expect([(await roster()).status, (await askToken(bench.lms, bench.tool)).status]).toEqual([500, 500]);
    bench.lms.faults.clear();
    expect((await roster()).status).toBe(200);
  });

  test('slow answers come late and whole', async () => {
    bench.lms.faults.set({ kind: 'slow', ms: 300 }, { service: 'roster' });
    const before = Date.now();
    expect([(await roster()).status, Date.now() - before >= 290]).toEqual([200, true]);
  });

  test('cut: the score is stored and no answer comes', async () => {
    const item = await bench.item({});
    bench.lms.faults.set({ kind: 'cut' }, { service: 'scores', times: 1 });
    await expect(bench.score(item, scoreOf(bench.student(0), 50))).rejects.toThrow();
    const { columns, rows } = bench.lms.gradebook(COURSE);
    expect(rows.find(({ userId }) => userId === bench.student(0))?.marks[columns[0]?.id ?? '']).toBe(50);
    expect(bench.lms.log.at(-1)).toMatchObject({ service: 'scores', status: 0, accepted: true });
  });

  test('the key set is down', async () => {
    const { jwks_uri: jwks } = await configurationOf(bench.lms);
    bench.lms.faults.set({ kind: 'jwks-down' });
    expect([(await call(String(jwks))).status, (await roster()).status]).toEqual([503, 200]);
  });

  test('the clock is off, in launches too', () => {
    bench.lms.faults.set({ kind: 'clock', seconds: -600 });
    const { iat } = bench.lms.launchClaims(COURSE, bench.tutor) as { iat: number };
    expect(Math.abs(iat - (Date.now() / 1000 - 600)) < 3).toBe(true);
  });

  test('an administrator switches them on and off on a page', async () => {
    const administrator = bench.lms.people.find(({ kind }) => kind === 'administrator')?.id ?? '';
    const browser = createBrowser();
    const page = await browser.get(`${bench.lms.url}/switch?to=${administrator}&return=/admin/faults`);
    const on = await submit(browser, page, '/admin/faults', { kind: 'error', service: 'roster', times: '3' });
    expect(textOf(on)).toContain('500 Internal error: roster, 3 times more');
    expect((await roster()).status).toBe(500);
    await submit(browser, on, '/admin/faults/clear');
    expect((await roster()).status).toBe(200);
  });

  test('what happened is in the log', async () => {
    await roster();
    expect(bench.lms.log.at(-1)).toMatchObject({
      service: 'roster',
      method: 'GET',
      status: 200,
      path: bench.roster.slice(bench.lms.url.length),
    });
  });

  test('it listens on loopback of both kinds, where there are both', async () => {
    const { port } = new URL(bench.lms.url);
    expect((await call(`http://127.0.0.1:${port}/people.json`)).status).toBe(200);
    expect((await call(`http://localhost:${port}/people.json`)).status).toBe(200);
  });
});

describe('A demo LMS with a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-lms-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('finds its tools, marks, enrolments and keys again', async () => {
    const dataFile = join(folder, 'deeper', 'lms.json');
    const bench = await startBench('moodle', { dataFile });
    await bench.score(await bench.item({}), scoreOf(bench.student(0), 50));
    bench.lms.unenrol(COURSE, bench.student(1));
    const keys = await call(`${bench.lms.url}/mod/lti/certs.php`);
    const [tools, grades] = [bench.lms.tools(), bench.lms.gradebook(COURSE)];
    await bench.close();
    const again = await startDemoLms({ port: 0, manner: 'moodle', dataFile });
    try {
      expect([again.tools(), again.gradebook(COURSE)]).toEqual([tools, grades]);
      expect((await call(`${again.url}/mod/lti/certs.php`)).text).toBe(keys.text);
    } finally {
      await again.close();
    }
  });
});
