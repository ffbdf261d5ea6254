import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { createBrowser, textOf } from '../../scripts/driver/browser.js';
import { answer, begin, CLAIM, type Begun } from '../support/hand-made-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const without = (claims: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

describe.each(['standard', 'moodle'] as const)('a bad launch from a %s LMS', (manner) => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool(manner);
  }, 60_000);
  afterAll(() => tool.close());

  /** Sends what this change makes of a good answer. */
  async function sent(change: (begun: Begun) => Record<string, unknown>) {
    const begun = await begin(tool);
    const idToken = await tool.lms.signIdToken(change(begun));
    return answer(tool, begun.browser, { id_token: idToken, state: begun.state });
  }

  const refused = (page: { status: number; html: string }, title: string) => {
    expect(page.status).toBe(401);
    expect(textOf(page as never)).toContain(title);
    // It says what to do, gives a number for support, and no session.
    expect(textOf(page as never)).toMatch(
      /[Oo]pen (Serik|it)|Send this number|Go to a course page|Ask your LMS administrator|Go back/,
    );
    expect(page.html).toMatch(/[0-9A-F]{4}-[0-9A-F]{4}/);
  };

  test('a good one is let in, so that the refusals below mean something', async () => {
    const begun = await begin(tool);
    const page = await answer(tool, begun.browser, {
      id_token: await tool.lms.signIdToken(begun.claims),
      state: begun.state,
    });
    expect(page.status).toBe(200);
    expect(page.url).toMatch(/\/c\/[\w-]+\/$/);
    expect(Object.keys(begun.browser.cookies(new URL(tool.url).host))).toContain('serik');
  });

  test('no state', async () => {
    const begun = await begin(tool);
    refused(
      await answer(tool, begun.browser, { id_token: await tool.lms.signIdToken(begun.claims) }),
      'without the mark that we gave it',
    );
  });

  test('a state of another browser', async () => {
    const [victim, stranger] = [await begin(tool), await begin(tool)];
    const form = { id_token: await tool.lms.signIdToken(victim.claims), state: victim.state };
    refused(await answer(tool, stranger.browser, form), 'begun in another browser');
    // The stranger could not spend it: the browser that began it still gets in.
    expect((await answer(tool, victim.browser, form)).status).toBe(200);
  });

  test('a browser that kept no cookie', async () => {
    const begun = await begin(tool);
    const form = { id_token: await tool.lms.signIdToken(begun.claims), state: begun.state };
    refused(await answer(tool, createBrowser(), form), 'Your browser blocks sign-in');
  });

  test('an invented state', async () => {
    const begun = await begin(tool);
    const form = { id_token: await tool.lms.signIdToken(begun.claims), state: 'x'.repeat(43) };
    refused(await answer(tool, begun.browser, form), 'used already, or is too old');
  });

  test('a nonce of another login', async () => {
    const other = await begin(tool);
    refused(
      await sent(({ claims }) => ({ ...claims, nonce: other.nonce })),
      'does not belong to the sign-in that you began',
    );
  });

  test('no nonce', async () => {
    refused(await sent(({ claims }) => without(claims, 'nonce')), 'The LMS could not sign you in');
  });

  test('a replay, also by many at once', async () => {
    const begun = await begin(tool);
    const form = { id_token: await tool.lms.signIdToken(begun.claims), state: begun.state };
    const pages = await Promise.all(Array.from({ length: 20 }, () => answer(tool, begun.browser, form)));
    expect(pages.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(pages.length - 1).fill(401)]);
    refused(await answer(tool, begun.browser, form), 'used already, or is too old');
  });

  test('expired', async () => {
    const now = Math.floor(Date.now() / 1000);
    refused(
      await sent(({ claims }) => ({ ...claims, iat: now - 3700, exp: now - 100 })),
      'had expired before it came here',
    );
  });

  test('expired for less than the tolerance is let in', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect((await sent(({ claims }) => ({ ...claims, iat: now - 90, exp: now - 30 }))).status).toBe(200);
  });

  test('a clock ahead by more than the tolerance', async () => {
    const now = Math.floor(Date.now() / 1000);
    refused(
      await sent(({ claims }) => ({ ...claims, iat: now + 90, exp: now + 150 })),
      'The clocks of the two servers differ',
    );
  });

  test('a clock ahead by less than the tolerance is let in', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect((await sent(({ claims }) => ({ ...claims, iat: now + 50, exp: now + 110 }))).status).toBe(200);
  });

  test('another audience', async () => {
    refused(await sent(({ claims }) => ({ ...claims, aud: 'another-tool' })), 'meant for another tool');
  });

  test('several audiences without azp', async () => {
    refused(
      await sent(({ claims }) => ({ ...without(claims, 'azp'), aud: [claims['aud'], 'another-tool'] })),
      'meant for another tool',
    );
  });

  test('another issuer', async () => {
    refused(await sent(({ claims }) => ({ ...claims, iss: 'https://evil.example' })), 'We do not know this LMS');
  });

  test('an unknown deployment', async () => {
    refused(await sent(({ claims }) => ({ ...claims, [`${CLAIM}/deployment_id`]: '999' })), 'waits for approval');
  });

  test('a wrong algorithm', async () => {
    const begun = await begin(tool);
    const idToken = await new SignJWT(begun.claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'any' })
      .sign(new TextEncoder().encode('the public key, taken for a shared secret'));
    refused(
      await answer(tool, begun.browser, { id_token: idToken, state: begun.state }),
      'in a way that we do not accept',
    );
  });

  test('unsigned', async () => {
    const begun = await begin(tool);
    const idToken = new UnsecuredJWT(begun.claims).encode();
    refused(await answer(tool, begun.browser, { id_token: idToken, state: begun.state }), 'LMS');
  });

  test('signed by a key that the LMS does not publish', async () => {
    const begun = await begin(tool);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const idToken = await new SignJWT(begun.claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'invented' })
      .sign(privateKey);
    refused(
      await answer(tool, begun.browser, { id_token: idToken, state: begun.state }),
      'signature of its message is not right',
    );
  });

  test('missing roles', async () => {
    refused(await sent(({ claims }) => without(claims, `${CLAIM}/roles`)), 'did not say who you are');
  });

  test('roles of no use here', async () => {
    const page = await sent(({ claims }) => ({ ...claims, [`${CLAIM}/roles`]: [] }));
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain('Your role in this course is not served here');
    expect(page.headers.get('content-security-policy')).toContain('frame-ancestors *');
  });

  test('missing context', async () => {
    const page = await sent(({ claims }) => ({
      ...without(claims, `${CLAIM}/context`),
      sub: 'somebody who teaches nowhere',
      [`${CLAIM}/roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
    }));
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain('Open Serik inside a course');
  });

  test.each(['sub', `${CLAIM}/version`, `${CLAIM}/message_type`, `${CLAIM}/deployment_id`])(
    'missing %s',
    async (name) => {
      const page = await sent(({ claims }) => without(claims, name));
      expect(page.status).toBe(401);
    },
  );

  test('another message type', async () => {
    refused(
      await sent(({ claims }) => ({ ...claims, [`${CLAIM}/message_type`]: 'LtiStartProctoring' })),
      'cannot do what the LMS asked',
    );
  });

  test('a target that is not ours', async () => {
    refused(
      await sent(({ claims }) => ({ ...claims, [`${CLAIM}/target_link_uri`]: 'https://evil.example/launch' })),
      'This link leads elsewhere',
    );
  });

  test('an error of the LMS in place of a token', async () => {
    const begun = await begin(tool);
    refused(
      await answer(tool, begun.browser, { error: 'access_denied', state: begun.state }),
      'The LMS refused the sign-in',
    );
  });

  test('a login from an LMS that is not registered', async () => {
    const page = await createBrowser().get(
      `${tool.url}/lti/login?iss=https%3A%2F%2Fevil.example&login_hint=1&target_link_uri=${encodeURIComponent(`${tool.url}/lti/launch`)}`,
    );
    refused(page, 'We do not know this LMS');
  });

  test('a login that lacks its parts', async () => {
    refused(
      await createBrowser().get(`${tool.url}/lti/login?iss=${encodeURIComponent(tool.lms.url)}`),
      'is not complete',
    );
  });

  test.each(['a b;c', '\r\nSet-Cookie: x=1', '__proto__', '{"$gt":""}', 'x'.repeat(50_000), 'Ә'])(
    'a hostile state is refused, and the tool lives on: %#',
    async (state) => {
      for (const token of ['', 'x', 'a.b.c']) {
        const page = await createBrowser().post(
          `${tool.url}/lti/launch`,
          token === '' ? { state } : { state, id_token: token },
        );
        expect([401, 413]).toContain(page.status);
      }
      expect((await fetch(`${tool.url}/healthz`)).status).toBe(200);
    },
  );

  test('a state that is no text is refused, and the tool lives on', async () => {
    for (const body of [{ id_token: 'x', state: {} }, { state: [] }, { id_token: {}, state: 1 }, [], 'text'])
      expect((await createBrowser().json('POST', `${tool.url}/lti/launch`, body)).status).toBeGreaterThanOrEqual(400);
    expect((await fetch(`${tool.url}/healthz`)).status).toBe(200);
  });

  test('what is refused before there is a session may be shown in any frame: it must not stay blank', async () => {
    const pages = [
      await createBrowser().get(`${tool.url}/lti/login?iss=nobody`),
      await createBrowser().post(`${tool.url}/lti/launch`, { id_token: 'x', state: 'y' }),
      await createBrowser().get(`${tool.url}/enter?code=old`),
      await createBrowser().get(`${tool.url}/c/nowhere/`),
    ];
    for (const page of pages) expect(page.headers.get('content-security-policy')).toContain('frame-ancestors *');
  });

  test('a token in the address (ltik) opens nothing', async () => {
    const page = await createBrowser().post(`${tool.url}/lti/launch?ltik=abc`, { ltik: 'abc' });
    expect(page.status).toBe(401);
  });
});
