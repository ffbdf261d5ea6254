import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createBrowser, formsOf, submit } from '../../scripts/driver/browser.js';
import { claim, scoreOf, startBench, TYPE, type Bench } from './bench.js';
import { TOOL_CONFIGURATION } from './fake-tool.js';
import { authorizationOf, initiationOf, visitAs } from './walk.js';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const CORE = 'https://purl.imsglobal.org/spec/lti/claim';

describe.each(['standard', 'moodle', 'open-edx'] as const)('A copy of a course in the %s manner', (manner) => {
  const openEdx = manner === 'open-edx';
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner, {
      registration: {
        [TOOL_CONFIGURATION]: {
          custom_parameters: { history: '$Context.id.history' },
          messages: [{ type: 'LtiDeepLinkingRequest' }],
        },
      },
    });
    await select([
      {
        type: 'ltiResourceLink',
        title: 'Map',
        url: `${bench.tool.url}/lti/launch?map`,
        custom: { map: '7' },
        lineItem: { scoreMaximum: 50 },
      },
    ]);
    // Neither the column of "Accept grades" nor one that the tool made is part of an activity.
    if (!openEdx) bench.lms.acceptGrades(bench.course, true);
    await bench.item({ label: 'Made by the tool', resourceId: 'r' });
  });
  afterAll(() => bench.close());

  /** The teacher selects these items, and saves where the LMS asks for it. */
  async function select(items: unknown): Promise<void> {
    const browser = createBrowser();
    const path = `/course/${bench.course}/select?tool=${bench.lms.tools()[0]?.id ?? ''}`;
    const { page } = await visitAs(bench.lms, bench.tutor, path, browser);
    const initiation = await initiationOf(browser, page);
    const answer = await browser.get(authorizationOf(bench.lms, initiation, `${bench.tool.url}/lti/launch`));
    const claims = decodeJwt(formsOf(answer)[0]?.fields['id_token'] ?? '');
    const settings = claim(claims, 'lti-dl/claim/deep_linking_settings') ?? {};
    const now = Math.floor(Date.now() / 1000);
    const jwt = await bench.tool.sign({
      iss: bench.clientId,
      aud: bench.lms.url,
      iat: now,
      exp: now + 60,
      nonce: 'x',
      [`${CORE}/message_type`]: 'LtiDeepLinkingResponse',
      [`${CORE}/version`]: '1.3.0',
      [`${CORE}/deployment_id`]: claims[`${CORE}/deployment_id`],
      [`${DL}/content_items`]: items,
      ...(settings['data'] === undefined ? {} : { [`${DL}/data`]: settings['data'] }),
    });
    const taken = await browser.post(String(settings['deep_link_return_url']), { JWT: jwt });
    if (!openEdx) await submit(browser, taken, '/links');
  }

  test('has its own id, name and activities, no students and no grades', async () => {
    const score = scoreOf(bench.student(0), 40, { scoreMaximum: 50 });
    const [declared] = (await bench.get(bench.lineItems, TYPE.items)).list();
    await bench.score(String(declared?.['id']), score);
    const source = bench.lms.courses[0];
    const copy = bench.lms.copyCourse(bench.course);
    expect(bench.lms.courses.at(-1)).toEqual(copy);
    expect([copy.title, copy.shortName, copy.copyOf]).toEqual([
      `${source?.title} copy 1`,
      `${source?.shortName}_1`,
      bench.course,
    ]);
    expect(copy.id === bench.course).toBe(false);
    const { columns, rows } = bench.lms.gradebook(copy.id);
    expect(rows).toEqual([]);
    expect(columns.map(({ label, maximum }) => [label, maximum])).toEqual(openEdx ? [] : [['Map', 50]]);
    expect(bench.lms.gradebook(bench.course).rows.length).toBe(60);
  });

  test('its staff open it, and its students of before do not', async () => {
    const { id } = bench.lms.copyCourse(bench.course);
    expect((await visitAs(bench.lms, bench.tutor, `/course/${id}`)).page.status).toBe(200);
    expect((await visitAs(bench.lms, bench.student(0), `/course/${id}`)).page.status).toBe(403);
  });

  test('its activities have new resource links and say the same to the tool', async () => {
    const { id } = bench.lms.copyCourse(bench.course);
    const { browser, page } = await visitAs(bench.lms, bench.tutor, `/course/${id}`);
    const path = openEdx ? `/course/${id}/serik` : /href="(\/course\/\d+\/serik\?cm=\d+)"/.exec(page.html)?.[1];
    const view = await browser.get(`${bench.lms.url}${path ?? ''}`);
    const initiation = await initiationOf(browser, view);
    const answer = await browser.get(authorizationOf(bench.lms, initiation, `${bench.tool.url}/lti/launch`));
    const claims = decodeJwt(formsOf(answer)[0]?.fields['id_token'] ?? '');
    expect(claims[`${CORE}/target_link_uri`]).toBe(`${bench.tool.url}/lti/launch?map`);
    expect(claim(claims, 'lti/claim/custom')?.['map']).toBe('7');
    expect(claim(claims, 'lti/claim/context')?.['id']).toBe(id);
    const [before, after] = [bench.course, id].map(
      (course) => claim(bench.lms.launchClaims(course, bench.tutor), 'lti/claim/resource_link')?.['id'],
    );
    expect([typeof after, before === after]).toEqual(['string', false]);
  });

  test('the button of the course page makes one, for teachers only', async () => {
    const { browser, page } = await visitAs(bench.lms, bench.tutor, `/course/${bench.course}`);
    const before = bench.lms.courses.length;
    const made = await submit(browser, page, '/copy');
    expect([bench.lms.courses.length, made.url]).toEqual([
      before + 1,
      `${bench.lms.url}/course/${bench.lms.courses.at(-1)?.id ?? ''}`,
    ]);
    const { browser: student } = await visitAs(bench.lms, bench.student(0), '/');
    expect((await student.post(`${bench.lms.url}/course/${bench.course}/copy`, {})).status).toBe(403);
  });

  if (openEdx) return;
  test('$Context.id.history names the ancestors, nearest first', () => {
    const child = bench.lms.copyCourse(bench.course);
    const grandchild = bench.lms.copyCourse(child.id);
    const history = (course: string) =>
      claim(bench.lms.launchClaims(course, bench.tutor), 'lti/claim/custom')?.['history'];
    expect([history(bench.course), history(child.id), history(grandchild.id)]).toEqual([
      '',
      bench.course,
      `${child.id},${bench.course}`,
    ]);
  });
});
