import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { Course } from '../../src/launch/course.js';
import { createParticipantStore, type ParticipantStore } from '../../src/participants/index.js';
import { participantRoutes } from '../../src/participants/routes.js';
import { testDatabase } from '../support/database.js';
import { roomApp, testCourse } from '../support/room-app.js';

const DAY = 86_400_000;
const START = Date.parse('2026-10-13T04:00:00Z');

describe('what a read finds otherwise than the one before', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let participants: ParticipantStore;
  let courses = 0;
  let reads = 0;

  beforeAll(async () => {
    database = await testDatabase();
    participants = createParticipantStore(database.connection);
    await participants.ready();
  });
  afterAll(() => database.close());

  const newCourse = (): Course => {
    courses += 1;
    return { ...testCourse, context: `course-${courses}` };
  };
  const person = (sub: string, role = 'Learner', groups?: string[]) => ({
    sub,
    roles: [role],
    name: `P ${sub}`,
    groups,
  });
  const facts = (day = 0, differencesUrl?: string) => {
    reads += 1;
    return { id: `read-${reads}`, at: new Date(START + day * DAY), pages: 1, differencesUrl };
  };
  const subsOf = async (course: Course) => (await participants.students(course)).map(({ sub }) => sub);

  test('who left is kept as such, is no student, and is said once; coming back clears it', async () => {
    const course = newCourse();
    const all = [person('1'), person('2'), person('9', 'Instructor')];
    expect(await participants.replace(course, all, facts())).toEqual({ left: [], changed: [], fell: [] });
    expect(await participants.replace(course, [person('1'), person('9', 'Instructor')], facts(1))).toEqual({
      left: ['2'],
      changed: [],
      fell: [],
    });
    expect(await subsOf(course)).toEqual(['1']);
    expect((await participants.find(course, ['1', '2'])).has('2')).toBe(false);
    expect(await participants.rosterState(course)).toMatchObject({ people: 2, left: 1 });
    const still = await participants.replace(course, [person('1'), person('9', 'Instructor')], facts(2));
    expect(still.left).toEqual([]);
    const back = await participants.replace(course, all, facts(3));
    expect(back).toEqual({ left: [], changed: [], fell: [] });
    expect(await subsOf(course)).toEqual(['1', '2']);
    expect(await participants.rosterState(course)).toMatchObject({ people: 3, left: 0 });
  });

  test('a role that changed is told, and whether the person may do less now', async () => {
    const course = newCourse();
    const at = (one: string, two: string, three: string) => [person('1', one), person('2', two), person('3', three)];
    await participants.replace(course, at('Instructor', 'Learner', 'Learner'), facts());
    expect(await participants.replace(course, at('Learner', 'Instructor', 'Mentor'), facts())).toEqual({
      left: [],
      changed: ['1', '2', '3'],
      fell: ['1', '3'],
    });
  });

  test('who was on no roster is never in the news', async () => {
    const course = newCourse();
    // A site administrator and a Moodle manager launch, and no roster names them.
    await participants.rememberStaff(course, 'administrator');
    await participants.replace(course, [person('1')], facts());
    await participants.replace(course, [], facts());
    expect(await participants.untold(course)).toEqual(['1']);
  });

  test('news stays until it was passed on, over several reads', async () => {
    const course = newCourse();
    await participants.replace(course, [person('1'), person('2'), person('3', 'Instructor')], facts());
    await participants.replace(course, [person('2'), person('3')], facts());
    await participants.replace(course, [person('3')], facts());
    expect([...(await participants.untold(course))].sort()).toEqual(['1', '2', '3']);
    await participants.told(course, ['1', '3']);
    expect(await participants.untold(course)).toEqual(['2']);
    expect(await participants.untold(newCourse())).toEqual([]);
  });

  test('who left long ago is forgotten', async () => {
    const course = newCourse();
    await participants.replace(course, [person('1')], facts());
    await participants.replace(course, [], facts(1));
    await participants.replace(course, [], facts(400));
    expect(await participants.rosterState(course)).toMatchObject({ left: 1 });
    await participants.replace(course, [], facts(402));
    expect(await participants.rosterState(course)).toMatchObject({ left: 0 });
  });

  test('reads at once lose nobody who left', async () => {
    const course = newCourse();
    const ids = ['1', '2', '3', '4'];
    await participants.replace(
      course,
      ids.map((id) => person(id)),
      facts(),
    );
    const changes = await Promise.all(
      ids.map((gone) =>
        participants.replace(
          course,
          ids.filter((id) => id !== gone).map((id) => person(id)),
          facts(1),
        ),
      ),
    );
    const last = await subsOf(course);
    expect(last).toHaveLength(3);
    expect(new Set(changes.flatMap(({ left }) => left))).toEqual(new Set(ids));
    expect(await participants.rosterState(course)).toMatchObject({ people: 3, left: 1 });
  });

  describe('differences', () => {
    test('leave everybody else where they are', async () => {
      const course = newCourse();
      await participants.replace(course, [person('1'), person('2'), person('3')], facts(0, 'https://lms.example/d1'));
      const change = await participants.amend(
        course,
        { members: [person('4'), person('2', 'Instructor')], gone: ['1', 'never-here'] },
        facts(0.1, 'https://lms.example/d2'),
      );
      expect(change).toEqual({ left: ['1'], changed: ['2'], fell: [] });
      expect(await subsOf(course)).toEqual(['3', '4']);
      expect(await participants.rosterState(course)).toMatchObject({ state: 'read', people: 3, left: 1 });
    });

    test('are asked for from where the last read ended, for a day', async () => {
      const course = newCourse();
      const at = (day: number) => participants.differencesUrl(course, new Date(START + day * DAY));
      expect(await at(0)).toBeUndefined();
      await participants.replace(course, [person('1')], facts(0, 'https://lms.example/d1'));
      expect(await at(0.5)).toBe('https://lms.example/d1');
      await participants.amend(course, { members: [], gone: [] }, facts(0.9, 'https://lms.example/d2'));
      expect([await at(0.95), await at(1)]).toEqual(['https://lms.example/d2', undefined]);
      await participants.amend(course, { members: [], gone: [] }, facts(0.95));
      expect(await at(0.96)).toBeUndefined();
    });
  });

  describe('groups', () => {
    test('are those of the last read that knew them', async () => {
      const course = newCourse();
      await participants.replace(course, [person('1', 'Learner', ['HB-1']), person('2', 'Learner', [])], facts());
      const groups = async () => (await participants.students(course)).map((student) => student.groups);
      expect(await groups()).toEqual([['HB-1'], []]);
      await participants.replace(course, [person('1'), person('2')], facts());
      expect(await groups()).toEqual([['HB-1'], []]);
      await participants.replace(course, [person('1', 'Learner', []), person('3')], facts());
      expect(await groups()).toEqual([[], undefined]);
    });

    const page = async (course: Course, query = '', language = 'en') => {
      const app = await roomApp(
        ({ views }) =>
          participantRoutes({
            views,
            participants,
            requestRoster: () => Promise.resolve(),
            timeZone: 'Asia/Almaty',
          }),
        { course },
      );
      const answer = await request(app).get(`/c/${course.id}/students${query}`).set('x-test-language', language);
      expect(answer.status).toBe(200);
      return answer.text;
    };

    test('narrow the list on the page, together with the search and from page to page', async () => {
      const course = newCourse();
      const many = Array.from({ length: 130 }, (_, n) =>
        person(`a${String(n).padStart(3, '0')}`, 'Learner', ['HB-10']),
      );
      await participants.replace(
        course,
        [...many, person('b1', 'Learner', ['HB-9 <b>', 'Fast & slow']), person('b2', 'Learner', ['HB-9 <b>'])],
        facts(),
      );
      const all = await page(course);
      expect([...all.matchAll(/<option value="([^"]*)"/g)].map(([, name]) => name)).toEqual([
        '',
        'Fast &amp; slow',
        'HB-9 &lt;b&gt;',
        'HB-10',
      ]);
      const nine = await page(course, `?${new URLSearchParams({ group: 'HB-9 <b>' }).toString()}`);
      expect(nine).toContain('<option value="HB-9 &lt;b&gt;" selected>');
      expect([nine.includes('P b1'), nine.includes('P b2'), nine.includes('P a000')]).toEqual([true, true, false]);
      const ten = await page(course, '?group=HB-10');
      expect(ten).toContain('1–100 of 130');
      expect(ten).toContain('/students?group&#x3D;HB-10&amp;page&#x3D;2');
      const searched = await page(course, '?group=HB-10&search=a12');
      expect([searched.includes('P a120'), searched.includes('P a119')]).toEqual([true, false]);
      expect(await page(course, '?group=nowhere')).toContain('P a000');
    });

    test('are not spoken of where the LMS has none; who left is, in every language', async () => {
      const course = newCourse();
      await participants.replace(course, [person('1'), person('2'), person('3')], facts());
      expect(await page(course)).not.toContain('left the course');
      await participants.replace(course, [person('1')], facts());
      const text = await page(course);
      expect(text).not.toContain('<select');
      expect(text).toContain('2 students left the course');
      expect(await page(course, '', 'ru')).toContain('2 студента выбыли из курса');
      expect(await page(course, '', 'kk')).toContain('2 студент курстан шықты');
    });
  });
});
