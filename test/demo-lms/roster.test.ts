import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COURSE, MANNERS, startBench, TYPE, type Bench } from './bench.js';
import { TOOL_CONFIGURATION, type Answer } from './fake-tool.js';

interface Member {
  user_id: string;
  name?: string;
  email?: string;
  roles: string[];
  status: string;
}

describe.each(MANNERS)('The roster in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner);
  });
  afterAll(() => bench.close());

  const membersOf = (answer: Answer) => answer.json()['members'] as Member[];
  const nextOf = (answer: Answer) => /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  const read = (query = '') => {
    const url = new URL(bench.roster);
    for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value);
    return bench.get(url.href, TYPE.roster);
  };
  const idOf = (kind: string) => bench.lms.people.find((person) => person.kind === kind)?.id ?? '';

  async function everyone(query = ''): Promise<{ members: Member[]; pages: number[] }> {
    let answer = await read(query);
    const members = membersOf(answer);
    const pages = [members.length];
    for (let next = nextOf(answer); next !== undefined; next = nextOf(answer)) {
      answer = await bench.get(next, TYPE.roster);
      members.push(...membersOf(answer));
      pages.push(membersOf(answer).length);
    }
    return { members, pages };
  }

  test(moodle ? 'without a limit all come at once' : 'pages of 25 follow each other by Link', async () => {
    const { members, pages } = await everyone();
    expect(pages).toEqual(moodle ? [63] : [25, 25, 13]);
    expect(new Set(members.map(({ user_id: id }) => id)).size).toBe(63);
    expect(members.every(({ status }) => status === 'Active')).toBe(true);
  });

  test('a limit pages in both manners', async () => {
    expect((await everyone('limit=20')).pages).toEqual([20, 20, 20, 3]);
  });

  test('Moodle ignores from without a limit', async () => {
    expect(membersOf(await read('from=60')).length).toBe(moodle ? 63 : 3);
  });

  test('a role filters, and Moodle forgets it from page two on', async () => {
    const { members } = await everyone('role=Learner&limit=25');
    const instructors = members.filter(({ roles }) => roles.some((role) => role.endsWith('Instructor')));
    expect(instructors.length > 0).toBe(moodle);
    if (!moodle) expect(members.length).toBe(60);
  });

  test('an unknown role means everyone in Moodle and nobody by the standard', async () => {
    expect((await everyone('role=Mentor')).members.length).toBe(moodle ? 63 : 0);
  });

  test('roles are short names in Moodle and URIs by the standard; the assistant is a Learner in Moodle', async () => {
    const { members } = await everyone();
    const roles = (kind: string) => members.find(({ user_id: id }) => id === idOf(kind))?.roles;
    const uri = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
    expect([roles('tutor')?.[0], roles('assistant')]).toEqual(
      moodle
        ? ['Instructor', ['Learner']]
        : [`${uri}#Instructor`, [`${uri}#Instructor`, `${uri}/Instructor#TeachingAssistant`]],
    );
  });

  test('people above the course stand in no roster', async () => {
    const ids = (await everyone()).members.map(({ user_id: id }) => id);
    for (const kind of ['leader', 'director', 'dean', 'administrator']) expect(ids).not.toContain(idOf(kind));
  });

  test('names are escaped in Moodle and plain by the standard', async () => {
    const { members } = await everyone();
    const names = members.map(({ name }) => name);
    expect(names.includes('Daniel Smith &amp; Sons')).toBe(moodle);
    expect(names.includes('Daniel Smith & Sons')).toBe(!moodle);
    expect(names).toContain("Brian O'Brien");
  });

  test('exactly one student has no e-mail and one no name', async () => {
    const { members } = await everyone();
    expect([members.filter(({ email }) => !email).length, members.filter(({ name }) => !name).length]).toEqual([1, 1]);
  });

  test('rlid adds the message, and an unknown one is 404', async () => {
    expect(membersOf(await read('rlid=1'))[0]).toHaveProperty('message');
    expect((await read('rlid=99')).status).toBe(404);
  });

  test('an unknown course is 404', async () => {
    const url = bench.roster.replace(`/${COURSE}/`, '/77/');
    expect((await bench.get(url, TYPE.roster)).status).toBe(404);
  });

  test.each([
    [undefined, 200, 200],
    [TYPE.roster, 200, 200],
    ['*/*', 200, 200],
    [`${TYPE.roster};q=0.9`, 400, 200],
    [`${TYPE.roster}, application/json`, 400, 200],
    ['application/json', 400, 406],
  ])('Accept: %s', async (accept, inMoodle, byStandard) => {
    expect((await bench.get(bench.roster, accept)).status).toBe(moodle ? inMoodle : byStandard);
  });

  test('whoever comes and goes is there and gone', async () => {
    const student = bench.student(0);
    const ids = async () => (await everyone()).members.map(({ user_id: id }) => id);
    bench.lms.unenrol(COURSE, student);
    expect(await ids()).not.toContain(student);
    bench.lms.enrol(COURSE, student, 'student');
    expect(await ids()).toContain(student);
  });

  test('a suspended student is inactive by the standard and missing in Moodle', async () => {
    const student = bench.student(1);
    bench.lms.suspend(COURSE, student, true);
    const { members } = await everyone();
    expect(members.find(({ user_id: id }) => id === student)?.status).toBe(moodle ? undefined : 'Inactive');
    bench.lms.suspend(COURSE, student, false);
  });

  test('the small course has 18 students', async () => {
    const answer = await bench.get(bench.roster.replace(`/${COURSE}/`, '/3/'), TYPE.roster);
    expect(membersOf(answer).length).toBe(19);
  });

  test('a tool that asked for neither names nor e-mail gets neither', async () => {
    const secretive = await startBench(manner, { registration: { [TOOL_CONFIGURATION]: { claims: ['sub'] } } });
    try {
      const members = membersOf(await secretive.get(secretive.roster, TYPE.roster));
      expect(members.some((member) => 'name' in member || 'email' in member || 'given_name' in member)).toBe(false);
    } finally {
      await secretive.close();
    }
  });
});
