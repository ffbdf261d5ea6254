import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROLES, type Role } from '../../src/launch/permissions.js';
import { projectRoot } from '../../src/root.js';
import { createBrowser, type Browser } from '../../scripts/driver/browser.js';
import { launch } from '../../scripts/driver/launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const STAFF: Role[] = ['tutor', 'assistant', 'observer'];
const TUTOR: Role[] = ['tutor'];
const SLOTS: Role[] = ['tutor', 'assistant'];
const STUDENT: Role[] = ['student'];

/** Every route of a course, and who may call it. The test below fails if a route is missing here. */
const ROUTES: Record<string, readonly Role[]> = {
  'get /': ROLES,
  'get /overview/state.json': STAFF,
  'get /students': STAFF,
  'get /students/state.json': STAFF,
  'post /students/read': TUTOR,
  'get /map': STAFF,
  'get /map/changes': TUTOR,
  'patch /map': TUTOR,
  'post /map': TUTOR,
  'post /map/act': TUTOR,
  'post /map/start': TUTOR,
  'get /plan': STUDENT,
  'get /consultations': ROLES,
  'post /consultations/slots': SLOTS,
  'post /consultations/publish': SLOTS,
  'post /consultations/slots/:slot': SLOTS,
  'post /consultations/slots/:slot/publish': SLOTS,
  'post /consultations/slots/:slot/cancel': SLOTS,
  'post /consultations/slots/:slot/delete': SLOTS,
  'post /consultations/bookings': STUDENT,
  'post /consultations/bookings/cancel': STUDENT,
  'get /results': STAFF,
  'get /results/state.json': STAFF,
  'get /results.csv': STAFF,
  'patch /results': TUTOR,
  'post /results': TUTOR,
  'post /results/send': TUTOR,
  'post /results/again': TUTOR,
  'post /results/decide': TUTOR,
  'post /results/maximum': TUTOR,
};

/** Routes as the rooms' sources name them. */
function routesInSource(): string[] {
  const rooms = ['tutoring', 'participants', 'integration-map', 'consultations', 'results'];
  return rooms.flatMap((room) => {
    const folder = join(projectRoot, 'src', room);
    const files = readdirSync(folder).filter((name) => name.includes('routes'));
    return files.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/\.(get|post|patch|put|delete)\(\s*'(\/[^']*)'/g)].map(
        ([, method = '', path = '']) => `${method} ${path}`,
      ),
    );
  });
}

describe('who may call what', () => {
  let tool: TestTool;
  const visits = new Map<Role, { browser: Browser; home: string; csrf: string }>();

  beforeAll(async () => {
    tool = await startTestTool('standard');
    const kinds: Record<Role, string> = {
      tutor: 'tutor',
      assistant: 'assistant',
      observer: 'dean',
      student: 'student',
    };
    for (const role of ROLES) {
      const browser = createBrowser();
      const id = tool.lms.people.find(({ kind }) => kind === kinds[role])?.id ?? '';
      const page = await launch(tool.lms, id, '2', browser);
      if (page.status !== 200) throw new Error(`No launch as ${role}: ${page.status} ${page.html.slice(0, 300)}`);
      visits.set(role, {
        browser,
        home: page.url.replace(/\/$/, ''),
        csrf: /name="csrf" content="([^"]+)"/.exec(page.html)?.[1] ?? '',
      });
    }
  }, 60_000);
  afterAll(() => tool.close());

  test('the table names every route of the rooms', () => {
    expect(routesInSource().sort()).toEqual(Object.keys(ROUTES).sort());
  });

  test.each(Object.entries(ROUTES))('%s', async (route, allowed) => {
    const [method = '', path = ''] = route.split(' ');
    for (const role of ROLES) {
      const visit = visits.get(role);
      if (!visit) throw new Error(`No visit as ${role}`);
      const url = visit.home + path.replace(':slot', 'none');
      const headers = { Origin: new URL(visit.home).origin, 'X-CSRF-Token': visit.csrf };
      const page =
        method === 'get'
          ? await visit.browser.get(url)
          : method === 'post'
            ? await visit.browser.post(url, {}, headers)
            : await visit.browser.json('PATCH', url, {}, headers);
      // What is allowed may still find nothing to do with an empty request; what is not allowed is always 403.
      const seen = page.status === 403 ? 'forbidden' : 'let in';
      expect(`${role}: ${seen}`).toBe(`${role}: ${allowed.includes(role) ? 'let in' : 'forbidden'}`);
      expect(page.status).toBeLessThan(500);
    }
  });

  test('without a session nothing is open', async () => {
    const { home = '' } = visits.get('tutor') ?? {};
    for (const route of Object.keys(ROUTES)) {
      const [method = '', path = ''] = route.split(' ');
      const url = home + path.replace(':slot', 'none');
      const stranger = createBrowser();
      const page =
        method === 'get'
          ? await stranger.get(url)
          : method === 'post'
            ? await stranger.post(url, {})
            : await stranger.json('PATCH', url, {});
      expect(`${route}: ${page.status}`).toBe(`${route}: 401`);
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
