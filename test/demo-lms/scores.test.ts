import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { COURSE, MANNERS, scoreOf, startBench, TYPE, under, type Bench } from './bench.js';

describe.each(MANNERS)('Scores in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let bench: Bench;
  let item: string;
  let student: string;

  beforeAll(async () => {
    bench = await startBench(manner);
    student = bench.student(0);
  });
  beforeEach(async () => {
    await bench.clear();
    item = await bench.item({});
  });
  afterAll(() => bench.close());

  const column = () => bench.lms.gradebook(COURSE).columns[0]?.id ?? '';
  const row = (userId = student) => bench.lms.gradebook(COURSE).rows.find((one) => one.userId === userId);
  const mark = (userId = student) => row(userId)?.marks[column()];
  const at = (ms: number) => new Date(ms).toISOString();
  const lastScore = () => bench.lms.log.filter(({ service }) => service === 'scores').at(-1);

  test(`a good score is stored and answered with ${moodle ? '200, an empty body and a JSON type' : '204'}`, async () => {
    const answer = await bench.score(item, scoreOf(student, 87.5, { comment: 'Good' }));
    expect([answer.status, answer.text, answer.type]).toEqual(moodle ? [200, '', TYPE.score] : [204, '', '']);
    expect([mark(), row()?.feedback[column()]]).toEqual([87.5, 'Good']);
    expect(lastScore()).toMatchObject({
      method: 'POST',
      status: moodle ? 200 : 204,
      userId: student,
      accepted: true,
      score: 87.5,
    });
  });

  test('the mark is the share of the column maximum, and 0 is a mark', async () => {
    const twenty = await bench.item({ scoreMaximum: 20 });
    await bench.score(twenty, scoreOf(student, 8, { scoreMaximum: 10 }));
    await bench.score(item, scoreOf(student, 0));
    expect(Object.values(row()?.marks ?? {})).toEqual([0, 16]);
  });

  test('above the maximum is capped in Moodle', async () => {
    await bench.score(item, scoreOf(student, 120));
    expect(mark()).toBe(moodle ? 100 : 120);
  });

  test('a score of the same second is 409 in Moodle, of the same millisecond by the standard', async () => {
    const second = Math.floor(Date.now() / 1000) * 1000 - 5000;
    const first = await bench.score(item, scoreOf(student, 50, { timestamp: at(second + 100) }));
    const same = await bench.score(item, scoreOf(student, 60, { timestamp: at(second + 100) }));
    const later = await bench.score(item, scoreOf(student, 70, { timestamp: at(second + 900) }));
    expect([first.status, same.status, later.status]).toEqual(moodle ? [200, 409, 409] : [204, 409, 204]);
    expect(mark()).toBe(moodle ? 50 : 70);
    await bench.score(item, scoreOf(student, 80, { timestamp: at(second + 1000) }));
    expect(mark()).toBe(80);
  });

  test('a future score is stored and blocks honest ones', async () => {
    await bench.score(item, scoreOf(student, 50, { timestamp: at(Date.now() + 3_600_000) }));
    expect([mark(), (await bench.score(item, scoreOf(student, 60))).status]).toEqual([50, 409]);
  });

  test('after a teacher edited the mark, an older score is 409 and a newer one of a made column wins', async () => {
    await bench.score(item, scoreOf(student, 50, { timestamp: at(Date.now() - 60_000) }));
    bench.lms.setGrade(COURSE, column(), student, 61);
    const late = await bench.score(item, scoreOf(student, 55, { timestamp: at(Date.now() - 30_000) }));
    expect([late.status, mark()]).toEqual([409, 61]);
    await bench.score(item, scoreOf(student, 70, { timestamp: at(Date.now() + 2000) }));
    expect(mark()).toBe(70);
  });

  test('on the own item of a link the teacher wins, silently, in Moodle', async () => {
    await bench.send('DELETE', item);
    bench.lms.acceptGrades(COURSE, true);
    const [own] = (await bench.get(bench.lineItems, TYPE.items)).list();
    bench.lms.setGrade(COURSE, column(), student, 61);
    const answer = await bench.score(String(own?.['id']), scoreOf(student, 90, { timestamp: at(Date.now() + 2000) }));
    expect([answer.status, mark(), lastScore()?.accepted]).toEqual(moodle ? [200, 61, false] : [204, 90, true]);
  });

  test('a score that is not final clears the mark and its feedback in Moodle, and stamps it with now', async () => {
    await bench.score(item, scoreOf(student, 50, { comment: 'Good', timestamp: at(Date.now() - 60_000) }));
    await bench.score(item, scoreOf(student, 60, { gradingProgress: 'Pending', timestamp: at(Date.now() - 30_000) }));
    expect([mark(), row()?.feedback[column()]]).toEqual([moodle ? null : 50, undefined]);
    const earlier = await bench.score(item, scoreOf(student, 70, { timestamp: at(Date.now() - 20_000) }));
    expect(earlier.status).toBe(moodle ? 409 : 204);
  });

  test('a final score without points takes the mark away', async () => {
    await bench.score(item, scoreOf(student, 50, { timestamp: at(Date.now() - 60_000) }));
    await bench.score(
      item,
      scoreOf(student, 0, { scoreGiven: undefined, scoreMaximum: undefined, timestamp: at(Date.now()) }),
    );
    expect(mark()).toBeNull();
  });

  test('an omitted comment clears the one before', async () => {
    await bench.score(item, scoreOf(student, 50, { comment: 'Good', timestamp: at(Date.now() - 60_000) }));
    await bench.score(item, scoreOf(student, 51));
    expect(row()?.feedback[column()]).toBeUndefined();
  });

  test.each([
    ['no userId', { userId: undefined }, false],
    ['no timestamp', { timestamp: undefined }, false],
    ['a number for a timestamp', { timestamp: 1_780_000_000 }, false],
    ['a timestamp without a zone', { timestamp: '2026-11-24T10:00:00' }, false],
    ['no progress', { gradingProgress: undefined }, false],
    ['points without a maximum', { scoreMaximum: undefined }, false],
    ['an unknown person', { userId: '99999' }, false],
    ['points as text', { scoreGiven: '50' }, true],
    ['an unknown progress', { gradingProgress: 'Foo', activityProgress: 'Bar' }, true],
    ['a negative score', { scoreGiven: -1 }, true],
  ])('a score with %s', async (_, changes, passesInMoodle) => {
    const { status } = await bench.score(item, scoreOf(student, 50, changes));
    expect(status).toBe(moodle && passesInMoodle ? 200 : 400);
    if (status === 400) expect([mark(), lastScore()?.accepted]).toEqual([null, false]);
  });

  test.each(['tutor', 'assistant', 'administrator'])('the %s cannot be given a score', async (kind) => {
    const id = bench.lms.people.find((person) => person.kind === kind)?.id ?? '';
    expect((await bench.score(item, scoreOf(id, 50))).status).toBe(400);
  });

  test('a refused score whose body holds a line break is 200 with [] in Moodle', async () => {
    const answer = await bench.score(item, JSON.stringify(scoreOf('99999', 50), undefined, 2));
    expect([answer.status, answer.text]).toEqual(moodle ? [200, '[]'] : [400, expect.any(String)]);
    expect(lastScore()?.accepted).toBe(false);
  });

  test('a good score may hold line breaks', async () => {
    await bench.score(item, JSON.stringify(scoreOf(student, 50), undefined, 2));
    expect(mark()).toBe(50);
  });

  test('a locked column takes nothing: 500 in Moodle', async () => {
    bench.lms.lockColumn(COURSE, column(), true);
    const answer = await bench.score(item, scoreOf(student, 50));
    expect([answer.status, mark(), lastScore()?.accepted]).toEqual([moodle ? 500 : 403, null, false]);
  });

  test('a suspended student can still be given a score', async () => {
    bench.lms.suspend(COURSE, student, true);
    await bench.score(item, scoreOf(student, 50));
    expect(mark()).toBe(50);
    bench.lms.suspend(COURSE, student, false);
  });

  test('a wrong Content-Type is refused', async () => {
    const answer = await bench.send('POST', under(item, '/scores'), 'application/json', scoreOf(student, 1));
    expect(answer.status).toBe(moodle ? 400 : 415);
  });

  test('results show the mark, its maximum and comment', async () => {
    await bench.score(item, scoreOf(student, 50, { comment: 'Good' }));
    const [result, ...others] = (await bench.get(under(item, '/results'), TYPE.results)).list();
    expect(others).toEqual([]);
    expect(result).toMatchObject({
      userId: student,
      resultScore: 50,
      resultMaximum: 100,
      comment: 'Good',
      scoreOf: item,
    });
  });

  test('a taken-away mark is listed bare in Moodle and not at all by the standard; 0 is listed', async () => {
    await bench.score(item, scoreOf(student, 50, { timestamp: at(Date.now() - 60_000) }));
    await bench.score(item, scoreOf(student, 50, { scoreGiven: undefined, scoreMaximum: undefined }));
    await bench.score(item, scoreOf(bench.student(1), 0));
    const results = (await bench.get(under(item, '/results'), TYPE.results)).list();
    expect(results.map(({ userId, resultScore }) => [userId, resultScore])).toEqual(
      moodle
        ? [
            [student, undefined],
            [bench.student(1), 0],
          ]
        : [[bench.student(1), 0]],
    );
    if (moodle) expect(Object.keys(results[0] ?? {})).toEqual(['id', 'userId']);
  });

  test('results of one person, and pages of them', async () => {
    for (const index of [0, 1, 2]) await bench.score(item, scoreOf(bench.student(index), 10 * index));
    const url = new URL(under(item, '/results'));
    url.searchParams.set('user_id', bench.student(2));
    expect((await bench.get(url.href, TYPE.results)).list().map(({ resultScore }) => resultScore)).toEqual([20]);
    url.searchParams.delete('user_id');
    url.searchParams.set('limit', '2');
    const paged = await bench.get(url.href, TYPE.results);
    // Moodle dies of a limit beside the tool's id.
    expect([paged.status, paged.type.split(';')[0]]).toEqual(moodle ? [404, 'text/html'] : [200, TYPE.results]);
    url.searchParams.delete('type_id');
    expect((await bench.get(url.href, TYPE.results)).list().length).toBe(2);
  });
});
