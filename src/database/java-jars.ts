import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot } from '../root.js';
import { findOnPath } from './find-on-path.js';
import { tryLock } from './pid-lock.js';

const run = promisify(execFile);
const MAVEN_MS = 180_000;

export const javaSource = join(projectRoot, 'scripts', 'embedded-mongo');

async function askMaven(mvn: string, folder: string): Promise<void> {
  const words = [
    '-q',
    '-B',
    '-f',
    join(javaSource, 'pom.xml'),
    'dependency:copy-dependencies',
    `-DoutputDirectory=${folder}`,
  ];
  try {
    await run(mvn, words, { timeout: MAVEN_MS });
  } catch (error) {
    const said = (error as { stdout?: string }).stdout?.split('\n').find((line) => line.includes('ERROR'));
    throw new Error(`Maven could not get it: ${said ?? String(error).slice(0, 300)}`, { cause: error });
  }
}

/**
 * The folder with the engine's jars. Maven's registry is asked once for each version of pom.xml; of two processes that need
 * them at once, one waits for the other.
 */
export async function prepareJars(
  log: (line: string) => void,
  cache = join(projectRoot, '.cache', 'embedded-mongo'),
): Promise<string> {
  const version = createHash('sha256')
    .update(readFileSync(join(javaSource, 'pom.xml')))
    .digest('hex')
    .slice(0, 12);
  const jars = join(cache, `lib-${version}`);
  const deadline = Date.now() + MAVEN_MS;
  mkdirSync(cache, { recursive: true });
  while (!existsSync(jars)) {
    const mvn = findOnPath('mvn');
    if (mvn === undefined) throw new Error('there is no mvn on the PATH');
    const lock = await tryLock(join(cache, 'preparing.json'));
    if (lock === undefined) {
      if (Date.now() > deadline) throw new Error('another process has been getting the jars for too long');
      await sleep(200);
      continue;
    }
    const fresh = join(cache, `fresh-${process.pid}`);
    try {
      if (existsSync(jars)) break;
      log('Getting the embedded database by Maven (once)…');
      await askMaven(mvn, fresh);
      // Whole or not at all.
      renameSync(fresh, jars);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
      lock.release();
    }
  }
  return jars;
}
