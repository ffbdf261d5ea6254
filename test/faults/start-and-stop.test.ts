import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../scripts/driver/ports.js';
import { startToolProcess } from '../../scripts/driver/tool-process.js';
import { projectRoot } from '../../src/root.js';
import { testDatabase } from '../support/database.js';

const main = join(projectRoot, 'dist', 'src', 'main.js');

async function startWith(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'] ?? '', ...env }, cwd: projectRoot });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(child, 'exit');
  return { code: child.exitCode, said };
}

describe('start and stop', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  test('production does not start with the example’s secret, and says what to do', async () => {
    const { code, said } = await startWith({
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://serik.example.edu',
      SECRET: 'change-me-change-me-change-me-change-me',
      TRUSTED_PROXY_HOPS: '1',
    });
    expect(code).toBe(1);
    expect(said).toContain('SECRET: is the example value; make one with `openssl rand -hex 32`');
  });

  test('a database that is not there is told, and the start fails', async () => {
    const { code, said } = await startWith({
      MONGODB_URI: 'mongodb://127.0.0.1:1/serik?serverSelectionTimeoutMS=500',
      PORT: '0',
    });
    expect(code).toBe(1);
    expect(said).toMatch(/127\.0\.0\.1:1|ECONNREFUSED/);
  }, 30_000);

  test('SIGTERM ends it in order; behind a proxy it knows clients by their own address', async () => {
    const lines: string[] = [];
    const tool = await startToolProcess({
      port: await freePort(),
      mongodbUri: database.uri,
      secret: 'a secret of the tests only, 0123456789',
      dataDir: '.data/test',
      env: { TRUSTED_PROXY_HOPS: '1' },
      onLine: (line) => lines.push(line),
    });
    const limit = async (client: string) => {
      const answer = await fetch(`${tool.url}/lti/login`, { headers: { 'X-Forwarded-For': client } });
      return answer.headers.get('ratelimit-remaining');
    };
    const [first, second, other] = [await limit('203.0.113.5'), await limit('203.0.113.5'), await limit('203.0.113.9')];
    expect(second).not.toBe(first);
    expect(other).toBe(first);
    expect(Number(first)).toBeGreaterThan(0);
    // A client that never finishes its request holds nobody up.
    const hanging = connect(Number(new URL(tool.url).port), '127.0.0.1');
    hanging.on('error', () => undefined);
    hanging.write('POST /open HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await once(hanging, 'ready');
    const started = Date.now();
    expect(await tool.stop()).toBe(0);
    expect(Date.now() - started).toBeLessThan(15_000);
    hanging.destroy();
    expect(lines.filter((line) => line.includes('"msg":"stopping"'))).toHaveLength(1);
    await expect(fetch(`${tool.url}/healthz`)).rejects.toThrow();
  }, 60_000);
});
