import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formsOf, submit, textOf, type Page } from '../../scripts/driver/browser.js';
import { arrive, ask, personOf, type Guest } from '../support/guests.js';
import { CLAIM } from '../support/hand-made-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const idOf = ({ home }: Guest) => home.split('/c/')[1] ?? '';
const lecturesIn = (page: Page) => [...page.html.matchAll(/name="rows\.(l\d+)\.topic"/g)].map(([, id]) => id);
const fieldIn = (page: Page, path: string) =>
  formsOf(page).find(({ action }) => action.endsWith('/map'))?.fields[path] ?? null;

describe('a map is begun', () => {
  let tool: TestTool;
  let elsewhere: TestTool;
  let origin: Guest;
  let context = 100;

  /** The same tutor in a new course, as the LMS would launch it. */
  const inNewCourse = (title = 'Hotel law', claims: Record<string, unknown> = {}, at = tool): Promise<Guest> => {
    const id = String(++context);
    return arrive(at, { claims: { [`${CLAIM}/context`]: { id, title, label: `C${id}` }, ...claims } });
  };
  const start = (guest: Guest, form: Record<string, string>) => ask(guest, 'post /map/start', guest.home, { form });

  beforeAll(async () => {
    tool = await startTestTool('standard');
    elsewhere = await startTestTool('standard');
    origin = await arrive(tool, { course: '2' });
    await start(origin, {});
    const values = {
      'head.semester': 'Autumn 2026',
      'head.semesterStart': '2026-09-01',
      'head.holidays': '2026-12-16',
      'head.model': '2',
      'moocs.m1.title': 'Hotel Management',
      'rows.l1.topic': 'Introduction',
    };
    const changes = Object.entries(values).map(([path, value]) => ({ path, base: '', value }));
    expect((await ask(origin, 'patch /map', origin.home, { json: { since: 1, changes } })).status).toBe(200);
  }, 60_000);
  afterAll(async () => {
    await elsewhere.close();
    await tool.close();
  });

  test('with the regulation’s weeks, where nothing else was chosen', async () => {
    const guest = await inNewCourse();
    const empty = await guest.browser.get(`${guest.home}/map`);
    const page = await submit(guest.browser, empty, '/map/start');
    expect(lecturesIn(page)).toHaveLength(15);
    expect(page.url).toContain('notice=created');
  });

  test('with fewer weeks in the accelerated form', async () => {
    const guest = await inNewCourse();
    const page = await start(guest, { from: 'accelerated', weeks: '6' });
    expect(lecturesIn(page)).toEqual(['l1', 'l2', 'l3', 'l4', 'l5', 'l6']);
    expect(page.html).toContain('<option value="accelerated" selected>');
  });

  test.each(['2', '16', '', 'many', '-5', '7.5'])('not with "%s" weeks: it says so and asks again', async (weeks) => {
    const guest = await inNewCourse();
    const page = await start(guest, { from: 'accelerated', weeks });
    expect(page.status).toBe(400);
    expect(textOf(page)).toContain('Апта санын 3–15 аралығында көрсетіңіз.');
    expect(page.html).toMatch(/value="accelerated" checked/);
    expect((await ask(guest, 'get /map', guest.home)).html).toContain('/map/start');
  });

  test('from another course of one’s own: its rows and MOOCs, this course’s name, no dates and no names', async () => {
    const guest = await inNewCourse('Hotel law');
    const empty = await ask(guest, 'get /map', guest.home);
    expect(empty.html).toContain(`<option value="${idOf(origin)}">`);
    const page = await submit(guest.browser, empty, '/map/start', { from: 'course', course: idOf(origin) });
    expect(page.url).toContain('notice=taken-over');
    expect(fieldIn(page, 'head.discipline')).toContain('Hotel law');
    expect(fieldIn(page, 'head.semester')).toBe('');
    expect(fieldIn(page, 'head.semesterStart')).toBe('');
    expect(page.html).not.toContain('2026-12-16</textarea>');
    expect(page.html).toContain('>Introduction</textarea>');
    expect(fieldIn(page, 'moocs.m1.title')).toBe('Hotel Management');
    // What was written there is nobody's edit here, and the course it came from is as it was.
    const first = (await ask(origin, 'get /map', origin.home)).html;
    expect(first).toContain('value="2026-09-01"');
    expect(page.html).not.toContain('wk-date');
    expect(first).toContain('wk-date');
  });

  test('a map that is there already is left as it is', async () => {
    const guest = await inNewCourse();
    await start(guest, { from: 'accelerated', weeks: '5' });
    const page = await start(guest, { from: 'course', course: idOf(origin) });
    expect(lecturesIn(page)).toHaveLength(5);
  });

  const refused = async (guest: Guest, course: string) => {
    const page = await ask(guest, 'get /map', guest.home);
    expect(page.html).toContain('/map/start');
    expect(page.html).not.toContain(`value="${course}"`);
    expect((await start(guest, { from: 'course', course })).status).toBe(404);
    expect((await ask(guest, 'get /map', guest.home)).html).toContain('/map/start');
  };

  test('not from a course that another person teaches', async () => {
    await refused(await inNewCourse('Mine', { sub: 'another-tutor' }), idOf(origin));
  });

  test('not from a course in which one was a student', async () => {
    const sub = personOf(tool, 'student');
    await arrive(tool, { course: '2', person: sub });
    await refused(await inNewCourse('Mine', { sub }), idOf(origin));
  });

  test('not from a course of another LMS, whoever has the same id there', async () => {
    const guest = await arrive(elsewhere, { person: personOf(elsewhere, 'tutor'), course: '3' });
    expect(personOf(elsewhere, 'tutor')).toBe(personOf(tool, 'tutor'));
    await refused(guest, idOf(origin));
  });

  test('not from one’s own course without a map, from this one, or from one that there is not', async () => {
    const mapless = await inNewCourse('Mapless');
    const guest = await inNewCourse('Mine');
    for (const course of [idOf(mapless), idOf(guest), 'invented', '']) await refused(guest, course);
  });

  test('not from a course whose deployment was withdrawn', async () => {
    const platform = (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url)?.key ?? '';
    await tool.app.platforms.setDeployment(platform, 'faculty-9', true);
    const there = await inNewCourse('Of the faculty', { [`${CLAIM}/deployment_id`]: 'faculty-9' });
    await start(there, {});
    const guest = await inNewCourse('Mine');
    expect((await ask(guest, 'get /map', guest.home)).html).toContain(`value="${idOf(there)}"`);
    await tool.app.platforms.setDeployment(platform, 'faculty-9', false);
    await refused(guest, idOf(there));
  });

  test.each([{ from: 'elsewhere' }, { from: 'course', course: 'x'.repeat(41) }])('%j is refused', async (form) => {
    const guest = await inNewCourse();
    expect((await start(guest, form)).status).toBe(400);
  });
});
