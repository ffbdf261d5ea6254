import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findOnPath } from '../../src/database/find-on-path.js';
import { javaSource, prepareJars } from '../../src/database/java-jars.js';
import { startMongod } from '../../src/database/mongod-engine.js';
import { startInAnotherProcess, untilGone } from '../support/starter.js';

const log = () => undefined;
const oldPath = process.env['PATH'] ?? '';

/** Programs of the test's own that stand before the installed ones. */
describe('the programs that bring a database', () => {
  let folder: string;
  let data: string;

  const program = (name: string, lines: readonly string[]) => {
    writeFileSync(join(folder, 'bin', name), ['#!/bin/bash', ...lines].join('\n'), { mode: 0o755 });
    return join(folder, 'bin', name);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'serik-programs-'));
    data = join(folder, 'data');
    mkdirSync(join(folder, 'bin'));
    process.env['PATH'] = join(folder, 'bin') + delimiter + oldPath;
  });

  afterEach(() => {
    process.env['PATH'] = oldPath;
    rmSync(folder, { recursive: true, force: true });
  });

  test('are found on the PATH in its order, if they can be run', () => {
    const path = program('serik-example', []);
    expect(findOnPath('serik-example')).toBe(path);
    writeFileSync(join(folder, 'bin', 'serik-text'), 'text', { mode: 0o644 });
    expect(findOnPath('serik-text')).toBeUndefined();
  });

  test('Maven is asked once, also when two need the jars at the same moment', async () => {
    program('mvn', [
      `echo asked >> '${folder}/asked'`,
      'for word in "$@"; do case $word in -DoutputDirectory=*) out=${word#*=};; esac; done',
      'mkdir -p "$out" && sleep 0.5 && touch "$out/a.jar"',
    ]);
    const cache = join(folder, 'cache');
    const [one, other] = await Promise.all([prepareJars(log, cache), prepareJars(log, cache)]);
    expect(one).toBe(other);
    expect(readdirSync(one)).toEqual(['a.jar']);
    expect(await prepareJars(log, cache)).toBe(one);
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('asked\n');
  });

  test('a Maven that fails leaves nothing behind that looks like the jars', async () => {
    program('mvn', ['mkdir -p /dev/null/x 2>/dev/null', 'echo "[ERROR] no route to repo.maven.apache.org"', 'exit 1']);
    const cache = join(folder, 'cache');
    await expect(prepareJars(log, cache)).rejects.toThrow(
      'Maven could not get it: [ERROR] no route to repo.maven.apache.org',
    );
    expect(readdirSync(cache)).toEqual([]);
  });

  test('a mongod that does not start is reported with its last words', async () => {
    const path = program('mongod', ['echo "error while loading shared libraries: libcurl.so.4"', 'exit 127']);
    await expect(startMongod(path, data, 'mongod')).rejects.toThrow(
      'mongod ended: error while loading shared libraries: libcurl.so.4',
    );
  });

  const withJava = findOnPath('java') && findOnPath('mvn') ? test : test.skip;

  // The Java engine behind mongod's arguments stands for a mongod, where there is none.
  withJava(
    'a mongod on the PATH is the first choice, on loopback only, and ends when its starter is killed',
    async () => {
      const jars = await prepareJars(log);
      program('mongod', [
        `echo "$*" > '${folder}/words'`,
        'while [ $# -gt 0 ]; do case $1 in --dbpath) db=$2;; --port) port=$2;; esac; shift; done',
        // Its standard input never ends: like a mongod it does not notice by itself that its starter is gone.
        `mkfifo '${folder}/never' && exec 3<>'${folder}/never'`,
        `exec java -XX:TieredStopAtLevel=1 -cp '${jars}/*' '${javaSource}/EmbeddedMongo.java' --port $port --data $db <&3`,
      ]);
      const { starter, engine, uri, pid } = await startInAnotherProcess(data);
      const { port } = new URL(uri);
      expect([engine, uri]).toEqual(['mongod', `mongodb://127.0.0.1:${port}/serik?directConnection=true&journal=true`]);
      expect(readFileSync(join(folder, 'words'), 'utf8')).toBe(
        `--dbpath ${data}/mongod --port ${port} --bind_ip 127.0.0.1 --quiet --nounixsocket\n`,
      );
      starter.kill('SIGKILL');
      await untilGone(pid);
    },
  );
});
