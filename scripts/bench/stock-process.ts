import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../src/root.js';
import type { StockToolSettings } from './stock-tool.js';

export interface StockProcess {
  readonly url: string;
  stop(): Promise<void>;
}

const START_MS = 30_000;

/** Starts the stock ltijs tool as a process of its own and waits until it has its platform. */
export async function startStockTool(settings: StockToolSettings): Promise<StockProcess> {
  const script = join(projectRoot, 'dist', 'scripts', 'bench', 'stock-tool.js');
  const child = spawn(process.execPath, [script, JSON.stringify(settings)], {
    cwd: projectRoot,
    // Its input is our end of a pipe, so that it ends with us however that happens.
    stdio: ['pipe', 'pipe', 'inherit'],
    // A Ctrl-C is for the bench, which then stops what it started in order.
    detached: true,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_ENV: 'production' },
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  const said = once(createInterface({ input: child.stdout }), 'line', { signal: AbortSignal.timeout(START_MS) });
  const over = ended.then(([code]) => {
    throw new Error(`The stock ltijs tool ended at its start with code ${String(code)}`);
  });
  try {
    await Promise.race([said, over]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    // Whichever loses the race may still fail.
    for (const other of [said, over]) other.catch(() => undefined);
  }
  return { url: `http://127.0.0.1:${settings.port}`, stop };
}
