import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { jwtVerify, SignJWT } from 'jose';
import { pino } from 'pino';
import { LOG_RULES } from '../../src/web/logging.js';

describe('logs', () => {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const logger = pino(LOG_RULES, sink);

  test('hold ids, and never names, addresses, tokens, cookies or marks', () => {
    logger.info({
      person: { sub: '105', name: 'Айдана Серікқызы', email: 'a@university.example' },
      body: { id_token: 'eyJ.token', state: 'state-secret', _csrf: 'csrf-secret' },
      req: { headers: { cookie: 'serik=cookie-secret', authorization: 'Bearer bearer-secret' } },
      delivery: { payload: { sub: '105', value: 87.25 } },
    });
    const text = lines.join('');
    expect(text).toContain('"sub":"105"');
    for (const secret of [
      'Айдана',
      'university.example',
      'eyJ',
      'state-secret',
      'csrf-secret',
      'cookie-secret',
      'bearer-secret',
      '87.25',
    ])
      expect(text).not.toContain(secret);
  });

  test('an error keeps its kind, its code and its cause', () => {
    logger.error({ err: new TypeError('broken', { cause: new Error('deeper') }) }, 'failed');
    expect(lines.at(-1)).toContain('TypeError');
    expect(lines.at(-1)).toContain('deeper');
  });

  test('a token that was refused does not bring the names in it', async () => {
    const secret = new TextEncoder().encode('for this test');
    const token = await new SignJWT({
      given_name: 'Aigerim',
      'https://purl.imsglobal.org/spec/lti/claim/lis': { person_sourcedid: 'IIN-900101' },
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(1)
      .sign(secret);
    const refused: unknown = await jwtVerify(token, secret).catch((error: unknown) => error);
    logger.info({ err: refused }, 'request refused');
    expect(lines.at(-1)).toContain('JWTExpired');
    expect(lines.at(-1)).not.toMatch(/Aigerim|IIN-900101/);
  });
});
