import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type i18n } from 'i18next';
import { LRUCache } from 'lru-cache';
import { projectRoot } from '../root.js';

export const LANGUAGES = ['kk', 'ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Looks up `namespace:key`; the namespace is the catalogue's file name. */
export type Translate = (key: string, params?: Record<string, unknown>) => string;

export interface Catalogues {
  translator(language: Language): Translate;
}

const folder = join(projectRoot, 'src', 'locales');

function readCatalogue(language: Language): Record<string, unknown> {
  const files = readdirSync(join(folder, language)).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => [
      name.replace('.json', ''),
      JSON.parse(readFileSync(join(folder, language, name), 'utf8')) as unknown,
    ]),
  );
}

/** Of each language. A page holds some hundred texts, and the same ones are asked for again and again. */
const MOST_KEPT = 5_000;

/** Keeps the last texts that were put together: choosing the plural and filling in is most of what a page costs. */
function remembering(translate: (key: string, params: Record<string, unknown>) => string): Translate {
  const kept = new LRUCache<string, string>({ max: MOST_KEPT });
  return (key, params = {}) => {
    const asked = `${key} ${JSON.stringify(params)}`;
    const text = kept.get(asked) ?? translate(key, params);
    kept.set(asked, text);
    return text;
  };
}

export async function loadCatalogues(): Promise<Catalogues> {
  const instance: i18n = i18next.createInstance();
  await instance.init({
    resources: Object.fromEntries(LANGUAGES.map((language) => [language, readCatalogue(language)])) as never,
    fallbackLng: false,
    // Handlebars escapes; twice would show entities.
    interpolation: { escapeValue: false },
    saveMissing: true,
    missingKeyHandler: (languages, namespace, key) => {
      throw new Error(`No text for ${namespace}:${key} in ${languages.join()}`);
    },
  });
  const translators = new Map(LANGUAGES.map((language) => [language, remembering(instance.getFixedT(language))]));
  return {
    translator: (language) => {
      const t = translators.get(language);
      if (!t) throw new Error(`No catalogue for ${language}`);
      return t;
    },
  };
}

/**
 * `launch_presentation.locale` as LMSs write it: BCP 47 (`ru-RU`), Moodle's codes (`ru`, `pt_br`, `kk`), or `kz`, which
 * some sites use for Kazakh. Gives nothing where the language is not one of ours.
 */
export function languageOf(locale: string | undefined): Language | undefined {
  const primary = locale?.toLowerCase().split(/[-_]/)[0];
  if (primary === 'kz') return 'kk';
  return LANGUAGES.find((language) => language === primary);
}

/** The first of the browser's languages (`Accept-Language`, in order of preference) that is one of ours. */
export function languageOfBrowser(header: string | undefined): Language | undefined {
  const wishes = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().split(';');
      const quality = params.map((p) => /^\s*q=([\d.]+)/.exec(p)?.[1]).find((q) => q !== undefined);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .sort((a, b) => b.quality - a.quality);
  return wishes.map(({ tag }) => languageOf(tag)).find((language) => language !== undefined);
}
