import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLmsFetch, isPrivateAddress, type Resolve } from '../../../src/lti/lms-fetch.js';
import { send, serve } from './service-bench.js';

/** A name server that answers in turn, the last answer for ever. */
function answering(...turns: (readonly string[])[]): Resolve & { asked: number } {
  const resolve: Resolve & { asked: number } = Object.assign(
    ((_hostname, _options, callback) => {
      const turn = turns[Math.min(resolve.asked, turns.length - 1)] ?? [];
      resolve.asked += 1;
      callback(
        null,
        turn.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    }) satisfies Resolve,
    { asked: 0 },
  );
  return resolve;
}

describe('addresses inside', () => {
  test.each([
    '0.0.0.0',
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.88.99.1',
    '::',
    '::1',
    '::7f00:1',
    '::10.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    '2001::1',
    '2002:7f00:1::1',
    '2001:db8::1',
    'fd00::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'not-an-address',
    '',
  ])('%s is refused', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each(['8.8.8.8', '192.88.98.1', '::ffff:8.8.8.8', '::ffff:808:808', '2001:4860:4860::8888', '2a00:1450::1'])(
    '%s is not',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});

describe('a call to a stranger', () => {
  let inside: ReturnType<typeof createServer>;
  let port: number;
  let connections = 0;
  beforeAll(async () => {
    inside = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done));
    port = (inside.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((done) => inside.close(done)));

  const ask = (resolve: Resolve, host = 'lms.example') =>
    createLmsFetch({ timeoutMs: 300, allowPrivate: false, resolve })({
      method: 'GET',
      url: `https://${host}:${port}/`,
    });

  test('a name that answers well first and badly later is refused when the connection is made', async () => {
    // 192.0.2.0/24 is for documentation: nobody answers there.
    const rebinding = answering(['192.0.2.1'], ['127.0.0.1']);
    const first = await ask(rebinding);
    expect(first.status).toBe(0);
    expect(first.failure).not.toBe('address-refused');
    expect(await ask(rebinding)).toMatchObject({ status: 0, failure: 'address-refused' });
    expect([rebinding.asked, connections]).toEqual([2, 0]);
  });

  test.each([
    ['public and private', ['192.0.2.1', '127.0.0.1']],
    ['private and public', ['127.0.0.1', '192.0.2.1']],
    ['an IPv6 way to a private one', ['192.0.2.1', '64:ff9b::7f00:1']],
    ['loopback in its oldest dress', ['::127.0.0.1']],
    ['none', []],
  ])('a name with these addresses is refused: %s', async (_name, addresses) => {
    expect((await ask(answering(addresses))).failure).toBe('address-refused');
    expect(connections).toBe(0);
  });

  test.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]', '0x7f.1', '2130706433'])(
    'an address in the URL itself is refused without a question: %s',
    async (host) => {
      const resolve = answering(['127.0.0.1']);
      expect((await ask(resolve, host)).failure).toBe('address-refused');
      expect([resolve.asked, connections]).toEqual([0, 0]);
    },
  );

  test('what may call inside does not ask', async () => {
    const resolve = answering(['192.0.2.1']);
    const server = await serve((_req, res) => send(res, 200, 'here'));
    const open = createLmsFetch({ timeoutMs: 1000, allowPrivate: true, resolve });
    expect((await open({ method: 'GET', url: server.url })).body).toBe('here');
    expect(resolve.asked).toBe(0);
    await server.close();
  });
});

describe('an exchange', () => {
  test('ends with the signal of the work that it belongs to', async () => {
    const server = await serve((_req, res) => void res.writeHead(200).write('drip'));
    const fetch = createLmsFetch({ timeoutMs: 10_000, allowPrivate: true });
    const before = Date.now();
    const answer = await fetch({ method: 'GET', url: server.url, signal: AbortSignal.timeout(100) });
    expect(answer).toMatchObject({ status: 0, failure: 'timeout' });
    expect(Date.now() - before < 2000).toBe(true);
    await server.close();
  });
});
