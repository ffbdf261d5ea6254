import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isAlive } from '../../src/database/pid-lock.js';
import { projectRoot } from '../../src/root.js';

export interface Started {
  readonly starter: ChildProcess;
  readonly engine: string;
  readonly uri: string;
  /** Of the database. */
  readonly pid: number;
}

/** A process of its own that starts a database and then does nothing, as the tool would. */
export async function startInAnotherProcess(dataDir: string): Promise<Started> {
  const room = pathToFileURL(join(projectRoot, '.cache', 'test-support', 'database.mjs')).href;
  const script = `const { startEmbedded } = await import('${room}');
    process.stdin.resume().on('end', () => process.exit());
    const { engine, uri, pid } = await startEmbedded({ dataDir: process.argv[1], log() {} });
    console.log(JSON.stringify({ engine, uri, pid }));`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
    cwd: projectRoot,
    // jest gives a test a copy of the environment, which a new process does not get by itself.
    env: process.env,
    // It ends with the test's process, so that a test that fails leaves nothing running.
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: starter.stdout }), 'line')) as [string];
  return { starter, ...(JSON.parse(line) as { engine: string; uri: string; pid: number }) };
}

export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(50);
}
