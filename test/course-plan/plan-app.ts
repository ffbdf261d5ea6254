import { Router, type Express } from 'express';
import type { Connection } from 'mongoose';
import { pino } from 'pino';
import request from 'supertest';
import { createAgreement, plannedBy } from '../../src/agreement/index.js';
import { createConsultations } from '../../src/consultations/index.js';
import { ownLines } from '../../src/consultations/own-lines.js';
import { consultationRoutes } from '../../src/consultations/routes.js';
import { createCoursePlan } from '../../src/course-plan/index.js';
import { coursePlanRoutes } from '../../src/course-plan/routes.js';
import { createCoursePlanStore } from '../../src/course-plan/store.js';
import { createMaps } from '../../src/integration-map/index.js';
import { mapRoutes } from '../../src/integration-map/routes.js';
import type { IntegrationMap } from '../../src/integration-map/map.js';
import { fingerprint } from '../../src/integration-map/text.js';
import type { Course } from '../../src/launch/course.js';
import { createGradeService } from '../../src/lti/index.js';
import { createOutbox } from '../../src/outbox/index.js';
import { createParticipantStore } from '../../src/participants/index.js';
import { createResults } from '../../src/results/index.js';
import { resultRoutes } from '../../src/results/routes.js';
import { filledMap } from '../integration-map/example-map.js';
import { CSRF, roomApp, testCourse } from '../support/room-app.js';
import type { Who } from '../consultations/consultation-app.js';

/** Tuesday 13 October 2026, 10:41 in Almaty: in week 7. */
export const NOW = new Date('2026-10-13T05:41:00Z');
export const TUTOR = { sub: 'tutor-1', name: 'Person tutor-1', at: NOW };
const timeZone = 'Asia/Almaty';

export const datedMap = (): IntegrationMap => {
  const map = filledMap();
  return { ...map, head: { ...map.head, semesterStart: '2026-09-01' } };
};

async function openStores(connection: Connection) {
  const known = new Map<string, Course>();
  const participants = createParticipantStore(connection);
  const outbox = createOutbox(connection, { logger: pino({ level: 'silent' }), now: () => NOW });
  const grades = createGradeService({
    callLms: () => Promise.resolve({ status: 0, body: '', headers: {}, stage: 'service' }),
  });
  const courses = { byRef: ({ context }: { context: string }) => Promise.resolve(known.get(context)) };
  const store = createCoursePlanStore(connection);
  const maps = createMaps(connection);
  const agreement = createAgreement(connection, { maps });
  const consultations = createConsultations(connection, store);
  const { dueDays } = store;
  const deps = { outbox, grades, participants, courses, now: () => NOW, timeZone, dueDays };
  const results = createResults(connection, deps);
  await Promise.all([participants, outbox, store, maps, agreement, consultations, results].map((one) => one.ready()));
  return { known, participants, store, maps, agreement, consultations, results };
}

/** One set of stores a connection, since a model is compiled once. */
const opened = new WeakMap<Connection, ReturnType<typeof openStores>>();

/** The map, the consultations and the results of one course, with what ties them together. */
export async function planApp(connection: Connection, { map = datedMap() }: { map?: IntegrationMap | null } = {}) {
  const stores = opened.get(connection) ?? openStores(connection);
  opened.set(connection, stores);
  const { known, ...rooms } = await stores;
  const { participants, maps, consultations, results } = rooms;
  const id = `p${Math.random().toString(36).slice(2, 10)}`;
  const course: Course = { ...testCourse, id, context: id };
  known.set(id, course);
  if (map) await maps.create(course, map, TUTOR);
  const roles = ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'];
  const students = ['s1', 's2', 's3'].map((sub) => ({ roles, sub, name: `Student ${sub}` }));
  await participants.replace(course, students, { id, at: NOW, pages: 1 });
  const coursePlan = createCoursePlan(rooms);

  const app: Express = await roomApp(
    ({ views }) =>
      Router()
        .use(
          mapRoutes({
            views,
            maps,
            timeZone,
            planned: plannedBy(rooms.agreement, maps),
            consultationsOf: (visit) => ownLines(consultations, visit, timeZone),
          }),
        )
        .use(coursePlanRoutes({ views, coursePlan, timeZone }))
        .use(consultationRoutes({ views, consultations, participants, timeZone }))
        .use(resultRoutes({ views, results, participants, timeZone })),
    { course, now: () => NOW },
  );
  const as = (test: request.Test, { role = 'tutor', sub = 'tutor-1', language = 'en' }: Who = {}) =>
    test.set('x-test-role', role).set('x-test-sub', sub).set('x-test-language', language);
  const url = (path: string) => `/c/${course.id}${path}`;
  const get = (path: string, who?: Who) => as(request(app).get(url(path)), who);
  const post = (path: string, fields: Readonly<Record<string, string>> = {}, who?: Who) =>
    as(request(app).post(url(path)).type('form'), who).send({ _csrf: CSRF, ...fields });
  const shownBy = ({ text }: request.Response) => /name="shown" value="([^"]+)"/.exec(text)?.[1] ?? '';

  return {
    ...rooms,
    app,
    course,
    coursePlan,
    get,
    post,
    /** What the page's button would send; empty where there is none. */
    shown: async (who?: Who) => shownBy(await get('/map/apply', who).expect(200)),
    apply: async (who?: Who) => post('/map/apply', { shown: shownBy(await get('/map/apply', who).expect(200)) }, who),
    /** Changes one cell of the map. */
    async type(path: string, value: string): Promise<void> {
      const current = await maps.find(course);
      const [group = '', first = '', second = ''] = path.split('.');
      const row = current?.rows.find((one) => one.id === first);
      const base = group === 'head' ? current?.head[first as 'semester'] : row?.[second as 'topic'];
      const change = { path, base: fingerprint(base ?? ''), value };
      const changed = await maps.change(course, [change], TUTOR);
      if (changed?.outcomes[0]?.kind !== 'saved') throw new Error(`${path} was not saved`);
    },
    async takeOut(row: string): Promise<void> {
      await maps.act(course, { do: 'delete-row', id: row }, TUTOR);
    },
    /** A published slot with these students in it. */
    async slot(
      stage: 'midterm-1' | 'midterm-2' | 'exam',
      start: string,
      subs: readonly string[] = [],
    ): Promise<string> {
      const startsAt = new Date(start);
      const times = [{ startsAt, endsAt: new Date(startsAt.getTime() + 30 * 60_000) }];
      const place = { kind: 'room', detail: '304' } as const;
      const formKey = `${stage}${start}`.replace(/\W/g, '');
      const asked = { stage, times, zone: timeZone, place, capacity: 5, state: 'published', formKey } as const;
      await consultations.addSlots(course, asked, TUTOR, NOW);
      const { slots } = await consultations.board(course, NOW);
      const { id: slot } = slots.find(({ made }) => made.startsWith(formKey)) ?? { id: '' };
      for (const sub of subs) await consultations.book(course, { slot, sub, name: sub }, NOW);
      return slot;
    },
    plan: async () => ({ asked: await rooms.store.planned(course), applied: await rooms.store.find(course) }),
  };
}

export type PlanApp = Awaited<ReturnType<typeof planApp>>;
