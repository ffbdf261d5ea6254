import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claim, MANNERS, startBench, TYPE, type Bench } from './bench.js';
import { launchedFrom, visitAs } from './walk.js';

const CORE = 'https://purl.imsglobal.org/spec/lti/claim';

describe.each(MANNERS)('Launches outside the courses in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner);
  });
  afterAll(() => bench.close());

  const idOf = (kind: string) => bench.lms.people.find((person) => person.kind === kind)?.id ?? '';
  const launchAt = async (kind: string, path: string) => {
    const { browser, page } = await visitAs(bench.lms, idOf(kind), path);
    return launchedFrom(bench.lms, browser, page, `${bench.tool.url}/lti/launch`);
  };
  const rolesOf = (claims: Record<string, unknown>) =>
    (claims[`${CORE}/roles`] as string[]).map((role) => role.replace('http://purl.imsglobal.org/vocab/lis/v2/', ''));

  test.each([
    ['administrator', '/admin/serik', 'administration'],
    ['tutor', '/my/serik', 'dashboard'],
    ['dean', '/my/serik', 'dashboard'],
  ] as const)('the %s launches at %s what the face says', async (kind, path, place) => {
    const claims = await launchAt(kind, path);
    const { nonce: _, iat: _iat, exp: _exp, ...rest } = claims;
    const { iat: _at, exp: _until, ...told } = bench.lms.siteLaunchClaims(idOf(kind), undefined, place);
    expect(rest).toEqual(told);
    expect(claims[`${CORE}/message_type`]).toBe('LtiResourceLinkRequest');
  });

  test(moodle ? 'the context is the front page' : 'there is no context and no service of one', () => {
    const claims = bench.lms.siteLaunchClaims(idOf('administrator'), undefined, 'administration');
    expect(claims[`${CORE}/context`]).toEqual(
      moodle ? { id: '1', label: 'Demo', title: 'Demo university', type: ['Group'] } : undefined,
    );
    const services = ['lti-ags/claim/endpoint', 'lti-nrps/claim/namesroleservice', 'lti-gs/claim/groupsservice'];
    expect(services.map((name) => claim(claims, name) !== undefined)).toEqual([moodle, moodle, false]);
    expect((claims[`${CORE}/resource_link`] as Record<string, unknown>)['id']).toBe(
      moodle ? '3' : 'site-administration',
    );
  });

  test('roles say what someone is above the courses', () => {
    expect(rolesOf(bench.lms.siteLaunchClaims(idOf('administrator')))).toEqual([
      'institution/person#Administrator',
      'system/person#Administrator',
      ...(moodle ? ['membership#Instructor'] : []),
    ]);
    expect(rolesOf(bench.lms.siteLaunchClaims(idOf('dean')))).toEqual(
      moodle ? ['membership#Instructor'] : ['institution/person#Staff'],
    );
    expect(rolesOf(bench.lms.siteLaunchClaims(idOf('tutor')))).toEqual(
      moodle ? ['membership#Learner'] : ['institution/person#Faculty'],
    );
  });

  test('site administration is for the administrator, the dashboard for staff', async () => {
    const statuses = async (kind: string) => {
      const { browser, page } = await visitAs(bench.lms, idOf(kind), '/admin/serik');
      return [page.status, (await browser.get(`${bench.lms.url}/my/serik`)).status];
    };
    expect([await statuses('administrator'), await statuses('tutor'), await statuses('student')]).toEqual([
      [200, 200],
      [403, 200],
      [403, 403],
    ]);
    const { browser } = await visitAs(bench.lms, idOf('student'), '/');
    const direct = await browser.get(`${bench.lms.url}/mod/lti/launch.php?id=dashboard`);
    expect(direct.status).toBe(403);
  });

  if (!moodle) return;
  test('the roster of the front page is everybody', async () => {
    const claims = bench.lms.siteLaunchClaims(idOf('administrator'));
    const address = String(claim(claims, 'lti-nrps/claim/namesroleservice')?.['context_memberships_url']);
    expect(address).toContain('/services.php/Group/1/');
    const answer = await bench.get(address, TYPE.roster);
    expect((answer.json()['members'] as unknown[]).length).toBe(bench.lms.people.length);
  });
});
