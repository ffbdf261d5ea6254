import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../src/root.js';
import { languageOf, languageOfBrowser, LANGUAGES, loadCatalogues } from '../../src/web/i18n.js';

const folder = (language: string) => join(projectRoot, 'src', 'locales', language);
const catalogue = (language: string, name: string) =>
  JSON.parse(readFileSync(join(folder(language), name), 'utf8')) as Record<string, unknown>;

function leaves(tree: Record<string, unknown>, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[path + key, value] as [string, string]]
      : leaves(value as Record<string, unknown>, `${path}${key}.`),
  );
}

/** Languages have different plurals: a key counts once, without its plural ending. */
const bare = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '');
const keysOf = (language: string, name: string) =>
  [...new Set(leaves(catalogue(language, name)).map(([key]) => bare(key)))].sort();
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g)].map(([, name = '']) => name);

const files = readdirSync(folder('en')).filter((name) => name.endsWith('.json'));

describe('catalogues', () => {
  test('every language has the same files', () => {
    for (const language of LANGUAGES) expect(readdirSync(folder(language)).sort()).toEqual([...files].sort());
  });

  test.each(files)('%s has the same keys in every language', (name) => {
    for (const language of LANGUAGES) expect(keysOf(language, name)).toEqual(keysOf('en', name));
  });

  test.each(files)('%s has every plural form that its language needs', (name) => {
    for (const language of LANGUAGES) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const keys = new Set(leaves(catalogue(language, name)).map(([key]) => key));
      const counted = [...keys].filter((key) => key !== bare(key)).map(bare);
      for (const key of new Set(counted)) for (const form of forms) expect([...keys]).toContain(`${key}_${form}`);
    }
  });

  test.each(files)('%s names the same values in every language', (name) => {
    const named = (language: string) => {
      const all = new Map<string, Set<string>>();
      for (const [key, text] of leaves(catalogue(language, name)))
        all.set(bare(key), new Set([...(all.get(bare(key)) ?? []), ...placeholders(text)]));
      return Object.fromEntries([...all].map(([key, names]) => [key, [...names].filter((n) => n !== 'count').sort()]));
    };
    for (const language of LANGUAGES) expect(named(language)).toEqual(named('en'));
  });

  test('a text that is missing is a fault, not a blank', async () => {
    const t = (await loadCatalogues()).translator('kk');
    expect(() => t('common:no-such-text')).toThrow('No text for common:no-such-text');
  });
});

describe('the language of a launch', () => {
  test.each([
    ['ru', 'ru'],
    ['ru-RU', 'ru'],
    ['kk', 'kk'],
    ['kk_kz', 'kk'],
    ['kz', 'kk'],
    ['en_us', 'en'],
    ['pt_br', undefined],
    ['', undefined],
  ])('%s is %s', (locale, language) => {
    expect(languageOf(locale)).toBe(language);
  });

  test.each([
    ['de-DE,de;q=0.9,ru;q=0.8,en;q=0.7', 'ru'],
    ['en;q=0.3,kk;q=0.9', 'kk'],
    ['fr', undefined],
  ])('a browser that wishes %s reads %s', (header, language) => {
    expect(languageOfBrowser(header)).toBe(language);
  });
});
