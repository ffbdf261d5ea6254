import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, textOf } from '../../scripts/driver/browser.js';
import { createCalendarAddresses } from '../../src/integration-map/calendar-address.js';
import { arrive, ask, attribute, personOf, type Guest } from '../support/guests.js';
import { CLAIM } from '../support/hand-made-launch.js';
import { eventsOf, parseCalendar } from '../support/read-ical.js';
import { startTestTool, type TestTool } from '../support/tool.js';

describe('the plan in a calendar', () => {
  let tool: TestTool;
  let tutor: Guest;
  let student: Guest;
  let address: string;

  const write = async (values: Record<string, string>, guest = tutor) => {
    const changes = Object.entries(values).map(([path, value]) => ({ path, base: '', value }));
    return (await ask(guest, 'patch /map', guest.home, { json: { since: 1, changes } })).status;
  };
  const addressOn = async (guest: Guest) => {
    const page = await ask(guest, 'get /plan/calendar?lang=en', guest.home);
    return attribute(page.html, 'id="calendar-address" readonly value');
  };
  const inCourse = (kind: string, id: string, claims: Record<string, unknown> = {}) =>
    arrive(tool, {
      person: personOf(tool, kind),
      claims: { [`${CLAIM}/context`]: { id, title: 'Law', label: 'L' }, ...claims },
    });

  beforeAll(async () => {
    tool = await startTestTool('standard');
    tutor = await arrive(tool);
    student = await arrive(tool, { person: personOf(tool, 'student') });
    await ask(tutor, 'post /map/start', tutor.home, { form: {} });
    expect(await write({ 'rows.l1.topic': 'Кіріспе; қонақүйлер', 'head.semesterStart': '2026-09-01' })).toBe(200);
    address = await addressOn(student);
  }, 60_000);
  afterAll(() => tool.close());

  test('a student is told an address, which answers whoever has it, without a session', async () => {
    expect(address).toMatch(new RegExp(`^${tool.url}/calendar/[\\w-]{40,}\\.ics$`));
    const answer = await fetch(address);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(answer.headers.get('set-cookie')).toBeNull();
    const { properties, events } = parseCalendar(await answer.text());
    expect(properties['NAME']).toContain('Hotel business management');
    expect(events).toHaveLength(21);
    expect(events[0]).toMatchObject({
      'DTSTART;VALUE=DATE': '20260831',
      'DTEND;VALUE=DATE': '20260907',
      SUMMARY: 'Week 1 · Кіріспе; қонақүйлер',
    });
    expect(events[0]?.['UID']).toBe(`l1.${tutor.home.split('/c/')[1] ?? ''}@127.0.0.1`);
  });

  test('it holds nobody’s name', async () => {
    const text = await (await fetch(address)).text();
    for (const { givenName, familyName } of tool.lms.people)
      for (const name of [givenName, familyName].filter((one) => one !== ''))
        expect([name, text.includes(name)]).toEqual([name, false]);
  });

  test('it is in the language in which it was asked for, and follows what the tutor changes', async () => {
    const page = await ask(student, 'get /plan/calendar?lang=kk', student.home);
    const kazakh = attribute(page.html, 'id="calendar-address" readonly value');
    const summaries = async () => eventsOf(await (await fetch(kazakh)).text()).map(({ SUMMARY }) => SUMMARY);
    expect(await summaries()).toContain('1-апта · Кіріспе; қонақүйлер');
    expect(await write({ 'rows.l2.topic': 'Құқық' })).toBe(200);
    expect(await summaries()).toContain('2-апта · Құқық');
  });

  test('each course has its own; the plan of another does not come out of it', async () => {
    const other = await inCourse('tutor', 'calendar-2');
    await ask(other, 'post /map/start', other.home, { form: {} });
    await write({ 'rows.l1.topic': 'Secret of the other', 'head.semesterStart': '2027-01-18' }, other);
    const theirs = await addressOn(await inCourse('student', 'calendar-2'));
    expect(await (await fetch(theirs)).text()).toContain('Secret of the other');
    expect(await (await fetch(address)).text()).not.toContain('Secret of the other');
  });

  test('a plan without dates has no address, and says what is missing', async () => {
    const other = await inCourse('tutor', 'calendar-3');
    await ask(other, 'post /map/start', other.home, { form: {} });
    const theirs = await inCourse('student', 'calendar-3');
    const page = await ask(theirs, 'get /plan/calendar?lang=en', theirs.home);
    expect(textOf(page)).toContain('The plan has no dates yet.');
    expect(page.html).not.toContain('/calendar/');
    const made = createCalendarAddresses({ secret: 'a secret of the tests only, 0123456789', publicUrl: tool.url });
    expect((await fetch(made.of(other.home.split('/c/')[1] ?? '', 'en'))).status).toBe(404);
  });

  test('nothing answers to an address that we did not make', async () => {
    const [token = ''] = /[\w-]+(?=\.ics$)/.exec(address) ?? [];
    const course = tutor.home.split('/c/')[1] ?? '';
    const foreign = createCalendarAddresses({ secret: 'another secret of the tests, 0123456789', publicUrl: tool.url });
    const flipped = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
    for (const tried of [
      foreign.of(course, 'en'),
      ...[course, flipped, `${token}A`, token.slice(1), `${token}%00`, '..%2f', 'x'.repeat(5000)].map(
        (name) => `${tool.url}/calendar/${name}.ics`,
      ),
      `${tool.url}/calendar/${token}`,
    ])
      expect([tried, [404, 414, 431].includes((await fetch(tried)).status)]).toEqual([tried, true]);
  });

  test('it ends when the deployment is withdrawn or the LMS is switched off, and comes back with them', async () => {
    const platform = (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url);
    const { key = '', deployments = [] } = platform ?? {};
    const [deployment = ''] = deployments;
    const status = async () => (await fetch(address)).status;
    await tool.app.platforms.setDeployment(key, deployment, false);
    expect(await status()).toBe(404);
    await tool.app.platforms.setDeployment(key, deployment, true);
    await tool.app.platforms.setActive(key, false);
    expect(await status()).toBe(404);
    await tool.app.platforms.setActive(key, true);
    expect(await status()).toBe(200);
  });

  test('a person who is not signed in is told no address', async () => {
    expect((await ask({ browser: createBrowser() }, 'get /plan/calendar', student.home)).status).toBe(401);
  });

  test('whoever asks again and again is told to wait', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 640 }, async () => (await fetch(`${tool.url}/calendar/none.ics`)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([404, 429]));
  });
});
