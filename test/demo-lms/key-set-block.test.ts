import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { submit } from '../../scripts/driver/browser.js';
import { MANNERS, startBench, type Bench } from './bench.js';
import { askToken } from './fake-tool.js';
import { visitAs } from './walk.js';

describe.each([...MANNERS, 'open-edx'] as const)('A block on private key sets in the %s manner', (manner) => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner);
  });
  afterAll(() => bench.close());

  const EXPECTED = {
    standard: [401, 'application/json'],
    moodle: [404, 'text/html'],
    'open-edx': [400, 'application/json'],
  };
  const answered = async () => {
    const { status, type } = await askToken(bench.lms, bench.tool);
    return [status, type.split(';')[0]];
  };

  test('is off at first; on, tokens are refused although the key set was read before', async () => {
    expect((await askToken(bench.lms, bench.tool)).status).toBe(200);
    bench.lms.blockPrivateKeySets(true);
    expect(await answered()).toEqual(EXPECTED[manner]);
    bench.lms.blockPrivateKeySets(false);
    expect((await askToken(bench.lms, bench.tool)).status).toBe(200);
  });

  test('is switched by the administrator on a page', async () => {
    const administrator = bench.lms.people.find(({ kind }) => kind === 'administrator')?.id ?? '';
    const { browser, page } = await visitAs(bench.lms, administrator, '/admin/switches');
    const saved = await submit(browser, page, '/switches', { blockPrivateKeySets: '1' });
    expect(await answered()).toEqual(EXPECTED[manner]);
    expect(saved.html).toMatch(/name="blockPrivateKeySets"[^>]*checked/);
    const { page: again } = await visitAs(bench.lms, administrator, '/admin/switches', browser);
    const fields = Object.fromEntries(new URLSearchParams(manner === 'standard' ? 'storage=1' : ''));
    await browser.post(`${new URL(again.url).origin}/admin/switches`, fields);
    expect((await askToken(bench.lms, bench.tool)).status).toBe(200);
  });
});
