import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../src/root.js';

const ltijs = (...path: string[]) => readFileSync(join(projectRoot, 'node_modules', 'ltijs', ...path), 'utf8');

/** Our verifier sits where ltijs 5.9.9 asks one static function. Another version may ask elsewhere: then this fails first. */
describe('the seam in ltijs', () => {
  test('it is exactly the version that was measured', () => {
    expect((JSON.parse(ltijs('package.json')) as { version: string }).version).toBe('5.9.9');
    const own = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(own.dependencies['ltijs']).toBe('5.9.9');
  });

  test('tokens are checked by Auth.validateToken and nowhere else', () => {
    const provider = ltijs('dist', 'Provider', 'Provider.js');
    expect(provider.match(/Auth\.\w+\(/g)?.sort()).toEqual(['Auth.generatePlatformKeyPair(', 'Auth.validateToken(']);
    expect(ltijs('dist', 'Utils', 'Auth.js')).toContain(
      'static async validateToken(token, devMode, validationParameters',
    );
  });

  test('only src/lti imports it', () => {
    expect(readFileSync(join(projectRoot, '.dependency-cruiser.cjs'), 'utf8')).toContain('ltijs');
  });
});
