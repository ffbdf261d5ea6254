import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MANNERS, startBench, TYPE, type Bench } from './bench.js';
import { askToken, call, configurationOf, SCOPE } from './fake-tool.js';

describe.each(MANNERS)('The token endpoint in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner);
  });
  afterAll(() => bench.close());

  const now = () => Math.floor(Date.now() / 1000);
  const ask = (changes: Parameters<typeof askToken>[2] = {}) => askToken(bench.lms, bench.tool, changes);
  const errorOf = (text: string) => /"error"\s*:\s*"(.*?)"\s*[,}\n]/.exec(text)?.[1];

  test(`a good assertion gets a bearer token, as ${moodle ? 'text/html' : 'JSON'}`, async () => {
    const answer = await ask({ form: { scope: `${SCOPE.score} ${SCOPE.roster} unknown` } });
    expect([answer.status, answer.type.split(';')[0], answer.headers.get('cache-control')]).toEqual(
      moodle ? [200, 'text/html', null] : [200, 'application/json', 'no-store'],
    );
    const { token_type: type, expires_in: lives, scope } = answer.json();
    expect([type, lives, String(scope).split(' ').sort()]).toEqual([
      'Bearer',
      3600,
      [SCOPE.score, SCOPE.roster].sort(),
    ]);
  });

  test.each([
    ['a wrong aud', { aud: 'http://elsewhere.test' }],
    ['no aud', { aud: undefined }],
    ['a wrong iss', { iss: 'somebody' }],
    ['no jti', { jti: undefined }],
    ['no exp', { exp: undefined }],
    ['no iat', { iat: undefined }],
  ])('%s is refused by the standard and passes in Moodle', async (_, claims) => {
    expect((await ask({ claims })).status).toBe(moodle ? 200 : 401);
  });

  test('a used jti is refused by the standard and passes in Moodle', async () => {
    const claims = { jti: 'the same' };
    expect([(await ask({ claims })).status, (await ask({ claims })).status]).toEqual([200, moodle ? 200 : 401]);
  });

  test('iat a few seconds ahead is refused by Moodle, which allows none', async () => {
    const answer = await ask({ claims: { iat: now() + 3 } });
    expect(answer.status).toBe(moodle ? 400 : 200);
    if (moodle) expect(errorOf(answer.text)).toMatch(/^Cannot handle token with iat prior to \d{4}-/);
  });

  test('an expired assertion is refused', async () => {
    const answer = await ask({ claims: { exp: now() - 30 } });
    expect([answer.status, errorOf(answer.text)]).toEqual(moodle ? [400, 'Expired token'] : [401, 'invalid_client']);
  });

  test('an unknown client is refused', async () => {
    const answer = await ask({ claims: { sub: 'nobody', iss: 'nobody' } });
    expect([answer.status, errorOf(answer.text)]).toEqual([moodle ? 400 : 401, 'invalid_client']);
  });

  test('an unknown kid is refused; the body of Moodle is not JSON then', async () => {
    const answer = await ask({ kid: 'another' });
    expect(answer.status).toBe(moodle ? 400 : 401);
    if (moodle) expect(() => answer.json()).toThrow();
    else expect(answer.json()['error']).toBe('invalid_client');
  });

  test.each([
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ scope: '' }, 'invalid_request'],
    [{ client_assertion: 'x.y.z' }, moodle ? 'invalid_request' : 'invalid_client'],
    [{ scope: 'https://nothing.test/scope' }, 'invalid_scope'],
  ])('a form with %o is refused: %s', async (form, error) => {
    const answer = await ask({ form: form as unknown as Record<string, string> });
    expect(errorOf(answer.text)).toBe(error);
  });

  test('JSON is no form', async () => {
    const endpoint = String((await configurationOf(bench.lms))['token_endpoint']);
    const answer = await call(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect([answer.status, errorOf(answer.text)]).toEqual([400, 'invalid_request']);
  });

  test('a new key of the tool is found, and its broken key set is told in the manner', async () => {
    await bench.tool.rotate();
    expect((await ask()).status).toBe(200);
    await bench.tool.rotate();
    bench.tool.kid = 'key-3';
    bench.tool.jwksStatus = 500;
    const answer = await ask();
    expect([answer.status, answer.type.split(';')[0]]).toEqual(moodle ? [404, 'text/html'] : [401, 'application/json']);
    bench.tool.jwksStatus = 200;
  });

  test('a dead, a made-up and a too narrow token are refused at the services', async () => {
    const narrow = String((await ask({ form: { scope: SCOPE.score } })).json()['access_token']);
    const get = (token: string) =>
      call(bench.roster, { headers: { Authorization: `Bearer ${token}`, Accept: TYPE.roster } });
    const before = await bench.get(bench.roster, TYPE.roster);
    const [madeUp, tooNarrow] = [await get('made-up'), await get(narrow)];
    bench.lms.endTokens();
    const dead = await bench.get(bench.roster, TYPE.roster);
    expect([before.status, madeUp.status, tooNarrow.status, dead.status]).toEqual([200, 401, moodle ? 401 : 403, 401]);
    expect(dead.headers.has('www-authenticate')).toBe(!moodle);
  });
});
