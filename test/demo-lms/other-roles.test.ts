import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from '../../scripts/driver/browser.js';
import { COURSE, MANNERS, scoreOf, startBench, TYPE, under, type Bench } from './bench.js';
import { launchedFrom, visitAs } from './walk.js';

const CORE = 'https://purl.imsglobal.org/spec/lti/claim';

describe.each(MANNERS)('Other roles and other persons in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner);
  });
  afterAll(() => bench.close());

  const idOf = (kind: string) => bench.lms.people.find((person) => person.kind === kind)?.id ?? '';
  const redirectUri = () => `${bench.tool.url}/lti/launch`;
  const launch = async (browser: Browser, course = COURSE) =>
    launchedFrom(bench.lms, browser, await browser.get(`${bench.lms.url}/course/${course}/serik`), redirectUri());

  test('a teacher who looks as a student launches as one, in that course only, until the return', async () => {
    const { browser } = await visitAs(bench.lms, bench.tutor, '/');
    const page = await browser.get(`${bench.lms.url}/course/${COURSE}/switch-role?to=student`);
    expect([page.html.includes('Return to my normal role'), page.html.includes('/accept-grades')]).toEqual([
      true,
      false,
    ]);
    const claims = await launch(browser);
    expect([claims.sub, claims['name']]).toEqual(
      moodle ? [bench.tutor, 'Гүлмира Қасымбекқызы Нұрғалиева'] : ['test-student-2', 'Test Student'],
    );
    expect(claims[`${CORE}/roles`]).toEqual([
      'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner',
      ...(moodle ? [] : ['http://purl.imsglobal.org/vocab/lti/system/person#TestUser']),
    ]);
    const elsewhere = await launch(browser, '3');
    expect([elsewhere.sub, String(elsewhere[`${CORE}/roles`]).includes('Instructor')]).toEqual([bench.tutor, true]);
    await browser.get(`${bench.lms.url}/course/${COURSE}/switch-role?to=own`);
    const back = await launch(browser);
    expect([back.sub, String(back[`${CORE}/roles`]).includes('#Instructor')]).toEqual([bench.tutor, true]);
  });

  test('a student has no role to switch', async () => {
    const { page } = await visitAs(bench.lms, bench.student(0), `/course/${COURSE}/switch-role?to=student`);
    expect(page.status).toBe(403);
  });

  test('the test student stands in no roster and is given no score', async () => {
    const item = await bench.item({});
    expect((await bench.score(item, scoreOf('test-student-2', 50))).status).toBe(400);
    expect((await bench.get(bench.roster, TYPE.roster)).text).not.toContain('test-student');
    expect((await bench.get(under(item, '/results'), TYPE.results)).list()).toEqual([]);
  });

  test('the administrator logs in as another person, launches plainly as that one, and comes back', async () => {
    const { browser } = await visitAs(bench.lms, idOf('administrator'), '/');
    const home = await browser.get(`${bench.lms.url}/login-as?to=${bench.student(0)}`);
    expect(home.html).toContain('Site Administrator is logged in as');
    const claims = await launch(browser);
    const plain = bench.lms.launchClaims(COURSE, bench.student(0));
    expect([claims.sub, claims[`${CORE}/roles`], Object.keys(claims).length]).toEqual([
      bench.student(0),
      plain[`${CORE}/roles`],
      Object.keys(plain).length + 1,
    ]);
    await browser.get(`${bench.lms.url}/login-as/end`);
    expect((await browser.get(`${bench.lms.url}/admin/tools`)).status).toBe(200);
  });

  test('nobody else logs in as another', async () => {
    const { browser, page } = await visitAs(bench.lms, bench.tutor, `/login-as?to=${bench.student(0)}`);
    expect(page.status).toBe(403);
    expect((await launch(browser)).sub).toBe(bench.tutor);
  });
});
