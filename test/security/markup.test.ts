import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, formsOf, submit, type Page } from '../../scripts/driver/browser.js';
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
import { elementsOf, faultsOf, readable } from '../support/markup.js';
import { ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';
import { quiet, selecting } from '../support/victim.js';
import { slotForm } from '../http/route-table.js';

/** Each way out of a text that we know, one after another: whichever works shows as an element or an attribute. */
const WAYS = [
  '"><xss-a xss=1>',
  "'><xss-b xss=1>",
  '</textarea><xss-c>',
  '</title></script><script>xss()</script>',
  '"><img src=x onerror=xss()>',
  '" onfocus=xss() xss="',
  "' xss-d='",
  '&lt;xss-e&gt;&quot; xss-f=&quot;',
  '\u003cxss-g\u003e\uff1cxss-h\uff1e\u2028\u202e',
  '<!--',
  '{{constructor}}{{{lms}}}{{> icon}}',
  '$t(common:tab.home)',
];
const TEXT = WAYS.join(' ');
/** For fields of few characters. */
const SHORT = '"\'></textarea><xss-a onclick=x>';
/** As it comes out of a roster: LMSs write entities there, so those are read. */
const ROSTER_NAME = `S${WAYS[0] ?? ''}`;
const SCRIPTS = [
  'javascript:xss()',
  'JaVaScRiPt:xss()',
  ' java\tscript:xss()',
  'data:text/html,<script>xss()</script>',
];

describe('what an LMS or a person writes', () => {
  let tool: TestTool;
  let client: { issuer: string; clientId: string };
  let tutor: Guest;
  /** In the same course by the LMS's own client, which may read the roster. */
  let withRoster: Guest;
  let student: Guest;
  let administrator: Guest;
  let desk: string;
  let bookings: Page;
  const studentId = '101';

  const claims = (person: string) => ({
    name: `N${person}${TEXT}`,
    given_name: `G${TEXT}`,
    family_name: `F${TEXT}`,
    email: `E${TEXT}`,
    [`${CLAIM}/context`]: { id: `C${SHORT}`, title: `T${TEXT}`, label: `L${TEXT}`, type: [TEXT] },
    [`${CLAIM}/deployment_id`]: `D${SHORT}`,
    [`${CLAIM}/launch_presentation`]: { locale: TEXT, return_url: `https://lms.example/"><xss-r>?${TEXT}` },
    [`${CLAIM}/tool_platform`]: { name: `P${TEXT}`, product_family_code: 'constructor' },
    [`${CLAIM}/custom`]: { serik_place: TEXT, serik_course: TEXT, serik_history: TEXT, [TEXT]: TEXT },
  });

  beforeAll(async () => {
    tool = await startTestTool('standard');
    for (const person of tool.lms.people.filter(({ kind }) => kind === 'student').slice(0, 3))
      Object.assign(person, { name: `S${TEXT}`, givenName: TEXT, familyName: TEXT, email: TEXT });
    const real = (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url);
    if (!real) throw new Error('The LMS is not registered');
    // A second client of the same LMS, every text of which is hostile.
    client = { issuer: `${tool.lms.url}/"><xss-i>`, clientId: '"><xss-j/onclick=x>' };
    await tool.app.platforms.register({
      ...client,
      authorizationEndpoint: `${tool.lms.url}/auth?a="><xss-k>`,
      tokenEndpoint: real.tokenEndpoint,
      tokenAudience: `A${TEXT}`,
      jwksUrl: real.jwksUrl,
      lmsName: `M${TEXT}`,
      origins: [tool.lms.url],
      deployments: [`D${SHORT}`, real.deployments[0] ?? ''],
      desk: 'all',
    });
    tutor = await arrive(tool, { client, claims: claims('tutor') });
    const { [`${CLAIM}/deployment_id`]: _hostile, ...ours } = claims('tutor');
    withRoster = await arrive(tool, { claims: ours });
    student = await arrive(tool, { client, person: studentId, claims: { ...claims('student'), sub: studentId } });
    administrator = await arriveAtDesk(tool, ROLE.administrator, { client, claims: { name: TEXT } });
    desk = `${tool.url}/desk`;
    for (const guest of [tutor, withRoster, student, administrator])
      if (guest.page.status !== 200) throw new Error(guest.page.html.slice(0, 2000));
    await fill();
  }, 120_000);
  afterAll(() => tool.close());

  /** Puts the payloads into every form field that takes a text. */
  async function fill(): Promise<void> {
    await ask(tutor, 'post /map/start', tutor.home, { form: {} });
    const map = await ask(tutor, 'get /map', tutor.home);
    const names = [...map.html.matchAll(/ name="((?:head|moocs|rows)\.[^"]+)"/g)].map(([, name = '']) => name);
    const changes = [...new Set(names)].map((path) => ({
      path,
      base: '',
      value: path.endsWith('.link') ? (SCRIPTS[0] ?? '') : /hours|week|match|credits/.test(path) ? SHORT : `V${TEXT}`,
    }));
    const sent = await ask(tutor, 'patch /map', tutor.home, { json: { since: 1, changes } });
    expect([200, 409]).toContain(sent.status);
    const slot = slotForm({ room: `R${SHORT}` });
    bookings = await ask(tutor, 'post /consultations/slots', tutor.home, { form: slot });
    const id = /#slot-([\w-]+)|slots\/([\w-]+)\//.exec(bookings.html)?.slice(1).find(Boolean) ?? '';
    expect((await ask(student, 'post /consultations/bookings', student.home, { form: { slot: id } })).status).toBe(200);
    await quiet(withRoster);
  }

  /** The page holds the text, so that the test means something, and nothing has come of it. */
  async function harmless(page: Page, shows?: string, status = 200): Promise<void> {
    expect([page.url, page.status]).toEqual([page.url, status]);
    const elements = await elementsOf(page.html);
    expect([page.url, faultsOf(elements)]).toEqual([page.url, []]);
    if (shows !== undefined) expect(readable(elements)).toContain(shows);
  }

  test('the check sees what got out of a text', async () => {
    const page = (inside: string) => `<!doctype html><html><body>${inside}</body></html>`;
    for (const bad of [
      '<p title=""><xss-a xss=1></xss-a></p>',
      '<p onfocus=xss()></p>',
      '<a href="java&#9;script:xss()">x</a>',
      '<script>xss()</script>',
      '<p style="color:red"></p>',
      '<img src="x">',
      '<form action="data:text/html,x"></form>',
    ])
      expect([bad, faultsOf(await elementsOf(page(bad))).length > 0]).toEqual([bad, true]);
    expect(faultsOf(await elementsOf(page('<a href="/x" title="&quot;onclick=x">&lt;script&gt;</a>')))).toEqual([]);
  });

  test.each([
    ['/', `T${TEXT}`],
    [`/students?group=${encodeURIComponent(TEXT)}`, `T${TEXT}`],
    ['/map', 'V"><xss-a xss=1>'],
    ['/consultations', `R${SHORT}`],
    ['/consultations?add=1', `T${TEXT}`],
    [`/consultations?stage=${encodeURIComponent(TEXT)}&notice=${encodeURIComponent(TEXT)}&n=1`, `T${TEXT}`],
    [`/results?who=${encodeURIComponent(SHORT)}&notice=x`, `T${TEXT}`],
    [`/?lang=${encodeURIComponent(TEXT)}`, `T${TEXT}`],
  ])('is only text for the tutor: %s', async (path, shows) => {
    await harmless(await ask(tutor, `get ${path}`, tutor.home), shows);
  });

  test.each([
    ['/students', ROSTER_NAME],
    [`/students?search=${encodeURIComponent(`S${WAYS[0] ?? ''}`)}`, ROSTER_NAME],
    ['/results', ROSTER_NAME],
    [`/results?q=${encodeURIComponent('S"><xss-a')}`, ROSTER_NAME],
    ['/', `T${TEXT}`],
  ])('is only text where the roster is shown: %s', async (path, shows) => {
    await harmless(await ask(withRoster, `get ${path}`, withRoster.home), shows);
  });

  test('is only text where a slot is changed or cancelled, and where its form comes back', async () => {
    const ids = [...bookings.html.matchAll(/#slot-([\w-]+)|slots\/([\w-]+)\//g)].map(([, a, b]) => a ?? b ?? '');
    const [id = ''] = ids;
    for (const query of [`edit=${id}`, `cancel=${id}`])
      await harmless(await ask(tutor, `get /consultations?${query}`, tutor.home), `R${SHORT}`);
    const fields = ['date', 'time', 'minutes', 'capacity', 'count', 'break', 'link', 'room'];
    const wrong = Object.fromEntries(fields.map((field) => [field, `${field}${TEXT}`]));
    const form = slotForm({ ...wrong, key: 'third', place: 'zoom' });
    await harmless(await ask(tutor, 'post /consultations/slots', tutor.home, { form }), `minutes${TEXT}`, 400);
    for (const link of SCRIPTS) {
      const page = await ask(tutor, 'post /consultations/slots', tutor.home, {
        form: slotForm({ key: 'fourth', time: '18:00', place: 'online', link }),
      });
      await harmless(page, link.trim(), 400);
    }
  });

  test.each(['/', '/plan', '/consultations', '/consultations?stage=midterm-1'])(
    'is only text for the student: %s',
    async (path) => {
      await harmless(await ask(student, `get ${path}`, student.home), `T${TEXT}`);
    },
  );

  test('is only text for whoever reads the map without editing it', async () => {
    const roles = ['http://purl.imsglobal.org/vocab/lis/v2/membership#Manager'];
    const reader = await arrive(tool, {
      client,
      claims: { ...claims('reader'), sub: 'reader', [`${CLAIM}/roles`]: roles },
    });
    for (const path of ['/map', '/results', '/', '/students', '/consultations'])
      await harmless(await ask(reader, `get ${path}`, reader.home), `T${TEXT}`);
  });

  test.each(SCRIPTS)('a link in the map is never a script: %s', async (link) => {
    const { html } = await ask(tutor, 'get /map', tutor.home);
    const paths = [
      ...new Set([...html.matchAll(/ name="((?:moocs|rows)\.[^"]+\.link)"/g)].map(([, name = '']) => name)),
    ];
    const base = link === SCRIPTS[0] ? link : (SCRIPTS[SCRIPTS.indexOf(link) - 1] ?? '').trim();
    const changes = paths.map((path) => ({ path, base, value: link }));
    expect(paths.length).toBeGreaterThan(10);
    await ask(tutor, 'patch /map', tutor.home, { json: { since: 1, changes } });
    await harmless(await ask(tutor, 'get /map', tutor.home));
    for (const path of ['/plan', '/']) await harmless(await ask(student, `get ${path}`, student.home));
  });

  test('is only text where marks come back', async () => {
    const form = { 'sub.0': studentId, 'base.0.midterm-1': '', 'mark.0.midterm-1': TEXT };
    await harmless(await ask(withRoster, 'post /results', withRoster.home, { form }), TEXT, 400);
    const maximum = { column: 'midterm-1', maximum: `X${SHORT}` };
    await harmless(
      await ask(withRoster, 'post /results/maximum', withRoster.home, { form: maximum }),
      `X${SHORT}`,
      400,
    );
  });

  test('is only text on the pages that say no', async () => {
    await harmless(await ask(tutor, 'get /nowhere', tutor.home), undefined, 404);
    await harmless(await ask(student, 'get /results', student.home), undefined, 403);
    const stale = await ask({ ...tutor, csrf: TEXT }, 'post /map/start', tutor.home);
    await harmless(stale, 'https://lms.example/', 409);
    await harmless(await createBrowser().get(`${tool.url}/enter?code=${encodeURIComponent(TEXT)}`), undefined, 401);
    await harmless(await createBrowser().get(`${tool.url}/${encodeURIComponent(TEXT)}`), undefined, 404);
    const form = { error: TEXT, error_description: TEXT, state: TEXT };
    await harmless(await createBrowser().post(`${tool.url}/lti/launch`, form), undefined, 401);
  });

  test.each(SCRIPTS)('the way back to the LMS is never a script: %s', async (link) => {
    const guest = await arrive(tool, {
      client,
      claims: { ...claims('tutor'), [`${CLAIM}/launch_presentation`]: { locale: 'en', return_url: link } },
    });
    await harmless(await ask({ ...guest, csrf: 'stale' }, 'post /map/start', guest.home), undefined, 409);
  });

  test('is only text where content is placed, and where a course is a copy', async () => {
    const asked = await arrive(tool, { client, browser: tutor.browser, claims: { ...claims('tutor'), ...selecting } });
    await harmless(asked.page, `T${TEXT}`);
    await harmless(await submit(tutor.browser, asked.page, '/place/'), `M${TEXT}`);
    const origin = tutor.home.split('/c/')[1] ?? '';
    const copy = await arrive(tool, {
      client,
      claims: {
        ...claims('tutor'),
        [`${CLAIM}/context`]: { id: 'copy', title: TEXT },
        [`${CLAIM}/custom`]: { serik_course: origin },
      },
    });
    expect(copy.page.url).toContain('/copied?from=');
    await harmless(copy.page, `L${TEXT}`);
  });

  test('is only text between the LMS and a browser without cookies', async () => {
    const hints = { login_hint: TEXT, lti_message_hint: TEXT, lti_deployment_id: SHORT };
    const params = {
      iss: client.issuer,
      client_id: client.clientId,
      target_link_uri: tool.url,
      cookie: 'set',
      ...hints,
    };
    const login = (more: Record<string, string>) =>
      createBrowser().get(`${tool.url}/lti/login?${new URLSearchParams({ ...params, ...more }).toString()}`);
    await harmless(await login({}), `M${TEXT}`);
    const keep = await login({ lti_storage_target: 'frame' });
    await harmless(keep, `M${TEXT}`);
    expect(keep.html).toContain('data-lti-storage="keep"');
    await harmless(await login({ lti_storage_target: SHORT }), `M${TEXT}`);
    const begun = await beginLogin(tool, { client, query: { lti_storage_target: 'frame' } });
    const answer = { ...(await answerOf(tool, begun, { client })), id_token: TEXT };
    const fetched = await createBrowser().post(`${tool.url}/lti/launch`, answer);
    expect(fetched.html).toContain('data-lti-storage="fetch"');
    await harmless(fetched, TEXT);
    const address = await launchWithoutCookies(tool, { client, claims: claims('tutor') });
    await harmless(await createBrowser().get(address), `M${TEXT}`);
  });

  test('is only text at the administrator’s desk', async () => {
    const unknown = { ...claims('tutor'), [`${CLAIM}/deployment_id`]: `W${SHORT}` };
    expect((await arrive(tool, { client, claims: unknown })).page.status).toBe(401);
    const list = await ask(administrator, 'get /', desk);
    await harmless(list, `M${TEXT}`);
    const id = (await tool.app.platforms.list()).find(({ issuer }) => issuer === client.issuer)?.id ?? '';
    const page = await ask(administrator, `get /platforms/${id}`, desk);
    for (const shows of [`W${SHORT}`, `D${SHORT}`, `A${TEXT}`, client.issuer, client.clientId, 'P"><xss-a xss=1>'])
      await harmless(page, shows);
    await harmless(await ask(administrator, 'get /events', desk), `M${TEXT}`);
    const origins = await ask(administrator, `post /platforms/${id}/origins`, desk, { form: { origins: `O${TEXT}` } });
    await harmless(origins, `O${TEXT}`, 400);
    const fields = Object.keys(
      formsOf(await ask(administrator, 'get /add', desk)).find(({ action }) => action.endsWith('/add'))?.fields ?? {},
    );
    const typed = Object.fromEntries(fields.filter((name) => name !== '_csrf').map((name) => [name, `${name}${TEXT}`]));
    expect(Object.keys(typed)).toHaveLength(9);
    await harmless(await ask(administrator, 'post /add', desk, { form: typed }), `issuer${TEXT}`, 400);
    await harmless(await ask(administrator, 'post /sign-out', desk), `M${TEXT}`);
  });

  test('is only text at the desk of staff', async () => {
    const staff = await arriveAtDesk(tool, ROLE.faculty, { client, claims: { name: TEXT } });
    await harmless(staff.page, `T${TEXT}`);
  });

  test('is only text on the page that asks for the registration', async () => {
    const link = await tool.app.registrationLinks.create();
    const asked = new URL(tool.lms.registrationUrl(link));
    asked.searchParams.set('registration_token', TEXT);
    await harmless(await createBrowser().get(asked.href), TEXT);
    asked.searchParams.set('openid_configuration', `https://evil.example/"><xss-a>${TEXT}`);
    const page = await createBrowser().get(asked.href);
    await harmless(page, undefined, page.status);
    expect(page.status).toBeGreaterThanOrEqual(400);
  });
});
