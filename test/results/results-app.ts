import type { Express } from 'express';
import type { Connection } from 'mongoose';
import { pino } from 'pino';
import request from 'supertest';
import type { Course } from '../../src/launch/course.js';
import type { Role } from '../../src/launch/permissions.js';
import { createGradeService } from '../../src/lti/index.js';
import { createOutbox, type Outbox, type Outcome } from '../../src/outbox/index.js';
import { createParticipantStore } from '../../src/participants/index.js';
import { createResults, type Results } from '../../src/results/index.js';
import { resultRoutes } from '../../src/results/routes.js';
import type { Language } from '../../src/web/i18n.js';
import { CSRF, roomApp, testCourse } from '../support/room-app.js';

export const NOW = new Date('2026-10-13T05:41:00Z');
/** The outbox's clock, since each sending of a mark takes a later second. */
let passedMs = 0;
const later = () => new Date(NOW.getTime() + passedMs);

export interface Who {
  readonly role?: Role;
  readonly sub?: string;
  readonly language?: Language;
}

export interface Member {
  readonly sub: string;
  readonly name?: string;
  readonly email?: string;
}

/** What the LMS says to a score, where a test decides it. */
export type LmsSays = (score: { sub: string; column: string; value: number }) => Outcome;

export interface ResultsApp {
  readonly app: Express;
  readonly results: Results;
  readonly outbox: Outbox;
  readonly course: Course;
  get(path: string, who?: Who): request.Test;
  patch(body: object, who?: Who): request.Test;
  /** A form of a browser without script. */
  post(path: string, fields: Readonly<Record<string, string>>, who?: Who): request.Test;
  json(path: string, body: object, who?: Who): request.Test;
  /** Enters one mark as a tutor. */
  enter(sub: string, value: number, column?: string): Promise<void>;
  /** Sends marks and lets the LMS answer each once. */
  send(marks: readonly (readonly [string, string, number])[], says: LmsSays): Promise<void>;
  enrol(members: readonly Member[]): Promise<unknown>;
}

/** One set of stores a connection, since a model is compiled once. */
const opened = new WeakMap<Connection, Promise<Awaited<ReturnType<typeof openStores>>>>();

async function openStores(connection: Connection) {
  const known = new Map<string, Course>();
  const participants = createParticipantStore(connection);
  const outbox = createOutbox(connection, { logger: pino({ level: 'silent' }), now: later });
  const grades = createGradeService({
    callLms: () => Promise.resolve({ status: 0, body: '', headers: {}, stage: 'service' }),
  });
  const courses = { byRef: ({ context }: { context: string }) => Promise.resolve(known.get(context)) };
  const results = createResults(connection, { outbox, grades, participants, courses, now: later });
  await Promise.all([participants.ready(), outbox.ready(), results.ready()]);
  return { known, participants, outbox, results };
}

/** The room over a course of its own, with a real outbox. The LMS behind it does not answer, unless a test speaks for it. */
export async function resultsApp(connection: Connection, members: readonly Member[]): Promise<ResultsApp> {
  const stores = opened.get(connection) ?? openStores(connection);
  opened.set(connection, stores);
  const { known, participants, outbox, results } = await stores;
  const id = `r${Math.random().toString(36).slice(2, 10)}`;
  const course: Course = { ...testCourse, id, context: id, platform: `http://localhost:1 client-${id}` };
  known.set(id, course);

  const enrol = (people: readonly Member[]) =>
    participants.replace(
      course,
      people.map((member) => ({
        roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
        ...member,
      })),
      { id: Math.random().toString(36), at: NOW, pages: 1 },
    );
  await enrol(members);

  const app = await roomApp(({ views }) => resultRoutes({ views, results, participants, timeZone: 'Asia/Almaty' }), {
    course,
    now: () => NOW,
  });
  const as = (test: request.Test, { role = 'tutor', sub = 'tutor-1', language = 'en' }: Who = {}) =>
    test.set('x-test-role', role).set('x-test-sub', sub).set('x-test-language', language);
  const url = (path: string) => `/c/${course.id}${path}`;
  const scripted = (test: request.Test, who?: Who) =>
    as(test, who).set('Accept', 'application/json').set('X-CSRF-Token', CSRF);
  const json = (path: string, body: object, who?: Who) => scripted(request(app).post(url(path)), who).send(body);
  return {
    app,
    results,
    outbox,
    course,
    enrol,
    json,
    get: (path, who) => as(request(app).get(url(path)), who),
    patch: (body, who) => scripted(request(app).patch(url('/results')), who).send(body),
    post: (path, fields, who) => as(request(app).post(url(path)).type('form'), who).send({ _csrf: CSRF, ...fields }),
    async enter(sub, value, column = 'midterm-1') {
      const seen = (await results.sheet(course)).cell(column as 'exam', sub).value;
      await scripted(request(app).patch(url('/results')))
        .send({ column, sub, base: seen, value })
        .expect(200);
    },
    async send(marks, says) {
      passedMs += 5000;
      await json('/results/send', { marks: JSON.stringify(marks) }).expect(200);
      const real = results.handlers['score'];
      if (!real) throw new Error('No handler for scores');
      outbox.start(
        {
          score: async (delivery) => {
            // Of another test's course: not ours to answer.
            if (delivery.course.context !== course.context) return { then: 'later', afterMs: 60_000 };
            return Promise.resolve(says(delivery.payload as unknown as Parameters<LmsSays>[0]));
          },
        },
        { pollMs: 50 },
      );
      for (let tries = 0; tries < 200; tries++) {
        const states = await outbox.states(course, 'score');
        if (states.every(({ state, reason }) => state === 'done' || state === 'refused' || reason !== '')) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await outbox.stop();
    },
  };
}

export const people = (count: number): Member[] =>
  Array.from({ length: count }, (_, n) => ({
    sub: `u${n + 1}`,
    name: `Student ${String(n + 1).padStart(3, '0')}`,
    email: `u${n + 1}@example.edu`,
  }));
