import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SCOPES } from '../../../src/lti/services/call.js';
import { createGradeService, type GradeService, type LineItemWish } from '../../../src/lti/services/grades.js';
import { bodyOf, callsTo, send, startDemoBench, startOddLms, type DemoBench, type OddLms } from './service-bench.js';

const wish = (changes: Partial<LineItemWish> = {}): LineItemWish => ({
  label: 'Midterm 1',
  scoreMaximum: 100,
  resourceId: 'serik-midterm-1',
  tag: 'serik',
  ...changes,
});

describe.each(['standard', 'moodle'] as const)('line items of the demo LMS in the %s manner', (manner) => {
  let bench: DemoBench;
  let grades: GradeService;
  beforeAll(async () => {
    bench = await startDemoBench(manner);
    grades = createGradeService({ callLms: callsTo(bench.platform) });
  });
  afterAll(() => bench.close());

  const columns = () => bench.lms.gradebook('2').columns.map(({ label, maximum }) => [label, maximum]);
  async function ensured(changes: Partial<LineItemWish> = {}) {
    const outcome = await grades.ensureLineItem(bench.course, wish(changes));
    if (outcome.read !== 'one') throw new Error(JSON.stringify(outcome));
    return outcome;
  }

  test('one is made once and found by its resource id and tag ever after', async () => {
    const [first, second] = [await ensured(), await ensured()];
    expect([first.made, second.made, second.lineItem.id]).toEqual([true, false, first.lineItem.id]);
    const other = await ensured({ tag: 'another' });
    expect(other.made).toBe(true);
    expect(await grades.deleteLineItem(bench.course, other.lineItem.id)).toEqual({ read: 'gone' });
    expect(columns()).toEqual([['Midterm 1', 100]]);
  });

  test('an update keeps the ids, the tag and the link of the item', async () => {
    const { lineItem } = await ensured({ resourceId: 'linked', resourceLinkId: bench.course.services.resourceLinkId });
    expect(lineItem.resourceLinkId).toBe(bench.course.services.resourceLinkId);
    const outcome = await grades.updateLineItem(
      bench.course,
      lineItem.id,
      wish({ resourceId: 'linked', label: 'Renamed', scoreMaximum: 50 }),
    );
    const expected = { ...lineItem, label: 'Renamed', scoreMaximum: 50 };
    expect(outcome).toEqual({ read: 'one', lineItem: expected, made: false });
    const listed = await grades.listLineItems(bench.course, 'linked');
    expect(listed.read === 'all' && listed.lineItems).toEqual([expected]);
    await grades.deleteLineItem(bench.course, lineItem.id);
  });

  test('what is gone is gone: deleting twice is no failure, updating it is told', async () => {
    const { lineItem } = await ensured({ resourceId: 'short-lived' });
    expect(await grades.deleteLineItem(bench.course, lineItem.id)).toEqual({ read: 'gone' });
    expect(await grades.deleteLineItem(bench.course, lineItem.id)).toEqual({ read: 'gone' });
    expect(await grades.updateLineItem(bench.course, lineItem.id, wish())).toMatchObject({ reason: 'column-gone' });
  });

  test('dead tokens are renewed on the way', async () => {
    await ensured();
    bench.lms.endTokens();
    expect((await ensured()).made).toBe(false);
    bench.lms.endTokens();
    expect((await ensured({ resourceId: 'after-the-end' })).made).toBe(true);
  });
});

describe('line items of an odd LMS', () => {
  let lms: OddLms;
  let grades: GradeService;
  let puts: unknown[];
  beforeEach(async () => {
    lms = await startOddLms();
    grades = createGradeService({ callLms: callsTo(lms.platform, { timeoutMs: 1000 }), limits: { ms: 400 } });
    puts = [];
  });
  afterEach(() => lms.close());

  const item = () => `${lms.url}/items/1?type_id=1`;

  test('Open edX: nulls do not come back, both ids do', async () => {
    lms.service = async (req, res) => {
      if (req.method === 'PUT') puts.push([req.headers['content-type'], JSON.parse(await bodyOf(req))]);
      send(res, 200, {
        id: item(),
        label: 'Old',
        scoreMaximum: 10,
        resourceId: null,
        resourceLinkId: 'block-v1:Hotel+HB101+2026+type@lti_consumer+block@1',
        startDateTime: null,
        endDateTime: null,
        submissionReview: { url: null, label: 'See' },
      });
    };
    await grades.updateLineItem(lms.course, item(), wish({ scoreMaximum: 12.5, label: 'x'.repeat(200) }));
    expect(puts).toEqual([
      [
        'application/vnd.ims.lis.v2.lineitem+json',
        {
          id: item(),
          label: 'x'.repeat(100),
          scoreMaximum: 13,
          resourceId: 'serik-midterm-1',
          tag: 'serik',
          resourceLinkId: 'block-v1:Hotel+HB101+2026+type@lti_consumer+block@1',
          submissionReview: { label: 'See' },
        },
      ],
    ]);
  });

  test('Open edX lets nobody delete one', async () => {
    lms.service = (_req, res) => send(res, 403, '');
    expect(await grades.deleteLineItem(lms.course, item())).toMatchObject({ read: 'failed', reason: 'not-allowed' });
  });

  test('a token endpoint that is not found does not mean that an item is gone', async () => {
    lms.token = (_req, res) => send(res, 404, '<html>');
    expect(await grades.deleteLineItem(lms.course, item())).toMatchObject({ read: 'failed', reason: 'no-token' });
  });

  test('a token that may only read makes, changes and deletes nothing', async () => {
    lms.token = (_req, res) => send(res, 200, { access_token: 't', scope: SCOPES.lineItemReadOnly });
    lms.service = (_req, res) => send(res, 200, []);
    expect(await grades.listLineItems(lms.course)).toEqual({ read: 'all', lineItems: [] });
    for (const outcome of [
      await grades.ensureLineItem(lms.course, wish()),
      await grades.updateLineItem(lms.course, item(), wish()),
      await grades.deleteLineItem(lms.course, item()),
    ])
      expect(outcome).toMatchObject({ read: 'failed', reason: 'not-allowed' });
    expect(lms.asked.filter((asked) => !asked.startsWith('GET'))).toEqual([]);
  });

  test('an item that is found elsewhere does not get our token', async () => {
    const { resourceId, tag } = wish();
    lms.service = (_req, res) => send(res, 200, [{ id: 'https://elsewhere.example/1', label: '', resourceId, tag }]);
    expect(await grades.ensureLineItem(lms.course, wish())).toMatchObject({ read: 'failed', reason: 'bad-answer' });
  });

  test('pages that never end are cut off, and the job may try again', async () => {
    let n = 0;
    lms.service = async (_req, res) => {
      await sleep(100);
      n += 1;
      send(res, 200, [], { Link: `</items?p=${n}>; rel="next"` });
    };
    expect(await grades.listLineItems(lms.course)).toMatchObject({ read: 'failed', reason: 'unreachable' });
    expect(n < 6).toBe(true);
  });

  test('addresses keep their query, and each call says one exact type', async () => {
    const accepts: string[] = [];
    lms.service = (req, res) => {
      accepts.push(`${req.url ?? ''} ${req.headers.accept ?? ''}`);
      send(res, 200, []);
    };
    await grades.listLineItems(lms.course, 'a&b');
    await grades.readResult(lms.course, item(), 'user 1');
    await grades.postScore(lms.course, item(), {
      userId: '1',
      scoreGiven: 1,
      scoreMaximum: 1,
      timestamp: new Date('2026-10-13T09:00:00Z'),
    });
    expect(accepts).toEqual([
      '/items?resource_id=a%26b application/vnd.ims.lis.v2.lineitemcontainer+json',
      '/items/1/results?type_id=1&user_id=user+1 application/vnd.ims.lis.v2.resultcontainer+json',
      '/items/1/scores?type_id=1 application/vnd.ims.lis.v1.score+json',
    ]);
  });

  test('a refused score is posted once: whoever sends it decides on a new token', async () => {
    const score = { userId: '1', scoreGiven: 1, scoreMaximum: 1, timestamp: new Date() };
    lms.service = (_req, res) => send(res, 403, '');
    await grades.postScore(lms.course, item(), score);
    expect((await grades.postScore(lms.course, item(), score))?.status).toBe(403);
    expect([lms.asked.length, lms.tokens]).toEqual([2, 1]);
    await grades.postScore(lms.course, item(), score, { freshToken: true });
    expect([lms.asked.length, lms.tokens]).toEqual([3, 2]);
  });
});
