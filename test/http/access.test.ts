import { get } from 'node:http';
import express, { Router } from 'express';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startDemoLms } from '../../scripts/demo-lms/index.js';
import { createBrowser } from '../../scripts/driver/browser.js';
import { registerTool } from '../../scripts/driver/launch.js';
import { ROLES, type Role } from '../../src/launch/permissions.js';
import { arrive, arriveAtDesk, ask, personOf, type Guest } from '../support/guests.js';
import { routesOf } from '../support/route-walk.js';
import { ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';
import { COURSE_ROUTES, DESK_ROUTES, MOUNTED, OPEN_DOORS, STAFF_ROUTES } from './route-table.js';

const KINDS: Record<Role, string> = { tutor: 'tutor', assistant: 'assistant', observer: 'dean', student: 'student' };

const filled = (route: string, platform = 'none') =>
  route
    .replace(':slot', 'none')
    .replace(':selection', 'none')
    .replace(':course', 'none')
    .replace(':platform', platform);

describe('the table of routes', () => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool('standard');
  }, 60_000);
  afterAll(() => tool.close());

  test('names every route of the running application, and none that is gone', () => {
    const below = (base: string, routes: object) => Object.keys(routes).map((route) => route.replace(' ', ` ${base}`));
    const running = routesOf(tool.app.http);
    const named = [
      ...below('/c/:course', COURSE_ROUTES),
      ...below('/desk', DESK_ROUTES),
      ...below('/my', STAFF_ROUTES),
      ...Object.keys(OPEN_DOORS),
      ...MOUNTED.map((path) => `mounted ${path}`),
    ];
    expect(running.filter((route) => !named.includes(route))).toEqual([]);
    expect(named.filter((route) => !running.includes(route))).toEqual([]);
    expect(running.length).toBeGreaterThan(60);
  });

  test('would not miss a route, however deep it is mounted', () => {
    const deep = Router()
      .use(
        ['/b', '/c'],
        Router().all('/d', () => undefined),
      )
      .get('/', () => undefined);
    const app = express().use('/a', deep).use('/files', express.static('/nowhere'));
    app.patch('/e/:id', () => undefined);
    expect(routesOf(app)).toEqual(['all /a/b/d', 'all /a/c/d', 'get /a/', 'mounted /files', 'patch /e/:id']);
    expect(() => routesOf(express().use(/f/, deep))).toThrow('without a plain path');
  });
});

describe('who may call what', () => {
  let tool: TestTool;
  const guests = new Map<Role, Guest>();
  let staff: Guest;
  let administrator: Guest;
  let ownAdministrator: Guest;
  let platforms: { all: string; own: string };

  const enter = async (role: Role) => {
    const guest = await arrive(tool, { person: personOf(tool, KINDS[role]) });
    if (guest.page.status !== 200) throw new Error(`No launch as ${role}: ${guest.page.html.slice(0, 300)}`);
    return guest;
  };

  let other: TestTool['lms'];
  beforeAll(async () => {
    tool = await startTestTool('standard');
    for (const role of ROLES) guests.set(role, await enter(role));
    other = await startDemoLms({ port: 0, manner: 'standard' });
    await registerTool(other, await tool.app.registrationLinks.create({ desk: 'own' }));
    administrator = await arriveAtDesk(tool, ROLE.administrator);
    ownAdministrator = await arriveAtDesk({ ...tool, lms: other }, ROLE.administrator);
    staff = await arriveAtDesk(tool, ROLE.faculty);
    const known = await tool.app.platforms.list();
    const id = (url: string) => known.find(({ issuer }) => issuer === url)?.id ?? '';
    platforms = { all: id(tool.lms.url), own: id(other.url) };
  }, 60_000);
  afterAll(async () => {
    await other.close();
    await tool.close();
  });

  /** Signing out ends the session, so whoever tries it is not needed again. */
  const guestFor = async (role: Role, route: string): Promise<Guest> => {
    const known = guests.get(role);
    if (!known) throw new Error(`Nobody as ${role}`);
    return route === 'post /sign-out' ? enter(role) : known;
  };

  test.each(Object.entries(COURSE_ROUTES))('in a course: %s', async (route, { roles }) => {
    for (const role of ROLES) {
      const guest = await guestFor(role, route);
      const page = await ask(guest, filled(route), guest.home);
      // What is allowed may still find nothing to do with an empty request; what is not allowed is always 403.
      const seen = page.status === 403 ? 'forbidden' : 'let in';
      expect(`${role}: ${seen}`).toBe(`${role}: ${roles.includes(role) ? 'let in' : 'forbidden'}`);
      expect(page.status).toBeLessThan(500);
    }
    const { home = '' } = guests.get('tutor') ?? {};
    expect((await ask({ browser: createBrowser() }, filled(route), home)).status).toBe(401);
    // A session of a desk has entered no course.
    for (const desk of [administrator, staff]) expect((await ask(desk, filled(route), home)).status).toBe(404);
  });

  test.each(Object.entries(DESK_ROUTES).filter(([route]) => route !== 'post /sign-out'))(
    'at the administrator’s desk: %s',
    async (route, { all }) => {
      const base = `${tool.url}/desk`;
      expect((await ask(administrator, filled(route, platforms.all), base)).status).toBeLessThan(401);
      const own = await ask(ownAdministrator, filled(route, platforms.own), base);
      if (all) expect(own.status).toBe(403);
      else expect(own.status).toBeLessThan(401);
      // The other way round: of all there is, one who looks after one LMS sees that one.
      if (route.includes(':platform'))
        expect((await ask(ownAdministrator, filled(route, platforms.all), base)).status).toBe(404);
      for (const guest of [...guests.values(), staff])
        expect((await ask(guest, filled(route, platforms.all), base)).status).toBe(403);
      expect((await ask({ browser: createBrowser() }, filled(route, platforms.all), base)).status).toBe(401);
    },
  );

  test.each(Object.keys(STAFF_ROUTES).filter((route) => route !== 'post /sign-out'))(
    'at the desk of staff: %s',
    async (route) => {
      const base = `${tool.url}/my`;
      expect((await ask(staff, filled(route), base)).status).toBe(route === 'get /' ? 200 : 404);
      for (const guest of [...guests.values(), administrator])
        expect((await ask(guest, filled(route), base)).status).toBe(403);
      expect((await ask({ browser: createBrowser() }, filled(route), base)).status).toBe(401);
    },
  );

  test('signing out at a desk is for those who sit there, and ends the session', async () => {
    for (const [role, name, wrong] of [
      [ROLE.administrator, 'desk', 'my'],
      [ROLE.faculty, 'my', 'desk'],
    ] as const) {
      const guest = await arriveAtDesk(tool, role);
      expect((await ask(guest, 'post /sign-out', `${tool.url}/${wrong}`)).status).toBe(403);
      expect((await ask(guest, 'post /sign-out', `${tool.url}/${name}`)).status).toBe(200);
      expect((await ask(guest, 'get /', `${tool.url}/${name}`)).status).toBe(401);
      expect((await ask({ browser: createBrowser() }, 'post /sign-out', `${tool.url}/${name}`)).status).toBe(401);
    }
  });

  test.each(Object.entries(OPEN_DOORS))('open to anyone: %s', async (route, status) => {
    const everybody = [{ browser: createBrowser() }, ...guests.values(), staff, administrator];
    for (const guest of everybody) {
      const page = await ask(guest, route.replace(':code', 'invented'), tool.url, {}, {});
      expect(`${route} ${page.status}`).toBe(`${route} ${status}`);
    }
  });
});

describe('doors outside of courses', () => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool('standard');
  }, 60_000);
  afterAll(() => tool.close());

  test('health tells yes or no and nothing else', async () => {
    expect(await (await fetch(`${tool.url}/healthz`)).json()).toEqual({ ok: true });
    expect(await (await fetch(`${tool.url}/readyz`)).json()).toEqual({ ok: true });
  });

  test('the keys that are published are public ones', async () => {
    const { keys } = (await (await fetch(`${tool.url}/lti/keys`)).json()) as { keys: Record<string, string>[] };
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
      expect(key['alg']).toBe('RS256');
    }
  });

  test.each(['/', '/nowhere', '/c/nowhere/', '/lti/ltijs-login', '/lti/ltijs-register', '/lti/nowhere'])(
    '%s is an error page with its headers, in the browser’s language',
    async (path) => {
      const page = await createBrowser('ru').get(tool.url + path);
      expect([401, 404]).toContain(page.status);
      expect(page.html).toContain('<html lang="ru"');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
      expect(page.headers.get('x-powered-by')).toBeNull();
    },
  );

  test.each(['/assets/../package.json', '/assets/%2e%2e/package.json', '/assets/..%2fpackage.json', '/assets/%00'])(
    '%s gives no file away',
    async (path) => {
      // A client of its own: fetch would shorten the path before it is sent.
      const { hostname, port } = new URL(tool.url);
      const status = await new Promise<number>((done, failed) => {
        get({ hostname, port, path }, (answer) => {
          answer.resume();
          done(answer.statusCode ?? 0);
        }).on('error', failed);
      });
      expect([400, 403, 404]).toContain(status);
    },
  );

  test('no answer invites other origins', async () => {
    const answer = await fetch(`${tool.url}/lti/keys`, { headers: { Origin: 'https://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('a body that is too large is told so', async () => {
    const page = await createBrowser().post(`${tool.url}/open`, { code: 'x'.repeat(2_000_000) });
    expect(page.status).toBe(413);
  });
});
