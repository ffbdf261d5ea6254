import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answer, begin } from '../support/hand-made-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

describe('the platform’s keys', () => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool('moodle');
  }, 60_000);
  afterAll(() => tool.close());

  const enter = async () => {
    const begun = await begin(tool);
    return answer(tool, begun.browser, { id_token: await tool.lms.signIdToken(begun.claims), state: begun.state });
  };
  const fetched = () => tool.lms.log.filter(({ service }) => service === 'jwks').length;

  test('they are fetched once for many launches', async () => {
    const pages = await Promise.all(Array.from({ length: 6 }, enter));
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(fetched()).toBe(1);
  });

  test('a rotated key is fetched when it is first seen', async () => {
    await tool.lms.rotateKeys();
    expect((await enter()).status).toBe(200);
    expect(fetched()).toBe(2);
  });

  test('while the address is down, the keys that are known serve on', async () => {
    tool.lms.faults.set({ kind: 'jwks-down' });
    expect((await enter()).status).toBe(200);
    tool.lms.faults.clear();
  });
});
