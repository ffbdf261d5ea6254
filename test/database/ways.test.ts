import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseBusy, type Engine } from '../../src/database/engine.js';
import { downloadedMongod } from '../../src/database/mongod-download.js';
import { firstThatCanBeHad, type Way } from '../../src/database/ways.js';

const log = () => undefined;
const nothing = () => Promise.resolve();

describe('the ways to a database', () => {
  let folder: string;
  let tried: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'serik-ways-'));
    tried = [];
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const way = (name: string, files: Way['files'], outcome: Engine['engine'] | Error): Way => ({
    name,
    files,
    start() {
      tried.push(name);
      if (outcome instanceof Error) return Promise.reject(outcome);
      return Promise.resolve({ uri: `mongodb://${name}`, engine: outcome, pid: 1, stop: nothing });
    },
  });

  test('are tried in order until one works', async () => {
    const ways = [
      way('installed', 'mongod', new Error('there is none')),
      way('downloaded', 'mongod', 'memory-server'),
      way('java', 'java', 'java'),
    ];
    expect(await firstThatCanBeHad(folder, ways)).toMatchObject({ uri: 'mongodb://downloaded' });
    expect(tried).toEqual(['installed', 'downloaded']);
  });

  test('are all named with their reasons when none works', async () => {
    const ways = [way('installed', 'mongod', new Error('there is none')), way('java', 'java', new Error('no JDK'))];
    await expect(firstThatCanBeHad(folder, ways)).rejects.toThrow(
      'No database can be had. Set MONGODB_URI to a MongoDB, or make one of these ways possible:\n' +
        '  - installed: there is none\n  - java: no JDK',
    );
  });

  test('are not changed for a folder that has files: a mongod installed later would show an empty database', async () => {
    await firstThatCanBeHad(folder, [way('java', 'java', 'java')]);
    const later = [way('installed', 'mongod', 'mongod'), way('java', 'java', 'java')];
    expect(await firstThatCanBeHad(folder, later)).toMatchObject({ uri: 'mongodb://java' });
    expect(tried).toEqual(['java', 'java']);
    await expect(firstThatCanBeHad(folder, [way('java', 'java', new Error('no JDK'))])).rejects.toThrow(
      `The files in ${folder} were made by java and need it again.`,
    );
  });

  test('end where another process has the folder', async () => {
    const ways = [way('installed', 'mongod', new DatabaseBusy('busy')), way('java', 'java', 'java')];
    await expect(firstThatCanBeHad(folder, ways)).rejects.toThrow(DatabaseBusy);
    expect(tried).toEqual(['installed']);
  });

  test('remember for a day that nothing can be downloaded', async () => {
    const mirror = createServer((_req, res) => res.destroy()).listen(0, '127.0.0.1');
    let asked = 0;
    mirror.on('request', () => (asked += 1));
    await new Promise((resolve) => mirror.once('listening', resolve));
    const env = { MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${(mirror.address() as AddressInfo).port}` };
    const ask = () => downloadedMongod(log, { cache: folder, env });
    const memory = join(folder, 'mongod-download.json');

    await expect(ask()).rejects.toThrow('cannot be reached');
    await expect(ask()).rejects.toThrow(`asked again a day later, or when ${memory} is deleted`);
    expect(asked).toBe(1);

    const { at } = JSON.parse(readFileSync(memory, 'utf8')) as { at: number };
    writeFileSync(memory, JSON.stringify({ at: at - 25 * 3_600_000, reason: 'long ago' }));
    await expect(ask()).rejects.toThrow('cannot be reached');
    expect(asked).toBe(2);
    mirror.close();
  });

  test('remember the program that was downloaded, as long as it is there', async () => {
    const program = join(folder, 'mongod');
    writeFileSync(program, '');
    writeFileSync(join(folder, 'mongod-download.json'), JSON.stringify({ at: 0, path: program }));
    expect(await downloadedMongod(log, { cache: folder, env: {} })).toBe(program);
    rmSync(program);
    const env = { MONGOMS_DOWNLOAD_MIRROR: 'http://127.0.0.1:1' };
    await expect(downloadedMongod(log, { cache: folder, env })).rejects.toThrow('cannot be reached');
    expect(existsSync(program)).toBe(false);
  });
});
