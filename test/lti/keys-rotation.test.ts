import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { formsOf, textOf } from '../../scripts/driver/browser.js';
import { SCOPES, type Platform } from '../../src/lti/index.js';
import { CLAIM, csrfOf, DL, NRPS, open, personOf, until, without, type Claims } from '../support/crafted-launch.js';
import { besideTheTool, type BesideTheTool } from '../support/tool-stores.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const ROTATIONS = 4;
/** Within two seconds a process that runs picks up what another one rotated. */
const NOTICED_MS = 2_300;
const ROSTER = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

describe.each(['standard', 'moodle'] as const)('the tool’s keys are rotated while a %s LMS is at work', (manner) => {
  let tool: TestTool;
  let beside: BesideTheTool;
  let platform: Platform;
  beforeAll(async () => {
    tool = await startTestTool(manner);
    beside = await besideTheTool(tool);
    const [found] = await tool.app.platforms.ofIssuer(tool.lms.url);
    if (!found) throw new Error('The LMS is not registered');
    platform = found;
  }, 60_000);
  afterAll(async () => {
    tool.clock.offsetMs = 0;
    await beside.close();
    await tool.close();
  });

  const shown = async (): Promise<string[]> =>
    ((await (await fetch(`${tool.url}/lti/keys`)).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  const ofPlatform = async () => (await beside.stores.toolKeys.states(platform.key)).map(({ kid }) => kid);
  const rotate = () => beside.stores.toolKeys.rotate(platform.key, { leadMinutes: 0, overlapMinutes: 60 });

  const asking = (claims: Claims): Claims => ({
    ...without(claims, `${CLAIM}/resource_link`),
    [`${CLAIM}/message_type`]: 'LtiDeepLinkingRequest',
    [`${DL}/deep_linking_settings`]: {
      accept_types: ['ltiResourceLink'],
      deep_link_return_url: `${tool.lms.url}/return`,
    },
  });

  /** A deep-linking answer of the running tool, checked against what it shows at that moment; gives its key id. */
  async function signedByTheTool(): Promise<string> {
    const { page, browser } = await open(tool, { change: asking });
    const form = { _csrf: csrfOf(page), place: 'tool' };
    const done = await browser.post(page.url, form, { Origin: tool.url });
    const jwt = formsOf(done).find(({ fields }) => 'JWT' in fields)?.fields['JWT'] ?? '';
    await jwtVerify(jwt, createRemoteJWKSet(new URL(`${tool.url}/lti/keys`)), { issuer: platform.clientId });
    return decodeProtectedHeader(jwt).kid ?? '';
  }

  test('no launch, no service call and no answer fails; old and new keys are shown together', async () => {
    const neighbour = await startTestTool(manner);
    const tutor = await open(tool);
    await until(async () => textOf(await tutor.browser.get(`${tutor.home}/students`)).includes('Course list read'));
    const membershipsUrl = (tutor.claims[NRPS] as { context_memberships_url: string }).context_memberships_url;
    const from = tool.lms.log.length;
    const before = await shown();

    let going = true;
    const outcomes = { launches: [] as number[], calls: [] as number[], answers: [] as string[], reads: 0 };
    const atWork = (work: () => Promise<void>) => async () => {
      while (going) {
        await work();
        await sleep(20);
      }
    };
    let nth = 0;
    const work = [
      atWork(async () => {
        outcomes.launches.push((await open(tool, { person: personOf(tool.lms, 'student', nth++ % 60) })).page.status);
      }),
      // Each call of this process signs an assertion of its own.
      atWork(async () => {
        const request = { method: 'GET', url: membershipsUrl, accept: ROSTER } as const;
        const answer = await beside.callLms(platform.key, [SCOPES.roster], request, { freshToken: true });
        outcomes.calls.push(answer.status);
      }),
      // And so does the tool, whose tokens the LMS forgets all the time.
      atWork(async () => {
        const page = await tutor.browser.get(`${tutor.home}/students`);
        await tutor.browser.post(`${tutor.home}/students/read`, { _csrf: csrfOf(page) }, { Origin: tool.url });
        outcomes.reads += 1;
        await sleep(300);
      }),
      atWork(async () => void outcomes.answers.push(await signedByTheTool())),
    ].map((start) => start());

    const kids = await ofPlatform();
    for (let n = 0; n < ROTATIONS; n += 1) {
      const { kid } = await rotate();
      kids.push(kid);
      expect(await shown()).toEqual(expect.arrayContaining([...before, ...kids]));
      tool.lms.endTokens();
      await sleep(n % 2 === 0 ? 500 : NOTICED_MS);
    }
    await sleep(NOTICED_MS);
    const newest = kids.at(-1) ?? '';
    expect(await signedByTheTool()).toBe(newest);
    going = false;
    await Promise.all(work);

    expect(outcomes.launches.length).toBeGreaterThan(ROTATIONS);
    expect(outcomes.launches.filter((status) => status !== 200)).toEqual([]);
    expect(outcomes.calls.length).toBeGreaterThan(ROTATIONS);
    // A token that the LMS forgot between being given and being used is asked for once more; nothing else may be refused.
    expect(outcomes.calls.filter((status) => status !== 200 && status !== 401)).toEqual([]);
    expect(outcomes.calls.filter((status) => status === 401).length).toBeLessThanOrEqual(ROTATIONS);
    expect(outcomes.answers.length).toBeGreaterThan(0);
    expect(kids).toEqual(expect.arrayContaining([...new Set(outcomes.answers)]));
    const tokens = tool.lms.log.slice(from).filter(({ service }) => service === 'token');
    expect(tokens.length).toBeGreaterThan(ROTATIONS);
    expect(tokens.filter(({ status }) => status !== 200)).toEqual([]);
    expect(outcomes.reads).toBeGreaterThan(0);
    await until(async () => textOf(await tutor.browser.get(`${tutor.home}/students`)).includes('Course list read'));

    // The LMS next door has a key of its own, which nobody touched.
    const [other] = await tool.app.platforms.ofIssuer(neighbour.lms.url);
    const theirs = await beside.stores.toolKeys.states(other?.key ?? '');
    expect(theirs.map(({ state }) => state)).toEqual(['current']);
    expect(kids).not.toContain(theirs[0]?.kid);
    await neighbour.close();
  }, 90_000);

  test('while the overlap lasts the old keys are shown, after it only the one that signs', async () => {
    const all = await ofPlatform();
    expect(all).toHaveLength(ROTATIONS + 1);
    const [current] = (await beside.stores.toolKeys.states(platform.key)).filter(({ state }) => state === 'current');
    try {
      tool.clock.offsetMs = 58 * 60_000;
      expect(await shown()).toEqual(expect.arrayContaining(all));
      tool.clock.offsetMs = 61 * 60_000;
      const left = (await shown()).filter((kid) => all.includes(kid));
      expect(left).toEqual([current?.kid]);
    } finally {
      tool.clock.offsetMs = 0;
    }
    expect(await signedByTheTool()).toBe(current?.kid);
  });

  test('with a lead the new key is shown at once and signs only when its time has come', async () => {
    const [before] = (await beside.stores.toolKeys.states(platform.key)).filter(({ state }) => state === 'current');
    const next = await beside.stores.toolKeys.rotate(platform.key, { leadMinutes: 10, overlapMinutes: 60 });
    expect(await shown()).toEqual(expect.arrayContaining([before?.kid, next.kid]));
    await sleep(NOTICED_MS);
    expect(await signedByTheTool()).toBe(before?.kid);
    const states = await beside.stores.toolKeys.states(platform.key);
    expect(states.find(({ kid }) => kid === next.kid)?.state).toBe('next');
  });

  test('what is shown at /lti/keys is public keys and nothing else', async () => {
    const { keys } = (await (await fetch(`${tool.url}/lti/keys`)).json()) as { keys: Record<string, unknown>[] };
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
      expect(key).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig' });
    }
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
  });
});
