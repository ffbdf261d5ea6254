import { createServer, type ServerResponse } from 'node:http';
import { afterAll } from '@jest/globals';
import { createApp, type App } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { createLogger } from '../../src/web/logging.js';
import { startDemoLms, type DemoLms } from '../../scripts/demo-lms/index.js';
import { registerTool } from '../../scripts/driver/launch.js';
import { freePort } from '../../scripts/driver/ports.js';
import { testDatabase } from './database.js';

interface RunningTool {
  readonly url: string;
  readonly app: App;
  /** What the tool believes the time to be; moves by hand. */
  readonly clock: { offsetMs: number };
  /** While on, frames lose every cookie that the tool sets, as in browsers that keep none there. Names what was lost. */
  readonly frameCookies: { dropped: boolean; readonly lost: string[] };
  close(): Promise<void>;
}

export interface TestTool extends RunningTool {
  readonly lms: DemoLms;
}

const SECRET = 'a secret of the tests only, 0123456789';

function loseCookies(res: ServerResponse, lost: string[]): void {
  const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => ServerResponse;
  res.writeHead = (...args: unknown[]) => {
    for (const cookie of [res.getHeader('set-cookie') ?? []].flat()) lost.push(String(cookie).split('=')[0] ?? '');
    res.removeHeader('set-cookie');
    return writeHead(...args);
  };
}

async function start(): Promise<RunningTool> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const database = await testDatabase();
  const clock = { offsetMs: 0 };
  const app = await createApp({
    config: readConfig({
      NODE_ENV: 'test',
      PORT: String(port),
      SECRET,
      PUBLIC_URL: url,
      DEFAULT_LANGUAGE: 'en',
      LMS_TIMEOUT_SECONDS: '3',
    }),
    connection: database.connection,
    logger: createLogger(process.env['TEST_LOG'] ?? 'silent'),
    now: () => new Date(Date.now() + clock.offsetMs),
  });
  const frameCookies = { dropped: false, lost: [] as string[] };
  const server = createServer((req, res) => {
    if (frameCookies.dropped && req.headers['sec-fetch-dest'] === 'iframe') loseCookies(res, frameCookies.lost);
    app.http(req, res);
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  app.startJobs();
  return {
    url,
    app,
    clock,
    frameCookies,
    async close() {
      await app.stopJobs();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await database.close();
    },
  };
}

/** ltijs is a singleton, so each test file has one tool; the LMSs of the file are all registered in it. */
let shared: Promise<RunningTool> | undefined;
afterAll(async () => {
  await (await shared)?.close();
});

/** The whole tool in this process, with a real database, beside a demo LMS of its own where it is registered. */
export async function startTestTool(manner: 'standard' | 'moodle'): Promise<TestTool> {
  shared ??= start();
  const tool = await shared;
  const lms = await startDemoLms({ port: 0, manner });
  const page = await registerTool(lms, await tool.app.registrationLinks.create());
  if (page.status !== 200)
    throw new Error(`The tool could not be registered: ${page.status} ${page.html.slice(0, 500)}`);
  return { ...tool, lms, close: () => lms.close() };
}
