import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { COURSE, startBench, TYPE, type Bench } from './bench.js';
import type { Answer } from './fake-tool.js';

interface Member {
  user_id: string;
  status: string;
  name?: string;
}

describe('What changed in a roster, in the standard manner', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await startBench('standard');
  });
  afterEach(() => bench.close());

  const linkTo = (answer: Answer, relation: string) =>
    new RegExp(`<([^>]+)>; rel="${relation}"`).exec(answer.headers.get('link') ?? '')?.[1];
  const read = (url: string) => bench.get(url, TYPE.roster);
  const membersOf = (answer: Answer) =>
    (answer.json()['members'] as Member[]).map(({ user_id: id, status }) => [id, status]);

  async function lastPage(url = bench.roster, between: () => void = () => undefined): Promise<Answer> {
    let answer = await read(url);
    between();
    for (let next = linkTo(answer, 'next'); next !== undefined; next = linkTo(answer, 'next')) {
      expect(linkTo(answer, 'differences')).toBeUndefined();
      answer = await read(next);
    }
    return answer;
  }
  const differences = async (between?: () => void) =>
    linkTo(await lastPage(bench.roster, between), 'differences') ?? '';

  test('only the last page has the link, and at first nothing changed', async () => {
    const url = await differences();
    expect(new URL(url).searchParams.has('since')).toBe(true);
    expect(membersOf(await read(url))).toEqual([]);
  });

  test('who left is Deleted, who came is Active, who was suspended Inactive; nobody else is listed', async () => {
    const url = await differences();
    const stranger = bench.lms.people.find(({ kind }) => kind === 'dean')?.id ?? '';
    bench.lms.unenrol(COURSE, bench.student(0));
    bench.lms.suspend(COURSE, bench.student(1), true);
    bench.lms.enrol(COURSE, stranger, 'assistant');
    bench.lms.unenrol('3', bench.student(2));
    const answer = await read(url);
    expect(membersOf(answer).sort()).toEqual(
      [
        [bench.student(0), 'Deleted'],
        [bench.student(1), 'Inactive'],
        [stranger, 'Active'],
      ].sort(),
    );
    const left = (answer.json()['members'] as Member[]).find(({ status }) => status === 'Deleted');
    expect([left?.name, Object.keys(left ?? {}).sort()]).toEqual([undefined, ['roles', 'status', 'user_id']]);
  });

  test('the answer says where the next changes will be', async () => {
    const url = await differences();
    bench.lms.unenrol(COURSE, bench.student(0));
    const next = linkTo(await read(url), 'differences') ?? '';
    bench.lms.enrol(COURSE, bench.student(0), 'student');
    expect(membersOf(await read(next))).toEqual([[bench.student(0), 'Active']]);
    expect(membersOf(await read(linkTo(await read(next), 'differences') ?? ''))).toEqual([]);
  });

  test('a change while the pages are read is not lost', async () => {
    const url = await differences(() => bench.lms.unenrol(COURSE, bench.student(0)));
    expect(membersOf(await read(url))).toEqual([[bench.student(0), 'Deleted']]);
  });
});

describe('What changed in a roster, in the moodle manner', () => {
  let bench: Bench;
  afterAll(() => bench.close());

  test('nobody says', async () => {
    bench = await startBench('moodle');
    bench.lms.unenrol(COURSE, bench.student(0));
    const answer = await bench.get(`${bench.roster}?since=0`, TYPE.roster);
    expect([answer.headers.get('link'), (answer.json()['members'] as Member[]).length]).toEqual([null, 62]);
  });
});
