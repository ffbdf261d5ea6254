import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SCOPES, type CallLms, type LmsRequest } from '../../../src/lti/services/call.js';
import { retryAfterMs } from '../../../src/lti/services/retry-after.js';
import { callsTo, send, startDemoBench, startOddLms, type OddLms } from './service-bench.js';

const ROSTER = [SCOPES.roster];

describe('calls of an LMS', () => {
  let lms: OddLms;
  let clock: number;
  let call: (request?: Partial<LmsRequest>, options?: Parameters<CallLms>[3]) => ReturnType<CallLms>;

  beforeEach(async () => {
    lms = await startOddLms();
    clock = Date.parse('2026-10-13T09:00:00Z');
    const calls = callsTo(lms.platform, { now: () => clock, timeoutMs: 300 });
    call = (request = {}, options = {}) =>
      calls(lms.platform.key, ROSTER, { method: 'GET', url: `${lms.url}/members`, ...request }, options);
    lms.service = (_req, res) => send(res, 200, {});
  });
  afterEach(() => lms.close());

  const bearers = () => {
    const seen: string[] = [];
    const answer = lms.service;
    lms.service = (req, res) => {
      seen.push(req.headers.authorization ?? '');
      return answer(req, res);
    };
    return seen;
  };

  describe('tokens', () => {
    test('fifty calls at once fetch one token, later ones none', async () => {
      lms.token = (_req, res) => void sleep(50).then(() => send(res, 200, { access_token: 'one', expires_in: 3600 }));
      const answers = await Promise.all(Array.from({ length: 50 }, () => call()));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
      await call();
      expect(lms.tokens).toBe(1);
    });

    test('a token is renewed five minutes before it ends, a short one at its half', async () => {
      await call();
      clock += 54 * 60_000;
      await call();
      expect(lms.tokens).toBe(1);
      clock += 2 * 60_000;
      lms.token = (_req, res) => send(res, 200, { access_token: 'short', expires_in: 60 });
      await call();
      expect(lms.tokens).toBe(2);
      clock += 29_000;
      await call();
      expect(lms.tokens).toBe(2);
      clock += 2_000;
      await call();
      expect(lms.tokens).toBe(3);
    });

    test.each([401, 403])(
      'a kept token that is answered with %s is renewed once, and the call repeated',
      async (status) => {
        await call();
        lms.service = (req, res) => send(res, req.headers.authorization === 'Bearer token-1' ? status : 200, {});
        const seen = bearers();
        expect((await call()).status).toBe(200);
        expect(seen).toEqual(['Bearer token-1', 'Bearer token-2']);
      },
    );

    test('twenty calls that meet a dead token at once renew it once', async () => {
      await call();
      lms.service = (req, res) => send(res, req.headers.authorization === 'Bearer token-1' ? 401 : 200, {});
      const answers = await Promise.all(Array.from({ length: 20 }, () => call()));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      expect(lms.tokens).toBe(2);
    });

    test('a refusal of a fresh token stands; who decides alone is not repeated; requests counted in a 403 are no token', async () => {
      lms.service = (_req, res) => send(res, 403, 'no');
      expect((await call()).status).toBe(403);
      expect(lms.asked).toHaveLength(1);
      expect((await call({}, { renew: false })).status).toBe(403);
      expect(lms.asked).toHaveLength(2);
      lms.service = (_req, res) => send(res, 403, '403 Forbidden (Rate Limit Exceeded)');
      await call();
      expect([lms.asked.length, lms.tokens]).toEqual([3, 1]);
    });

    test('a token for less than was asked is told, and the service is not bothered', async () => {
      lms.token = (_req, res) => send(res, 200, { access_token: 't', expires_in: 3600, scope: '' });
      expect(await call()).toMatchObject({ status: 403, failure: 'missing-scope', stage: 'service' });
      expect(lms.asked).toEqual([]);
      // The administrator has allowed it since: the kept token is not the last word.
      lms.token = (_req, res) =>
        send(res, 200, { access_token: 't', expires_in: 3600, scope: `other ${SCOPES.roster}` });
      expect((await call()).status).toBe(200);
    });

    test('of several scopes those count that the call needs', async () => {
      const calls = callsTo(lms.platform);
      const granted = SCOPES.lineItemReadOnly;
      lms.token = (_req, res) => send(res, 200, { access_token: 't', expires_in: 3600, scope: granted });
      const asked = (needs?: string[]) =>
        calls(
          lms.platform.key,
          [SCOPES.lineItem, SCOPES.lineItemReadOnly],
          { method: 'GET', url: `${lms.url}/items` },
          { needs },
        );
      expect((await asked([SCOPES.lineItem, SCOPES.lineItemReadOnly])).status).toBe(200);
      expect(await asked([SCOPES.lineItem])).toMatchObject({ failure: 'missing-scope' });
      expect(await asked()).toMatchObject({ failure: 'missing-scope' });
    });

    test('a token that no header can carry, and an answer that holds none', async () => {
      lms.token = (_req, res) => send(res, 200, { access_token: 'a\nb' });
      expect(await call()).toMatchObject({ status: 0, stage: 'service' });
      lms.token = (_req, res) => send(res, 200, '<html>Log in</html>');
      expect(await call({}, { freshToken: true })).toMatchObject({ status: 200, stage: 'token' });
    });
  });

  describe('the circuit of a platform', () => {
    const down = () => {
      lms.service = (_req, res) => send(res, 503, '');
    };
    const fail = async (times: number) => {
      for (let n = 0; n < times; n += 1) await call();
    };

    test('opens after six failures in a row, and then answers at once without a call', async () => {
      down();
      await fail(6);
      expect(lms.asked).toHaveLength(6);
      const answer = await call();
      expect(answer).toMatchObject({ status: 0, failure: 'circuit-open', stage: 'token', retryAfterMs: 5000 });
      expect(answer.headers).toEqual({ 'retry-after': '5' });
      expect(lms.asked).toHaveLength(6);
    });

    test('a cut connection and silence count as well; a good answer ends the row', async () => {
      lms.service = (req) => void req.socket.destroy();
      await fail(3);
      lms.service = () => undefined;
      await fail(2);
      lms.service = (_req, res) => send(res, 404, '');
      await fail(1);
      down();
      await fail(5);
      expect((await call()).status).toBe(503);
      expect((await call()).failure).toBe('circuit-open');
    }, 20_000);

    test('failures that lie far apart are no row', async () => {
      down();
      for (let n = 0; n < 8; n += 1) {
        await call();
        clock += 20_000;
      }
      expect(lms.asked).toHaveLength(8);
    });

    test('after the pause a single probe goes through; its failure doubles the pause, its success ends it', async () => {
      down();
      await fail(6);
      clock += 5_000;
      lms.service = (_req, res) => void sleep(100).then(() => send(res, 503, ''));
      const together = await Promise.all(Array.from({ length: 10 }, () => call()));
      expect(together.map(({ status }) => status).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 503]);
      expect(lms.asked).toHaveLength(7);
      clock += 9_000;
      expect(await call()).toMatchObject({ failure: 'circuit-open' });
      clock += 1_000;
      lms.service = (_req, res) => send(res, 200, {});
      expect([(await call()).status, (await call()).status]).toEqual([200, 200]);
    });

    test('a token endpoint that refuses opens it too, but calls that waited for one token are one failure', async () => {
      lms.token = (_req, res) => void sleep(50).then(() => send(res, 404, '<html>keyset is null</html>'));
      const answers = await Promise.all(Array.from({ length: 20 }, () => call()));
      expect(answers.every(({ status, stage }) => status === 404 && stage === 'token')).toBe(true);
      await fail(5);
      expect((await call()).failure).toBe('circuit-open');
    });

    test('a locked column, where Moodle says 500 to every score, cuts nobody off', async () => {
      lms.service = (req, res) => send(res, req.method === 'POST' ? 500 : 200, {});
      for (let n = 0; n < 10; n += 1) expect((await call({ method: 'POST', body: '{}' })).status).toBe(500);
      expect((await call()).status).toBe(200);
      lms.service = (_req, res) => send(res, 500, '');
      await fail(6);
      expect((await call()).failure).toBe('circuit-open');
    });

    test('one platform does not hold up another', async () => {
      const other = await startOddLms();
      other.service = (_req, res) => send(res, 200, {});
      const calls = callsTo([lms.platform, other.platform]);
      const ask = ({ platform, url }: OddLms) => calls(platform.key, ROSTER, { method: 'GET', url });
      down();
      for (let n = 0; n < 7; n += 1) await ask(lms);
      expect((await ask(lms)).failure).toBe('circuit-open');
      expect((await ask(other)).status).toBe(200);
      await other.close();
    });

    test('a fault of our own is thrown and leaves no probe under way for ever', async () => {
      const broken = callsTo(lms.platform, {
        platforms: {
          byKey: () => Promise.resolve(lms.platform),
          signingKey: () => Promise.reject(new Error('no key')),
        },
      });
      const ask = () => broken(lms.platform.key, ROSTER, { method: 'GET', url: lms.url });
      await expect(ask()).rejects.toThrow('no key');
      await expect(ask()).rejects.toThrow('no key');
    });
  });

  describe('an LMS that asks to wait', () => {
    const saying = (status: number, header: string) => {
      lms.service = (_req, res) => send(res, status, '', { 'Retry-After': header });
    };

    test.each([
      [429, '30', 30_000],
      [503, '30', 30_000],
      [429, 'Tue, 13 Oct 2026 09:01:00 GMT', 60_000],
    ])('%s with Retry-After %s is left in peace until then', async (status, header, wait) => {
      saying(status, header);
      expect(await call()).toMatchObject({ status, stage: 'service', retryAfterMs: wait });
      clock += wait - 10_000;
      const answer = await call();
      expect(answer).toMatchObject({ status: 429, failure: 'asked-to-wait', retryAfterMs: 10_000 });
      expect(answer.headers).toEqual({ 'retry-after': '10' });
      expect(lms.asked).toHaveLength(1);
      clock += 10_000;
      lms.service = (_req, res) => send(res, 200, {});
      expect((await call()).status).toBe(200);
    });

    test('it is asked again after five minutes, however long it wished', async () => {
      saying(429, '86400');
      expect((await call()).retryAfterMs).toBe(86_400_000);
      clock += 299_000;
      expect((await call()).failure).toBe('asked-to-wait');
      clock += 1_000;
      expect((await call()).failure).toBeUndefined();
    });

    test('its token endpoint may ask too; a header that says nothing makes nobody wait', async () => {
      lms.token = (_req, res) => send(res, 429, '', { 'Retry-After': '20' });
      expect(await call()).toMatchObject({ status: 429, stage: 'token', retryAfterMs: 20_000 });
      expect((await call()).failure).toBe('asked-to-wait');
      clock += 20_000;
      lms.token = (_req, res) => send(res, 200, { access_token: 't' });
      saying(429, 'soon');
      expect([(await call()).retryAfterMs, (await call()).failure]).toEqual([undefined, undefined]);
    });

    test('a 429 is no sign of ill health', async () => {
      lms.service = (_req, res) => send(res, 429, '');
      for (let n = 0; n < 10; n += 1) await call();
      expect(lms.asked).toHaveLength(10);
    });
  });

  test('a platform that is not registered or switched off is not called', async () => {
    const calls = callsTo({ ...lms.platform, active: false });
    const request = { method: 'GET', url: `${lms.url}/members` } as const;
    expect(await calls(lms.platform.key, ROSTER, request)).toMatchObject({ status: 0, failure: 'no-platform' });
    expect(await calls('another', ROSTER, request)).toMatchObject({ status: 0, failure: 'no-platform' });
    expect([lms.tokens, lms.asked]).toEqual([0, []]);
  });
});

describe('what Retry-After says', () => {
  test.each([
    ['7', 7000],
    [' 0 ', 0],
    ['Tue, 13 Oct 2026 09:00:30 GMT', 30_000],
    ['Tue, 13 Oct 2026 08:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['99999999999', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, expected) => {
    expect(retryAfterMs(header, Date.parse('2026-10-13T09:00:00Z'))).toBe(expected);
  });
});

describe.each(['standard', 'moodle'] as const)('with the demo LMS in the %s manner', (manner) => {
  test('tokens die, the LMS asks to wait, and it goes on', async () => {
    const bench = await startDemoBench(manner);
    const { lms, platform, course } = bench;
    try {
      let clock = Date.now();
      const calls = callsTo(platform, { now: () => clock });
      const read = () =>
        calls(platform.key, ROSTER, {
          method: 'GET',
          url: course.services.membershipsUrl ?? '',
          accept: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
        });
      expect((await read()).status).toBe(200);
      lms.endTokens();
      expect((await read()).status).toBe(200);
      expect(lms.log.filter(({ service }) => service === 'token')).toHaveLength(2);
      lms.faults.set({ kind: 'too-many', retryAfter: 7 }, { service: 'roster', times: 1 });
      expect((await read()).retryAfterMs).toBe(7000);
      expect((await read()).failure).toBe('asked-to-wait');
      clock += 7_000;
      expect((await read()).status).toBe(200);
    } finally {
      await bench.close();
    }
  });
});
