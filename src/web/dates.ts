import { DateTime } from 'luxon';
import type { Language } from './i18n.js';

/** Days come before months in English too: this is read in Kazakhstan. */
const LOCALES: Readonly<Record<Language, string>> = { kk: 'kk', ru: 'ru', en: 'en-GB' };

/** A stored moment as people of this zone and language read it. */
export const localTime = (at: Date, language: Language, zone: string): DateTime =>
  DateTime.fromJSDate(at, { zone }).setLocale(LOCALES[language]);

/** "Tuesday 24 November", in the language's own order. */
export const longDay = (at: Date, language: Language, zone: string): string =>
  localTime(at, language, zone).toLocaleString({ weekday: 'long', day: 'numeric', month: 'long' });
