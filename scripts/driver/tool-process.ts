import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../src/root.js';

export interface ToolProcessOptions {
  readonly port: number;
  readonly mongodbUri: string;
  readonly secret: string;
  readonly dataDir: string;
  readonly env?: Record<string, string>;
  /** Each line that the tool writes. */
  readonly onLine?: (line: string) => void;
}

export interface ToolProcess {
  readonly url: string;
  readonly pid: number;
  /** SIGTERM, and waits for a clean end; answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: what a power cut does. */
  kill(): Promise<void>;
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The tool ended at its start with code ${child.exitCode}`);
    const ready = await fetch(`${url}/readyz`)
      .then((answer) => answer.ok)
      .catch(() => false);
    if (ready) return;
    await sleep(100);
  }
  throw new Error('The tool did not get ready within 30 s');
}

/** Starts the built tool (`dist/src/main.js`) as a process of its own and waits until it is ready. */
export async function startToolProcess(options: ToolProcessOptions): Promise<ToolProcess> {
  const { port, mongodbUri, secret, dataDir, env = {}, onLine } = options;
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--enable-source-maps', join(projectRoot, 'dist', 'src', 'main.js')], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A signal to the terminal's group is for the starter, which then stops its tool in order.
    detached: true,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_ENV: 'development',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: url,
      MONGODB_URI: mongodbUri,
      SECRET: secret,
      DATA_DIR: dataDir,
      ...env,
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine?.(line);
    });
  }
  const ended = once(child, 'exit');
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  try {
    await untilReady(url, child);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      await end('SIGTERM');
      return child.exitCode;
    },
    kill: () => end('SIGKILL'),
  };
}
