import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { pino } from 'pino';
import { connectDatabase, DatabaseBusy, runningEngine, startEmbedded, type Engine } from '../../src/database/index.js';
import { isAlive } from '../../src/database/pid-lock.js';
import { projectRoot } from '../../src/root.js';
import { startInAnotherProcess, untilGone } from '../support/starter.js';

const log = () => undefined;
const logger = pino({ level: 'silent' });

describe('a database of our own', () => {
  let dataDir: string;
  const engines: Engine[] = [];
  const connections: Connection[] = [];

  const start = async () => {
    const engine = await startEmbedded({ dataDir, log });
    engines.push(engine);
    return engine;
  };
  const connect = async (uri: string) => {
    const connection = await connectDatabase(uri, { logger });
    connections.push(connection);
    return connection;
  };

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'serik-database-'));
  });

  afterEach(async () => {
    for (const connection of connections.splice(0)) await connection.close();
    for (const engine of engines.splice(0)) await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('has after a clean stop and a new start what was written', async () => {
    const first = await start();
    const before = await connect(first.uri);
    const marks = before.collection<{ _id: number; at: Date }>('marks');
    await marks.createIndex({ at: 1 }, { unique: true }, {});
    const written = Array.from({ length: 50 }, (_, id) => ({ _id: id, at: new Date(id) }));
    for (const mark of written) await marks.insertOne(mark);
    await before.close();
    await first.stop();
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    expect(await runningEngine(dataDir)).toBeUndefined();

    const second = await start();
    const after = (await connect(second.uri)).collection<{ _id: number; at: Date }>('marks');
    expect(await after.find().sort({ _id: 1 }).toArray()).toEqual(written);
    await expect(after.insertOne({ _id: 99, at: new Date(7) })).rejects.toMatchObject({ code: 11000 });
  });

  test('has after kill -9 every write that it acknowledged, and indexes that agree with the documents', async () => {
    const first = await start();
    const before = (await connect(first.uri)).collection<{ _id: string; seat: string }>('seats');
    await before.createIndex({ seat: 1 }, { unique: true }, {});
    const acknowledged: string[] = [];
    // Eight who write at once, so that the kill comes in the middle of writes.
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; ; i += 1) {
        const _id = `${writer}-${i}`;
        await before.insertOne({ _id, seat: `seat ${_id}` });
        acknowledged.push(_id);
        if (acknowledged.length === 300) process.kill(first.pid, 'SIGKILL');
      }
    });
    await Promise.allSettled(writers);
    await untilGone(first.pid);
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);

    const second = await start();
    const after = (await connect(second.uri)).collection<{ _id: string; seat: string }>('seats');
    const kept = new Set((await after.find().toArray()).map(({ _id }) => _id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    // A seat without its document would be refused for ever; one without its entry could be taken twice.
    const last = Math.max(...[...kept].map((id) => Number(id.split('-')[1])));
    for (let i = 0; i <= last + 2; i += 1)
      for (let writer = 0; writer < 8; writer += 1) {
        const id = `${writer}-${i}`;
        const again = after.insertOne({ _id: `again ${id}`, seat: `seat ${id}` }).then(
          () => 'free',
          () => 'taken',
        );
        expect([id, await again]).toEqual([id, kept.has(id) ? 'taken' : 'free']);
      }
  });

  test('is refused to a second start on the same folder, and found by whoever asks for it', async () => {
    const engine = await start();
    const again = startEmbedded({ dataDir, log });
    await expect(again).rejects.toThrow(DatabaseBusy);
    await expect(again).rejects.toThrow(`A database is already running on ${dataDir} (process ${process.pid}).`);
    expect(await runningEngine(dataDir)).toEqual({ uri: engine.uri });
  });

  test('is started once when two ask for the folder at the same moment', async () => {
    const both = await Promise.allSettled([start(), start()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: expect.any(DatabaseBusy) as unknown,
    });
  });

  test('ends when its starter is killed, and the next start has the data', async () => {
    const { starter, uri, pid } = await startInAnotherProcess(dataDir);
    const before = await connect(uri);
    await before.collection<{ _id: string }>('notes').insertOne({ _id: 'kept' });
    await before.close();
    await expect(startEmbedded({ dataDir, log })).rejects.toThrow(`(process ${starter.pid ?? 0})`);
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    // At once, while the engine still closes its files: what a supervisor does that starts the tool anew.
    const next = await start();
    // Its files are free by now; the process itself may need a moment more to be gone.
    await untilGone(pid);
    expect(isAlive(pid)).toBe(false);
    expect(await (await connect(next.uri)).collection('notes').find().toArray()).toEqual([{ _id: 'kept' }]);
  });

  test('goes on when another process than its starter is killed', async () => {
    const engine = await start();
    const script = `const { default: mongoose } = await import('mongoose');
      await mongoose.connect(process.argv[1]); console.log('connected');`;
    const user = spawn(process.execPath, ['--input-type=module', '-e', script, engine.uri], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(user.stdout, 'data');
    user.kill('SIGKILL');
    await once(user, 'exit');
    const { ok } = (await (await connect(engine.uri)).db?.command({ ping: 1 })) ?? {};
    expect(ok).toBe(1);
  });
});
