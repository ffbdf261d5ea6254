import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { administratorText, configurationFiles, LMS_KINDS } from '../../src/lti/guides/index.js';
import { canvasKey, toolConfiguration, toolRegistration } from '../../src/lti/tool-configuration.js';
import { projectRoot } from '../../src/root.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const EXAMPLE = 'https://serik.example.edu';
const folder = join(projectRoot, 'lti-config');
const SERVICE = 'https://purl.imsglobal.org/spec/lti-';

describe('what an LMS administrator gets', () => {
  test.each([...configurationFiles(EXAMPLE)])(
    'lti-config/%s is what the source says (npm run lti-config)',
    (name, text) => {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(text);
    },
  );

  test('lti-config/ holds nothing else', () => {
    expect(readdirSync(folder).sort()).toEqual([...configurationFiles(EXAMPLE).keys()].sort());
  });

  test.each(LMS_KINDS)('%s: the text gives all addresses and the command that stores what comes back', (lms) => {
    const text = administratorText(lms, EXAMPLE);
    for (const path of ['/lti/login', '/lti/launch', '/lti/keys']) expect(text).toContain(`${EXAMPLE}${path}`);
    for (const option of ['issuer', 'client-id', 'auth-url', 'token-url', 'jwks-url', 'deployment', 'name'])
      expect(text).toMatch(new RegExp(`platform add [\\s\\S]*--${option} \\S`));
  });

  test('Brightspace alone needs a token audience; where the issuer is not the LMS itself its origin is asked for', () => {
    const asking = (option: string) =>
      LMS_KINDS.filter((lms) => administratorText(lms, EXAMPLE).includes(`--${option} `));
    expect(asking('audience')).toEqual(['brightspace']);
    expect(asking('origin')).toEqual(['canvas', 'blackboard']);
  });

  test("Canvas' key has what Canvas requires, and asks for no scope that Canvas does not know", () => {
    const key = canvasKey(EXAMPLE);
    expect(key).toMatchObject({
      title: 'Serik',
      description: expect.stringMatching(/./) as unknown,
      oidc_initiation_url: `${EXAMPLE}/lti/login`,
      target_link_uri: `${EXAMPLE}/lti/launch`,
      public_jwk_url: `${EXAMPLE}/lti/keys`,
    });
    expect(key.scopes).toEqual([
      `${SERVICE}nrps/scope/contextmembership.readonly`,
      `${SERVICE}ags/scope/lineitem`,
      `${SERVICE}ags/scope/lineitem.readonly`,
      `${SERVICE}ags/scope/score`,
      `${SERVICE}ags/scope/result.readonly`,
    ]);
    const [extension] = key.extensions;
    expect(extension).toMatchObject({ platform: 'canvas.instructure.com', domain: 'serik.example.edu' });
    expect(extension?.settings.placements.map(({ placement, message_type }) => [placement, message_type])).toEqual([
      ['course_navigation', 'LtiResourceLinkRequest'],
      ['link_selection', 'LtiDeepLinkingRequest'],
      ['assignment_selection', 'LtiDeepLinkingRequest'],
      ['account_navigation', 'LtiResourceLinkRequest'],
    ]);
    for (const value of Object.values(key.custom_fields)) expect(value).toMatch(/^\$/);
  });

  test('dynamic registration says the same as the forms', () => {
    const tool = toolConfiguration(EXAMPLE);
    const registration = toolRegistration(EXAMPLE);
    expect(registration.scope.split(' ')).toEqual(tool.scopes);
    expect(tool.scopes).toContain(`${SERVICE}gs/scope/contextgroup.readonly`);
    expect(registration).toMatchObject({
      initiate_login_uri: tool.loginUrl,
      redirect_uris: [tool.launchUrl],
      jwks_uri: tool.keysUrl,
    });
    const { messages, domain, claims } = registration['https://purl.imsglobal.org/spec/lti-tool-configuration'];
    expect(messages.map(({ type }) => type)).toEqual(tool.messages);
    expect(claims).toEqual(tool.claims);
    expect(domain).toBe(tool.domain);
  });

  test('a port is part of the domain, as Moodle compares it', () => {
    expect(toolConfiguration('http://127.0.0.1:8081').domain).toBe('127.0.0.1:8081');
  });
});

describe('the addresses in them', () => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool('standard');
  }, 60_000);
  afterAll(() => tool.close());

  test('are all answered by the tool', async () => {
    const pattern = new RegExp(`${tool.url}[^\\s"\`,)\\]]+`, 'g');
    const texts = [...configurationFiles(tool.url).values(), JSON.stringify(toolRegistration(tool.url))];
    const addresses = [...new Set(texts.flatMap((text) => text.match(pattern) ?? []))].sort();
    expect(addresses.map((address) => new URL(address).pathname)).toEqual(['/lti/keys', '/lti/launch', '/lti/login']);
    for (const address of addresses) {
      // A browser posts to the launch, an LMS gets the keys.
      const statuses = await Promise.all(
        ['GET', 'POST'].map(async (method) => (await fetch(address, { method, redirect: 'manual' })).status),
      );
      expect([address, statuses.some((status) => status !== 404)]).toEqual([address, true]);
    }
  });

  test('the keys are a key set', async () => {
    const answer = await fetch(toolConfiguration(tool.url).keysUrl);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ keys: expect.any(Array) as unknown });
  });
});
