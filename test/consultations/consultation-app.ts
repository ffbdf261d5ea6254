import { randomBytes } from 'node:crypto';
import type { Express } from 'express';
import type { Connection } from 'mongoose';
import request from 'supertest';
import { createConsultations, type Consultations } from '../../src/consultations/index.js';
import { consultationRoutes } from '../../src/consultations/routes.js';
import type { PlaceKind, Slot, Stage } from '../../src/consultations/slot.js';
import type { Course } from '../../src/launch/course.js';
import type { Role } from '../../src/launch/permissions.js';
import type { Participant, Participants } from '../../src/participants/index.js';
import type { Language } from '../../src/web/i18n.js';
import { CSRF, roomApp, testCourse } from '../support/room-app.js';

/** Tuesday 13 October 2026, 10:41 in Almaty. */
export const NOW = new Date('2026-10-13T05:41:00Z');
export const SECRET_LINK = 'https://teams.microsoft.com/l/meetup-join/secret-meeting';

export const at = (text: string): Date => new Date(text);

export interface Who {
  readonly role?: Role;
  readonly sub?: string;
  readonly language?: Language;
}

export const asStudent = (sub: string, language: Language = 'en'): Who => ({ role: 'student', sub, language });

export const newCourse = (): Course => {
  const id = `c${randomBytes(6).toString('hex')}`;
  return { ...testCourse, id, context: id };
};

export const people = (count: number): Participant[] =>
  Array.from({ length: count }, (_, index) => ({
    sub: `s${index + 1}`,
    name: `Student No ${index + 1}`,
    role: 'student',
  }));

export interface SlotWish {
  readonly stage?: Stage;
  /** UTC. */
  readonly start?: string;
  readonly minutes?: number;
  readonly capacity?: number;
  readonly kind?: PlaceKind;
  readonly detail?: string;
  readonly state?: 'draft' | 'published';
}

let forms = 0;

/** One slot of a course, as the tutor's form makes it. */
export async function addSlot(consultations: Consultations, course: Course, wish: SlotWish = {}): Promise<Slot> {
  const { stage = 'midterm-1', start = '2026-10-14T09:00:00Z', minutes = 30, capacity = 8, state = 'published' } = wish;
  const { kind = 'teams', detail = SECRET_LINK } = wish;
  const startsAt = new Date(start);
  const times = [{ startsAt, endsAt: new Date(startsAt.getTime() + minutes * 60_000) }];
  const formKey = `form-${++forms}`;
  const asked = { stage, times, zone: 'Asia/Almaty', place: { kind, detail }, capacity, state, formKey } as const;
  await consultations.addSlots(course, asked, { sub: 'tutor-1', name: 'Gulmira Kasymbekova' }, NOW);
  const { slots } = await consultations.board(course, NOW);
  const slot = slots.find(({ made }) => made.startsWith(formKey));
  if (!slot) throw new Error('The slot was not made');
  return slot;
}

export const fresh = async (consultations: Consultations, course: Course, id: string): Promise<Slot> => {
  const slot = await consultations.findSlot(course, id);
  if (!slot) throw new Error(`No slot ${id}`);
  return slot;
};

/** The room over a course of its own, and what its people can ask of it. */
export async function consultationApp(
  connection: Connection,
  students: readonly Participant[] = people(3),
): Promise<{
  app: Express;
  course: Course;
  consultations: Consultations;
  clock: { now: Date };
  get(path: string, who?: Who): request.Test;
  post(path: string, fields?: Readonly<Record<string, string>>, who?: Who): request.Test;
}> {
  const consultations = createConsultations(connection);
  await consultations.ready();
  const course = newCourse();
  const clock = { now: NOW };
  const state = { state: 'read', pages: 1, people: students.length } as const;
  const participants: Participants = {
    students: () => Promise.resolve(students),
    find: (_course, subs) =>
      Promise.resolve(
        new Map(students.filter(({ sub }) => subs.includes(sub)).map((student) => [student.sub, student])),
      ),
    rosterState: () => Promise.resolve(state),
    roster: () => Promise.resolve({ students, state }),
  };
  const app = await roomApp(
    ({ views }) => consultationRoutes({ views, consultations, participants, timeZone: 'Asia/Almaty' }),
    { course, now: () => clock.now },
  );
  const as = (test: request.Test, { role = 'tutor', sub = 'tutor-1', language = 'en' }: Who = {}) =>
    test.set('x-test-role', role).set('x-test-sub', sub).set('x-test-language', language);
  const url = (path: string) => `/c/${course.id}${path}`;
  return {
    app,
    course,
    consultations,
    clock,
    get: (path, who) => as(request(app).get(url(path)), who),
    post: (path, fields = {}, who) =>
      as(request(app).post(url(path)).type('form'), who).send({ _csrf: CSRF, ...fields }),
  };
}
