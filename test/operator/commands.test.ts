import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLtiStores, type LtiStores } from '../../src/lti/index.js';
import { projectRoot } from '../../src/root.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const SECRET = 'a secret of the tests only, 0123456789';
const URL_OF_TOOL = 'http://127.0.0.1:3000';

/** The built command as an operator types it, on a database of this test. */
describe('npm run admin', () => {
  let database: TestDatabase;
  let stores: LtiStores;
  beforeAll(async () => {
    database = await testDatabase();
    stores = await createLtiStores(database.connection, {
      publicUrl: URL_OF_TOOL,
      secret: SECRET,
      now: () => new Date(),
    });
  });
  afterAll(() => database.close());

  async function admin(...words: string[]): Promise<{ out: string; err: string; code: number }> {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      MONGODB_URI: database.uri,
      PUBLIC_URL: URL_OF_TOOL,
      SECRET,
      ALLOW_PRIVATE_LMS: 'false',
    };
    const script = join(projectRoot, 'dist', 'src', 'admin.js');
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...words], { env });
      return { out: stdout, err: stderr, code: 0 };
    } catch (error) {
      const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
      return { out: stdout, err: stderr, code };
    }
  }

  const brightspace = [
    ...['--name', 'Brightspace', '--issuer', 'https://d2l.example.edu', '--client-id', 'c-1'],
    ...['--auth-url', 'https://d2l.example.edu/auth', '--token-url', 'https://auth.example.com/token'],
    ...['--jwks-url', 'https://d2l.example.edu/jwks', '--audience', 'https://api.example.com/auth/token'],
  ];

  test('without a command it says what there is', async () => {
    const { out, code } = await admin();
    expect(code).toBe(0);
    for (const name of ['registration-link', 'platform add', 'deployments', 'keys rotate']) expect(out).toContain(name);
    expect((await admin('nonsense')).code).toBe(1);
  });

  test('a platform is added with its own token audience, listed, switched off and on', async () => {
    const added = await admin('platform', 'add', ...brightspace);
    expect(added.out).toContain('Added Brightspace');
    expect(added.out).toContain('no deployment yet');
    const [platform] = await stores.platforms.list();
    expect(platform).toMatchObject({
      issuer: 'https://d2l.example.edu',
      clientId: 'c-1',
      tokenEndpoint: 'https://auth.example.com/token',
      // Brightspace refuses an assertion whose audience is the token's address.
      tokenAudience: 'https://api.example.com/auth/token',
      origins: ['https://d2l.example.edu'],
      desk: 'all',
      active: true,
    });
    expect((await admin('platform', 'list')).out).toMatch(/on {3}Brightspace {2}https:\/\/d2l/);
    expect((await admin('platform', 'off')).out).toContain('is off');
    expect((await admin('platform', 'list')).out).toContain('off  Brightspace');
    expect((await admin('platform', 'on', platform?.id ?? '')).out).toContain('is on');
  }, 60_000);

  test('what cannot be meant is said by option, and nothing is stored', async () => {
    const before = (await stores.platforms.list()).length;
    const { err, code } = await admin('platform', 'add', '--issuer', 'http://lms.example.edu', '--client-id', 'a b');
    expect(code).toBe(1);
    expect(err).toContain('--issuer must begin with https://');
    expect(err).toContain('--client-id must not hold a space');
    expect(err).toContain('--jwks-url is needed');
    expect((await admin('platform', 'add', '--isuer', 'x')).code).toBe(1);
    expect((await admin('platform', 'add', ...brightspace)).code).toBe(1);
    expect(await stores.platforms.list()).toHaveLength(before);
  }, 60_000);

  test('deployments are approved and refused', async () => {
    const [platform] = await stores.platforms.list();
    const key = platform?.key ?? '';
    await stores.deployments.ask(key, 'campus-2', 'Brightspace: Chemistry');
    expect((await admin('deployments')).out).toMatch(/waiting {3}campus-2 {2}Brightspace: Chemistry/);
    await admin('deployments', 'approve', 'campus-2');
    expect((await admin('deployments', 'list')).out).toContain('approved  campus-2');
    await admin('deployments', 'refuse', platform?.id ?? '', 'campus-2');
    expect((await admin('deployments', 'list')).out).toContain('refused   campus-2');
    expect((await admin('deployments', 'approve')).code).toBe(1);
  }, 60_000);

  test('keys rotate: both are shown, the new one signs after its lead; a compromised one goes at once', async () => {
    const [before] = await stores.toolKeys.publicKeys();
    const rotated = await admin('keys', 'rotate');
    expect(rotated.out).toMatch(/new key \S+, signs from/);
    const shown = await stores.toolKeys.publicKeys();
    expect(shown.map(({ kid }) => kid)).toContain(before?.kid);
    expect(shown).toHaveLength(2);
    expect((await admin('keys', 'list')).out).toMatch(/next[\s\S]*current/);
    await admin('keys', 'rotate', '--compromised');
    const left = await stores.toolKeys.publicKeys();
    expect(left).toHaveLength(1);
    expect(left[0]?.kid).not.toBe(before?.kid);
  }, 60_000);

  test('a link may give its administrators their own desk only', async () => {
    const { out } = await admin('registration-link', '--hours', '1', '--own-desk');
    const code = out.trim().split('/').at(-1) ?? '';
    expect(out).toContain(`${URL_OF_TOOL}/lti/register/`);
    expect(await stores.registrationLinks.claim(code)).toBe('own');
    expect((await admin('registration-link', '--hours', '9999')).err).toContain('--hours takes a number up to 720');
  }, 60_000);
});
