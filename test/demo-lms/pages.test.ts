import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDemoLms } from '../../scripts/demo-lms/index.js';
import { createBrowser, submit, textOf, type Browser, type Page } from '../../scripts/driver/browser.js';
import { COURSE, MANNERS, scoreOf, startBench, type Bench } from './bench.js';
import { call } from './fake-tool.js';

describe.each(MANNERS)('The pages in the %s manner', (manner) => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner);
    await bench.score(await bench.item({ label: 'Midterm <1>' }), scoreOf(bench.student(0), 71));
  });
  afterAll(() => bench.close());

  const as = (personId: string, path: string, browser: Browser = createBrowser()): Promise<Page> =>
    browser.get(`${bench.lms.url}/switch?to=${personId}&return=${encodeURIComponent(path)}`);

  test('the front page lists everybody by kind, names escaped', async () => {
    const page = await createBrowser().get(bench.lms.url);
    const text = textOf(page);
    for (const word of ['Tutor', 'Dean', 'Әбдірахманова', "O'Brien", 'Smith & Sons', 'student60'])
      expect(text).toContain(word);
    expect(page.html).toContain('Smith &amp; Sons');
  });

  test('the switch keeps the person and goes back to a page of this site only', async () => {
    const browser = createBrowser();
    expect((await as(bench.tutor, `/course/${COURSE}`, browser)).url).toBe(`${bench.lms.url}/course/${COURSE}`);
    expect((await as(bench.tutor, '//evil.test/', browser)).url).toBe(`${bench.lms.url}/`);
    expect((await as('999', '/')).status).toBe(404);
  });

  test('the cookie is demo_lms, SameSite=Lax', async () => {
    const answer = await call(`${bench.lms.url}/switch?to=11&return=/`, { redirect: 'manual' });
    expect(answer.headers.get('set-cookie')).toMatch(/^demo_lms=11;.*SameSite=Lax/);
  });

  test('without a person a course sends to the choice of persons', async () => {
    expect((await createBrowser().get(`${bench.lms.url}/course/${COURSE}`)).url).toContain(
      `/?return=%2Fcourse%2F${COURSE}`,
    );
  });

  test('a teacher sees all marks and edits one; a student sees only the own row', async () => {
    const browser = createBrowser();
    const page = await as(bench.tutor, `/course/${COURSE}/grades`, browser);
    expect(page.html).toContain('Midterm &lt;1&gt;');
    const column = bench.lms.gradebook(COURSE).columns[0]?.id ?? '';
    await submit(browser, page, '/grades', { student: bench.student(1), column, mark: '64,5' });
    expect(bench.lms.gradebook(COURSE).rows.find(({ userId }) => userId === bench.student(1))?.marks[column]).toBe(
      64.5,
    );
    const own = textOf(await as(bench.student(1), `/course/${COURSE}/grades`));
    expect([own.includes('64.5'), own.includes('71')]).toEqual([true, false]);
  });

  test('a student cannot edit a mark', async () => {
    const browser = createBrowser();
    await as(bench.student(1), '/', browser);
    const column = bench.lms.gradebook(COURSE).columns[0]?.id ?? '';
    const answer = await browser.post(`${bench.lms.url}/course/${COURSE}/grades`, {
      student: bench.student(1),
      column,
      mark: '100',
    });
    expect(answer.status).toBe(403);
  });

  test('grades.json and people.json are for scripts', async () => {
    expect((await call(`${bench.lms.url}/course/${COURSE}/grades.json`)).json()).toEqual(bench.lms.gradebook(COURSE));
    const people = (await call(`${bench.lms.url}/people.json`)).list();
    expect(people.length).toBe(67);
    expect(people.find(({ id }) => id === '12')).toMatchObject({
      kind: 'tutor',
      locale: 'ru',
      name: 'Ольга Ли',
      courses: ['2'],
    });
  });

  test('leader, director, dean and administrator open every course', async () => {
    for (const kind of ['leader', 'director', 'dean', 'administrator'] as const) {
      const id = bench.lms.people.find((person) => person.kind === kind)?.id ?? '';
      expect((await as(id, '/course/3')).status).toBe(200);
    }
  });

  test('without an active tool the course says so', async () => {
    const empty = await startDemoLms({ port: 0, manner });
    try {
      const page = await createBrowser().get(`${empty.url}/switch?to=11&return=/course/2`);
      expect(textOf(page)).toContain('No active tool is registered');
      expect((await createBrowser().get(`${empty.url}/switch?to=11&return=/course/2/serik`)).html).not.toContain(
        '<iframe',
      );
    } finally {
      await empty.close();
    }
  });

  test('leaving the frame keeps what the tool had to say', async () => {
    const page = await createBrowser().get(`${bench.lms.url}/course/2/return?lti_msg=Bye%22`);
    expect(page.html).toContain('href="/course/2?lti_msg=Bye%22"');
  });
});
