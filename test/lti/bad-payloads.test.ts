import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { createBrowser } from '../../scripts/driver/browser.js';
import { registerTool } from '../../scripts/driver/launch.js';
import {
  beginLogin,
  CLAIM,
  contextRole,
  DL,
  expectRefused,
  goodClaims,
  hasSession,
  open,
  postAnswer,
  without,
  type Claims,
  type Login,
} from '../support/crafted-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const INCOMPLETE = 'message is not complete';
const SIGNATURE = 'signature of its message is not right';
const AUDIENCE = 'meant for another tool';
const ISSUER = 'We do not know this LMS';

const seconds = () => Math.floor(Date.now() / 1000);

/** 1EdTech LTI 1.3 tool certification: "Known Bad Payloads", and the tricks with keys and issuers around it. */
describe.each(['standard', 'moodle'] as const)('known bad payloads of a %s LMS', (manner) => {
  let tool: TestTool;
  let jwks: string;
  beforeAll(async () => {
    tool = await startTestTool(manner);
    jwks = (await tool.app.platforms.ofIssuer(tool.lms.url))[0]?.jwksUrl ?? '';
  }, 60_000);
  afterAll(() => tool.close());

  const changed = (change: (claims: Claims) => Claims) => open(tool, { change });

  /** Sends what this makes of a good login and its claims: a token signed in a way of its own. */
  async function tokenOf(make: (claims: Claims, login: Login) => string | Promise<string>) {
    const login = await beginLogin(tool);
    const idToken = await make(goodClaims(tool, login), login);
    const page = await postAnswer(tool, login.browser, { id_token: idToken, state: login.state });
    return { page, browser: login.browser };
  }

  const strangersKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const publishedKeys = async () =>
    ((await (await fetch(jwks)).json()) as { keys: (JsonWebKey & { kid: string })[] }).keys;

  test('the payload that all others are made of is good', async () => {
    const { page, browser } = await changed((claims) => claims);
    expect(page.status).toBe(200);
    expect(hasSession(tool, browser)).toBe(true);
  });

  describe('the key', () => {
    test('no kid is passed in the header: an LMS that publishes several keys does not say which', async () => {
      expectRefused(
        tool,
        await tokenOf((claims) => tool.lms.signIdToken(claims, { header: { kid: undefined } })),
        SIGNATURE,
      );
    });

    test('an incorrect kid is passed in the header', async () => {
      expectRefused(
        tool,
        await tokenOf((claims) => tool.lms.signIdToken(claims, { kid: 'imstester_66067' })),
        SIGNATURE,
      );
    });

    test('the kid of a published key, but the signature of another one', async () => {
      const [first] = await publishedKeys();
      expectRefused(
        tool,
        await tokenOf((claims) => tool.lms.signIdToken(claims, { kid: first?.kid ?? '', privateKey: strangersKey })),
        SIGNATURE,
      );
    });

    test.each(['../../../../dev/null', '/etc/passwd', 'https://evil.example/jwks', "' OR 1=1 --", '__proto__', ''])(
      'a kid that plays tricks (%p) finds no key',
      async (kid) => {
        expectRefused(
          tool,
          await tokenOf((claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(strangersKey)),
          SIGNATURE,
        );
      },
    );

    test('a key that comes along in the header (jwk, jku, x5u) is not looked at', async () => {
      const jwk = createPublicKey(strangersKey).export({ format: 'jwk' }) as Record<string, string>;
      const headers: Record<string, unknown>[] = [
        { jwk },
        { jku: 'https://evil.example/jwks.json' },
        { x5u: 'https://evil.example/cert.pem' },
      ];
      for (const header of headers)
        expectRefused(
          tool,
          await tokenOf((claims) =>
            new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'mine', ...header }).sign(strangersKey),
          ),
          SIGNATURE,
        );
    });

    test('alg none, with and without a signature that was left over', async () => {
      const [first] = await publishedKeys();
      const none = (claims: Claims) => {
        const [, payload = ''] = new UnsecuredJWT(claims).encode().split('.');
        const header = Buffer.from(JSON.stringify({ alg: 'none', kid: first?.kid })).toString('base64url');
        return `${header}.${payload}.`;
      };
      expectRefused(tool, await tokenOf(none), 'in a way that we do not accept');
      expectRefused(
        tool,
        await tokenOf(async (claims) => {
          const [, , signature = ''] = (await tool.lms.signIdToken(claims)).split('.');
          return `${none(claims)}${signature}`;
        }),
        'in a way that we do not accept',
      );
    });

    test('HS256 with the LMS’s public key as the shared secret', async () => {
      const [first] = await publishedKeys();
      const publicKey = createPublicKey({ key: first as JsonWebKey, format: 'jwk' });
      for (const secret of [
        publicKey.export({ format: 'pem', type: 'spki' }),
        publicKey.export({ format: 'der', type: 'spki' }),
        JSON.stringify(first),
      ])
        expectRefused(
          tool,
          await tokenOf((claims) =>
            new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: first?.kid ?? '' }).sign(Buffer.from(secret)),
          ),
          'in a way that we do not accept',
        );
    });

    test('a signature with a byte changed, cut off, or of other claims', async () => {
      const spoil: ((token: string) => string)[] = [
        (token) => token.slice(0, -6) + (token.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'),
        (token) => token.slice(0, token.lastIndexOf('.') + 1),
        (token) => {
          const [header = '', , signature = ''] = token.split('.');
          const claims = Buffer.from(JSON.stringify({ sub: 'somebody else' })).toString('base64url');
          return `${header}.${claims}.${signature}`;
        },
      ];
      for (const change of spoil)
        expectRefused(tool, await tokenOf(async (claims) => change(await tool.lms.signIdToken(claims))), SIGNATURE);
    });

    test('an invalid LTI message: what is no token at all', async () => {
      for (const token of ['x', 'a.b', 'a.b.c', '..', '{}', `${'a'.repeat(50_000)}.b.c`, 'ә.ә.ә'])
        expectRefused(tool, await tokenOf(() => token), 'The LMS could not sign you in');
    });
  });

  describe('what the message says of itself', () => {
    test('wrong LTI version', async () => {
      for (const version of ['11.3', '1.1', '1.3', '2.0.0', 1.3, ['1.3.0'], { version: '1.3.0' }, null])
        expectRefused(tool, await changed((claims) => ({ ...claims, [`${CLAIM}/version`]: version })), INCOMPLETE);
    });

    test('no LTI version', async () => {
      expectRefused(tool, await changed((claims) => without(claims, `${CLAIM}/version`)), INCOMPLETE);
    });

    test('missing LTI claims: nothing but what OpenID Connect asks for', async () => {
      const { page, browser } = await changed((claims) =>
        Object.fromEntries(Object.entries(claims).filter(([name]) => !name.includes('/claim/'))),
      );
      expectRefused(tool, { page, browser }, 'LMS');
      expect(page.html).toMatch(/not complete|not say who you are|not let in/);
    });

    test('message type claim missing, empty, of another kind or no text', async () => {
      expectRefused(tool, await changed((claims) => without(claims, `${CLAIM}/message_type`)), INCOMPLETE);
      for (const type of ['', 'ltiresourcelinkrequest', 'basic-lti-launch-request', 'constructor'])
        expectRefused(
          tool,
          await changed((claims) => ({ ...claims, [`${CLAIM}/message_type`]: type })),
          'cannot do what the LMS asked',
        );
      for (const type of [['LtiResourceLinkRequest'], 1, null])
        expectRefused(tool, await changed((claims) => ({ ...claims, [`${CLAIM}/message_type`]: type })), INCOMPLETE);
    });

    test('role claim missing, null or no list', async () => {
      expectRefused(tool, await changed((claims) => without(claims, `${CLAIM}/roles`)), 'did not say who you are');
      for (const roles of [null, contextRole('Instructor'), { 0: contextRole('Instructor') }, [null], [[]]])
        expectRefused(
          tool,
          await changed((claims) => ({ ...claims, [`${CLAIM}/roles`]: roles })),
          'did not say who you are',
        );
    });

    test('deployment id claim missing, empty or no text', async () => {
      expectRefused(tool, await changed((claims) => without(claims, `${CLAIM}/deployment_id`)), 'is not let in');
      for (const deployment of ['', null, 1, ['1'], 'x'.repeat(256)])
        expectRefused(
          tool,
          await changed((claims) => ({ ...claims, [`${CLAIM}/deployment_id`]: deployment })),
          'is not let in',
        );
    });

    test('a deployment other than the one that the login named', async () => {
      const refused = await open(tool, { params: { lti_deployment_id: 'another' } });
      expectRefused(tool, refused, 'is not let in');
    });

    test('sub claim missing, empty or no text: nobody is let in without a name', async () => {
      for (const change of [
        (claims: Claims) => without(claims, 'sub'),
        ...['', null, 17, ['17'], 'x'.repeat(256)].map((sub) => (claims: Claims) => ({ ...claims, sub })),
      ])
        expectRefused(tool, await changed(change), INCOMPLETE);
    });

    test('a context without an id is no course', async () => {
      for (const context of [{}, { id: '' }, { id: null }, { id: 2 }, 'course', []])
        expectRefused(
          tool,
          await changed((claims) => ({ ...claims, [`${CLAIM}/context`]: context })),
          'Open Serik inside a course',
        );
    });

    test('resource link id claim missing is let in: Serik is keyed by the course and asks the link for nothing', async () => {
      const { page, courseId } = await changed((claims) => without(claims, `${CLAIM}/resource_link`));
      expect(page.status).toBe(200);
      // It is the very course that a launch with the link opens.
      expect(courseId).toBe((await open(tool)).courseId);
    });

    test('a resource link without an id, or with an empty one, is refused', async () => {
      for (const link of [{}, { id: '' }, { id: 5 }, null, 'link'])
        expectRefused(tool, await changed((claims) => ({ ...claims, [`${CLAIM}/resource_link`]: link })), INCOMPLETE);
    });

    test('target link uri claim missing is let in where the login named a target of ours; a foreign one is refused', async () => {
      const { page } = await changed((claims) => without(claims, `${CLAIM}/target_link_uri`));
      expect(page.status).toBe(200);
      for (const target of ['https://evil.example/', `${tool.url}.evil.example/`, 'javascript:alert(1)', '//evil'])
        expectRefused(
          tool,
          await changed((claims) => ({ ...claims, [`${CLAIM}/target_link_uri`]: target })),
          'This link leads elsewhere',
        );
    });

    test('deep linking without its settings', async () => {
      for (const settings of [undefined, {}, { accept_types: 'ltiResourceLink' }, { deep_link_return_url: 'x' }])
        expectRefused(
          tool,
          await changed((claims) => ({
            ...claims,
            [`${CLAIM}/message_type`]: 'LtiDeepLinkingRequest',
            [`${DL}/deep_linking_settings`]: settings,
          })),
          INCOMPLETE,
        );
    });
  });

  describe('timestamps incorrect', () => {
    test('both in the past', async () => {
      expectRefused(tool, await changed((claims) => ({ ...claims, iat: 11_111, exp: 22_222 })), 'had expired');
    });

    test('both in the far future', async () => {
      expectRefused(
        tool,
        await changed((claims) => ({ ...claims, iat: seconds() + 86_400, exp: seconds() + 90_000 })),
        'clocks of the two servers differ',
      );
    });

    test('milliseconds in place of seconds', async () => {
      expectRefused(
        tool,
        await changed((claims) => ({ ...claims, iat: Date.now(), exp: Date.now() + 60_000 })),
        'clocks of the two servers differ',
      );
    });

    test('not good before a later time', async () => {
      expectRefused(
        tool,
        await changed((claims) => ({ ...claims, nbf: seconds() + 3600 })),
        'clocks of the two servers differ',
      );
    });

    test.each(['iat', 'exp'])('%s missing, text, null or a list', async (name) => {
      for (const change of [
        (claims: Claims) => without(claims, name),
        ...[String(seconds()), null, [seconds()], {}].map((value) => (claims: Claims) => ({
          ...claims,
          [name]: value,
        })),
      ])
        expectRefused(tool, await changed(change), 'LMS');
    });
  });

  describe('the nonce', () => {
    test('missing, null, empty, a number or a list', async () => {
      expectRefused(tool, await changed((claims) => without(claims, 'nonce')), 'could not sign you in');
      for (const nonce of [null, '', 5, [], {}])
        expectRefused(tool, await changed((claims) => ({ ...claims, nonce })), 'could not sign you in');
      expectRefused(
        tool,
        await changed((claims) => ({ ...claims, nonce: [claims['nonce']] })),
        'could not sign you in',
      );
    });

    test('of the right length in other letters: refused in words, as any wrong one', async () => {
      expectRefused(
        tool,
        await changed((claims) => ({ ...claims, nonce: 'Ә'.repeat(String(claims['nonce']).length) })),
        'does not belong to the sign-in that you began',
      );
    });
  });

  describe('the audience', () => {
    test('several audiences with ours as azp are let in', async () => {
      const { page } = await changed((claims) => ({
        ...claims,
        aud: ['another-tool', claims['aud']],
        azp: claims['aud'],
      }));
      expect(page.status).toBe(200);
    });

    test('several audiences with another azp, and ours alone with another azp', async () => {
      const azp = 'another-tool';
      expectRefused(tool, await changed((claims) => ({ ...claims, aud: [claims['aud'], azp], azp })), AUDIENCE);
      expectRefused(tool, await changed((claims) => ({ ...claims, azp })), AUDIENCE);
      expectRefused(tool, await changed((claims) => ({ ...claims, azp: [claims['aud']] })), AUDIENCE);
      expectRefused(tool, await changed((claims) => ({ ...claims, azp: null })), AUDIENCE);
    });

    test('missing, empty, null, or an object that holds ours', async () => {
      const bad = [
        (claims: Claims) => without(claims, 'aud'),
        (claims: Claims) => ({ ...claims, aud: [] }),
        (claims: Claims) => ({ ...claims, aud: null }),
        (claims: Claims) => ({ ...claims, aud: { 0: claims['aud'] } }),
        (claims: Claims) => ({ ...claims, aud: [[claims['aud']]] }),
        (claims: Claims) => ({ ...claims, aud: ` ${String(claims['aud'])} ` }),
      ];
      for (const change of bad) expectRefused(tool, await changed(change), AUDIENCE);
    });
  });

  describe('the issuer', () => {
    test('as a list or an object that holds the right one, or missing', async () => {
      const bad = [
        (claims: Claims) => ({ ...claims, iss: [claims['iss']] }),
        (claims: Claims) => ({ ...claims, iss: { url: claims['iss'] } }),
        (claims: Claims) => ({ ...claims, iss: null }),
        (claims: Claims) => without(claims, 'iss'),
      ];
      for (const change of bad) expectRefused(tool, await changed(change), ISSUER);
    });

    test('almost the right one: a slash more, capitals, a user name, another port, a path', async () => {
      const { url } = tool.lms;
      const tricks = [
        `${url}/`,
        url.toUpperCase(),
        url.replace('localhost', 'LocalHost'),
        url.replace('://', '://user@'),
        url.replace('://', `://${new URL(url).host}@`),
        `${url}0`,
        `${url}/..`,
        `${url}#`,
        `${url}.evil.example`,
        ` ${url}`,
      ];
      for (const iss of tricks) {
        // In the token of a good login …
        expectRefused(tool, await changed((claims) => ({ ...claims, iss })), ISSUER);
        // … and at the login itself.
        const browser = createBrowser();
        const query = new URLSearchParams({ iss, login_hint: '1', target_link_uri: `${tool.url}/lti/launch` });
        expectRefused(tool, { page: await browser.get(`${tool.url}/lti/login?${query.toString()}`), browser }, ISSUER);
      }
    });

    test('twice, as a list or nested at the login: the request cannot be read', async () => {
      const rest = `login_hint=1&target_link_uri=${encodeURIComponent(`${tool.url}/lti/launch`)}`;
      const iss = encodeURIComponent(tool.lms.url);
      for (const query of [
        `iss=${iss}&iss=https%3A%2F%2Fevil.example`,
        `iss[]=${iss}`,
        `iss[$ne]=x`,
        `iss[url]=${iss}`,
      ]) {
        const browser = createBrowser();
        expectRefused(tool, { page: await browser.get(`${tool.url}/lti/login?${query}&${rest}`), browser }, 'LMS');
        const posted = await browser.post(`${tool.url}/lti/login`, new URLSearchParams(`${query}&${rest}`));
        expectRefused(tool, { page: posted, browser }, 'LMS');
      }
    });

    test('a token that another registered LMS signed in this one’s name', async () => {
      const other = await startTestTool(manner);
      try {
        expectRefused(tool, await tokenOf((claims) => other.lms.signIdToken(claims)), SIGNATURE);
        // Nor does the other LMS let its own people in through a login that this one began.
        const foreign = await tokenOf((claims) =>
          other.lms.signIdToken({ ...claims, iss: other.lms.url, aud: other.lms.tools()[0]?.clientId }),
        );
        expect(foreign.page.status).toBe(401);
        expect(hasSession(tool, foreign.browser)).toBe(false);
      } finally {
        await other.close();
      }
    }, 60_000);

    test('a token of one client of an issuer, posted for another client of the same issuer', async () => {
      expect((await registerTool(tool.lms, await tool.app.registrationLinks.create())).status).toBe(200);
      const [first, second] = tool.lms.tools();
      const login = await beginLogin(tool, { client: 1 });
      expect(login.clientId).toBe(second?.clientId);
      const idToken = await tool.lms.signIdToken({ ...goodClaims(tool, login), aud: first?.clientId });
      const page = await postAnswer(tool, login.browser, { id_token: idToken, state: login.state });
      expectRefused(tool, { page, browser: login.browser }, AUDIENCE);
      // Said to both, it is the one that the login named and azp confirms.
      const both = await open(tool, {
        client: 1,
        change: (claims) => ({ ...claims, aud: [first?.clientId, second?.clientId], azp: first?.clientId }),
      });
      expectRefused(tool, both, AUDIENCE);
      expect((await open(tool, { client: 1 })).page.status).toBe(200);
    });
  });

  test('a refused launch spends nothing: the same login lets the good message in afterwards', async () => {
    const login = await beginLogin(tool);
    const claims = goodClaims(tool, login);
    const send = async (sent: Claims) =>
      postAnswer(tool, login.browser, { id_token: await tool.lms.signIdToken(sent), state: login.state });
    expect((await send(without(claims, 'sub'))).status).toBe(401);
    expect((await send({ ...claims, aud: 'another-tool' })).status).toBe(401);
    expect((await send(claims)).status).toBe(200);
  });
});
