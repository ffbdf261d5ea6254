import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claim, COURSE, startBench, TYPE, type Bench } from './bench.js';
import { ALL_SCOPES, askToken, call, GROUPS_SCOPE, registrationOf, register } from './fake-tool.js';

const GROUPS = 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json';
const GROUP_SETS = 'application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json';

interface Member {
  user_id: string;
  group_enrollments?: { group_id: string }[];
}

describe('Course groups in the standard manner', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench('standard', {
      registration: { scope: `${ALL_SCOPES} ${GROUPS_SCOPE}` },
      scope: `${ALL_SCOPES} ${GROUPS_SCOPE}`,
    });
  });
  afterAll(() => bench.close());

  const service = () => claim(bench.lms.launchClaims(COURSE, bench.tutor), 'lti-gs/claim/groupsservice') ?? {};
  const address = (name: string) => String(service()[name]);

  test('the launch names the service, and its scope is not one of grades', () => {
    expect(service()).toEqual({
      scope: [GROUPS_SCOPE],
      context_groups_url: `${bench.lms.url}/lti/courses/2/groups`,
      context_group_sets_url: `${bench.lms.url}/lti/courses/2/group-sets`,
      service_versions: ['1.0'],
    });
    const grades = claim(bench.lms.launchClaims(COURSE, bench.tutor), 'lti-ags/claim/endpoint');
    expect(grades?.['scope']).not.toContain(GROUPS_SCOPE);
  });

  test('three groups, two of them in the one set', async () => {
    const groups = await bench.get(address('context_groups_url'), GROUPS);
    expect([groups.status, groups.type, groups.json()['groups']]).toEqual([
      200,
      GROUPS,
      [
        { id: 'group-1', name: 'Seminar A', set_ids: ['set-1'] },
        { id: 'group-2', name: 'Seminar B', set_ids: ['set-1'] },
        { id: 'group-3', name: 'Project team' },
      ],
    ]);
    const sets = await bench.get(address('context_group_sets_url'), GROUP_SETS);
    expect([sets.type, sets.json()['sets']]).toEqual([GROUP_SETS, [{ id: 'set-1', name: 'Seminar groups' }]]);
  });

  test('the other course has none, and an unknown course is 404', async () => {
    const at = (course: string) => bench.get(`${bench.lms.url}/lti/courses/${course}/groups`, GROUPS);
    expect([(await at('3')).json()['groups'], (await at('77')).status]).toEqual([[], 404]);
  });

  test.each([
    ['application/json', 406],
    [GROUP_SETS, 406],
    [undefined, 200],
  ])('Accept: %s is %i', async (accept, status) => {
    expect((await bench.get(address('context_groups_url'), accept)).status).toBe(status);
  });

  test('without the scope there is no entry', async () => {
    const token = String(
      (await askToken(bench.lms, bench.tool, { form: { scope: ALL_SCOPES } })).json()['access_token'],
    );
    const answer = await call(address('context_groups_url'), { headers: { Authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(403);
  });

  test('the roster tells everybody’s groups if asked', async () => {
    const membersOf = async (query: string) =>
      (await bench.get(`${bench.roster}${query}`, TYPE.roster)).json()['members'] as Member[];
    const all = [
      ...(await membersOf('?groups=true')),
      ...(await membersOf('?groups=true&from=25')),
      ...(await membersOf('?groups=true&from=50')),
    ];
    const groupsOf = (id: string) => all.find((member) => member.user_id === id)?.group_enrollments;
    expect([groupsOf(bench.student(0)), groupsOf(bench.student(30)), groupsOf(bench.tutor)]).toEqual([
      [{ group_id: 'group-1' }],
      [{ group_id: 'group-2' }, { group_id: 'group-3' }],
      [],
    ]);
    expect((await membersOf('')).some((member) => 'group_enrollments' in member)).toBe(false);
  });

  test('a tool that did not ask for groups sees none', async () => {
    const { client_id: clientId } = (await register(bench.lms, registrationOf(bench.tool))).json();
    const tool = bench.lms.tools().find((one) => one.clientId === clientId);
    expect(claim(bench.lms.launchClaims(COURSE, bench.tutor, tool?.id), 'lti-gs/claim/groupsservice')).toBeUndefined();
    const token = String((await askToken(bench.lms, bench.tool, { toolId: tool?.id ?? '' })).json()['access_token']);
    const answer = await call(`${bench.roster}?groups=true`, {
      headers: { Authorization: `Bearer ${token}`, Accept: TYPE.roster },
    });
    expect((answer.json()['members'] as Member[]).some((member) => 'group_enrollments' in member)).toBe(false);
  });
});

describe('Course groups in the moodle manner', () => {
  test('are not there', async () => {
    const bench = await startBench('moodle', { registration: { scope: `${ALL_SCOPES} ${GROUPS_SCOPE}` } });
    try {
      expect(claim(bench.lms.launchClaims(COURSE, bench.tutor), 'lti-gs/claim/groupsservice')).toBeUndefined();
      const answer = await bench.get(`${bench.roster}?groups=true`, TYPE.roster);
      expect(answer.text).not.toContain('group_enrollments');
      expect((await bench.get(`${bench.lms.url}/lti/courses/2/groups`, GROUPS)).status).toBe(404);
    } finally {
      await bench.close();
    }
  });
});
