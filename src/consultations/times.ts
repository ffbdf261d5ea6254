import { DateTime } from 'luxon';
import type { Language, Translate } from '../web/i18n.js';
import type { PlaceKind } from './slot.js';

/** For whom times are written: the language, the zone that people read times in, and the moment that "today" is told by. */
export interface Reader {
  readonly t: Translate;
  readonly language: Language;
  readonly timeZone: string;
  readonly now: Date;
}

const DAY: Readonly<Record<Language, string>> = {
  kk: 'd MMMM, cccc',
  ru: 'ccc, d MMMM',
  en: 'ccc d MMM',
};

const inZone = (at: Date, { timeZone, language }: Pick<Reader, 'timeZone' | 'language'>) =>
  DateTime.fromJSDate(at, { zone: timeZone }).setLocale(language);

const plainDay = (at: Date, reader: Reader) => {
  const moment = inZone(at, reader);
  const year = moment.year === inZone(reader.now, reader).year ? '' : ` ${moment.year}`;
  return `${moment.toFormat(DAY[reader.language])}${year}`;
};

/** "Today, Tue 13 Oct", "Tomorrow, Wed 14 Oct", "Thu 15 Oct"; the year where it is not this one. */
export function dayOf(at: Date, reader: Reader): string {
  const days = inZone(at, reader).startOf('day').diff(inZone(reader.now, reader).startOf('day'), 'days').days;
  const day = plainDay(at, reader);
  if (Math.round(days) === 0) return reader.t('consultations:day.today', { day });
  if (Math.round(days) === 1) return reader.t('consultations:day.tomorrow', { day });
  return day;
}

/** "Tue 13 Oct, 14:00", for the middle of a sentence. */
export const momentOf = (at: Date, reader: Reader): string =>
  `${plainDay(at, reader)}, ${inZone(at, reader).toFormat('HH:mm')}`;

/** "14:00–14:30". */
export const timesOf = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }, reader: Reader): string =>
  `${inZone(startsAt, reader).toFormat('HH:mm')}–${inZone(endsAt, reader).toFormat('HH:mm')}`;

/** The day as a key, to put a list under headings. */
export const dayKey = (at: Date, reader: Reader): string => inZone(at, reader).toISODate() ?? '';

/** Which zone the page's times are in, in words. */
export function zoneLine({ t, timeZone, now }: Reader): string {
  const offset = `UTC${DateTime.fromJSDate(now, { zone: timeZone }).toFormat('Z')}`;
  const zone = timeZone === 'Asia/Almaty' ? t('consultations:zone.almaty') : timeZone;
  return t('consultations:zone.line', { zone, offset });
}

/** What a form's date and time fields show. */
export const fieldsOf = (at: Date, timeZone: string): { date: string; time: string } => {
  const moment = DateTime.fromJSDate(at, { zone: timeZone });
  return { date: moment.toFormat('yyyy-MM-dd'), time: moment.toFormat('HH:mm') };
};

/** A wall-clock time as a moment; nothing where it is not a time, or does not exist because clocks were put forward. */
export function momentFrom(date: string, time: string, zone: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}$/.test(time)) return undefined;
  const moment = DateTime.fromISO(`${date}T${time}`, { zone });
  const exists = moment.isValid && moment.toFormat("yyyy-MM-dd'T'HH:mm") === `${date}T${time}`;
  return exists ? moment.toJSDate() : undefined;
}

const PLACES = {
  teams: { icon: 'camera-video' },
  zoom: { icon: 'camera-video' },
  link: { icon: 'link-45deg' },
  room: { icon: 'geo-alt' },
} as const satisfies Record<PlaceKind, { icon: string }>;

/** Where it takes place, in words: never the address to join by. */
export const placeOf = (kind: PlaceKind, room: string, { t }: Pick<Reader, 't'>): { icon: string; text: string } => ({
  ...PLACES[kind],
  text: kind === 'room' ? t('consultations:place.in-room', { room }) : t(`consultations:place.${kind}`),
});
