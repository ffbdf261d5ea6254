import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { COURSE, MANNERS, scoreOf, startBench, TYPE, under, type Bench } from './bench.js';
import { SCOPE } from './fake-tool.js';

describe.each(MANNERS)('Line items in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner);
  });
  beforeEach(() => bench.clear());
  afterAll(() => bench.close());

  const create = (body: unknown, type = TYPE.item) => bench.send('POST', bench.lineItems, type, body);
  const find = async (query: Record<string, string>) => {
    const url = new URL(bench.lineItems);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return (await bench.get(url.href, TYPE.items)).list().map(({ label }) => label);
  };

  test('a made item is found by its resource, tag and link', async () => {
    await create({ label: 'A', scoreMaximum: 100, resourceId: 'r1', tag: 't1', resourceLinkId: '1' });
    await create({ label: 'B', scoreMaximum: 50, resourceId: 'r2', tag: 't1' });
    bench.lms.acceptGrades(COURSE, true);
    expect([await find({}), await find({ resource_id: 'r2' }), await find({ tag: 't1' })]).toEqual([
      ['A', 'B', 'Serik'],
      ['B'],
      ['A', 'B'],
    ]);
    expect(await find({ resource_link_id: '1' })).toEqual(['A', 'Serik']);
    expect(await find({ resource_link_id: '1', tag: 'nothing' })).toEqual([]);
  });

  test(`creation answers 201 with ${moodle ? 'an echo of the request' : 'what is stored'} and the id`, async () => {
    const answer = await create({ label: 'A', scoreMaximum: 20, resourceId: 'r', odd: true });
    expect([answer.status, answer.type, answer.headers.has('location')]).toEqual([201, TYPE.item, false]);
    const { id, ...rest } = answer.json();
    expect(rest).toEqual({ label: 'A', scoreMaximum: 20, resourceId: 'r', ...(moodle ? { odd: true } : {}) });
    expect(String(id)).toMatch(moodle ? /\/lineitem\?type_id=\d+$/ : /\/line-items\/\d+$/);
    expect((await bench.get(String(id), TYPE.item)).json()).toEqual({
      id,
      label: 'A',
      scoreMaximum: 20,
      resourceId: 'r',
      ...(moodle ? { tag: '' } : {}),
    });
  });

  test('nothing is de-duplicated', async () => {
    const same = { label: 'A', scoreMaximum: 1, resourceId: 'r' };
    const ids = [(await create(same)).json()['id'], (await create(same)).json()['id']];
    expect(new Set(ids).size).toBe(2);
  });

  test.each([
    [{ scoreMaximum: 10 }, 400, 400],
    [{ label: 'A' }, 400, 400],
    [{ label: 'A', scoreMaximum: '20' }, 201, 400],
    [{ label: 'A', scoreMaximum: 0 }, 201, 400],
    [{ label: 'A', scoreMaximum: 'many' }, 400, 400],
    [{ label: 'A', scoreMaximum: 10, resourceLinkId: '2' }, 403, 404],
  ])('%o', async (body, inMoodle, byStandard) => {
    expect((await create(body)).status).toBe(moodle ? inMoodle : byStandard);
  });

  test('a label over 255 characters: Moodle ends with 500 and an empty body', async () => {
    const answer = await create({ label: 'Ғ'.repeat(256), scoreMaximum: 10 });
    expect([answer.status, answer.text]).toEqual(moodle ? [500, ''] : [201, expect.stringContaining('Ғ')]);
    expect((await create({ label: 'Ғ'.repeat(255), scoreMaximum: 10 })).status).toBe(201);
  });

  test.each([
    ['application/json', 400, 415],
    [`${TYPE.item}; charset=utf-8`, 201, 201],
  ])('Content-Type: %s', async (type, inMoodle, byStandard) => {
    expect((await create({ label: 'A', scoreMaximum: 1 }, type)).status).toBe(moodle ? inMoodle : byStandard);
  });

  test.each([
    [TYPE.items, 200, 200],
    ['*/*', 400, 200],
    [undefined, 400, 200], // fetch itself then says */*
    [`${TYPE.items}, */*`, 400, 200],
    ['application/json', 400, 406],
    [`${TYPE.items};q=0.9`, 400, 200],
  ])('reading with Accept: %s', async (accept, inMoodle, byStandard) => {
    expect((await bench.get(bench.lineItems, accept)).status).toBe(moodle ? inMoodle : byStandard);
  });

  test('the tool may be left out of the address in Moodle, and an appended path is no address', async () => {
    if (!moodle) return;
    const item = await bench.item({});
    expect((await bench.get(item.split('?')[0] ?? '', TYPE.item)).status).toBe(200);
    const appended = await bench.send('POST', `${item}/scores`, TYPE.score, scoreOf(bench.student(0), 1));
    expect(appended.status).toBe(400);
    expect((await bench.get(`${item}/results`, TYPE.results)).status).toBe(400);
    expect(
      bench.lms.gradebook(COURSE).rows.some(({ marks }) => Object.values(marks).some((mark) => mark !== null)),
    ).toBe(false);
  });

  test('a limit pages; Moodle writes a Link that nobody can read', async () => {
    for (const label of ['A', 'B', 'C']) await create({ label, scoreMaximum: 1 });
    const url = new URL(bench.lineItems);
    url.searchParams.set('limit', '2');
    const answer = await bench.get(url.href, TYPE.items);
    const link = Buffer.from(answer.headers.get('link') ?? '', 'latin1').toString('utf8');
    expect(answer.list().length).toBe(2);
    if (moodle) expect(link).toMatch(/^<.*&amp;.*>; rel=“next”$/);
    else expect(link).toMatch(/^<[^>]*limit=2&from=2>; rel="next"$/);
  });

  test('a changed maximum rescales the marks', async () => {
    const item = await bench.item({});
    await bench.score(item, scoreOf(bench.student(0), 80));
    await bench.send('PUT', item, TYPE.item, { label: 'Halved', scoreMaximum: 50 });
    const { columns, rows } = bench.lms.gradebook(COURSE);
    expect(columns[0]).toMatchObject({ label: 'Halved', maximum: 50 });
    expect(rows.find(({ userId }) => userId === bench.student(0))?.marks[columns[0]?.id ?? '']).toBe(40);
  });

  test('PUT replaces everything; Moodle uncouples an item whose link was left out', async () => {
    const item = await bench.item({ resourceId: 'r', tag: 't', resourceLinkId: '1' });
    const answer = await bench.send('PUT', item, TYPE.item, { label: 'New', scoreMaximum: 100 });
    expect(answer.status).toBe(200);
    const { resourceId, tag, resourceLinkId } = (await bench.get(item, TYPE.item)).json();
    expect([resourceId, tag, resourceLinkId]).toEqual(moodle ? ['', '', undefined] : [undefined, undefined, '1']);
  });

  test('DELETE answers 204, again 404, and takes the column away', async () => {
    const item = await bench.item({});
    expect([(await bench.send('DELETE', item)).status, (await bench.send('DELETE', item)).status]).toEqual([204, 404]);
    expect(bench.lms.gradebook(COURSE).columns).toEqual([]);
    expect((await bench.get(item, TYPE.item)).status).toBe(404);
    expect((await bench.score(item, scoreOf(bench.student(0), 1))).status).toBe(404);
  });

  test('reading scopes read and do not write', async () => {
    const reader = await startBench(manner, { scope: SCOPE.lineItemReadOnly });
    try {
      expect((await reader.get(reader.lineItems, TYPE.items)).status).toBe(200);
      const made = await reader.send('POST', reader.lineItems, TYPE.item, { label: 'A', scoreMaximum: 1 });
      expect(made.status).toBe(moodle ? 401 : 403);
    } finally {
      await reader.close();
    }
  });

  test('scores cannot be read', async () => {
    const item = await bench.item({});
    expect((await bench.get(under(item, '/scores'), TYPE.score)).status).toBe(moodle ? 400 : 405);
  });
});
