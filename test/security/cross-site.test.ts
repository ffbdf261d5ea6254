import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { arrive, arriveAtDesk, ask, personOf, type Guest } from '../support/guests.js';
import { ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';
import { filledWith, quiet, victimCourse, type Victim } from '../support/victim.js';
import { COURSE_ROUTES, DESK_ROUTES, STAFF_ROUTES, type Sent } from '../http/route-table.js';

const EVIL = 'https://evil.example';
const changing = <R>(routes: Readonly<Record<string, R>>) =>
  Object.entries(routes).filter(([route]) => !route.startsWith('get ') && route !== 'post /sign-out');

describe('a request that another site makes a browser send', () => {
  let tool: TestTool;
  let victim: Victim;
  let administrator: Guest;
  let staff: Guest;
  let stranger: Guest;
  let platform: string;
  let pages: string;
  let facts: string;

  /** What the desk may change. */
  async function deskFacts(): Promise<string> {
    const [platforms, links, keys] = await Promise.all([
      tool.app.platforms.list(),
      tool.app.registrationLinks.listOpen(),
      fetch(`${tool.url}/lti/keys`).then((answer) => answer.text()),
    ]);
    return JSON.stringify([platforms, links, keys]);
  }

  beforeAll(async () => {
    tool = await startTestTool('standard');
    victim = await victimCourse(tool);
    administrator = await arriveAtDesk(tool, ROLE.administrator);
    staff = await arriveAtDesk(tool, ROLE.faculty);
    stranger = await arrive(tool, { person: personOf(tool, 'tutor', 1) });
    platform = (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url)?.id ?? '';
    await quiet(victim.tutor);
    pages = await victim.look();
    facts = await deskFacts();
  }, 120_000);
  afterAll(() => tool.close());

  /** All ways in which another site may try. Without a name of the place they could also be from a page of ours. */
  async function tried(guest: Guest, route: string, base: string, sent: Sent): Promise<Record<string, number>> {
    const ours = { Origin: tool.url };
    const url = base + (route.split(' ')[1] ?? '');
    const plain = (await guest.browser.post(url, {}, { 'Content-Type': 'text/plain', Origin: EVIL })).status;
    return {
      'without a token': (await ask({ browser: guest.browser }, route, base, sent, ours)).status,
      'with the token of another session': (
        await ask({ browser: guest.browser, csrf: stranger.csrf }, route, base, sent, ours)
      ).status,
      'from another site, with the token': (await ask(guest, route, base, sent, { Origin: EVIL })).status,
      'from a page without an origin, with the token': (await ask(guest, route, base, sent, { Origin: 'null' })).status,
      'from the LMS, with the token': (await ask(guest, route, base, sent, { Origin: tool.lms.url })).status,
      'as plain text': route.startsWith('post ') ? plain : 403,
    };
  }

  const REFUSED = {
    'without a token': 409,
    'with the token of another session': 409,
    'from another site, with the token': 403,
    'from a page without an origin, with the token': 403,
    'from the LMS, with the token': 403,
    'as plain text': 403,
  };

  const whoIn = (route: string): Guest =>
    COURSE_ROUTES[route]?.roles.includes('tutor') === true ? victim.tutor : victim.student;

  test.each(changing(COURSE_ROUTES))('in a course, is refused: %s', async (route, { sent }) => {
    const there = filledWith(victim.ids, route);
    expect(await tried(whoIn(route), there, victim.tutor.home, sent?.(victim.ids) ?? {})).toEqual(REFUSED);
  });

  test.each(changing(DESK_ROUTES))('at the administrator’s desk, is refused: %s', async (route, { sent = {} }) => {
    const there = route.replace(':platform', platform);
    expect(await tried(administrator, there, `${tool.url}/desk`, sent)).toEqual(REFUSED);
  });

  test.each(changing(STAFF_ROUTES))('at the desk of staff, is refused: %s', async (route, { sent = {} }) => {
    const there = route.replace(':course', victim.tutor.home.split('/c/')[1] ?? '');
    expect(await tried(staff, there, `${tool.url}/my`, sent)).toEqual(REFUSED);
  });

  test('signs nobody out', async () => {
    for (const [guest, base] of [
      [victim.tutor, victim.tutor.home],
      [administrator, `${tool.url}/desk`],
      [staff, `${tool.url}/my`],
    ] as const) {
      expect(await tried(guest, 'post /sign-out', base, {})).toEqual(REFUSED);
      expect((await ask(guest, 'get /', base)).status).toBe(200);
    }
  });

  test('has changed nothing in the course, and nothing at the desk', async () => {
    expect(await victim.look()).toBe(pages);
    expect(await deskFacts()).toBe(facts);
  });

  test('would have changed something if it came from a page of ours', async () => {
    const statuses: Record<string, number> = {};
    for (const [route, { sent }] of changing(COURSE_ROUTES)) {
      const there = filledWith(victim.ids, route);
      statuses[route] = (await ask(whoIn(route), there, victim.tutor.home, sent?.(victim.ids))).status;
    }
    // What meets a change made a moment before says so, in words of its own; none is refused for where it came from.
    expect(Object.entries(statuses).filter(([, status]) => status === 403 || status >= 500)).toEqual([]);
    expect(await victim.look()).not.toBe(pages);
    for (const [route, { sent = {} }] of changing(DESK_ROUTES).filter(([name]) => !name.endsWith('/state')))
      expect((await ask(administrator, route.replace(':platform', platform), `${tool.url}/desk`, sent)).status).toBe(
        200,
      );
    expect(await deskFacts()).not.toBe(facts);
  }, 60_000);
});
