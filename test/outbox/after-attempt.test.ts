import { describe, expect, test } from '@jest/globals';
import { afterAttempt } from '../../src/outbox/index.js';

type Given = Parameters<typeof afterAttempt>[0];
const service = (status: number, body = '', retryAfterMs?: number): Given => ({
  status,
  body,
  stage: 'service',
  retryAfterMs,
});
const token = (status: number, body = ''): Given => ({ status, body, stage: 'token' });
const first = { attempts: 1, renewed: false };

describe('what an answer to a score means', () => {
  test.each([
    ['Moodle took it: 200 and nothing', service(200), { then: 'sent' }],
    ['Open edX took it: 201 and an echo', service(201, '{"scoreGiven":8}'), { then: 'sent' }],
    ['no content', service(204), { then: 'sent' }],
    ['Moodle refused it with 200 and []', service(200, '[]'), { then: 'refused', reason: 'bad-answer' }],
    ['a page with 200 is a proxy’s, not the LMS’s word', service(200, '<html>'), { then: 'read-back' }],
    ['Moodle holds one as new', service(409), { then: 'read-back' }],
    [
      'Open edX holds one as new',
      service(400, '{"timestamp":["Score already exists for the provided timestamp"]}'),
      { then: 'read-back' },
    ],
    ['Moodle does not grade this person', service(400, 'Bad Request'), { then: 'refused', reason: 'not-enrolled' }],
    ['Canvas does not grade this person', service(422), { then: 'refused', reason: 'not-enrolled' }],
    ['a token that may be dead', service(401), { then: 'renew-token' }],
    ['Open edX’s dead token', service(403), { then: 'renew-token' }],
    ['Canvas counts requests', service(403, 'Rate Limit Exceeded'), { then: 'retry', reason: 'too-many' }],
    ['the column is gone', service(404), { then: 'retry', reason: 'column-gone', afterMs: 0 }],
    ['too many, with a wish', service(429, '', 7000), { then: 'retry', reason: 'too-many', afterMs: 7000 }],
    ['it is away, with a wish', service(503, '', 9000), { then: 'retry', reason: 'unreachable', afterMs: 9000 }],
    ['no answer', service(0), { then: 'retry', reason: 'unreachable' }],
    ['the LMS is away', service(503), { then: 'retry', reason: 'unreachable' }],
    ['it failed at this score', service(500), { then: 'retry', reason: 'locked' }],
    ['no token was to be had', token(404, '<html>'), { then: 'retry', reason: 'no-token' }],
    ['the token’s place is away', token(0), { then: 'retry', reason: 'unreachable' }],
  ])('%s', (_name, answer, expected) => {
    expect(afterAttempt(answer, first)).toMatchObject(expected);
  });

  test.each([
    ['a fresh token was refused as well', service(403), { ...first, renewed: true }, 'no-permission'],
    ['the column is gone twice', service(404), { ...first, attempts: 2 }, 'column-gone'],
    ['it fails at this score for ever', service(500), { ...first, attempts: 6 }, 'locked'],
    ['it was away for hours', service(0), { ...first, attempts: 12 }, 'unreachable'],
  ])('it is given up where %s', (_name, answer, tries, reason) => {
    expect(afterAttempt(answer, tries)).toEqual({ then: 'refused', reason });
  });
});
