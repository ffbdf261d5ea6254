import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express, { type Express } from 'express';
import { pino } from 'pino';
import { createSpentStore } from '../../src/database/index.js';
import { createHandOvers } from '../../src/launch/hand-over.js';
import { createSessionStore } from '../../src/launch/session-store.js';
import { createRegistrationLinks } from '../../src/lti/registration-links.js';
import { createToolKeys } from '../../src/lti/tool-keys-store.js';
import { LOG_RULES, logRequests } from '../../src/web/logging.js';
import { limitRequests } from '../../src/web/rate-limit.js';
import { sealer } from '../../src/web/sealed.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const SECRET = 'a secret of this test, 0123456789 abcdef';

async function served<T>(app: Express, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

describe('whoever reads the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  test('finds no session, link, code or private key that could be used', async () => {
    const { connection } = database;
    const now = () => new Date();
    const sessions = createSessionStore(connection, { idleMinutes: 60, now });
    const links = createRegistrationLinks(connection, { publicUrl: 'https://serik.example', now });
    const keys = createToolKeys(connection, { secret: SECRET, now });
    const spent = createSpentStore(connection);
    await Promise.all([sessions, links, keys, spent].map((store) => store.ready()));
    const asked = {
      platform: 'https://lms.example client',
      person: { sub: 'tutor-1' },
      entered: { courseId: 'c1', entry: { role: 'tutor' } },
      ticket: 'ticket-1',
      chosen: () => Promise.resolve(undefined),
    } as const;
    const entered = await sessions.enter(undefined, asked);
    expect(await entered.granted).toBe(true);
    const copied = (await sessions.copy(entered.session.id)) ?? '';
    const link = (await links.create()).split('/').at(-1) ?? '';
    await keys.signingKey('https://lms.example client');
    const handOvers = createHandOvers({ spent, secret: SECRET, now });
    const code = handOvers.create({ session: entered.session.id, path: '/c/c1/', platform: 'p' });
    expect(await handOvers.consume(code)).toBeDefined();

    const all = await Promise.all(
      (await connection.listCollections()).map(({ name }) => connection.collection(name).find().toArray()),
    );
    const text = JSON.stringify(all);
    expect(text).toContain('tutor-1');
    for (const secret of [entered.cookie, copied, link, code]) {
      expect(secret.length).toBeGreaterThan(40);
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/PRIVATE KEY|"d":/);
    // With another SECRET the keys stay closed.
    const stolen = createToolKeys({ model: () => connection.model('LtiToolKey') } as unknown as typeof connection, {
      secret: `${SECRET}!`,
      now,
    });
    await expect(stolen.signingKey('https://lms.example client')).rejects.toThrow('sealed with another SECRET');
  });

  test('what is sealed for one purpose is nothing for another, or spelled otherwise', () => {
    const seals = sealer(SECRET, 'one');
    const text = seals.seal({ a: 1 });
    expect(seals.open(text)).toEqual({ a: 1 });
    expect(sealer(SECRET, 'two').open(text)).toBeUndefined();
    expect(sealer(`${SECRET}!`, 'one').open(text)).toBeUndefined();
    for (const other of [`${text}=`, `${text} `, `${text.slice(0, 5)}!${text.slice(5)}`, text.slice(0, -2), ''])
      expect(seals.open(other)).toBeUndefined();
  });
});

describe('whoever reads the log', () => {
  test.each([
    '/lti/register/the-code',
    '/LTI/Register/the-code',
    '/calendar/the-code.ics',
    '/enter?code=the-code',
    '/lti/login?login_hint=the-code',
  ])('finds no code in the address: %s', async (path) => {
    const lines: string[] = [];
    const logger = pino({ level: 'info', ...LOG_RULES }, { write: (line: string) => void lines.push(line) });
    const app = express().use(logRequests(logger), (_req, res) => res.end());
    await served(app, (url) => fetch(url + path));
    expect(lines).toHaveLength(1);
    expect(lines.join('')).not.toContain('the-code');
  });
});

describe('whoever asks again and again', () => {
  const limited = (hops: number) => {
    const app = express().set('trust proxy', hops);
    app.use(limitRequests(3), (_req, res) => void res.send('here'));
    app.use((error: { code: string }, _req: express.Request, res: express.Response, next: express.NextFunction) => {
      if (error.code === 'too_many') res.sendStatus(429);
      else next(error);
    });
    return app;
  };
  const ask = async (url: string, times: number, from: (index: number) => string) => {
    const statuses: number[] = [];
    for (let index = 0; index < times; index++)
      statuses.push((await fetch(url, { headers: { 'X-Forwarded-For': from(index) } })).status);
    return statuses;
  };

  test('is told to wait, and cannot pass for somebody else by a header', async () => {
    const seen = await served(limited(0), (url) => ask(url, 5, (index) => `10.0.0.${index}`));
    expect(seen).toEqual([200, 200, 200, 429, 429]);
  });

  test('behind one proxy the address that the proxy saw counts, not what was sent before it', async () => {
    const seen = await served(limited(1), (url) => ask(url, 4, (index) => `10.0.0.${index}, 192.0.2.7`));
    expect(seen).toEqual([200, 200, 200, 429]);
    const many = await served(limited(1), (url) => ask(url, 4, (index) => `192.0.2.${index}`));
    expect(many).toEqual([200, 200, 200, 200]);
  });
});
