import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseBusy, type Engine } from './engine.js';
import { findOnPath } from './find-on-path.js';
import { startJavaEngine } from './java-engine.js';
import { downloadedMongod } from './mongod-download.js';
import { startMongod } from './mongod-engine.js';
import { holderOf, isAlive, tryLock, type Lock } from './pid-lock.js';
import { firstThatCanBeHad, type Way } from './ways.js';

export { DatabaseBusy, type Engine };

export interface EmbeddedOptions {
  /** Its files; made if missing. One process at a time. */
  readonly dataDir: string;
  readonly log: (line: string) => void;
}

/** An engine whose starter was killed notices it, and needs a moment to close its files. */
const LEAVE_MS = 20_000;

const waysTo = ({ dataDir, log }: EmbeddedOptions): Way[] => [
  {
    name: 'mongod on the PATH',
    files: 'mongod',
    async start() {
      const installed = findOnPath('mongod');
      if (installed === undefined) throw new Error('there is none');
      return startMongod(installed, join(dataDir, 'mongod'), 'mongod');
    },
  },
  {
    name: 'mongod downloaded from fastdl.mongodb.org',
    files: 'mongod',
    start: async () => startMongod(await downloadedMongod(log), join(dataDir, 'mongod'), 'memory-server'),
  },
  {
    name: 'a JDK (17 or newer) with Maven that reaches Maven Central',
    files: 'java',
    start: () => startJavaEngine(join(dataDir, 'java'), log),
  },
];

const lockFile = (dataDir: string) => join(dataDir, 'running.json');

/** The database of this folder that is running now, if one is: whoever else needs it connects to it. */
export async function runningEngine(dataDir: string): Promise<{ readonly uri: string } | undefined> {
  const uri = (await holderOf(lockFile(dataDir)))?.uri;
  return uri === undefined ? undefined : { uri };
}

async function takeFolder(dataDir: string, deadline: number): Promise<Lock> {
  const file = lockFile(dataDir);
  const lock = await tryLock(file);
  if (lock) return lock;
  const holder = await holderOf(file);
  if ((holder && isAlive(holder.pid)) || Date.now() > deadline)
    throw new DatabaseBusy(
      `A database is already running on ${dataDir}${holder ? ` (process ${holder.pid})` : ''}. Stop the process that started it first.`,
    );
  await sleep(100);
  return takeFolder(dataDir, deadline);
}

async function whenFolderIsLeft(options: EmbeddedOptions, deadline: number): Promise<Engine> {
  try {
    return await firstThatCanBeHad(options.dataDir, waysTo(options));
  } catch (error) {
    if (!(error instanceof DatabaseBusy) || Date.now() > deadline) throw error;
    await sleep(250);
    return whenFolderIsLeft(options, deadline);
  }
}

/**
 * Brings a database of our own, the first that can be had, and says which. It stops with this process, however that ends.
 * @throws DatabaseBusy when another process has the folder; an Error that names all ways when there is none.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Engine> {
  const started = performance.now();
  const deadline = Date.now() + LEAVE_MS;
  mkdirSync(options.dataDir, { recursive: true });
  const lock = await takeFolder(options.dataDir, deadline);
  try {
    const engine = await whenFolderIsLeft(options, deadline);
    lock.announce(engine.uri);
    options.log(`Database: ${engine.engine}, ready in ${Math.round(performance.now() - started)} ms`);
    return {
      ...engine,
      async stop() {
        await engine.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
