import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, type Page } from '../../scripts/driver/browser.js';
import {
  arrive as letIn,
  arriveAtDesk as letInAtDesk,
  ask,
  personOf,
  type Guest,
  type Visitor,
} from '../support/guests.js';
import { elementsOf, faultsOf, readable } from '../support/markup.js';
import { CLAIM } from '../support/hand-made-launch.js';
import { ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';
import { until } from '../support/victim.js';

const EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{t "x"}}';

const english = (visitor: Visitor): Visitor => ({
  ...visitor,
  claims: { [`${CLAIM}/launch_presentation`]: { locale: 'en' }, ...visitor.claims },
});
const arrive = (tool: TestTool, visitor: Visitor = {}) => letIn(tool, english(visitor));
const arriveAtDesk = (tool: TestTool, role: string, visitor: Visitor = {}) => letInAtDesk(tool, role, english(visitor));

/** A map with what a submission needs; the rest of the checks may warn. */
const FILLING = [
  { path: 'head.model', base: '', value: '2' },
  { path: 'head.semester', base: '', value: 'Autumn 2026' },
  { path: 'head.hours', base: '', value: '150' },
  { path: 'head.credits', base: '', value: '5' },
  { path: 'rows.l1.topic', base: '', value: 'Introduction to the hotel business' },
  { path: 'rows.l5.tasks', base: '', value: EVIL },
];

describe('the agreement of a map, from the first text to the printed code', () => {
  let tool: TestTool;
  let elsewhere: TestTool;
  let tutor: Guest;
  let assistant: Guest;
  let student: Guest;
  let otherTutor: Guest;
  let administrator: Guest;
  let leader: Guest;
  let director: Guest;
  let course: string;
  let code: string;

  const at = (guest: Guest, route: string, form?: Record<string, string>) =>
    ask(guest, route, guest.home, form ? { form } : {});
  const my = (guest: Guest, route: string, form?: Record<string, string>) =>
    ask(guest, route, `${tool.url}/my`, form ? { form } : {});
  const desk = (guest: Guest, route: string, form?: Record<string, string>) =>
    ask(guest, route, `${tool.url}/desk`, form ? { form } : {});
  const person = (sub: string, name: string, role: string = ROLE.faculty) =>
    arriveAtDesk(tool, role, { claims: { sub, name } });
  const hidden = ({ html }: Page, name: string) =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? `no ${name}`;
  const revision = (page: Page) => ({ revision: hidden(page, 'revision') });
  const answer = (page: Page, act: string, more: Record<string, string> = {}) => ({
    ...revision(page),
    do: act,
    about: 'map',
    comment: '',
    ...more,
  });
  const patch = async (changes: object[]) => {
    const { status, html } = await ask(tutor, 'patch /map', tutor.home, { json: { since: 1, changes } });
    expect([status, status === 200 ? '' : html]).toEqual([200, '']);
  };
  const submit = async (reason: string) => {
    const page = await at(tutor, 'get /agreement');
    return at(tutor, 'post /agreement/submit', { ...revision(page), reason });
  };

  beforeAll(async () => {
    tool = await startTestTool('standard');
    elsewhere = await startTestTool('standard');
    tutor = await arrive(tool);
    assistant = await arrive(tool, { person: personOf(tool, 'assistant') });
    student = await arrive(tool, { person: personOf(tool, 'student') });
    otherTutor = await arrive(tool, { course: '3', claims: { sub: 'tutor-of-course-3' } });
    administrator = await arriveAtDesk(tool, ROLE.administrator);
    leader = await person('leader', 'Нұрлан Әбішев');
    director = await person('director', 'Елена Сон');
    course = tutor.home.split('/c/')[1] ?? '';
    await at(tutor, 'post /map/start', {});
    await at(otherTutor, 'post /map/start', {});
  }, 120_000);
  afterAll(async () => {
    await elsewhere.close();
    await tool.close();
  });

  test('an empty map is refused with what is missing, and students see nothing of it', async () => {
    const page = await at(tutor, 'get /agreement');
    expect(page.html).toContain('No topic yet in weeks 1–15.');
    expect(page.html).toContain('No model is chosen.');
    expect(page.html).not.toContain('name="reason"');
    const forced = await at(tutor, 'post /agreement/submit', { revision: '1', reason: 'All the same' });
    expect(forced.html).toContain('The map has errors.');
    expect((await at(student, 'get /agreement')).status).toBe(403);
    expect((await at(tutor, 'get /map')).html).toContain(`/c/${course}/agreement`);
  });

  test('without an agreeing role there is no such page, whatever somebody is in a course', async () => {
    for (const route of ['get /approvals', `get /approvals/${course}/1`, `post /approvals/${course}/1`])
      expect([route, (await my(leader, route)).status]).toEqual([route, 404]);
    expect((await my(leader, 'get /')).html).not.toContain('/my/approvals');
  });

  test('an administrator gives the roles, to known people only', async () => {
    await until('both are known', async () => (await desk(administrator, 'get /agreement')).html.includes('Елена Сон'));
    const page = await desk(administrator, 'get /agreement');
    expect(page.html).not.toContain(personOf(tool, 'student'));
    const unknown = await desk(administrator, 'post /agreement/give', { person: 'stranger', role: 'director' });
    expect(unknown.html).toContain('There is no such person or role here.');
    await desk(administrator, 'post /agreement/give', { person: 'leader', role: 'programme-leader', scope: 'Hotel' });
    const given = await desk(administrator, 'post /agreement/give', {
      person: 'director',
      role: 'director',
      scope: 'x',
    });
    expect(given.html).toContain('The role is given.');
    expect(given.html).toContain('Beginning with “Hotel”');
    expect(given.html).toContain('All courses');
    expect((await desk(leader, 'get /agreement')).status).toBe(403);
  });

  test('a learner who has a role comes to the desk of staff, and one who has none does not', async () => {
    expect((await person('somebody', 'Somebody', ROLE.learner)).page.status).toBe(403);
    const page = (await person('director', 'Елена Сон', ROLE.learner)).page;
    expect(page.status).toBe(200);
    expect(page.html).toContain('0 maps wait for you');
  });

  test('the tutor submits; the assistant reads and does not', async () => {
    await patch(FILLING);
    expect((await at(tutor, 'post /agreement/submit', { revision: '1', reason: 'x' })).html).toContain(
      'Somebody was quicker',
    );
    expect((await submit('')).html).toContain('Say in a few words');
    const page = await submit('First version');
    expect(page.html).toContain('The map is submitted.');
    expect(page.html).toContain('Version 1: agreement');
    expect(page.html).toContain('Нұрлан Әбішев');
    const read = await at(assistant, 'get /agreement');
    expect(read.status).toBe(200);
    expect(read.html).not.toContain('/agreement/withdraw');
    expect((await at(assistant, 'post /agreement/submit', { revision: '1', reason: 'x' })).status).toBe(403);
    expect((await at(tutor, 'get /')).html).toContain(
      'Map, version 1. Programme leader of the School: Waits since today.',
    );
  });

  test('what somebody wrote is only text on every page of the agreement', async () => {
    const pages = [
      await at(tutor, 'get /agreement'),
      await at(tutor, 'get /agreement/versions/1'),
      await my(leader, `get /approvals/${course}/1`),
    ];
    for (const page of pages) {
      const elements = await elementsOf(page.html);
      expect(faultsOf(elements)).toEqual([]);
      expect(readable(elements)).toContain(EVIL);
    }
  });

  test('nobody but the one whose turn it is answers', async () => {
    expect((await my(director, 'get /approvals')).html).toContain('Nothing waits for you.');
    const page = await my(director, `get /approvals/${course}/1`);
    expect(page.html).toContain('It waits for somebody else.');
    const forced = await my(
      director,
      `post /approvals/${course}/1`,
      answer(await my(leader, `get /approvals/${course}/1`), 'agree'),
    );
    expect(forced.status).toBe(403);
    expect((await at(tutor, 'get /agreement')).html).toContain('submitted');
  });

  test('a version number or course of elsewhere leads nowhere', async () => {
    const foreign = otherTutor.home.split('/c/')[1] ?? '';
    for (const route of [
      `get /approvals/${foreign}/1`,
      `get /approvals/${course}/2`,
      `get /approvals/${course}/x`,
      'get /approvals/none/1',
    ])
      expect([route, (await my(leader, route)).status]).toEqual([route, 404]);
    for (const path of ['/agreement/versions/1', '/agreement?from=1', '/agreement?to=1'])
      expect([path, (await at(otherTutor, `get ${path}`)).status]).toEqual([path, 404]);
    for (const path of [
      '/agreement/versions/9',
      '/agreement/versions/0',
      '/agreement/versions/-1',
      '/agreement/versions/x',
    ])
      expect([path, (await at(tutor, `get ${path}`)).status]).toEqual([path, 404]);
    expect((await at(otherTutor, 'post /agreement/withdraw', { version: '1', revision: '1' })).status).toBe(404);
    expect((await ask(otherTutor, 'get /agreement', tutor.home)).status).toBe(404);
    // Another LMS, where a person of the same id has the same role.
    const there = await arriveAtDesk(elsewhere, ROLE.faculty, { claims: { sub: 'leader', name: 'Nurlan' } });
    const admin = await arriveAtDesk(elsewhere, ROLE.administrator);
    await until('he is known there', async () => (await desk(admin, 'get /agreement')).html.includes('Nurlan'));
    await desk(admin, 'post /agreement/give', { person: 'leader', role: 'programme-leader', scope: '' });
    expect((await my(there, 'get /approvals')).status).toBe(200);
    expect((await my(there, `get /approvals/${course}/1`)).status).toBe(404);
    expect((await my(there, `post /approvals/${course}/1`, { revision: '1', do: 'agree', about: 'map' })).status).toBe(
      404,
    );
    // And its administrator takes nothing away here.
    const id = hidden(await desk(administrator, 'get /agreement'), 'id');
    await desk(admin, 'post /agreement/take', { id });
    expect((await my(leader, 'get /approvals')).status).toBe(200);
  });

  test('an answer needs the token of the page and comes from our own pages', async () => {
    const page = await my(leader, `get /approvals/${course}/1`);
    const route = `post /approvals/${course}/1`;
    const sent = { form: answer(page, 'agree') };
    expect((await ask({ browser: leader.browser }, route, `${tool.url}/my`, sent)).status).toBe(409);
    expect((await ask({ ...leader, csrf: tutor.csrf }, route, `${tool.url}/my`, sent)).status).toBe(409);
    expect((await ask(leader, route, `${tool.url}/my`, sent, { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await my(leader, `get /approvals/${course}/1`)).html).toContain('name="do" value="agree"');
  });

  test('a return needs a comment, and brings it to the cell and the section', async () => {
    const page = await my(leader, `get /approvals/${course}/1`);
    const bare = await my(leader, `post /approvals/${course}/1`, answer(page, 'return'));
    expect(bare.status).toBe(400);
    expect(bare.html).toContain('Write at least one comment');
    const odd = answer(page, 'return', { 'cell[__proto__.x]': 'no' });
    expect((await my(leader, `post /approvals/${course}/1`, odd)).status).toBe(400);
    const back = await my(
      leader,
      `post /approvals/${course}/1`,
      answer(page, 'return', { about: 'section.3', comment: 'Why this model?', 'cell[rows.l5]': 'Name the module' }),
    );
    expect(new URL(back.url).pathname).toBe('/my/approvals');
    expect(back.html).toContain('Returned with your comments.');
    const seen = await at(tutor, 'get /agreement?from=none&to=1');
    expect(seen.html).toContain('Why this model?');
    expect(seen.html).toContain('Name the module');
    expect(seen.html).toContain('Section 3. Choosing the integration model');
    expect((await at(tutor, 'get /')).html).toContain('came back with comments');
  });

  test('the next version is agreed by both; who comes second with an old page is told', async () => {
    await patch([{ path: 'rows.l5.tasks', base: EVIL, value: 'Video lectures of module 3' }]);
    await submit('Module named');
    const page = await my(leader, `get /approvals/${course}/2`);
    const agreed = await my(
      leader,
      `post /approvals/${course}/2`,
      answer(page, 'agree', { comment: 'Fits the syllabus' }),
    );
    expect(agreed.html).toContain('It goes on to the director');
    const second = await my(leader, `post /approvals/${course}/2`, answer(page, 'return', { comment: 'Late' }));
    expect(second.status).toBe(409);
    expect(second.html).toContain('Somebody was quicker');
    expect((await my(director, 'get /')).html).toContain('1 map waits for you');
    const turn = await my(director, `get /approvals/${course}/2`);
    expect(turn.html).toContain('Fits the syllabus');
    const done = await my(director, `post /approvals/${course}/2`, answer(turn, 'agree'));
    expect(done.html).toContain('The version is in force.');
    const seen = await at(tutor, 'get /agreement');
    expect(seen.html).toContain('in force');
    code = /\/v\/([A-Z\d]{8})"/.exec(seen.html)?.[1] ?? '';
    expect(code).not.toBe('');
    expect((await at(tutor, 'post /agreement/withdraw', { version: '2', revision: '3' })).html).toContain(
      'Only the one who submitted it',
    );
  });

  test('the printed code tells anyone, in three languages, and names the signatories only', async () => {
    const open = (path: string, language = 'en') => createBrowser(language).get(`${tool.url}/v/${path}`);
    const page = await open(code);
    expect(page.status).toBe(200);
    for (const text of ['This version is in force', 'Hotel business management', 'Нұрлан Әбішев', 'Елена Сон'])
      expect(page.html).toContain(text);
    for (const secret of [
      'leader@',
      'director@',
      course,
      'Fits the syllabus',
      'Module named',
      'value="leader"',
      'Video lectures',
    ])
      expect(page.html).not.toContain(secret);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect((await open(code, 'ru')).html).toContain('Эта версия действует');
    expect((await open(code, 'kk')).html).toContain('Бұл нұсқа күшінде');
    expect((await open(`?code=${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`)).url).toBe(`${tool.url}/v/${code}`);
    const wrong = code.startsWith('A') ? `C${code.slice(1)}` : `A${code.slice(1)}`;
    for (const none of [wrong, 'nonsense', encodeURIComponent('<b>&"'), '2']) {
      const unknown = await open(none);
      expect([none, unknown.status]).toEqual([none, 404]);
      expect(unknown.html).toContain('There is no such document');
      expect(faultsOf(await elementsOf(unknown.html))).toEqual([]);
    }
    expect(faultsOf(await elementsOf(page.html))).toEqual([]);
  });

  test('later edits are the next draft; a later version takes the place of the one in force', async () => {
    await patch([{ path: 'rows.l1.topic', base: 'Introduction to the hotel business', value: 'Hotel business today' }]);
    const draft = await at(tutor, 'get /agreement');
    expect(draft.html).toContain('<del class="ml">Introduction to the hotel business</del>');
    expect(draft.html).toContain('<ins class="ml">Hotel business today</ins>');
    expect(draft.html).toContain('1 change');
    await submit('Topic of week 1');
    expect((await createBrowser().get(`${tool.url}/v/${code}`)).html).toContain('This version is in force');
    expect((await at(tutor, 'get /agreement')).html).toContain('Version 2 is in force until this one is agreed.');
    await my(leader, `post /approvals/${course}/3`, answer(await my(leader, `get /approvals/${course}/3`), 'agree'));
    await my(
      director,
      `post /approvals/${course}/3`,
      answer(await my(director, `get /approvals/${course}/3`), 'agree'),
    );
    expect((await createBrowser().get(`${tool.url}/v/${code}`)).html).toContain('A later version replaced it');
    expect((await at(tutor, 'get /agreement/versions/2')).html).toContain('replaced by a later one');
  });

  test('nobody agrees a map in which they wrote', async () => {
    const colleague = await arrive(tool, { claims: { sub: 'leader', name: 'Нұрлан Әбішев' } });
    const map = await ask(colleague, 'patch /map', colleague.home, {
      json: { since: 1, changes: [{ path: 'rows.l2.topic', base: '', value: 'Written by the leader' }] },
    });
    expect(map.status).toBe(200);
    await submit('With the leader');
    expect((await my(leader, 'get /approvals')).html).toContain('Nothing waits for you.');
    const page = await my(leader, `get /approvals/${course}/4`);
    expect(page.html).toContain('somebody else has to agree it');
    const forced = await my(leader, `post /approvals/${course}/4`, { revision: '1', do: 'agree', about: 'map' });
    expect(forced.status).toBe(403);
    const withdrawn = await at(tutor, 'post /agreement/withdraw', { version: '4', revision: '1' });
    expect(withdrawn.html).toContain('The version is withdrawn.');
  });

  test('a role that is taken is gone at once', async () => {
    const page = await desk(administrator, 'get /agreement');
    const row = page.html.split('<tr role="row">').find((part) => part.includes('Елена Сон')) ?? '';
    await desk(administrator, 'post /agreement/take', { id: hidden({ ...page, html: row }, 'id') });
    expect((await my(director, 'get /approvals')).status).toBe(404);
    expect((await my(director, `get /approvals/${course}/3`)).status).toBe(404);
  });

  test('codes cannot be tried at any speed', async () => {
    const statuses = new Set<number>();
    for (let tries = 0; tries < 70; tries += 1) statuses.add((await fetch(`${tool.url}/v/AAAAAAAA`)).status);
    expect([...statuses].sort()).toEqual([404, 429]);
  });
});

test('a deployment that is not let in any more hides its maps from those who agree', async () => {
  const tool = await startTestTool('standard');
  const platform = (await tool.app.platforms.list()).find(({ issuer }) => issuer === tool.lms.url);
  const key = platform?.key ?? '';
  await tool.app.platforms.setDeployment(key, 'faculty-7', true);
  const tutor = await arrive(tool, { claims: { [`${CLAIM}/deployment_id`]: 'faculty-7' } });
  const leader = await arriveAtDesk(tool, ROLE.faculty, { claims: { sub: 'leader', name: 'Nurlan' } });
  const administrator = await arriveAtDesk(tool, ROLE.administrator);
  const desk = `${tool.url}/desk`;
  await until('known', async () => (await ask(administrator, 'get /agreement', desk)).html.includes('Nurlan'));
  await ask(administrator, 'post /agreement/give', desk, {
    form: { person: 'leader', role: 'programme-leader', scope: '' },
  });
  await ask(tutor, 'post /map/start', tutor.home, { form: {} });
  const map = await ask(tutor, 'patch /map', tutor.home, { json: { since: 1, changes: FILLING.slice(0, 5) } });
  const { revision } = JSON.parse(map.html) as { revision: number };
  await ask(tutor, 'post /agreement/submit', tutor.home, { form: { revision: String(revision), reason: 'First' } });
  const course = tutor.home.split('/c/')[1] ?? '';
  const look = async () => [
    (await ask(leader, 'get /approvals', `${tool.url}/my`)).html.includes(course),
    (await ask(leader, `get /approvals/${course}/1`, `${tool.url}/my`)).status,
  ];
  expect(await look()).toEqual([true, 200]);
  await tool.app.platforms.setDeployment(key, 'faculty-7', false);
  expect(await look()).toEqual([false, 404]);
  await tool.close();
}, 60_000);
