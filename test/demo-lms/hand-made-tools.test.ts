import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Tool } from '../../scripts/demo-lms/index.js';
import { formsOf, submit } from '../../scripts/driver/browser.js';
import { claim, COURSE, MANNERS, startBench, TYPE, type Bench } from './bench.js';
import { addedByHand, askToken, call, startFakeTool, type FakeTool } from './fake-tool.js';
import { authorizationOf, initiationOf, launchedFrom, visitAs } from './walk.js';

const CORE = 'https://purl.imsglobal.org/spec/lti/claim';

describe.each(MANNERS)('Tools added by hand in the %s manner', (manner) => {
  const moodle = manner === 'moodle';
  let bench: Bench;
  let second: FakeTool;
  let tool: Tool;

  beforeAll(async () => {
    bench = await startBench(manner);
    second = await startFakeTool();
    tool = addedByHand(bench.lms, second, { name: 'Second tool' });
  });
  afterAll(() => Promise.all([bench.close(), second.close()]));

  const first = () => bench.lms.tools()[0]?.id ?? '';

  test('the tool is active at once, with a client of its own at the same issuer', () => {
    expect(tool).toMatchObject({ name: 'Second tool', state: 'active', redirectUris: [`${second.url}/lti/launch`] });
    expect(tool.deploymentId === tool.id).toBe(moodle);
    const [one, two] = [bench.lms.connection(first()), bench.lms.connection(tool.id)];
    expect([one.issuer, one.tokenEndpoint, one.clientId === two.clientId]).toEqual([
      two.issuer,
      two.tokenEndpoint,
      false,
    ]);
  });

  test('the form on the page adds one, too', async () => {
    const administrator = bench.lms.people.find(({ kind }) => kind === 'administrator')?.id ?? '';
    const { browser, page } = await visitAs(bench.lms, administrator, '/admin/tools/by-hand');
    const before = bench.lms.tools().length;
    await submit(browser, page, '/by-hand', {
      name: 'From the page',
      initiateLoginUri: 'https://tool.test/login',
      targetLinkUri: 'https://tool.test/launch',
      redirectUris: 'https://tool.test/launch',
      jwksUri: 'https://tool.test/keys',
    });
    expect(bench.lms.tools().slice(before)).toMatchObject([{ name: 'From the page', state: 'active' }]);
    expect((await visitAs(bench.lms, bench.tutor, '/admin/tools/by-hand')).page.status).toBe(403);
  });

  test('two clients work in one course, each with its own activity, audience and line items', async () => {
    const link = bench.lms.addActivity(COURSE, tool.id);
    const { browser, page } = await visitAs(bench.lms, bench.tutor, `/course/${COURSE}`);
    expect(page.html).toContain('Second tool');
    const cm = /serik\?cm=([\w-]+)/.exec(page.html)?.[1] ?? '';
    const view = await browser.get(`${bench.lms.url}/course/${COURSE}/serik?cm=${cm}`);
    const claims = await launchedFrom(bench.lms, browser, view, `${second.url}/lti/launch`);
    const resourceLink = claims[`${CORE}/resource_link`] as Record<string, unknown>;
    expect([claims.aud, claims.iss, resourceLink['id']]).toEqual([tool.clientId, bench.lms.url, link.id]);
    const own = bench.lms.launchClaims(COURSE, bench.tutor);
    expect([own['aud'], claim(own, 'lti/claim/resource_link')?.['id']]).toEqual([bench.clientId, '1']);

    const token = String((await askToken(bench.lms, second, { toolId: tool.id })).json()['access_token']);
    await bench.item({ label: 'Of the first' });
    const endpoint = claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'] as Record<string, unknown>;
    const items = await call(String(endpoint['lineitems']), {
      headers: { Authorization: `Bearer ${token}`, Accept: TYPE.items },
    });
    expect([items.status, items.list()]).toEqual([200, []]);
    await bench.clear();
  });

  test('the teacher adds an activity of either on the course page', async () => {
    const { browser, page } = await visitAs(bench.lms, bench.tutor, '/course/2');
    const after = await submit(browser, page, '/activities', { tool: tool.id });
    expect(after.html.split('>Second tool</a>').length).toBeGreaterThan(page.html.split('>Second tool</a>').length);
  });

  test('a key of one tool opens no token of the other', async () => {
    expect((await askToken(bench.lms, bench.tool, { toolId: tool.id })).status).toBe(moodle ? 400 : 401);
  });

  if (moodle) {
    test('there is one deployment for the whole site', () => {
      expect(() => bench.lms.addDeployment(first())).toThrow('one deployment');
    });
    return;
  }

  test('a course launches the deployment that it was given, in the initiation and in the claim', async () => {
    const deployment = bench.lms.addDeployment(first());
    const course = bench.lms.courses[1]?.id ?? '';
    bench.lms.deployIn(course, first(), deployment);
    expect(() => bench.lms.deployIn(course, first(), 'unknown')).toThrow();
    const { browser, page } = await visitAs(bench.lms, bench.tutor, `/course/${course}/serik`);
    const initiation = await initiationOf(browser, page);
    const answer = await browser.get(authorizationOf(bench.lms, initiation, `${bench.tool.url}/lti/launch`));
    const claims = decodeJwt(formsOf(answer)[0]?.fields['id_token'] ?? '');
    expect([initiation.fields['lti_deployment_id'], claims[`${CORE}/deployment_id`]]).toEqual([deployment, deployment]);
    const other = bench.lms.launchClaims(COURSE, bench.tutor)[`${CORE}/deployment_id`];
    expect([other === deployment, other]).toEqual([false, bench.lms.connection(first()).deploymentId]);
  });
});
