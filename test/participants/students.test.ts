import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createParticipantStore, type ParticipantStore } from '../../src/participants/index.js';
import { participantRoutes } from '../../src/participants/routes.js';
import { testDatabase } from '../support/database.js';
import { CSRF, roomApp, testCourse } from '../support/room-app.js';

const members = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    sub: String(1000 + n),
    roles: ['Learner'],
    name: `Student ${String(n).padStart(4, '0')}`,
    email: `s${n}@university.example`,
  }));

describe('the students page', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let participants: ParticipantStore;
  const asked: string[] = [];
  const at = new Date('2026-10-13T04:02:00Z');

  beforeAll(async () => {
    database = await testDatabase();
    participants = createParticipantStore(database.connection);
    await participants.ready();
  });
  afterAll(() => database.close());

  const app = () =>
    roomApp(({ views }) =>
      participantRoutes({
        views,
        participants,
        requestRoster: (course) => {
          asked.push(course.id);
          return Promise.resolve();
        },
        timeZone: 'Asia/Almaty',
      }),
    );
  const open = async (query = '', language = 'en') =>
    (
      await request(await app())
        .get(`/c/${testCourse.id}/students${query}`)
        .set('x-test-language', language)
        .expect(200)
    ).text;

  test('before the first read it says so, in every language', async () => {
    expect(await open()).toContain('No students yet');
    expect(await open('', 'ru')).toContain('Студентов пока нет');
    expect(await open('', 'kk')).toContain('Әзірге студент жоқ');
  });

  test('a roster of 250 comes in pages, and the search goes through all of them', async () => {
    await participants.replace(testCourse, members(250), { id: 'read-1', at, pages: 10 });
    const first = await open();
    expect(first).toContain('250 students');
    expect(first).toContain('read in 10 pages');
    expect(first).toContain('Course list read 13 Oct, 09:02, 250 people');
    expect(first).toContain('1–100 of 250');
    expect(first).toContain('Student 0099');
    expect(first).not.toContain('Student 0100');
    const last = await open('?page=3');
    expect(last).toContain('201–250 of 250');
    expect(last).toContain('Student 0249');
    expect(await open('?page=999')).toContain('201–250 of 250');
    const found = await open('?search=student%200200');
    expect(found).toContain('s200@university.example');
    expect(found).not.toContain('s201@university.example');
    expect(await open('?search=%3Cb%3Enobody')).toContain('No student matches “&lt;b&gt;nobody”');
  });

  test('a new read takes the place of the old one in one step; who left is gone', async () => {
    await participants.replace(testCourse, members(250), { id: 'read-2', at, pages: 1 });
    const reading = Array.from({ length: 10 }, async () => (await participants.students(testCourse)).length);
    await Promise.all([...reading, participants.replace(testCourse, members(248), { id: 'read-3', at, pages: 1 })]);
    for (const length of await Promise.all(reading)) expect([248, 250]).toContain(length);
    expect(await participants.students(testCourse)).toHaveLength(248);
    expect([...(await participants.find(testCourse, ['1000', '1249'])).keys()]).toEqual(['1000']);
  });

  test('who was launched as staff is no student; another course knows nothing of it', async () => {
    await participants.rememberStaff(testCourse, '1000');
    expect((await participants.students(testCourse)).map(({ sub }) => sub)).not.toContain('1000');
    expect((await participants.find(testCourse, ['1000'])).get('1000')?.role).toBe('assistant');
    expect(await participants.students({ ...testCourse, context: '3' })).toEqual([]);
  });

  test('a read that failed keeps the list and tells why', async () => {
    await participants.failed(testCourse, 'not-allowed');
    const text = await open();
    expect(text).toContain('Moodle refused the course list');
    expect(text).toContain('247 students');
  });

  test('a tutor asks for a new read; nobody else may', async () => {
    const post = async (role: string) =>
      (
        await request(await app())
          .post(`/c/${testCourse.id}/students/read`)
          .set('x-test-role', role)
          .type('form')
          .send({ _csrf: CSRF })
      ).status;
    expect([await post('tutor'), await post('assistant'), await post('observer'), await post('student')]).toEqual([
      303, 403, 403, 403,
    ]);
    expect(asked).toEqual([testCourse.id]);
  });
});
