import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { DatabaseBusy, loopbackUri, type Engine } from './engine.js';
import { startProcess, type EngineProcess } from './engine-process.js';
import { findOnPath } from './find-on-path.js';
import { javaSource, prepareJars } from './java-jars.js';

const START_MS = 60_000;
/** What EmbeddedMongo.java says when another process has the folder. */
const EXIT_FOLDER_IN_USE = 3;

const Ready = z.object({ ready: z.literal(true), port: z.number() });

// The quick compiler alone: ready in half the time, and a run of the tests is over before the other one would pay.
const FLAGS = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

async function portOf({ child, ended, lastWords }: EngineProcess, folder: string): Promise<number> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the embedded database has no output');
  const said = once(createInterface({ input: stdout }), 'line').then(
    ([line]) => Ready.parse(JSON.parse(String(line))).port,
  );
  const over = ended.then((code) => {
    if (code === EXIT_FOLDER_IN_USE) throw new DatabaseBusy(`Another process has the database in ${folder}`);
    throw new Error(`java ended with code ${code ?? 'none'}: ${lastWords()}`);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`java was not ready within ${START_MS / 1000} s: ${lastWords()}`)),
      START_MS,
    );
  });
  try {
    return await Promise.race([said, over, late]);
  } finally {
    clearTimeout(timer);
    // Whichever loses the race may still fail.
    for (const other of [said, over]) other.catch(() => undefined);
  }
}

/**
 * A small MongoDB in Java (mongo-java-server on H2), for machines that can download nothing else. It stops by itself when this
 * process is gone, because its standard input then ends.
 */
export async function startJavaEngine(folder: string, log: (line: string) => void): Promise<Engine> {
  const java = findOnPath('java');
  if (java === undefined) throw new Error('there is no java on the PATH');
  const jars = await prepareJars(log);
  const words = [
    ...FLAGS,
    '-cp',
    join(jars, '*'),
    join(javaSource, 'EmbeddedMongo.java'),
    '--port',
    '0',
    '--data',
    folder,
  ];
  const running = await startProcess({ path: java, words, folder, talks: true });
  try {
    const port = await portOf(running, folder);
    return { uri: loopbackUri(port), engine: 'java', pid: running.pid, stop: () => running.stop() };
  } catch (error) {
    await running.stop();
    throw error;
  }
}
