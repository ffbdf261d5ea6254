import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../src/root.js';

const folder = join(projectRoot, 'views');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.hbs'));

describe('views', () => {
  test.each([
    ['unescaped output', /\{\{\{|\{\{&/],
    ['a script of their own', /<script(?![^>]*\bsrc=)/],
    ['an inline handler', /\son[a-z]+\s*=/],
    ['an inline style', /\sstyle\s*=/],
    ['a style sheet of their own', /<style/],
  ])('none has %s', (_name, pattern) => {
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((name) => pattern.test(readFileSync(join(folder, name), 'utf8')))).toEqual([]);
  });

  test('none has a text of its own: words come from the catalogues', () => {
    const texts = files.flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .replace(/\{\{!--[\s\S]*?--\}\}/g, '')
        .replace(/\{\{[\s\S]*?\}\}/g, '')
        .replace(/<[^>]*>/g, '\n')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => /\p{L}{2,}/u.test(line) && line !== '· Serik' && !/^[·\s]*Serik$/.test(line))
        .map((line) => `${name}: ${line}`),
    );
    expect(texts).toEqual([]);
  });
});
