import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { DatabaseBusy, loopbackUri, type Engine } from './engine.js';
import { startProcess, type EngineProcess } from './engine-process.js';

const START_MS = 60_000;

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

async function answers(uri: string): Promise<boolean> {
  const connection = mongoose.createConnection(uri, { serverSelectionTimeoutMS: 500 });
  try {
    await connection.asPromise();
    return true;
  } catch {
    return false;
  } finally {
    await connection.destroy();
  }
}

async function untilAnswers(uri: string, { child, lastWords }: EngineProcess, folder: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await answers(uri))) {
    const words = lastWords();
    if (words.includes('DBPathInUse')) throw new DatabaseBusy(`Another process has the database in ${folder}`);
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`mongod ended: ${words}`);
    if (Date.now() > deadline) throw new Error(`mongod did not answer within ${START_MS / 1000} s: ${words}`);
    await sleep(100);
  }
}

const KEEPER = `process.stdin.resume().on('end', () => { try { process.kill(Number(process.argv[1])); } catch {} })`;

/** mongod does not notice that its starter is gone. This small process does, because its standard input then ends. */
function stopWithUs({ pid, ended }: EngineProcess): void {
  const keeper = spawn(process.execPath, ['-e', KEEPER, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  keeper.unref();
  void ended.then(() => keeper.kill());
}

/** A `mongod` program on a data folder and a loopback port of its own. */
export async function startMongod(path: string, folder: string, engine: Engine['engine']): Promise<Engine> {
  const port = await freePort();
  const words = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet'];
  if (process.platform !== 'win32') words.push('--nounixsocket');
  const running = await startProcess({ path, words, folder, talks: false });
  stopWithUs(running);
  // Without `journal` a mongod that stands alone acknowledges a write up to 100 ms before it is in a file.
  const uri = loopbackUri(port, '&journal=true');
  try {
    await untilAnswers(uri, running, folder);
    return { uri, engine, pid: running.pid, stop: () => running.stop() };
  } catch (error) {
    await running.stop();
    throw error;
  }
}
