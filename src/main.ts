import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { createApp } from './app.js';
import { ConfigError, readConfig, type Config } from './config.js';
import { connectDatabase, expiringOf, startEmbedded, startSweeper } from './database/index.js';
import { createLogger } from './web/logging.js';

const STOP_MS = 20_000;
/** A client that has not finished its request by then is cut off. */
const HANGING_MS = 5_000;
const SWEEP_MS = 10 * 60_000;

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return process.exit(1);
  }
}

const listen = (server: Server, port: number, host: string) =>
  new Promise<number>((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => done((server.address() as AddressInfo).port));
  });

async function run(): Promise<void> {
  const config = configOrExit();
  const logger = createLogger(config.logLevel);
  const embedded =
    config.mongodbUri === undefined
      ? await startEmbedded({ dataDir: resolve(config.dataDir, 'database'), log: (line) => logger.info(line) })
      : undefined;
  const connection = await connectDatabase(config.mongodbUri ?? embedded?.uri ?? '', { logger });
  let stopping = false;
  const app = await createApp({ config, connection, logger, stopping: () => stopping });
  const server = createServer(app.http);
  server.requestTimeout = 60_000;
  const port = await listen(server, config.port, config.host);
  app.startJobs();
  const sweeper = startSweeper(connection, expiringOf(connection), SWEEP_MS);
  logger.info({ port, publicUrl: config.publicUrl }, 'listening');

  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    // What is under way may finish; whoever hangs is cut off.
    setTimeout(() => process.exit(1), STOP_MS).unref();
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), HANGING_MS).unref();
    void Promise.all([closed, app.stopJobs()])
      .then(() => sweeper.stop())
      .then(() => {
        // From here on a lost connection is what we want.
        connection.removeAllListeners('disconnected');
        return connection.close();
      })
      .then(() => embedded?.stop())
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        logger.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      });
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

// A net, not a plan: a fault in one request must not end everybody's.
process.on('unhandledRejection', (error) =>
  console.error(JSON.stringify({ level: 50, msg: 'unhandled', error: String(error) })),
);

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
