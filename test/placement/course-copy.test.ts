import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, submit, textOf, type Browser } from '../../scripts/driver/browser.js';
import { bookFirstSlot, buildMap, publishSlots } from '../../scripts/driver/main-job.js';
import {
  AGS,
  CLAIM,
  contextRole,
  csrfOf,
  inContext,
  NRPS,
  open,
  personOf,
  until,
  without,
  type Claims,
  type Opened,
} from '../support/crafted-launch.js';
import { mapTexts } from '../support/map-texts.js';
import { startTestTool, type TestTool } from '../support/tool.js';

describe.each(['standard', 'moodle'] as const)('a course of a %s LMS that is a copy of another', (manner) => {
  let tool: TestTool;
  let origin: Opened;
  let student: string;
  beforeAll(async () => {
    tool = await startTestTool(manner);
    student = personOf(tool.lms, 'student', 2);
    origin = await open(tool);
    await buildMap(origin.browser, origin.home);
    await publishSlots(origin.browser, origin.home, {
      capacity: 2,
      howMany: 2,
      link: 'https://meet.example/the-origin',
    });
    await until(async () => textOf(await origin.browser.get(`${origin.home}/students`)).includes('Course list read'));
    expect((await bookFirstSlot(tool.lms, student, '2')).outcome).toBe('booked');
    const csrf = csrfOf(await origin.browser.get(`${origin.home}/results`));
    const mark = { column: 'midterm-1', sub: student, base: '', value: '61.75' };
    const saved = await origin.browser.json('PATCH', `${origin.home}/results`, mark, { 'X-CSRF-Token': csrf });
    expect(saved.status).toBe(200);
  }, 60_000);
  afterAll(() => tool.close());

  const name = (home: string) => tool.lms.people.find(({ id }) => id === home)?.name ?? '';

  /** A launch from the copy, by a link that carries these parameters since it was placed in the origin. */
  const openCopy = (
    context: string,
    custom: Claims,
    { person, browser, roles, at = tool }: { person?: string; browser?: Browser; roles?: string[]; at?: TestTool } = {},
  ) =>
    open(at, {
      ...(person === undefined ? {} : { person }),
      ...(browser ? { browser } : {}),
      change: (claims) => ({
        ...inContext({ id: context, title: 'Hotel business management, 2027' })(without(claims, AGS, NRPS)),
        [`${CLAIM}/custom`]: custom,
        ...(roles ? { [`${CLAIM}/roles`]: roles } : {}),
      }),
    });
  const ofOrigin = () => ({ serik_place: 'plan', serik_course: origin.courseId });
  const texts = async ({ browser, home }: Pick<Opened, 'browser' | 'home'>) =>
    mapTexts(await browser.get(`${home}/map`));
  const decide = (copy: Opened, act: string, from = origin.courseId) =>
    copy.browser.post(`${copy.home}/copied`, { _csrf: csrfOf(copy.page), from, do: act }, { Origin: tool.url });

  const expectAsked = ({ page, home }: Opened) => {
    expect(page.url).toBe(`${home}/copied?from=${origin.courseId}`);
    expect(page.status).toBe(200);
    const text = textOf(page);
    expect(text).toContain('This course is a copy');
    expect(text).toContain('Hotel business management');
    expect(text).toContain('Copy its map here');
    expect(text).toContain('Start empty');
  };
  const expectNotAsked = ({ page, home }: Opened, path: string) => {
    expect(page.status).toBe(200);
    expect(page.url).toBe(`${home}${path}`);
  };

  test('the tutor is asked; the map is copied to the letter, and nothing else', async () => {
    const before = await texts(origin);
    expect(Object.keys(before).length).toBeGreaterThan(30);
    expect(Object.values(before)).toContain('Topic 3');
    const bookings = textOf(await origin.browser.get(`${origin.home}/consultations?stage=midterm-1`));
    expect(bookings).toContain(name(student));

    const copy = await openCopy('copied', ofOrigin());
    expect(copy.courseId).not.toBe(origin.courseId);
    expectAsked(copy);
    const done = await submit(copy.browser, copy.page, '/copied', { do: 'copy' });
    expect(done.url).toBe(`${copy.home}/map`);
    // The dates are those of the other term.
    expect(await texts(copy)).toEqual({ ...before, 'head.semesterStart': '' });

    const see = async (path: string) => (await copy.browser.get(`${copy.home}${path}`)).html;
    expect(await see('/consultations?stage=midterm-1')).not.toContain('the-origin');
    expect(await see('/results.csv')).not.toContain('61.75');
    for (const path of ['/', '/students', '/results', '/consultations?stage=midterm-1'])
      expect(await see(path)).not.toContain(name(student));

    // The origin is as it was, and the two go their own ways from now on.
    expect(await texts(origin)).toEqual(before);
    expect(textOf(await origin.browser.get(`${origin.home}/consultations?stage=midterm-1`))).toBe(bookings);
    expect((await origin.browser.get(`${origin.home}/results.csv`)).html).toContain('61.75');
    const page = await copy.browser.get(`${copy.home}/map`);
    const since = Number(/data-revision="(\d+)"/.exec(page.html)?.[1]);
    const changes = [{ path: 'rows.l3.topic', base: 'Topic 3', value: 'Another topic' }];
    const saved = await copy.browser.json(
      'PATCH',
      `${copy.home}/map`,
      { since, changes },
      { 'X-CSRF-Token': csrfOf(page) },
    );
    expect(saved.status).toBe(200);
    expect((await texts(copy))['rows.l3.topic']).toBe('Another topic');
    expect((await texts(origin))['rows.l3.topic']).toBe('Topic 3');

    // It has a map now: nobody is asked again, and a page that still asks cannot copy once more.
    expectNotAsked(await openCopy('copied', ofOrigin()), '/map');
    expect((await decide(copy, 'copy')).status).toBe(409);
    expect((await texts(copy))['rows.l3.topic']).toBe('Another topic');
  }, 60_000);

  test('the people of the origin see in the copy what is theirs there: a plan and no booking', async () => {
    const { page, browser, home } = await openCopy('copied', ofOrigin(), { person: student });
    expect(page.url).toBe(`${home}/plan`);
    expect(page.html).toContain('Topic 4');
    expect(textOf(await browser.get(`${home}/consultations`))).not.toContain('the-origin');
  });

  test('the LMS’s own list of the past (serik_history) names the origin, the nearest with a map first', async () => {
    const history = { serik_history: `99, ,unknown,2` };
    expectAsked(await openCopy('by history', history));
    // A link placed in the course itself names it: that is no copy.
    const own = await openCopy('own link', {});
    expectNotAsked(await openCopy('own link', { serik_course: own.courseId }), '/');
  });

  test.each([
    ['a variable that the LMS does not know', { serik_history: '$Context.id.history' }],
    ['an empty history', { serik_history: '' }],
    ['a history of itself', { serik_history: 'of odd history' }],
    ['ids of nobody', { serik_history: '77,78', serik_course: 'nobody' }],
    ['odd values', { serik_history: { a: 1 }, serik_course: ['x'] }],
    ['an endless history', { serik_history: `${'9,'.repeat(900)}2` }],
  ])('%s: nobody is asked', async (_title, custom) => {
    expectNotAsked(await openCopy('of odd history', custom), '/');
  });

  test('“start empty” is remembered and never asked again', async () => {
    const copy = await openCopy('left empty', ofOrigin());
    expectAsked(copy);
    const done = await submit(copy.browser, copy.page, '/copied', { do: 'empty' });
    expect(done.url).toBe(`${copy.home}/`);
    expect(await texts(copy)).toEqual({});
    expectNotAsked(await openCopy('left empty', ofOrigin()), '/map');
    expectNotAsked(
      await openCopy('left empty', { serik_history: '2' }, { person: personOf(tool.lms, 'tutor', 1) }),
      '/',
    );
  });

  test('until somebody decides, each tutor is asked; whoever comes second finds it decided', async () => {
    const [one, two] = [
      await openCopy('two tutors', ofOrigin()),
      await openCopy('two tutors', ofOrigin(), { person: personOf(tool.lms, 'tutor', 1) }),
    ];
    expectAsked(one);
    expectAsked(two);
    expect((await decide(one, 'copy')).status).toBe(200);
    const late = await decide(two, 'copy');
    expect(late.status).toBe(409);
    expect(textOf(late)).toContain('This course has a map already');
    expect((await texts(one))['rows.l1.topic']).toBe('Topic 1');
  });

  test('two tutors who copy in the same moment make one map', async () => {
    const copies = [await openCopy('at once', ofOrigin()), await openCopy('at once', ofOrigin())];
    const done = await Promise.all(copies.map((copy) => decide(copy, 'copy')));
    expect(done.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('a student, an assistant and an observer are not asked and cannot decide', async () => {
    const roles = [['Learner'], [contextRole('Instructor'), 'TeachingAssistant'], [contextRole('Manager')]];
    for (const [index, role] of roles.entries()) {
      const who = await openCopy('for others', ofOrigin(), {
        person: personOf(tool.lms, 'student', 9 + index),
        roles: role,
      });
      expectNotAsked(who, index === 0 ? '/plan' : '/map');
      expect((await who.browser.get(`${who.home}/copied?from=${origin.courseId}`)).status).toBe(403);
      expect((await decide(who, 'copy')).status).toBe(403);
    }
    expectAsked(await openCopy('for others', ofOrigin()));
  });

  test('a course that has a map is not asked', async () => {
    const copy = await openCopy('with a map', {});
    await submit(copy.browser, await copy.browser.get(`${copy.home}/map`), '/map/start');
    expectNotAsked(await openCopy('with a map', ofOrigin()), '/map');
  });

  test('an origin without a map offers nothing', async () => {
    const mapless = await openCopy('mapless', {});
    expectNotAsked(await openCopy('of mapless', { serik_course: mapless.courseId }), '/');
  });

  test('a course of another platform is never offered, nor copied by typing its id', async () => {
    const other = await startTestTool(manner);
    try {
      for (const custom of [{ serik_course: origin.courseId }, { serik_history: '2' }]) {
        const copy = await openCopy('elsewhere', custom, { at: other });
        expectNotAsked(copy, '/');
        expect((await copy.browser.get(`${copy.home}/copied?from=${origin.courseId}`)).status).toBe(404);
        for (const act of ['copy', 'empty']) expect((await decide(copy, act)).status).toBe(404);
        expect(await texts(copy)).toEqual({});
      }
    } finally {
      await other.close();
    }
  }, 60_000);

  test('a course of the same LMS that no link and no history names is not copied by typing its id', async () => {
    const copy = await openCopy('typed', {});
    expectNotAsked(copy, '/');
    const page = await copy.browser.get(`${copy.home}/copied?from=${origin.courseId}`);
    expect(page.status).toBe(404);
    expect(page.html).not.toContain('Hotel business management');
    for (const act of ['copy', 'empty']) expect((await decide(copy, act)).status).toBe(404);
    expect(await texts(copy)).toEqual({});
  });

  test.each(['', 'x', '__proto__', 'x'.repeat(41), '$ne'])('an invented id (%#) is refused', async (from) => {
    const copy = await openCopy('invented', ofOrigin());
    expectAsked(copy);
    expect([400, 404]).toContain((await decide(copy, 'copy', from)).status);
    expect([400, 404]).toContain((await decide(copy, 'steal')).status);
  });

  test('without the form’s token nothing is copied', async () => {
    const copy = await openCopy('without token', ofOrigin());
    const page = await copy.browser.post(`${copy.home}/copied`, { from: origin.courseId, do: 'copy' });
    expect(page.status).toBe(409);
    const stranger = await createBrowser().post(`${copy.home}/copied`, { from: origin.courseId, do: 'copy' });
    expect(stranger.status).toBe(401);
    expect(await texts(copy)).toEqual({});
  });
});
