import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { holderOf, tryLock } from '../../src/database/pid-lock.js';

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'serik-lock-'));
  file = join(folder, 'lock.json');
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A number that was a process a moment ago. */
const gone = () => spawnSync(process.execPath, ['-e', '']).pid;
const parent = process.ppid;
const closedPort = 'mongodb://127.0.0.1:1/serik';

async function isTakenFrom(holder: string | object): Promise<boolean> {
  writeFileSync(file, typeof holder === 'string' ? holder : JSON.stringify(holder));
  const lock = await tryLock(file);
  lock?.release();
  rmSync(file, { force: true });
  return lock !== undefined;
}

test('one of many has the lock, and the next one when it is given back', async () => {
  const locks = await Promise.all(Array.from({ length: 10 }, () => tryLock(file)));
  const held = locks.filter((lock) => lock !== undefined);
  expect(held).toHaveLength(1);
  expect((await holderOf(file))?.pid).toBe(process.pid);
  held[0]?.release();
  expect(await holderOf(file)).toBeUndefined();
  (await tryLock(file))?.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a process that lives keeps its lock', async () => {
  expect(await isTakenFrom({ pid: parent, at: Date.now() })).toBe(false);
});

test.each([
  ['a process that is gone', () => ({ pid: gone(), at: Date.now() })],
  ['a process with our number before us, as in a container', () => ({ pid: process.pid, at: Date.now() })],
  ['a time before the machine started', () => ({ pid: parent, at: Date.now() - uptime() * 1000 - 60_000 })],
  ['a database that no longer answers', () => ({ pid: parent, at: Date.now(), uri: closedPort })],
])('the lock of %s is taken over', async (_name, holder) => {
  expect(await isTakenFrom(holder())).toBe(true);
});

test('a database that answers is held, even when its starter is gone', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const uri = `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/serik`;
  expect(await isTakenFrom({ pid: gone(), at: Date.now(), uri })).toBe(false);
  server.close();
});

test('an announced database is found', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const uri = `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/serik`;
  const lock = await tryLock(file);
  lock?.announce(uri);
  expect((await holderOf(file))?.uri).toBe(uri);
  lock?.release();
  server.close();
});

test('a file that is just being written is held; one that stayed half-written is not', async () => {
  expect(await isTakenFrom('{"pid":')).toBe(false);
  writeFileSync(file, '{"pid":');
  utimesSync(file, new Date(0), new Date(0));
  const lock = await tryLock(file);
  expect(lock).toBeDefined();
  lock?.release();
  expect(existsSync(file)).toBe(false);
});
