import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { jwtVerify } from 'jose';
import { createLmsFetch } from '../../src/lti/lms-fetch.js';
import { createPlatformKeys, KeysUnavailable } from '../../src/lti/platform-keys.js';
import { beginLogin, expectRefused, goodClaims, open, personOf, postAnswer } from '../support/crafted-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const HOUR = 3_600_000;

describe.each(['standard', 'moodle'] as const)('the keys of a %s LMS that come and go', (manner) => {
  let tool: TestTool;
  beforeEach(async () => {
    tool = await startTestTool(manner);
  }, 60_000);
  afterEach(async () => {
    tool.lms.faults.clear();
    await tool.close();
  });

  const fetched = () => tool.lms.log.filter(({ service }) => service === 'jwks').length;
  const student = (nth: number) => personOf(tool.lms, 'student', nth);

  test('no login while they were never fetched; as soon as they can be, the same login is good', async () => {
    tool.lms.faults.set({ kind: 'jwks-down' });
    const login = await beginLogin(tool);
    const send = async () =>
      postAnswer(tool, login.browser, {
        id_token: await tool.lms.signIdToken(goodClaims(tool, login)),
        state: login.state,
      });
    expectRefused(tool, { page: await send(), browser: login.browser }, 'keys cannot be reached');
    tool.lms.faults.clear();
    expect((await send()).status).toBe(200);
  });

  test('50 launches at once with keys that nobody fetched yet fetch them once', async () => {
    const before = fetched();
    const opened = await Promise.all(Array.from({ length: 50 }, (_, n) => open(tool, { person: student(n) })));
    expect(opened.map(({ page }) => page.status)).toEqual(opened.map(() => 200));
    expect(fetched() - before).toBe(1);
  }, 60_000);

  test('50 launches at once after a rotation all get in, and fetch the keys once or twice', async () => {
    expect((await open(tool)).page.status).toBe(200);
    await tool.lms.rotateKeys();
    const before = fetched();
    const opened = await Promise.all(Array.from({ length: 50 }, (_, n) => open(tool, { person: student(n) })));
    expect(opened.map(({ page }) => page.status)).toEqual(opened.map(() => 200));
    expect([1, 2]).toContain(fetched() - before);
  }, 60_000);

  test('50 launches at once after a rotation, at an LMS whose keys come slowly', async () => {
    expect((await open(tool)).page.status).toBe(200);
    await tool.lms.rotateKeys();
    tool.lms.faults.set({ kind: 'slow', ms: 700 }, { service: 'jwks' });
    const before = fetched();
    const opened = await Promise.all(Array.from({ length: 50 }, (_, n) => open(tool, { person: student(n) })));
    expect(opened.map(({ page }) => page.status)).toEqual(opened.map(() => 200));
    expect([1, 2]).toContain(fetched() - before);
  }, 60_000);

  test('invented key ids do not make us ask the LMS again and again', async () => {
    expect((await open(tool)).page.status).toBe(200);
    const before = fetched();
    for (let n = 0; n < 12; n += 1) {
      const login = await beginLogin(tool);
      const idToken = await tool.lms.signIdToken(goodClaims(tool, login), { kid: `invented-${n}` });
      expect((await postAnswer(tool, login.browser, { id_token: idToken, state: login.state })).status).toBe(401);
    }
    expect(fetched() - before).toBeLessThanOrEqual(2);
    expect((await open(tool)).page.status).toBe(200);
  });

  test('keys that are known serve on while the address is down, and a new one does not get in then', async () => {
    expect((await open(tool)).page.status).toBe(200);
    tool.lms.faults.set({ kind: 'jwks-down' });
    expect((await open(tool)).page.status).toBe(200);
    await tool.lms.rotateKeys();
    expect((await open(tool)).page.status).toBe(401);
  });
});

/** What takes hours in the tool, with the same code, the same LMS and a clock of its own. */
describe('keys that grow old', () => {
  let tool: TestTool;
  let jwks: string;
  let now: number;
  beforeAll(async () => {
    tool = await startTestTool('standard');
    jwks = (await tool.app.platforms.ofIssuer(tool.lms.url))[0]?.jwksUrl ?? '';
  }, 60_000);
  beforeEach(() => {
    now = Date.now();
    tool.lms.faults.clear();
  });
  afterAll(() => tool.close());

  const store = () =>
    createPlatformKeys({ lmsFetch: createLmsFetch({ timeoutMs: 3000, allowPrivate: true }), now: () => now });
  const good = async (keys: ReturnType<typeof store>) =>
    (await jwtVerify(await tool.lms.signIdToken({ sub: '1' }), keys.finder(jwks))).payload.sub;
  const fetched = () => tool.lms.log.filter(({ service }) => service === 'jwks').length;

  test('they are used for ten minutes without asking, then asked for', async () => {
    const keys = store();
    const before = fetched();
    expect([await good(keys), await good(keys)]).toEqual(['1', '1']);
    now += HOUR / 6 - 1000;
    expect(await good(keys)).toBe('1');
    expect(fetched() - before).toBe(1);
    now += 2000;
    expect(await good(keys)).toBe('1');
    expect(fetched() - before).toBe(2);
  });

  test('stale ones serve for a day while the address is down, and no longer', async () => {
    const keys = store();
    expect(await good(keys)).toBe('1');
    tool.lms.faults.set({ kind: 'jwks-down' });
    now += 23 * HOUR;
    expect(await good(keys)).toBe('1');
    now += 2 * HOUR;
    await expect(good(keys)).rejects.toThrow(KeysUnavailable);
    tool.lms.faults.clear();
    expect(await good(keys)).toBe('1');
  });

  test('after a second rotation within seconds the newest key waits for the next look', async () => {
    const keys = store();
    expect(await good(keys)).toBe('1');
    await tool.lms.rotateKeys();
    expect(await good(keys)).toBe('1');
    await tool.lms.rotateKeys();
    await expect(good(keys)).rejects.toThrow();
    now += 11_000;
    expect(await good(keys)).toBe('1');
  });
});
