import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { REDACTION } from '../../src/web/logging.js';

describe('logs', () => {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const logger = pino({ base: null, redact: REDACTION }, sink);

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

  test('an error keeps its kind', () => {
    logger.error({ err: new TypeError('broken') }, 'failed');
    expect(lines.at(-1)).toContain('TypeError');
  });
});
