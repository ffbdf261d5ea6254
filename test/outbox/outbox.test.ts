import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { createOutbox, type Delivery, type Handlers, type Outbox } from '../../src/outbox/index.js';
import { testDatabase } from '../support/database.js';

const course = { platform: 'https://lms.example client-1', deployment: '1', context: '2' };
const logger = pino({ level: 'silent' });

describe('the outbox', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  const running: Outbox[] = [];
  let number = 0;

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((outbox) => outbox.stop()));
  });
  afterAll(() => database.close());

  const kind = () => `kind-${(number += 1)}`;
  // A connection of its own per outbox would be another process; the schema's model is shared, the worker is not.
  const models = () => database.connection.deleteModel(/^Delivery$/);
  async function open(leaseMs = 60_000): Promise<Outbox> {
    models();
    const outbox = createOutbox(database.connection, { logger, leaseMs });
    await outbox.ready();
    running.push(outbox);
    return outbox;
  }
  async function until(good: () => boolean | Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 400; tries += 1) {
      if (await good()) return;
      await sleep(20);
    }
    throw new Error('It did not happen within 8 s');
  }
  const order = (name: string, key: string, n: number) => ({ kind: name, key, course, payload: { n } });
  const collect = (name: string, seen: Delivery[], ms = 0): Handlers => ({
    [name]: async (delivery) => {
      seen.push(delivery);
      await sleep(ms);
      return { then: 'done' };
    },
  });

  test('what is put in is delivered at once, and once, with two workers at it', async () => {
    const name = kind();
    const seen: Delivery[] = [];
    const [a, b] = [await open(), await open()];
    a.start(collect(name, seen, 5), { pollMs: 20 });
    b.start(collect(name, seen, 5), { pollMs: 20 });
    for (let n = 0; n < 40; n += 1) await a.enqueue(order(name, `${name} ${n}`, n));
    await until(async () => (await a.states(course, name)).filter(({ state }) => state === 'done').length === 40);
    expect(seen.map(({ payload }) => payload['n']).sort((x, y) => Number(x) - Number(y))).toEqual(
      Array.from({ length: 40 }, (_, n) => n),
    );
  });

  test('a newer payload replaces one that waits', async () => {
    const name = kind();
    const seen: Delivery[] = [];
    const outbox = await open();
    for (const n of [1, 2, 3]) await outbox.enqueue(order(name, name, n));
    outbox.start(collect(name, seen), { pollMs: 20 });
    await until(() => seen.length > 0);
    await sleep(100);
    expect(seen.map(({ payload, version }) => [payload['n'], version])).toEqual([[3, 3]]);
  });

  test('a newer payload that comes while one is under way goes after it, never beside it', async () => {
    const name = kind();
    let underWay = 0;
    let most = 0;
    const seen: unknown[] = [];
    const outbox = await open();
    outbox.start(
      {
        [name]: async ({ payload }) => {
          underWay += 1;
          most = Math.max(most, underWay);
          seen.push(payload['n']);
          await sleep(80);
          underWay -= 1;
          return { then: 'done' };
        },
      },
      { pollMs: 20 },
    );
    await outbox.enqueue(order(name, name, 1));
    await until(() => seen.length === 1);
    await outbox.enqueue(order(name, name, 2));
    await until(() => seen.length === 2);
    expect([seen, most]).toEqual([[1, 2], 1]);
  });

  test('a late order with a lower number changes nothing', async () => {
    const name = kind();
    const outbox = await open();
    expect(await outbox.enqueue({ ...order(name, name, 2), order: 20 })).toBe('queued');
    expect(await outbox.enqueue({ ...order(name, name, 1), order: 10 })).toBe('superseded');
    expect((await outbox.states(course, name))[0]?.payload).toEqual({ n: 2 });
  });

  test('of two sendings at once the one with the higher number stays', async () => {
    const name = kind();
    const outbox = await open();
    const orders = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all(orders.map((n) => outbox.enqueue({ ...order(name, name, n), order: n })));
    expect((await outbox.states(course, name))[0]?.payload).toEqual({ n: 19 });
  });

  test('nothing goes before its time', async () => {
    const name = kind();
    const seen: number[] = [];
    const outbox = await open();
    outbox.start(
      { [name]: () => Promise.resolve({ then: 'done' as const }).finally(() => seen.push(Date.now())) },
      { pollMs: 20 },
    );
    const notBefore = new Date(Date.now() + 600);
    await outbox.enqueue({ ...order(name, name, 1), notBefore });
    await until(() => seen.length === 1);
    expect(seen[0]).toBeGreaterThanOrEqual(notBefore.getTime());
  });

  test('a delivery of a process that died is taken over when its lease is over', async () => {
    const name = kind();
    const dead = await open(300);
    let begun = 0;
    // It never answers, and its process ends without a word: only the claim stays.
    dead.start({ [name]: () => new Promise(() => (begun += 1)) }, { pollMs: 20, graceMs: 0 });
    await dead.enqueue(order(name, name, 1));
    await until(() => begun === 1);
    expect((await dead.states(course, name))[0]?.state).toBe('sending');
    const connection = database.connection.collection('outbox');
    await dead.stop();
    // What a stop gave back, a kill would have left claimed.
    await connection.updateOne(
      { key: name },
      { $set: { claim: 'of the dead', leaseUntil: new Date(Date.now() + 400) } },
    );
    running.length = 0;
    const seen: Delivery[] = [];
    const other = await open(300);
    other.start(collect(name, seen), { pollMs: 20 });
    await sleep(150);
    expect(seen).toEqual([]);
    await until(() => seen.length === 1);
    expect(seen[0]?.payload).toEqual({ n: 1 });
  });

  test('what failed is tried again, and told why meanwhile; a refusal stays until somebody asks for more', async () => {
    const name = kind();
    const outbox = await open();
    let tries = 0;
    outbox.start(
      {
        [name]: () => {
          tries += 1;
          return Promise.resolve(
            tries === 1
              ? { then: 'retry' as const, reason: 'unreachable' }
              : tries === 2
                ? { then: 'refused' as const, reason: 'locked' }
                : { then: 'done' as const },
          );
        },
      },
      { pollMs: 50 },
    );
    await outbox.enqueue(order(name, name, 1));
    await until(async () => (await outbox.states(course, name))[0]?.reason === 'unreachable');
    expect((await outbox.states(course, name))[0]?.state).toBe('waiting');
    expect(await outbox.retryNow(name)).toBe(true);
    await until(async () => (await outbox.states(course, name))[0]?.state === 'refused');
    await sleep(150);
    expect([tries, (await outbox.states(course, name))[0]?.reason]).toEqual([2, 'locked']);
    expect(await outbox.retryNow(name)).toBe(true);
    await until(async () => (await outbox.states(course, name))[0]?.state === 'done');
    expect(await outbox.retryNow(name)).toBe(false);
  });

  test('a handler that throws does not end the worker', async () => {
    const name = kind();
    const outbox = await open();
    let tries = 0;
    outbox.start(
      {
        [name]: () => {
          tries += 1;
          if (tries === 1) throw new Error('our own fault');
          return Promise.resolve({ then: 'done' as const });
        },
      },
      { pollMs: 20 },
    );
    await outbox.enqueue(order(name, name, 1));
    await until(() => tries === 1);
    await outbox.retryNow(name);
    await until(async () => (await outbox.states(course, name))[0]?.state === 'done');
  });

  test('a stop lets what is under way finish and takes nothing new', async () => {
    const name = kind();
    const seen: Delivery[] = [];
    const outbox = await open();
    outbox.start(collect(name, seen, 200), { pollMs: 20 });
    await outbox.enqueue(order(name, `${name} a`, 1));
    await until(() => seen.length === 1);
    const stopped = outbox.stop();
    await outbox.enqueue(order(name, `${name} b`, 2));
    await stopped;
    const states = new Map((await outbox.states(course, name)).map(({ key, state }) => [key, state]));
    expect([...states]).toEqual(
      expect.arrayContaining([
        [`${name} a`, 'done'],
        [`${name} b`, 'waiting'],
      ]),
    );
    running.length = 0;
  });

  test('one course never sees another’s deliveries', async () => {
    const name = kind();
    const outbox = await open();
    await outbox.enqueue(order(name, name, 1));
    for (const other of [{ platform: 'x' }, { deployment: 'x' }, { context: 'x' }])
      expect(await outbox.states({ ...course, ...other }, name)).toEqual([]);
  });

  test('whatever is put in, and whenever: the last payload of a key is the last one delivered', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.constantFrom('a', 'b'), pause: fc.nat(12) }), { minLength: 1, maxLength: 12 }),
        async (steps) => {
          const name = kind();
          const last = new Map<string, unknown>();
          const outbox = await open();
          outbox.start(
            {
              [name]: async ({ key, payload }) => {
                await sleep(5);
                last.set(key, payload['n']);
                return { then: 'done' };
              },
            },
            { pollMs: 10 },
          );
          const wanted = new Map<string, unknown>();
          for (const [n, { key, pause }] of steps.entries()) {
            await outbox.enqueue(order(name, `${name} ${key}`, n));
            wanted.set(`${name} ${key}`, n);
            await sleep(pause);
          }
          await until(async () => (await outbox.states(course, name)).every(({ state }) => state === 'done'));
          await outbox.stop();
          running.length = 0;
          expect(Object.fromEntries(last)).toEqual(Object.fromEntries(wanted));
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);
});
