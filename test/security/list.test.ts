import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/root.js';

const list = readFileSync(join(projectRoot, 'docs', 'security.md'), 'utf8');
/** `test/…/file.test.ts`: _title_; _title_ */
const named = [...list.matchAll(/`(test\/[\w/.-]+\.test\.ts)`:((?:[\s;]*_[^_|]+_)+)/g)].flatMap(
  ([, file = '', titles = '']) => [...titles.matchAll(/_([^_]+)_/g)].map(([, title = '']) => [file, title] as const),
);
const files = [...new Set([...list.matchAll(/`(test\/[\w/.-]+\.ts)`/g)].map(([, file = '']) => file))];

test('every file that docs/security.md names is there, and each is named with a title', () => {
  const missing = files.filter((file) => !existsSync(join(projectRoot, file)));
  expect(missing).toEqual([]);
  const withTitle = new Set(named.map(([file]) => file));
  expect(files.filter((file) => file.endsWith('.test.ts') && !withTitle.has(file))).toEqual([]);
  expect(named.length).toBeGreaterThan(40);
});

test.each(named)('docs/security.md names a test that is there: %s: %s', (file, title) => {
  const path = join(projectRoot, file);
  const source = readFileSync(path, 'utf8');
  expect(["'", '"', '`'].some((mark) => source.includes(mark + title + mark))).toBe(true);
});
