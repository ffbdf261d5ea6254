import { DateTime } from 'luxon';
import type { Visit } from '../launch/visit.js';

/** A mark as people read it: two decimals at most, the language's own decimal sign. */
export const markText = (language: string, value: number | null): string =>
  value === null ? '' : new Intl.NumberFormat(language, { maximumFractionDigits: 2, useGrouping: false }).format(value);

/** "10:41" today, "Tue 13 Oct, 10:41" on another day. */
export function momentText(at: Date, { now, language }: Pick<Visit, 'now' | 'language'>, zone: string): string {
  const local = DateTime.fromJSDate(at, { zone });
  const time = local.toFormat('HH:mm');
  if (local.hasSame(DateTime.fromJSDate(now, { zone }), 'day')) return time;
  return `${local.setLocale(language).toFormat('ccc d LLL')}, ${time}`;
}
