import { randomBytes } from 'node:crypto';
import { startEmbedded } from '../../src/database/index.js';
import { startDemoLms, type DemoLms } from '../demo-lms/index.js';
import { registerTool } from '../driver/launch.js';
import { freePort } from '../driver/ports.js';
import { registrationLink } from '../driver/registration-link.js';
import { startToolProcess } from '../driver/tool-process.js';
import type { DatabaseProxy } from './database-proxy.js';
import type { Contender } from './launch-steps.js';
import { temporaryFolder, type Started } from './started.js';
import { startStockTool } from './stock-process.js';
import { registerStockTool } from './stock-registration.js';

/** One tool that can be started anew, on the same port and data, with its database reached another way. */
interface Runner {
  readonly contender: Contender;
  readonly databaseUri: string;
  /** Ends the process that runs and starts one whose requests to the database pass the proxy. */
  throughProxy(proxy: DatabaseProxy): Promise<void>;
}

export interface Stage {
  readonly lms: DemoLms;
  readonly engine: string;
  readonly serik: Runner;
  readonly stock: Runner;
}

async function runner(
  started: Started,
  databaseUri: string,
  begin: (mongodbUri: string) => Promise<{ stop(): Promise<unknown> }>,
  contenderOf: () => Promise<Contender>,
): Promise<Runner> {
  let running = await started.start(() => begin(databaseUri));
  return {
    contender: await contenderOf(),
    databaseUri,
    async throughProxy(proxy) {
      await started.end(running);
      running = await started.start(() => begin(proxy.uri(databaseUri)));
    },
  };
}

const isPage = ({ type, body }: { type: string; body: string }) =>
  type.startsWith('text/html') && body.includes('</html>');

async function serikRunner(started: Started, lms: DemoLms, databaseUri: string, dataDir: string): Promise<Runner> {
  const port = await freePort();
  const secret = randomBytes(32).toString('hex');
  const env = { LOG_LEVEL: 'warn', DEFAULT_LANGUAGE: 'en' };
  const url = `http://127.0.0.1:${port}`;
  return runner(
    started,
    databaseUri,
    (mongodbUri) =>
      startToolProcess({
        port,
        mongodbUri,
        secret,
        dataDir,
        env,
        onLine: (line) => console.error(`  Serik: ${line}`),
      }),
    async () => {
      const page = await registerTool(lms, await registrationLink(databaseUri, url));
      const tool = lms.tools().find(({ initiateLoginUri }) => initiateLoginUri.startsWith(url));
      if (page.status !== 200 || !tool) throw new Error(`Serik could not be registered: ${page.status}`);
      // The button that opens a new tab is a whole page too, but stays at `/enter`.
      return { name: 'Serik', tool, arrived: (hop) => isPage(hop) && new URL(hop.url).pathname.startsWith('/c/') };
    },
  );
}

async function stockRunner(started: Started, lms: DemoLms, databaseUri: string): Promise<Runner> {
  const port = await freePort();
  const secret = randomBytes(32).toString('hex');
  const { tool, platform } = await registerStockTool(lms, `http://127.0.0.1:${port}`);
  return runner(
    started,
    databaseUri,
    (mongodbUri) => startStockTool({ mongodbUri, secret, port, platform }),
    () => Promise.resolve({ name: 'ltijs', tool, arrived: ({ body }) => body === "It's alive!" }),
  );
}

/**
 * Both tools as processes of their own, each with a database on the same engine, both registered at the same LMS, which keeps to
 * the specifications: what each of them manages.
 */
export async function setStage(started: Started): Promise<Stage> {
  const dataDir = await temporaryFolder(started, 'serik-bench-');
  const log = (line: string) => console.log(`  ${line}`);
  const engine = await started.start(() => startEmbedded({ dataDir, log }));
  const lms = await startDemoLms({ port: 0, manner: 'standard' });
  await started.start(() => Promise.resolve({ stop: () => lms.close() }));
  const database = (name: string) => {
    const uri = new URL(engine.uri);
    uri.pathname = `/${name}`;
    return uri.href;
  };
  const [serik, stock] = await Promise.all([
    serikRunner(started, lms, database('bench_serik'), dataDir),
    stockRunner(started, lms, database('bench_ltijs')),
  ]);
  return { lms, engine: engine.engine, serik, stock };
}
