import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { arrive, arriveAtDesk, ask, personOf, type Guest } from '../support/guests.js';
import { CLAIM } from '../support/hand-made-launch.js';
import { ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';
import { filledWith, quiet, until, victimCourse, type Victim } from '../support/victim.js';
import { COURSE_ROUTES } from '../http/route-table.js';

const ROUTES = Object.entries(COURSE_ROUTES).filter(([route]) => route !== 'post /sign-out');
/** Routes that name something inside a course: an id of another course leads nowhere. */
const NAMING = ROUTES.filter(([route]) => /slots?\/:slot|bookings|:selection|copied/.test(route));

describe('what belongs to another course', () => {
  let tool: TestTool;
  let elsewhere: TestTool;
  let victim: Victim;
  /** Who asks, each with a session and a token that are good where they belong. */
  const strangers = new Map<string, Guest>();
  let before: string;

  beforeAll(async () => {
    tool = await startTestTool('standard');
    elsewhere = await startTestTool('standard');
    victim = await victimCourse(tool);
    const platform = (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url);
    await tool.app.platforms.setDeployment(platform?.key ?? '', 'faculty-7', true);
    const tutor = personOf(tool, 'tutor');
    strangers.set(
      'a tutor of another course on the same LMS',
      await arrive(tool, { course: '3', claims: { sub: 'tutor-of-course-3' } }),
    );
    // The same context id and the same person's id, as LMSs that count from one will have them.
    strangers.set('the tutor of the same id on another LMS', await arrive(elsewhere, { person: tutor, course: '2' }));
    strangers.set(
      'the same person in the same course through another deployment',
      await arrive(tool, { person: tutor, claims: { [`${CLAIM}/deployment_id`]: 'faculty-7' } }),
    );
    strangers.set('an administrator at the desk', await arriveAtDesk(tool, ROLE.administrator));
    const gone = personOf(tool, 'tutor', 1);
    const left = await arrive(tool, { person: gone });
    expect(left.page.status).toBe(200);
    strangers.set('a tutor who left the course', left);
    // A list whose pages shift while it is read would lose somebody else as well.
    await quiet(victim.tutor);
    tool.lms.unenrol('2', gone);
    await ask(victim.tutor, 'post /students/read', victim.tutor.home);
    await until('the roster is read again', async () => (await ask(left, 'get /', left.home)).status === 404);
    await quiet(victim.tutor);
    before = await victim.look();
  }, 120_000);
  afterAll(async () => {
    await elsewhere.close();
    await tool.close();
  });

  const withoutMarkers = (who: string, route: string, html: string) => {
    for (const marker of victim.markers) expect([who, route, html.includes(marker)]).toEqual([who, route, false]);
  };

  test('its own people do see what the others must not', () => {
    for (const marker of victim.markers) expect(before).toContain(marker);
    expect(strangers.size).toBe(5);
    expect(new Set([...strangers.values()].map(({ home }) => home)).has(victim.tutor.home)).toBe(true);
  });

  test.each(ROUTES)('is not found by its address: %s', async (route, { sent }) => {
    for (const [who, guest] of strangers) {
      const page = await ask(guest, filledWith(victim.ids, route), victim.tutor.home, sent?.(victim.ids));
      expect([who, route, page.status]).toEqual([who, route, 404]);
      withoutMarkers(who, route, page.html);
    }
  });

  test.each(NAMING)('is not reached from one’s own course: %s', async (route, { sent }) => {
    const origin = victim.tutor.home.split('/c/')[1] ?? '';
    const ids = { ...victim.ids, origin };
    for (const [who, guest] of strangers) {
      if (!guest.home.includes('/c/') || guest.home === victim.tutor.home) continue;
      const page = await ask(guest, filledWith(ids, route), guest.home, sent?.(ids));
      expect([who, route, [403, 404].includes(page.status)]).toEqual([who, route, true]);
      // Through another deployment the course has the same title and people, and that is their own.
      if (!who.includes('deployment')) withoutMarkers(who, route, page.html);
    }
  });

  test('a mark of somebody who is no student here is not taken', async () => {
    for (const [who, guest] of strangers) {
      if (!guest.home.includes('/c/') || guest.home === victim.tutor.home) continue;
      const sub = 'student-of-nobody';
      const page = await ask(guest, 'patch /results', guest.home, {
        json: { column: 'midterm-1', sub, base: null, value: '5' },
      });
      expect([who, page.status]).toEqual([who, 404]);
    }
  });

  test('a choice of content belongs to the one who was asked', async () => {
    const other = await arrive(tool, { person: personOf(tool, 'tutor', 1) });
    for (const route of ['get /place/:selection', 'post /place/:selection'])
      expect((await ask(other, filledWith(victim.ids, route), other.home)).status).toBe(404);
    expect((await ask(other, `get /place/${'x'.repeat(100)}`, other.home)).status).toBe(404);
  });

  test('a map is taken over only where a launch said that the course is a copy', async () => {
    const origin = victim.tutor.home.split('/c/')[1] ?? '';
    const before = strangers.get('a tutor of another course on the same LMS');
    if (!before) throw new Error('Nobody teaches course 3');
    expect((await ask(before, `get /copied?from=${origin}`, before.home)).status).toBe(404);
    const copy = { course: '3', claims: { sub: 'tutor-of-the-copy', [`${CLAIM}/custom`]: { serik_course: origin } } };
    const offered = await arrive(tool, copy);
    expect(offered.page.url).toBe(`${before.home}/copied?from=${origin}`);
    expect(offered.page.html).toContain('Hotel business management');
    // On another LMS the id leads nowhere, whatever the launch says.
    const abroad = await arrive(elsewhere, copy);
    expect(abroad.page.url).toBe(`${abroad.home}/`);
    expect((await ask(abroad, `get /copied?from=${origin}`, abroad.home)).status).toBe(404);
  });

  test('a booking of another student cannot be cancelled', async () => {
    const other = await arrive(tool, { person: personOf(tool, 'student', 1) });
    await ask(other, 'post /consultations/bookings/cancel', other.home, { form: { slot: victim.ids.slot } });
  });

  test('and in all this nothing has changed there', async () => {
    expect(await victim.look()).toBe(before);
  });

  test('a deployment that is withdrawn ends what its people have open', async () => {
    const guest = strangers.get('the same person in the same course through another deployment');
    if (!guest) throw new Error('Nobody came through the deployment');
    expect((await ask(guest, 'get /', guest.home)).status).toBe(200);
    const platform = (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url);
    await tool.app.platforms.setDeployment(platform?.key ?? '', 'faculty-7', false);
    const page = await ask(guest, 'get /', guest.home);
    expect(page.status).toBe(403);
    expect(page.html).toContain('This part of the LMS is not let in');
  });
});

describe('what belongs to another LMS, at the desk', () => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool('standard');
  }, 60_000);
  afterAll(() => tool.close());

  test('a course of another LMS does not open from the desk of staff, whoever has the same id there', async () => {
    const elsewhere = await startTestTool('standard');
    const course = await arrive(tool);
    const staff = await arriveAtDesk(elsewhere, ROLE.faculty, { person: personOf(elsewhere, 'tutor') });
    const id = course.home.split('/c/')[1] ?? '';
    const page = await ask(staff, `post /courses/${id}`, `${tool.url}/my`);
    expect(page.status).toBe(404);
    expect(page.html).not.toContain('Hotel business management');
    expect((await ask(staff, 'get /', course.home)).status).toBe(404);
    await elsewhere.close();
  }, 60_000);
});
