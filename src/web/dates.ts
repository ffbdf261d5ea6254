import { DateTime } from 'luxon';
import type { Language } from './i18n.js';

/** Days come before months in English too: this is read in Kazakhstan. */
const LOCALES: Readonly<Record<Language, string>> = { kk: 'kk', ru: 'ru', en: 'en-GB' };

/** A stored moment as people of this zone and language read it. */
export const localTime = (at: Date, language: Language, zone: string): DateTime =>
  DateTime.fromJSDate(at, { zone }).setLocale(LOCALES[language]);

/** Days of the calendar, whatever the zone: "12–18 Oct", "28 Sep–4 Oct". It breaks behind the dash, and nowhere else. */
export function spanOfDays(first: string, last: string, language: Language): string {
  const [from, to] = [first, last].map((day) => DateTime.fromISO(day, { zone: 'utc', locale: language }));
  if (!from || !to) return '';
  const span = `${from.toFormat(from.hasSame(to, 'month') ? 'd' : 'd LLL')}–${to.toFormat('d LLL')}`;
  return span.replaceAll(' ', '\u00a0');
}

/** "Sun 18 Oct": a day of the calendar. */
export const shortDay = (day: string, language: Language): string =>
  DateTime.fromISO(day, { zone: 'utc', locale: language }).toFormat('ccc d LLL');

/** The day of the calendar that it is here, `2026-10-13`. */
export const dayHere = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');

/** "13 October 2026". */
export const fullDay = (at: Date, language: Language, zone: string): string =>
  localTime(at, language, zone).toLocaleString({ day: 'numeric', month: 'long', year: 'numeric' });

/** "Tuesday 24 November", in the language's own order. */
export const longDay = (at: Date, language: Language, zone: string): string =>
  localTime(at, language, zone).toLocaleString({ weekday: 'long', day: 'numeric', month: 'long' });
