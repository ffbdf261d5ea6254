import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const STOP_MS = 30_000;

export interface EngineProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves to its exit code when it ends, however that comes. */
  readonly ended: Promise<number | null>;
  /** The end of what it wrote, in one line, for an error message. */
  readonly lastWords: () => string;
  readonly stop: () => Promise<void>;
}

export interface Program {
  readonly path: string;
  readonly words: readonly string[];
  /** Of its data; made if missing. Its own log is written there too. */
  readonly folder: string;
  /** `pipe`: its standard input stays open as long as this process lives, and its standard output can be read. */
  readonly talks: boolean;
}

const lastLinesOf = (file: string): string =>
  readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' ').replace(/\s+/g, ' ').slice(-400);

/** Starts a database program in a process group of its own: Ctrl-C is for us, who then stop it in order. */
export async function startProcess({ path, words, folder, talks }: Program): Promise<EngineProcess> {
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, 'engine.log');
  const log = openSync(logFile, 'w');
  const child = spawn(path, words, {
    stdio: talks ? ['pipe', 'pipe', log] : ['ignore', log, log],
    detached: true,
    windowsHide: true,
  });
  closeSync(log);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return {
    child,
    pid: child.pid ?? 0,
    ended,
    lastWords: () => lastLinesOf(logFile),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const hangs = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(hangs);
    },
  };
}
