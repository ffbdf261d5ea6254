import { dayAfter, type IsoDay } from './dates.js';

/** A calendar as RFC 5545 has it: whole days only, in UTF-8, lines of at most 75 octets that end with CRLF. */
export interface AllDayEvent {
  /** Stays the same while the event is the same, whatever it says. */
  readonly uid: string;
  readonly first: IsoDay;
  readonly last: IsoDay;
  readonly summary: string;
  /** May be empty. */
  readonly description: string;
  readonly link: string | null;
}

export interface Calendar {
  readonly name: string;
  readonly language: string;
  /** When what it says was last changed, and how often it was. */
  readonly changedAt: Date;
  readonly sequence: number;
  /** At least one: a calendar without components is none (3.6). */
  readonly events: readonly AllDayEvent[];
}

const OCTETS = 75;
const REFRESH = 'PT12H';

/** 3.3.11: TEXT. A line break is `\n`; other control characters have no place in it. */
export const escapeText = (text: string): string =>
  text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n?|\n/g, '\\n')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

/** 3.1: a long line goes on after CRLF and a blank, which counts; no letter is cut in two. */
export function fold(line: string): string {
  const parts: string[] = [];
  let [part, octets] = ['', 0];
  for (const letter of line) {
    const size = Buffer.byteLength(letter);
    if (octets + size > OCTETS) {
      parts.push(part);
      [part, octets] = ['', 1];
    }
    part += letter;
    octets += size;
  }
  return [...parts, part].join('\r\n ');
}

const date = (day: IsoDay) => day.replaceAll('-', '');
const moment = (at: Date) => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

const eventLines = (event: AllDayEvent, { changedAt, sequence }: Calendar): string[] => [
  'BEGIN:VEVENT',
  `UID:${escapeText(event.uid)}`,
  `DTSTAMP:${moment(changedAt)}`,
  `LAST-MODIFIED:${moment(changedAt)}`,
  `SEQUENCE:${sequence}`,
  `DTSTART;VALUE=DATE:${date(event.first)}`,
  // 3.6.1: the end is the first day that no longer belongs to it.
  `DTEND;VALUE=DATE:${date(dayAfter(event.last))}`,
  `SUMMARY:${escapeText(event.summary)}`,
  ...(event.description === '' ? [] : [`DESCRIPTION:${escapeText(event.description)}`]),
  ...(event.link === null ? [] : [`URL:${event.link}`]),
  // A week of study leaves its days free for what has an hour.
  'TRANSP:TRANSPARENT',
  'END:VEVENT',
];

export function icalendar(calendar: Calendar): string {
  const name = escapeText(calendar.name);
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//Serik//Weekly plan//${calendar.language.toUpperCase()}`,
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    // RFC 7986, and the names by which older programs know the same.
    `NAME:${name}`,
    `X-WR-CALNAME:${name}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${REFRESH}`,
    `X-PUBLISHED-TTL:${REFRESH}`,
    ...calendar.events.flatMap((event) => eventLines(event, calendar)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}
