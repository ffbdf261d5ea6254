import { resolve } from 'node:path';
import { readConfig } from './config.js';
import { connectDatabase, runningEngine, startEmbedded } from './database/index.js';
import { createLtiStores } from './lti/index.js';
import { deploymentsCommand } from './operator/deployments-command.js';
import { keysCommand } from './operator/keys-command.js';
import { UsageError, type Command } from './operator/operator.js';
import { platformCommand } from './operator/platform-command.js';
import { registrationLinkCommand } from './operator/registration-link-command.js';
import { createLogger } from './web/logging.js';

const USAGE = `npm run admin -- COMMAND

registration-link [--hours N] [--own-desk]
    makes a one-time link by which an LMS administrator registers Serik (default: good for 72 hours). Administrators of that
    LMS look after all platforms of this Serik, with --own-desk after their own only
platform list
platform add --issuer URL --client-id ID --auth-url URL --token-url URL --jwks-url URL
             [--name NAME] [--deployment ID] [--audience TEXT] [--origin URL] [--own-desk]
    adds an LMS that cannot register by itself; what to type where is in lti-config/
platform on|off [PLATFORM]
deployments list
deployments approve|refuse [PLATFORM] DEPLOYMENT
keys list
keys rotate [--platform PLATFORM] [--now] [--compromised]
    makes a new key for each platform: shown at once, used in ten minutes (--now: at once), the old one shown for a day more
    (--compromised: hidden at once)`;

const COMMANDS: Readonly<Record<string, Command>> = {
  'registration-link': registrationLinkCommand,
  platform: platformCommand,
  deployments: deploymentsCommand,
  keys: keysCommand,
};

async function run([name, ...words]: readonly string[]): Promise<void> {
  const command = COMMANDS[name ?? ''];
  if (!command) {
    console.log(USAGE);
    process.exitCode = name === undefined || name === '--help' ? 0 : 1;
    return;
  }
  const config = readConfig(process.env);
  const dataDir = resolve(config.dataDir, 'database');
  // While Serik runs on a database of its own, that one is used.
  const uri = config.mongodbUri ?? (await runningEngine(dataDir))?.uri;
  const embedded = uri === undefined ? await startEmbedded({ dataDir, log: () => undefined }) : undefined;
  const connection = await connectDatabase(uri ?? embedded?.uri ?? '', { logger: createLogger('error') });
  try {
    const stores = await createLtiStores(connection, { ...config, now: () => new Date() });
    await command({ ...stores, allowPrivateLms: config.allowPrivateLms, say: (line) => console.log(line) }, words);
  } finally {
    await connection.close();
    await embedded?.stop();
  }
}

run(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof UsageError || (error instanceof Error && 'code' in error);
  console.error(known ? `${error.message}\n\n${USAGE}` : error instanceof Error ? error.message : error);
  process.exit(1);
});
