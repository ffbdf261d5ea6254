import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, submit, type Page } from '../../scripts/driver/browser.js';
import {
  answerOf,
  arrive,
  arriveAtDesk,
  ask,
  beginLogin,
  type Guest,
  launchWithoutCookies,
} from '../support/guests.js';
import { CLAIM } from '../support/hand-made-launch.js';
import { ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';
import { selecting } from '../support/victim.js';

const EVIL = 'https://evil.example';

/** A policy by its directives. */
const policyOf = (policy: string | null): Record<string, string> =>
  Object.fromEntries((policy ?? '').split('; ').map((part) => [part.split(' ')[0] ?? '', part.replace(/^\S+ /, '')]));

describe('pages in frames', () => {
  let tool: TestTool;
  let other: TestTool;
  let tutor: Guest;
  let desk: Guest;
  let staff: Guest;
  beforeAll(async () => {
    tool = await startTestTool('standard');
    other = await startTestTool('standard');
    tutor = await arrive(tool);
    desk = await arriveAtDesk(tool, ROLE.administrator);
    staff = await arriveAtDesk(tool, ROLE.faculty);
  }, 60_000);
  afterAll(async () => {
    await other.close();
    await tool.close();
  });

  const login = (more: Record<string, string>) => {
    const clientId = tool.lms.tools()[0]?.clientId ?? '';
    const params = { iss: tool.lms.url, client_id: clientId, login_hint: '1', target_link_uri: tool.url, ...more };
    return createBrowser().get(`${tool.url}/lti/login?${new URLSearchParams(params).toString()}`);
  };
  const lost = async () => createBrowser().get(await launchWithoutCookies(tool));
  const fetching = async () => {
    const begun = await beginLogin(tool, { query: { lti_storage_target: '_parent' } });
    return createBrowser().post(`${tool.url}/lti/launch`, await answerOf(tool, begun));
  };

  /** Each kind of page, and who may show it: its LMS, nobody, or anyone. */
  const KINDS: Record<string, { page: () => Promise<Page>; by: 'lms' | 'nobody' | 'anyone' }> = {
    'a page of a course': { page: () => ask(tutor, 'get /', tutor.home), by: 'lms' },
    'the map': { page: () => ask(tutor, 'get /map', tutor.home), by: 'lms' },
    'a page of a course that is not there': { page: () => ask(tutor, 'get /nowhere', tutor.home), by: 'lms' },
    'a course that was never entered': { page: () => ask(tutor, 'get /', `${tool.url}/c/nowhere`), by: 'lms' },
    'a stale page': { page: () => ask({ ...tutor, csrf: '' }, 'post /map/start', tutor.home), by: 'lms' },
    'a page that is not for this role': { page: () => ask(tutor, 'get /plan', tutor.home), by: 'lms' },
    'the desk': { page: () => ask(desk, 'get /', `${tool.url}/desk`), by: 'lms' },
    'the desk of somebody else': { page: () => ask(tutor, 'get /', `${tool.url}/desk`), by: 'lms' },
    'the desk of staff': { page: () => ask(staff, 'get /', `${tool.url}/my`), by: 'lms' },
    'a choice of content': {
      page: async () => (await arrive(tool, { claims: selecting })).page,
      by: 'lms',
    },
    'the button for a new tab': { page: lost, by: 'lms' },
    'the sign-in that begins in a new tab': { page: () => login({ cookie: 'set' }), by: 'lms' },
    'the sign-in by the LMS’s storage, first page': {
      page: () => login({ cookie: 'set', lti_storage_target: '_parent' }),
      by: 'lms',
    },
    'the sign-in by the LMS’s storage, second page': { page: fetching, by: 'lms' },
    'a registration': {
      page: async () => createBrowser().get(tool.lms.registrationUrl(await tool.app.registrationLinks.create())),
      by: 'lms',
    },
    'signed out': {
      page: async () => {
        const guest = await arrive(tool);
        return ask(guest, 'post /sign-out', guest.home);
      },
      by: 'lms',
    },
    // Nobody is signed in on these, and there is nothing to press: in the LMS's frame they must not stay blank.
    'a refused sign-in': { page: () => login({ client_id: 'nobody' }), by: 'anyone' },
    'a refused launch': { page: () => createBrowser().post(`${tool.url}/lti/launch`, { id_token: 'x' }), by: 'anyone' },
    'no session': { page: () => createBrowser().get(`${tool.url}/c/nowhere/`), by: 'anyone' },
    'no session at the desk': { page: () => createBrowser().get(`${tool.url}/desk/`), by: 'anyone' },
    'a code that is over': { page: () => createBrowser().get(`${tool.url}/enter?code=old`), by: 'anyone' },
    'a role that is not served': {
      page: async () => (await arrive(tool, { claims: { [`${CLAIM}/roles`]: [] } })).page,
      by: 'anyone',
    },
    'a link that is used up': { page: () => createBrowser().get(`${tool.url}/lti/register/used`), by: 'nobody' },
    'a page that is not there': { page: () => createBrowser().get(`${tool.url}/nowhere`), by: 'nobody' },
    'the check of a printed code': { page: () => createBrowser().get(`${tool.url}/v/`), by: 'nobody' },
    keys: { page: () => createBrowser().get(`${tool.url}/lti/keys`), by: 'nobody' },
  };

  test.each(Object.entries(KINDS))('may be shown by nobody else: %s', async (_kind, { page: load, by }) => {
    const page = await load();
    const policy = policyOf(page.headers.get('content-security-policy'));
    const allowed = { lms: tool.lms.url, nobody: "'none'", anyone: '*' }[by];
    expect(policy['frame-ancestors']).toBe(allowed);
    expect(JSON.stringify(policy)).not.toContain(other.lms.url);
    if (by === 'anyone') {
      expect(page.html).not.toContain('<form');
      expect(page.status).toBeGreaterThanOrEqual(400);
    }
    // The rest of the policy, on every page.
    expect(policy).toMatchObject({ 'default-src': "'none'", 'script-src': "'self'", 'base-uri': "'none'" });
    expect(policy['style-src']).toBe("'self'");
    expect(policy['form-action']).toBe("'self'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    // `no-referrer` would make every form say that it comes from nowhere.
    expect(page.headers.get('referrer-policy')).toBe('strict-origin');
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
    expect(page.headers.get('x-frame-options')).toBeNull();
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('a choice of content may be posted to its LMS, and nowhere else', async () => {
    const asked = await arrive(tool, { claims: selecting });
    const page = await submit(asked.browser, asked.page, '/place/');
    const policy = policyOf(page.headers.get('content-security-policy'));
    expect(policy['form-action']).toBe("'self' https://lms.example");
    expect(policy['frame-ancestors']).toBe(tool.lms.url);
  });

  test.each(['https://lms.example;sandbox', 'https://a,b', "https://a'b", 'https://*'])(
    'an origin that would change the policy is not taken at the desk: %s',
    async (origins) => {
      const { id = '' } = (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url) ?? {};
      const page = await ask(desk, `post /platforms/${id}/origins`, `${tool.url}/desk`, { form: { origins } });
      expect(page.status).toBe(400);
    },
  );

  test('and one that an LMS’s message carries does not reach the policy', async () => {
    const settings = Object.values(selecting).find((one) => typeof one === 'object') as Record<string, unknown>;
    const claims = {
      ...selecting,
      'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
        ...settings,
        deep_link_return_url: 'https://lms.example;sandbox/return',
      },
    };
    const asked = await arrive(tool, { claims });
    const page = await submit(asked.browser, asked.page, '/place/');
    expect(page.headers.get('content-security-policy')).not.toContain('sandbox');
  });
});

describe('addresses that somebody else names', () => {
  let tool: TestTool;
  let tutor: Guest;
  beforeAll(async () => {
    tool = await startTestTool('standard');
    tutor = await arrive(tool);
  }, 60_000);
  afterAll(() => tool.close());

  /** The head and body of an answer, by a client that lets us say any host. */
  const raw = (path: string, headers: Record<string, string>, method = 'GET', body = '') =>
    new Promise<string>((done, failed) => {
      const { hostname, port } = new URL(tool.url);
      const call = request({ hostname, port, path, method, headers }, (answer) => {
        let text = `${answer.statusCode ?? 0} ${JSON.stringify(answer.headers)}\n`;
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => done(text));
      });
      call.on('error', failed);
      call.end(body);
    });

  test.each([
    { Host: 'evil.example' },
    { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' },
    {
      Forwarded: 'host=evil.example;proto=https',
      'X-Original-URL': 'https://evil.example/',
      'X-Rewrite-URL': '/desk/',
    },
  ])('a foreign host appears nowhere: %j', async (headers) => {
    const cookie = `serik=${tutor.browser.cookies(new URL(tool.url).host)['serik'] ?? ''}`;
    const course = new URL(tutor.home).pathname;
    const params = new URLSearchParams({
      iss: tool.lms.url,
      client_id: tool.lms.tools()[0]?.clientId ?? '',
      login_hint: '1',
      target_link_uri: tool.url,
    }).toString();
    for (const [path, method] of [
      ['/', 'GET'],
      ['/nowhere', 'GET'],
      ['/lti/keys', 'GET'],
      [`/lti/login?${params}`, 'GET'],
      [`/lti/login?${params}&cookie=set`, 'GET'],
      [`/lti/login?${params}&cookie=set&lti_storage_target=_parent`, 'GET'],
      ['/enter?code=x', 'GET'],
      ['/open', 'POST'],
      ['/assets', 'GET'],
      [`${course}/`, 'GET'],
      [course, 'GET'],
      [`${course}/map`, 'GET'],
      [`${course}/students/read`, 'POST'],
      ['/desk', 'GET'],
    ] as const) {
      const answer = await raw(path, { Cookie: cookie, Accept: 'text/html', ...headers }, method);
      expect(`${path}: ${String(/evil\.example/i.test(answer))}`).toBe(`${path}: false`);
    }
  });

  test('a registration link names the address of the configuration, whatever a browser says', async () => {
    const desk = await arriveAtDesk(tool, ROLE.administrator);
    const cookie = `serik=${desk.browser.cookies(new URL(tool.url).host)['serik'] ?? ''}`;
    const body = `_csrf=${encodeURIComponent(desk.csrf)}&hours=24`;
    const headers = {
      Host: 'evil.example',
      Cookie: cookie,
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': String(body.length),
    };
    const answer = await raw('/desk/links', headers, 'POST', body);
    expect(answer).toContain(`${tool.url}/lti/register/`);
    expect(answer).not.toContain('evil.example');
  });

  test.each([
    'https://evil.example/lti/launch',
    '//evil.example/lti/launch',
    'OURS@evil.example/lti/launch',
    'OURS.evil.example/lti/launch',
    'OURS:1@evil.example',
    'http://evil.example\\OURS',
    'javascript:alert(1)//OURS',
    'data:text/html,OURS',
    'https:OURS',
    'OTHERPORT/lti/launch',
    '/lti/launch',
    ' ',
    'http://127.0.0.1',
    'http://localhost/lti/launch',
  ])('a link that leads elsewhere is refused, at the login and at the launch: %s', async (pattern) => {
    const port = Number(new URL(tool.url).port);
    const target = pattern.replace('OURS', tool.url).replace('OTHERPORT', `http://127.0.0.1:${port + 1}`);
    const params = {
      iss: tool.lms.url,
      client_id: tool.lms.tools()[0]?.clientId ?? '',
      login_hint: '1',
      target_link_uri: target,
    };
    const answer = await fetch(`${tool.url}/lti/login?${new URLSearchParams(params).toString()}`, {
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([401, null]);
    const begun = await beginLogin(tool);
    const form = await answerOf(tool, begun, { claims: { [`${CLAIM}/target_link_uri`]: target } });
    const launched = await begun.browser.post(`${tool.url}/lti/launch`, form);
    // What is no text at all counts as not said: the login's own target holds.
    expect(launched.status).toBe(target.trim() === '' ? 200 : 401);
    expect(launched.url).not.toContain('evil.example');
  });

  test('the way from a launch to its page never leaves this tool', async () => {
    for (const serik_place of [
      '//evil.example',
      'https://evil.example',
      '/\\evil.example',
      '../../evil',
      'tool\r\nX: y',
    ]) {
      const begun = await beginLogin(tool);
      const form = await answerOf(tool, begun, { claims: { [`${CLAIM}/custom`]: { serik_place } } });
      expect(await begun.browser.stopPost(`${tool.url}/lti/launch`, form)).toBe(`${tutor.home}/`);
      const enter = new URL(await launchWithoutCookies(tool, { claims: { [`${CLAIM}/custom`]: { serik_place } } }));
      expect([enter.origin, enter.pathname]).toEqual([tool.url, '/enter']);
    }
  });

  test.each([
    '?lang=//evil.example',
    '?lang=https://evil.example',
    '?next=https://evil.example',
    '?return=//evil.example',
  ])('no parameter of a page leads away: %s', async (query) => {
    const page = await ask(tutor, `get /${query}`, tutor.home);
    expect(page.url).toBe(`${tutor.home}/${query}`);
    expect(page.html).not.toContain('evil.example');
  });

  test('the sign-in goes to the registered address of the LMS and comes back to ours, whatever is asked for', async () => {
    const { address } = await beginLogin(tool, {
      query: { redirect_uri: EVIL, authorization_endpoint: EVIL, response_mode: 'query', scope: 'openid email' },
    });
    const url = new URL(address);
    expect(url.origin).toBe(tool.lms.url);
    expect(url.searchParams.get('redirect_uri')).toBe(`${tool.url}/lti/launch`);
    expect(url.searchParams.get('response_mode')).toBe('form_post');
    expect(address).not.toContain('evil.example');
  });
});
