import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { claim, scoreOf, startBench, TYPE, under, type Bench } from './bench.js';
import { addedByHand, ALL_SCOPES, askToken, call, SCOPE, type Answer } from './fake-tool.js';

interface Member {
  user_id: string;
  roles: string[];
}

describe('Services in the open-edx manner', () => {
  let bench: Bench;
  let link: string;

  beforeAll(async () => {
    bench = await startBench('open-edx');
    const claims = bench.lms.launchClaims(bench.course, bench.tutor);
    link = String(claim(claims, 'lti/claim/resource_link')?.['id']);
  });
  afterAll(() => bench.close());

  const toolId = () => bench.lms.tools()[0]?.id ?? '';

  describe('The token endpoint', () => {
    const now = () => Math.floor(Date.now() / 1000);
    const ask = (changes: Parameters<typeof askToken>[2] = {}) => askToken(bench.lms, bench.tool, changes);

    test('gives a JWT as a lower-case bearer token for an hour', async () => {
      const answer = await ask({ form: { scope: `${SCOPE.score} unknown` } });
      const { access_token: token, ...rest } = answer.json();
      expect([answer.status, answer.type.split(';')[0]]).toEqual([200, 'application/json']);
      expect(rest).toEqual({ token_type: 'bearer', expires_in: 3600, scope: SCOPE.score });
      expect(String(token).split('.').length).toBe(3);
    });

    test.each(['https://nothing.test/scope', ''])('answers 200 with an empty scope for "%s"', async (scope) => {
      const answer = await ask({ form: { scope } });
      expect([answer.status, answer.json()['scope']]).toEqual([200, '']);
    });

    test('grants all five scopes', async () => {
      expect(
        String((await ask()).json()['scope'])
          .split(' ')
          .sort(),
      ).toEqual(ALL_SCOPES.split(' ').sort());
    });

    test.each([
      ['a wrong aud, iss and sub', { aud: 'x', iss: 'x', sub: 'x' }],
      ['no jti and no times', { jti: undefined, exp: undefined, iat: undefined }],
    ])('does not look at %s', async (_, claims) => {
      expect((await ask({ claims })).status).toBe(200);
    });

    test('does not look at the kid, nor at the assertion type', async () => {
      expect((await ask({ kid: 'another', form: { client_assertion_type: 'x' } })).status).toBe(200);
    });

    test.each([
      ['an expired assertion', { claims: { exp: now() - 1 } }, 'unidentified_error'],
      ['iat ahead', { claims: { iat: now() + 30 } }, 'unidentified_error'],
      ['another grant', { form: { grant_type: 'password' } }, 'unsupported_grant_type'],
      ['no JWT', { form: { client_assertion: 'x.y.z' } }, 'invalid_grant'],
    ])('refuses %s with 400', async (_, changes, error) => {
      const answer = await ask(changes);
      expect([answer.status, answer.json()]).toEqual([400, { error }]);
    });

    test('reads the key set at each request, and is 405 for GET and 404 for a strange passport', async () => {
      bench.tool.jwksStatus = 500;
      const down = await ask();
      bench.tool.jwksStatus = 200;
      await bench.tool.rotate();
      expect([down.json()['error'], (await ask()).status]).toEqual(['invalid_client', 200]);
      const { tokenEndpoint } = bench.lms.connection(toolId());
      expect((await call(tokenEndpoint)).status).toBe(405);
      expect((await call(`${tokenEndpoint}99`, { method: 'POST' })).status).toBe(404);
    });
  });

  describe('The roster', () => {
    const membersOf = (answer: Answer) => answer.json()['members'] as Member[];
    const read = (query = '') => bench.get(`${bench.roster}${query}`, TYPE.roster);
    const nextOf = (answer: Answer) => /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];

    test('lists all at once by id, status, user_id and roles only, and names its own address', async () => {
      const answer = await read('?role=Learner&rlid=nothing');
      const members = membersOf(answer);
      expect(members.map((member) => Object.keys(member))).toEqual(
        Array.from({ length: 63 }, () => ['status', 'user_id', 'roles']),
      );
      const ids = members.map(({ user_id: id }) => id);
      expect(ids).toEqual([...ids].sort());
      expect([answer.json()['id'], answer.json()['context']]).toEqual([
        `${bench.roster}?role=Learner&rlid=nothing`,
        { id: bench.course },
      ]);
    });

    test('staff are Learners too', async () => {
      const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership#';
      const rolesOf = async (id: string) =>
        membersOf(await read())
          .find((member) => member.user_id === id)
          ?.roles.map((role) => role.replace(membership, ''))
          .sort();
      expect(await rolesOf(bench.tutor)).toEqual(['Administrator', 'Instructor', 'Learner']);
      expect(await rolesOf(bench.student(0))).toEqual(['Learner']);
    });

    test('names have a switch of their own here', async () => {
      bench.lms.shareNames({ roster: true });
      expect(membersOf(await read()).find(({ user_id: id }) => id === bench.tutor)).toMatchObject({
        name: 'Гүлмира Қасымбекқызы Нұрғалиева',
        email: 'g.nurgalieva@university.example',
      });
      expect(bench.lms.launchClaims(bench.course, bench.tutor)).not.toHaveProperty('name');
      bench.lms.shareNames({ roster: false });
    });

    test('a limit pages, and the next address keeps what was ignored', async () => {
      let answer = await read('?limit=20&role=Learner');
      const sizes = [membersOf(answer).length];
      expect(nextOf(answer)).toBe(`${bench.roster}?limit=20&role=Learner&page=2`);
      for (let next = nextOf(answer); next !== undefined; next = nextOf(answer)) {
        answer = await bench.get(next, TYPE.roster);
        sizes.push(membersOf(answer).length);
      }
      expect(sizes).toEqual([20, 20, 20, 3]);
      expect(membersOf(await read('?limit=20&page=9'))).toEqual([]);
    });

    test.each(['0', '-1', 'abc'])('limit=%s means all', async (limit) => {
      expect(membersOf(await read(`?limit=${limit}`)).length).toBe(63);
    });

    test('a trailing slash is not found, and a course over the limit is 403', async () => {
      expect((await read('/')).status).toBe(404);
      bench.lms.exceedRosterLimit(true);
      const answer = await read('?limit=10');
      bench.lms.exceedRosterLimit(false);
      expect([answer.status, answer.json()]).toEqual([403, { error: 'above_response_limit' }]);
    });

    test('whoever leaves or is suspended is absent', async () => {
      bench.lms.suspend(bench.course, bench.student(3), true);
      bench.lms.unenrol(bench.course, bench.student(4));
      const ids = membersOf(await read()).map(({ user_id: id }) => id);
      expect([ids.length, ids.includes(bench.student(3)), ids.includes(bench.student(4))]).toEqual([61, false, false]);
      bench.lms.suspend(bench.course, bench.student(3), false);
      bench.lms.enrol(bench.course, bench.student(4), 'student');
    });
  });

  describe('Line items', () => {
    const create = (changes: Record<string, unknown>, type = TYPE.item) =>
      bench.send('POST', bench.lineItems, type, { label: 'A', scoreMaximum: 10, resourceId: 'r', ...changes });

    test('what was read cannot be sent back', async () => {
      const made = await create({ resourceId: 'r1', tag: 't1', odd: true });
      const id = String(made.json()['id']);
      expect([made.status, made.headers.has('location'), made.json()]).toEqual([
        201,
        false,
        {
          id,
          label: 'A',
          scoreMaximum: 10,
          resourceId: 'r1',
          tag: 't1',
          resourceLinkId: null,
          startDateTime: null,
          endDateTime: null,
        },
      ]);
      const read = (await bench.get(id, TYPE.item)).json();
      const back = await bench.send('PUT', id, TYPE.item, read);
      expect([back.status, back.json()['resourceLinkId']]).toEqual([400, ['This field may not be null.']]);
      const { tag: _tag, ...rest } = read;
      const clean = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
      const put = await bench.send('PUT', id, TYPE.item, { ...clean, label: 'B' });
      expect([put.status, put.json()['label'], put.json()['tag']]).toEqual([200, 'B', 't1']);
      expect((await bench.send('PUT', id, TYPE.item, { label: 'B', scoreMaximum: 10 })).status).toBe(400);
    });

    test('none can be deleted', async () => {
      const id = String((await create({})).json()['id']);
      expect([(await bench.send('DELETE', id)).status, (await bench.get(id, TYPE.item)).status]).toEqual([403, 200]);
    });

    test.each([
      [{ resourceId: undefined }, 400],
      [{ resourceId: '' }, 400],
      [{ scoreMaximum: 12.5 }, 400],
      [{ scoreMaximum: '20' }, 201],
      [{ scoreMaximum: 0 }, 201],
      [{ scoreMaximum: -1 }, 201],
      [{ scoreMaximum: null }, 400],
      [{ label: 'x'.repeat(100) }, 201],
      [{ label: 'x'.repeat(101) }, 400],
      [{ tag: 'x'.repeat(50) }, 201],
      [{ tag: 'x'.repeat(51) }, 400],
      [{ resourceLinkId: 'foo' }, 400],
      [{ resourceLinkId: 'block-v1:Other+C1+2026+type@lti_consumer+block@0123' }, 201],
    ])('%o: %s', async (changes, status) => {
      expect((await create(changes)).status).toBe(status);
    });

    test.each([
      ['application/json', 406, 406],
      [TYPE.items, 200, 201],
      [TYPE.item, 200, 201],
      [`${TYPE.item};q=0.5, application/json`, 200, 201],
      ['*/*', 200, 201],
      ['application/*', 200, 201],
    ])('Accept: %s', async (accept, reading, writing) => {
      expect((await bench.get(bench.lineItems, accept)).status).toBe(reading);
      const token = String((await askToken(bench.lms, bench.tool)).json()['access_token']);
      const headers = { Authorization: `Bearer ${token}`, Accept: accept, 'Content-Type': TYPE.item };
      const body = JSON.stringify({ label: 'A', scoreMaximum: 1, resourceId: 'r' });
      expect((await call(bench.lineItems, { method: 'POST', headers, body })).status).toBe(writing);
    });

    test.each([
      ['application/json', 415],
      [`${TYPE.item}; charset=utf-8`, 201],
    ])('Content-Type: %s is %s', async (type, status) => {
      expect((await create({}, type)).status).toBe(status);
    });

    test('filters work; a link id that is no usage key, or not percent-encoded, breaks the server', async () => {
      await create({ resourceId: 'only', resourceLinkId: link });
      const labels = async (query: string) =>
        (await bench.get(`${bench.lineItems}?${query}`, TYPE.items)).list().length;
      expect([await labels('resource_id=only'), await labels('tag=nothing')]).toEqual([1, 0]);
      expect(await labels(`resource_id=only&resource_link_id=${encodeURIComponent(link)}`)).toBe(1);
      for (const id of ['foo', link])
        expect((await bench.get(`${bench.lineItems}?resource_link_id=${id}`, TYPE.items)).status).toBe(500);
    });
  });

  describe('Scores', () => {
    let item: string;
    let student: string;
    let runs = 5;

    beforeEach(async () => {
      bench.lms.setComponent(bench.course, { graded: true, weight: 20, pastDue: false });
      item = await bench.item({ resourceLinkId: link });
      // Everybody of their own: what is published stays.
      student = bench.student(runs);
      runs += 1;
    });

    const mark = (userId = student) =>
      bench.lms.gradebook(bench.course).rows.find((row) => row.userId === userId)?.marks[link];
    const accepted = () => bench.lms.log.filter(({ service }) => service === 'scores').at(-1)?.accepted;
    const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
    const resultsOf = async (address: string) => (await bench.get(address, TYPE.results)).list();

    test('a good one is 201 with its echo and becomes its share of the weight', async () => {
      const score = scoreOf(student, 8, { scoreMaximum: 10, comment: 'Good' });
      const answer = await bench.score(item, score);
      expect([answer.status, answer.json(), mark(), accepted()]).toEqual([201, score, 16, true]);
      expect(bench.lms.gradebook(bench.course).columns).toEqual([{ id: link, label: 'Serik', maximum: 20 }]);
    });

    test('all items of the link share one cell, and the last score wins', async () => {
      const other = await bench.item({ resourceLinkId: link });
      await bench.score(item, scoreOf(student, 50));
      await bench.score(other, scoreOf(student, 100));
      expect([mark(), bench.lms.gradebook(bench.course).columns.length]).toEqual([20, 1]);
    });

    test.each([
      ['an ungraded component', { graded: false }],
      ['a component past its due date', { pastDue: true }],
    ])('%s answers 201, shows the result, and the grade book has nothing', async (_, settings) => {
      bench.lms.setComponent(bench.course, settings);
      expect((await bench.score(item, scoreOf(student, 50))).status).toBe(201);
      expect((await resultsOf(under(item, '/results'))).map(({ userId }) => userId)).toEqual([student]);
      bench.lms.setComponent(bench.course, { graded: true });
      expect([mark(), accepted()]).toEqual([null, false]);
    });

    test('an item without the link, or with another one, never reaches the grade book, not even for nobody', async () => {
      for (const body of [{ resourceId: 'r' }, { resourceLinkId: 'block-v1:O+C+R+type@lti_consumer+block@01' }]) {
        const unlinked = await bench.item(body);
        expect((await bench.score(unlinked, scoreOf(student, 50))).status).toBe(201);
        expect((await bench.score(unlinked, scoreOf('nobody', 50))).status).toBe(201);
      }
      expect(mark()).toBeNull();
    });

    test('what is published is not taken back, though the result changes', async () => {
      await bench.score(item, scoreOf(student, 50, { timestamp: at(-30), comment: 'Good' }));
      await bench.score(item, scoreOf(student, 70, { timestamp: at(-20), gradingProgress: 'Pending' }));
      expect([mark(), (await resultsOf(under(item, '/results')))[0]?.['resultScore']]).toEqual([10, 70]);
      const empty = { timestamp: at(-10), scoreGiven: undefined, scoreMaximum: undefined };
      expect((await bench.score(item, scoreOf(student, 0, empty))).status).toBe(201);
      expect([mark(), await resultsOf(under(item, '/results'))]).toEqual([10, []]);
    });

    test.each([
      ['an unknown person', { userId: 'nobody' }],
      ['a negative score', { scoreGiven: -1 }],
      ['an unknown activityProgress', { activityProgress: 'Foo' }],
      ['an unknown gradingProgress', { gradingProgress: 'Foo' }],
    ])('%s on a linked item is 500, and nothing is stored', async (_, changes) => {
      const answer = await bench.score(item, scoreOf(student, 50, changes));
      expect([answer.status, answer.type.split(';')[0]]).toEqual([500, 'text/html']);
      expect([mark(), await resultsOf(under(item, '/results'))]).toEqual([null, []]);
    });

    test.each([
      ['no userId', { userId: undefined }, 400],
      ['a number for a timestamp', { timestamp: 1_780_000_000 }, 400],
      ['points without a maximum', { scoreMaximum: undefined }, 400],
      ['a maximum of 0', { scoreMaximum: 0 }, 400],
      ['a timestamp without a zone', { timestamp: '2026-11-20T10:00:00' }, 201],
      ['a date alone', { timestamp: '2026-11-20' }, 201],
      ['the basic format', { timestamp: '20261120T100000Z' }, 201],
    ])('a score with %s', async (_, changes, status) => {
      expect((await bench.score(item, scoreOf(student, 50, changes))).status).toBe(status);
    });

    test('an older or equal timestamp is 400 with a reason; 20 ms more are enough', async () => {
      const start = Date.now() - 60_000;
      const post = (ms: number) =>
        bench.score(item, scoreOf(student, 50, { timestamp: new Date(start + ms).toISOString() }));
      const answers = [await post(0), await post(0), await post(-1), await post(20)];
      expect(answers.map(({ status }) => status)).toEqual([201, 400, 400, 201]);
      expect([answers[1]?.json(), answers[2]?.json()]).toEqual([
        { timestamp: ['Score already exists for the provided timestamp'] },
        { timestamp: ['Score timestamp can only be updated to a later point in time'] },
      ]);
    });

    test('a teacher is given a score, and over the maximum only the result stays uncapped', async () => {
      expect((await bench.score(item, scoreOf(bench.tutor, 50))).status).toBe(201);
      await bench.score(item, scoreOf(student, 15, { scoreMaximum: 10 }));
      const result = (await resultsOf(`${under(item, '/results')}/${student}`))[0];
      expect([mark(), result?.['resultScore'], result?.['resultMaximum']]).toEqual([20, 15, 10]);
    });

    test('results ignore user_id, take the person from the path, and cut at a limit', async () => {
      for (const index of [0, 1, 2]) await bench.score(item, scoreOf(bench.student(index), index));
      const base = under(item, '/results');
      expect((await resultsOf(`${base}?user_id=${bench.student(1)}`)).length).toBe(3);
      expect((await resultsOf(`${base}/${bench.student(1)}`)).map(({ resultScore }) => resultScore)).toEqual([1]);
      const cut = await bench.get(`${base}?limit=2`, TYPE.results);
      expect([cut.list().length, cut.headers.has('link')]).toEqual([2, false]);
      expect((await bench.get(`${base}?limit=abc`, TYPE.results)).status).toBe(500);
    });

    test('a pretty-printed body and any Content-Type will do', async () => {
      const body = JSON.stringify(scoreOf(student, 50), undefined, 2);
      expect((await bench.send('POST', under(item, '/scores'), 'text/plain', body)).status).toBe(201);
      expect(mark()).toBe(10);
    });
  });

  describe('Doors', () => {
    const get = (url: string, token?: string) =>
      call(url, {
        headers: { Accept: TYPE.roster, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
      });

    test('every refusal is 403 without a challenge', async () => {
      const narrow = String(
        (await askToken(bench.lms, bench.tool, { form: { scope: SCOPE.score } })).json()['access_token'],
      );
      const good = String((await askToken(bench.lms, bench.tool)).json()['access_token']);
      const answers = [
        await get(bench.roster),
        await get(bench.roster, 'made-up'),
        await get(bench.roster, narrow),
        await get(bench.roster.replace(/\/lti\/\d+\//, '/lti/999/'), good),
        await bench.send('POST', bench.roster),
        await get(under(bench.lineItems, '/1/scores'), good),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
      expect(answers.some(({ headers }) => headers.has('www-authenticate'))).toBe(false);
      expect(answers[1]?.json()).toEqual({ detail: 'Invalid token signature.' });
    });

    test('a token serves every component of its passport and none of another', async () => {
      const other = addedByHand(bench.lms, bench.tool);
      const second = bench.lms.addActivity(bench.course, toolId()).component?.pk ?? '';
      bench.lms.addActivity(bench.course, other.id);
      const rosterOf = (tool: string) =>
        String(
          claim(bench.lms.launchClaims(bench.course, bench.tutor, tool), 'lti-nrps/claim/namesroleservice')?.[
            'context_memberships_url'
          ],
        );
      const token = String((await askToken(bench.lms, bench.tool, { toolId: other.id })).json()['access_token']);
      expect(rosterOf(other.id)).not.toBe(bench.roster);
      expect([(await get(rosterOf(other.id), token)).status, (await get(bench.roster, token)).status]).toEqual([
        200, 403,
      ]);
      const own = String((await askToken(bench.lms, bench.tool)).json()['access_token']);
      const rosterOfSecond = bench.roster.replace(/\/lti\/\d+\//, `/lti/${second}/`);
      expect([rosterOfSecond === bench.roster, (await get(rosterOfSecond, own)).status]).toEqual([false, 200]);
    });

    test('dead tokens are 403', async () => {
      const token = String((await askToken(bench.lms, bench.tool)).json()['access_token']);
      const before = (await get(bench.roster, token)).status;
      bench.lms.endTokens();
      expect([before, (await get(bench.roster, token)).status]).toEqual([200, 403]);
    });
  });
});
