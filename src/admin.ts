import { resolve } from 'node:path';
import { readConfig } from './config.js';
import { connectDatabase, runningEngine, startEmbedded } from './database/index.js';
import { createRegistrationLinks } from './lti/registration-links.js';
import { createLogger } from './web/logging.js';

const USAGE = `npm run admin -- registration-link [--hours N]
    makes a one-time link by which an LMS administrator registers Serik (default: good for 72 hours)`;

function hoursOf(words: readonly string[]): number {
  const at = words.indexOf('--hours');
  const hours = at < 0 ? 72 : Number(words[at + 1]);
  if (!Number.isFinite(hours) || hours <= 0 || hours > 24 * 30) throw new Error('--hours takes a number up to 720');
  return hours;
}

async function run([command, ...words]: readonly string[]): Promise<void> {
  if (command !== 'registration-link') {
    console.log(USAGE);
    process.exitCode = command === undefined || command === '--help' ? 0 : 1;
    return;
  }
  const hours = hoursOf(words);
  const config = readConfig(process.env);
  const logger = createLogger('error');
  const dataDir = resolve(config.dataDir, 'database');
  // While Serik runs on a database of its own, that one is used.
  const uri = config.mongodbUri ?? (await runningEngine(dataDir))?.uri;
  const embedded = uri === undefined ? await startEmbedded({ dataDir, log: () => undefined }) : undefined;
  const connection = await connectDatabase(uri ?? embedded?.uri ?? '', { logger });
  const links = createRegistrationLinks(connection, { publicUrl: config.publicUrl, now: () => new Date() });
  await links.ready();
  console.log(await links.create(hours));
  await connection.close();
  await embedded?.stop();
}

run(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
