import { Router, type Express } from 'express';
import type { Connection } from 'mongoose';
import request from 'supertest';
import type { MapAnswer } from '../../src/client/map/answer.js';
import { documentRoutes } from '../../src/integration-map/document-routes.js';
import { tableRoutes, tableUploads } from '../../src/integration-map/import/routes.js';
import { createMaps, type Maps } from '../../src/integration-map/index.js';
import { mapRoutes, type MapRoutesDeps } from '../../src/integration-map/routes.js';
import type { Course } from '../../src/launch/course.js';
import type { Role } from '../../src/launch/permissions.js';
import { loadCatalogues, type Language } from '../../src/web/i18n.js';
import { CSRF, roomApp, testCourse } from '../support/room-app.js';

export const NOW = new Date('2026-10-13T05:41:00Z');

let courses = 0;

export interface Who {
  readonly role?: Role;
  readonly sub?: string;
  readonly language?: Language;
}

/** The room over a course of its own, and what its people can ask of it. */
export async function mapApp(
  connection: Connection,
  settings: Partial<MapRoutesDeps> = {},
): Promise<{
  app: Express;
  maps: Maps;
  course: Course;
  get(path: string, who?: Who): request.Test;
  start(): Promise<void>;
  patch(body: object, who?: Who): request.Test;
  act(body: object, who?: Who): request.Test;
  post(fields: Readonly<Record<string, string>>, who?: Who): request.Test;
}> {
  const maps = createMaps(connection);
  await maps.ready();
  const id = `c${++courses}${Math.random().toString(36).slice(2, 8)}`;
  const course: Course = { ...testCourse, id, context: id };
  const catalogues = await loadCatalogues();
  const routes = ({ views }: Parameters<Parameters<typeof roomApp>[0]>[0]) =>
    Router()
      .use(mapRoutes({ views, maps, timeZone: 'Asia/Almaty', ...settings }))
      .use(documentRoutes({ views, maps, catalogues, timeZone: 'Asia/Almaty' }))
      .use(tableRoutes({ views, maps, timeZone: 'Asia/Almaty' }));
  const app = await roomApp(routes, { course, now: () => NOW, uploads: tableUploads() });
  const as = (test: request.Test, { role = 'tutor', sub = 'tutor-1', language = 'en' }: Who = {}) =>
    test.set('x-test-role', role).set('x-test-sub', sub).set('x-test-language', language);
  const url = (path: string) => `/c/${course.id}${path}`;
  const json = (test: request.Test, who?: Who) =>
    as(test, who).set('Accept', 'application/json').set('X-CSRF-Token', CSRF);
  return {
    app,
    maps,
    course,
    get: (path, who) => as(request(app).get(url(path)), who),
    start: async () => {
      await json(request(app).post(url('/map/start'))).expect(303);
    },
    patch: (body, who) => json(request(app).patch(url('/map')), who).send(body),
    act: (body, who) => json(request(app).post(url('/map/act')), who).send(body),
    post: (fields, who) => as(request(app).post(url('/map')).type('form'), who).send({ _csrf: CSRF, ...fields }),
  };
}

/** What the script reads out of an answer. */
export const answerOf = ({ body }: request.Response) => body as MapAnswer;
