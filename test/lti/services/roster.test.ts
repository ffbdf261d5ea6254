import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CourseServices } from '../../../src/launch/course.js';
import { readRoster, type RosterReading } from '../../../src/lti/services/roster.js';
import { callsTo, send, serve, startDemoBench, startOddLms, type OddLms } from './service-bench.js';

const learner = (id: string, facts: Record<string, unknown> = {}) => ({ user_id: id, roles: ['Learner'], ...facts });
const link = (url: string, rel = 'next') => ({ Link: `<${url}>; rel="${rel}"` });
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';

describe('the roster of an odd LMS', () => {
  let lms: OddLms;
  beforeEach(async () => {
    lms = await startOddLms();
  });
  afterEach(() => lms.close());

  const read = (reading: RosterReading = {}, services: Partial<CourseServices> = {}) =>
    readRoster(
      callsTo(lms.platform, { timeoutMs: 1000 }),
      { ...lms.course, services: { ...lms.course.services, ...services } },
      reading,
    );
  const members = (...people: unknown[]) => {
    lms.service = (_req, res) => send(res, 200, { members: people });
  };

  describe('pages', () => {
    test('that lead in a circle are no roster', async () => {
      lms.service = (req, res) =>
        send(res, 200, { members: [learner('1')] }, link(req.url === '/members?p=2' ? '/members?p=1' : '/members?p=2'));
      expect(await read({ since: undefined })).toEqual({
        read: 'failed',
        reason: 'endless',
        pages: 3,
        retryAfterMs: undefined,
      });
    });

    test('without end are left at the limit', async () => {
      let n = 0;
      lms.service = (_req, res) => {
        n += 1;
        send(res, 200, { members: [learner(String(n))] }, link(`/members?p=${n}`));
      };
      expect(await read({ limits: { pages: 20 } })).toMatchObject({ reason: 'endless', pages: 20 });
      expect(n).toBe(20);
    });

    test('on another host do not get our token', async () => {
      const thief: string[] = [];
      const other = await serve((req, res) => {
        thief.push(req.headers.authorization ?? '');
        send(res, 200, { members: [] });
      });
      lms.service = (_req, res) => send(res, 200, { members: [learner('1')] }, link(`${other.url}/members?p=2`));
      expect(await read()).toMatchObject({ read: 'failed', reason: 'bad-answer' });
      expect(thief).toEqual([]);
      await other.close();
    });

    test('that each come in time, but together never end, are cut off', async () => {
      let n = 0;
      lms.service = async (_req, res) => {
        await sleep(100);
        n += 1;
        send(res, 200, { members: [learner(String(n))] }, link(`/members?p=${n}`));
      };
      const before = Date.now();
      expect(await read({ limits: { ms: 350 } })).toMatchObject({ read: 'failed', reason: 'too-slow' });
      expect(Date.now() - before < 900).toBe(true);
    });

    test('that drip are cut off', async () => {
      lms.service = async (_req, res) => {
        res.writeHead(200);
        for (let n = 0; n < 100 && !res.destroyed; n += 1) {
          res.write(' ');
          await sleep(20);
        }
      };
      expect(await read()).toMatchObject({ read: 'failed', reason: 'unreachable' });
      expect(await read({ limits: { ms: 100 } })).toMatchObject({ read: 'failed', reason: 'too-slow' });
    });

    test('of more people or bytes than we take are refused, one by one and together', async () => {
      members(learner('1', { name: 'x'.repeat(1_100_000) }));
      expect(await read()).toMatchObject({ read: 'failed', reason: 'too-large' });
      members(...Array.from({ length: 11 }, (_, n) => learner(String(n))));
      expect(await read({ limits: { items: 10 } })).toMatchObject({ read: 'failed', reason: 'too-large' });
      expect(await read({ limits: { bytes: 100 } })).toMatchObject({ read: 'failed', reason: 'too-large' });
      expect(await read({ limits: { items: 11 } })).toMatchObject({ read: 'all' });
    });

    test('whose last one fails are no roster', async () => {
      lms.service = (req, res) =>
        req.url === '/members' ? send(res, 200, { members: [learner('1')] }, link('/members?p=2')) : send(res, 500, '');
      expect(await read()).toEqual({ read: 'failed', reason: 'unreachable', pages: 1, retryAfterMs: undefined });
    });
  });

  test.each([
    [200, '<html>Log in</html>', 'bad-answer'],
    [200, '', 'bad-answer'],
    [200, '[]', 'bad-answer'],
    [200, '{"members":{}}', 'bad-answer'],
    [200, '{"members":[{"roles":["Learner"]}]}', 'bad-answer'],
    [302, '', 'bad-answer'],
    [404, '', 'bad-answer'],
    [400, 'No handler found', 'bad-answer'],
    [401, '', 'not-allowed'],
    [403, '{"error":"above_response_limit"}', 'above-limit'],
    [403, '', 'not-allowed'],
    [500, '', 'unreachable'],
    [429, '', 'too-many'],
  ])('%s %s is told as it is', async (status, body, reason) => {
    lms.service = (_req, res) => send(res, status, body);
    expect(await read()).toMatchObject({ read: 'failed', reason });
  });

  test('a wish to wait is passed on', async () => {
    lms.service = (_req, res) => send(res, 429, '', { 'Retry-After': '12' });
    expect(await read()).toMatchObject({ reason: 'too-many', retryAfterMs: 12_000 });
  });

  test('a token without the roster’s scope is a matter for the administrator', async () => {
    lms.token = (_req, res) => send(res, 200, { access_token: 't', scope: '' });
    expect(await read()).toMatchObject({ reason: 'not-allowed' });
    lms.token = (_req, res) => send(res, 400, { error: 'invalid_client' });
    expect(await read()).toMatchObject({ reason: 'no-token' });
  });

  describe('people', () => {
    test('only Inactive and Deleted, in any dress, are out of the course', async () => {
      members(
        learner('1'),
        learner('2', { status: 'Active' }),
        learner('3', { status: 'Inactive' }),
        learner('4', { status: 'Deleted' }),
        learner('5', { status: 'http://purl.imsglobal.org/vocab/lis/v2/status#Inactive' }),
        learner('6', { status: 'active' }),
        learner('7', { status: null }),
        learner('8', { status: 'deleted' }),
      );
      expect(await read()).toMatchObject({ members: ['1', '2', '6', '7'].map((sub) => ({ sub })) });
    });

    test('who stand there twice are one, with the roles of both; active in one section is active', async () => {
      members(
        learner('1', { name: 'A' }),
        { user_id: '1', roles: [`${MEMBERSHIP}#Instructor`], email: 'a@x.example' },
        learner('2', { status: 'Inactive' }),
        learner('2', { roles: ['Instructor'] }),
      );
      const outcome = await read();
      expect(outcome.read === 'all' && outcome.members).toEqual([
        { sub: '1', name: 'A', email: 'a@x.example', roles: ['Learner', `${MEMBERSHIP}#Instructor`] },
        { sub: '2', roles: ['Instructor'] },
      ]);
    });

    test('names are unescaped; what is missing, null, empty or odd is nothing', async () => {
      members(
        { user_id: 7, roles: 'Learner', name: 'A &amp; B ', given_name: null, family_name: '', email: 12 },
        { user_id: '8' },
      );
      const outcome = await read();
      expect(outcome.read === 'all' && outcome.members).toEqual([
        { sub: '7', roles: ['Learner'], name: 'A & B' },
        { sub: '8', roles: [] },
      ]);
    });
  });

  describe('differences', () => {
    const since = () => `${lms.url}/members?since=1`;

    test('are offered by the first page, on the LMS’s own host only', async () => {
      lms.service = (req, res) =>
        req.url === '/members'
          ? send(
              res,
              200,
              { members: [learner('1')] },
              { Link: `</members?p=2>; rel="next", </members?since=1>; rel="differences"` },
            )
          : send(res, 200, { members: [learner('2')] }, link('/members?since=2', 'differences'));
      expect(await read()).toMatchObject({ read: 'all', pages: 2, differencesUrl: since() });
      lms.service = (_req, res) => send(res, 200, { members: [] }, link('http://127.0.0.1:1/x', 'differences'));
      expect(await read()).toMatchObject({ read: 'all', differencesUrl: undefined });
    });

    test('say who came and who left, and where to go on', async () => {
      lms.service = (_req, res) =>
        send(
          res,
          200,
          { members: [learner('3'), learner('1', { status: 'Deleted' }), learner('2', { status: 'Inactive' })] },
          link('/members?since=2', 'differences'),
        );
      expect(await read({ since: since() })).toEqual({
        read: 'changes',
        members: [{ sub: '3', roles: ['Learner'] }],
        gone: ['1', '2'],
        pages: 1,
        differencesUrl: `${lms.url}/members?since=2`,
      });
      expect(lms.asked).toEqual(['GET /members?since=1']);
    });

    test.each([
      ['an error', 500, ''],
      ['no roster', 200, '{}'],
      ['an address that is gone', 410, ''],
      [
        'somebody here and gone at once',
        200,
        JSON.stringify({ members: [learner('1'), learner('1', { status: 'Deleted' })] }),
      ],
    ])('in doubt the whole roster is read: %s', async (_name, status, body) => {
      lms.service = (req, res) =>
        req.url === '/members' ? send(res, 200, { members: [learner('1')] }) : send(res, status, body);
      expect(await read({ since: since() })).toMatchObject({ read: 'all', members: [{ sub: '1' }] });
    });

    test('an address elsewhere is not asked', async () => {
      members(learner('1'));
      expect(await read({ since: 'https://elsewhere.example/members' })).toMatchObject({ read: 'all' });
      expect(lms.asked).toEqual(['GET /members']);
    });
  });

  describe('groups', () => {
    const grouped = (...ids: string[]) => ({ group_enrollments: ids.map((id) => ({ group_id: id })) });
    const withGroups = () => ({ membershipsUrl: `${lms.url}/members?type_id=1`, groupsUrl: `${lms.url}/groups` });
    const container = 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json';
    let accepts: (string | undefined)[];

    beforeEach(() => {
      accepts = [];
      lms.service = (req, res) => {
        if (req.url?.startsWith('/members') === true)
          return send(res, 200, { members: [learner('1', grouped('g1', 'g2', 'g9', 'gx')), learner('2')] });
        accepts.push(req.headers.accept);
        if (req.url === '/groups')
          return send(res, 200, { groups: [{ id: 'g1', name: 'HB &amp; 1' }, { id: 7 }] }, link('/groups?p=2'));
        send(res, 200, {
          groups: [
            { id: 'g2', name: 'HB-2' },
            { id: 'g9', name: 'Staff', hidden: true },
          ],
        });
      };
    });

    test('are named from all pages of the groups service; hidden and unknown ones are left out', async () => {
      const outcome = await read({}, withGroups());
      expect(outcome.read === 'all' && outcome.members.map(({ sub, groups }) => [sub, groups])).toEqual([
        ['1', ['HB & 1', 'HB-2']],
        ['2', []],
      ]);
      expect(lms.asked).toEqual(['GET /members?type_id=1&groups=true', 'GET /groups', 'GET /groups?p=2']);
      expect(accepts).toEqual([container, container]);
    });

    test('that cannot be read cost nobody their place', async () => {
      const members = lms.service;
      lms.service = (req, res) => (req.url?.startsWith('/groups') === true ? send(res, 500, '') : members(req, res));
      const outcome = await read({}, withGroups());
      expect(outcome.read === 'all' && outcome.members.map(({ sub, groups }) => [sub, groups])).toEqual([
        ['1', undefined],
        ['2', undefined],
      ]);
    });

    test('are not asked for where the LMS has none', async () => {
      await read();
      expect(lms.asked).toEqual(['GET /members']);
    });
  });
});

describe.each(['standard', 'moodle'] as const)('the roster of the demo LMS in the %s manner', (manner) => {
  test('comes whole, with names as people write them, and suspended people are out', async () => {
    const bench = await startDemoBench(manner);
    const { lms, platform, course } = bench;
    try {
      lms.suspend('2', '105', true);
      const outcome = await readRoster(callsTo(platform), course);
      if (outcome.read !== 'all') throw new Error(JSON.stringify(outcome));
      expect(outcome.pages).toBe(manner === 'standard' ? 3 : 1);
      expect(outcome.members).toHaveLength(62);
      expect(outcome.members.map(({ sub }) => sub)).not.toContain('105');
      expect(outcome.members.map(({ name }) => name)).toContain('Daniel Smith & Sons');
      lms.faults.set({ kind: 'cut' }, { service: 'roster', times: 1 });
      expect(await readRoster(callsTo(platform), course)).toMatchObject({ read: 'failed', reason: 'unreachable' });
    } finally {
      await bench.close();
    }
  });
});
