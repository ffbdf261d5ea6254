import { beforeAll, describe, expect, test } from '@jest/globals';
import { escapeText, fold, icalendar, type Calendar } from '../../src/integration-map/ical.js';
import type { Reader } from '../../src/integration-map/labels.js';
import { planCalendar } from '../../src/integration-map/plan-calendar.js';
import { emptyRow } from '../../src/integration-map/template.js';
import { loadCatalogues, type Language } from '../../src/web/i18n.js';
import { eventsOf, linesOf, parseCalendar } from '../support/read-ical.js';
import { filledMap, templateMap } from './example-map.js';

const HOSTILE = 'Тақырып; a, b\\n "c": line\nnext\r\nEND:VEVENT\nBEGIN:VALARM';

const calendar = (changes: Partial<Calendar> = {}): Calendar => ({
  name: 'Hotels; rooms, and more',
  language: 'kk',
  changedAt: new Date('2026-10-13T05:41:07.123Z'),
  sequence: 12,
  events: [
    {
      uid: 'l7.c0ffee@serik.example',
      first: '2026-12-28',
      last: '2027-01-03',
      summary: HOSTILE,
      description: `${'Қонақжайлылық негіздері, '.repeat(30)}🎓`,
      link: 'https://www.coursera.org/learn/x?a=1;b=2,3',
    },
  ],
  ...changes,
});

describe('the writer keeps the rules of RFC 5545', () => {
  test('each line ends with CRLF and holds at most 75 octets of whole letters (3.1)', () => {
    const text = icalendar(calendar());
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const lines = text.split('\r\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(lines.filter((line) => Buffer.byteLength(line) > 70).length).toBeGreaterThan(10);
    expect(text).not.toContain('\ufffd');
    expect(Buffer.from(text).toString('utf8')).toBe(text);
  });

  test.each(['', 'short', 'a'.repeat(75), 'a'.repeat(76), 'ә'.repeat(200), '🎓'.repeat(60), ` ${'b '.repeat(99)}`])(
    'a folded line unfolds to itself: %j',
    (line) => {
      expect(fold(line).replaceAll('\r\n ', '')).toBe(line);
    },
  );

  test('backslash, semicolon, comma and line breaks are escaped, and no other control character is left (3.3.11)', () => {
    expect(escapeText('a\\b;c,d\ne\r\nf\u0000\u0007')).toBe('a\\\\b\\;c\\,d\\ne\\nf');
  });

  test('what was written is read back', () => {
    const parsed = parseCalendar(icalendar(calendar()));
    expect(parsed.properties).toMatchObject({
      VERSION: '2.0',
      PRODID: '-//Serik//Weekly plan//KK',
      CALSCALE: 'GREGORIAN',
      METHOD: 'PUBLISH',
      NAME: 'Hotels; rooms, and more',
      'REFRESH-INTERVAL;VALUE=DURATION': 'PT12H',
    });
    expect(parsed.events).toEqual([
      {
        UID: 'l7.c0ffee@serik.example',
        DTSTAMP: '20261013T054107Z',
        'LAST-MODIFIED': '20261013T054107Z',
        SEQUENCE: '12',
        'DTSTART;VALUE=DATE': '20261228',
        'DTEND;VALUE=DATE': '20270104',
        SUMMARY: HOSTILE.replace('\r\n', '\n'),
        DESCRIPTION: `${'Қонақжайлылық негіздері, '.repeat(30)}🎓`,
        URL: 'https://www.coursera.org/learn/x?a=1;b=2,3',
        TRANSP: 'TRANSPARENT',
      },
    ]);
  });

  test('a text cannot end its event or begin another', () => {
    const lines = linesOf(icalendar(calendar()));
    expect(lines.filter((line) => line.startsWith('BEGIN:'))).toEqual(['BEGIN:VCALENDAR', 'BEGIN:VEVENT']);
    expect(lines.filter((line) => line.startsWith('END:'))).toEqual(['END:VEVENT', 'END:VCALENDAR']);
  });
});

describe('the plan as a calendar', () => {
  let readers: Record<Language, Reader>;
  beforeAll(async () => {
    const catalogues = await loadCatalogues();
    const reader = (language: Language): Reader => ({
      sub: '',
      t: catalogues.translator(language),
      language,
      timeZone: 'Asia/Almaty',
      now: new Date('2026-10-13T05:00:00Z'),
    });
    readers = { kk: reader('kk'), ru: reader('ru'), en: reader('en') };
  });
  const AT = { course: 'c0ffee', host: 'serik.example' };
  const dated = () => {
    const map = filledMap();
    const practical = { ...emptyRow('p1', 'practical'), topic: 'Check-in', tasks: 'Role play' };
    const rows = map.rows.flatMap((row) => {
      if (row.id === 'l7')
        return [{ ...row, topic: 'Front\noffice', tasks: 'Watch', link: 'https://x.kz/a' }, practical];
      return [row.id === 'k1' ? { ...row, topic: 'Sat 17 Oct, 10:00' } : row];
    });
    return { ...map, rows, head: { ...map.head, semesterStart: '2026-09-01' } };
  };

  test('weeks’ topics, consultations and controls are events of their weeks', () => {
    const events = eventsOf(icalendar(planCalendar(readers.en, dated(), AT)));
    expect(events).toHaveLength(15 + 3 + 3);
    const week7 = events.filter((event) => event['DTSTART;VALUE=DATE'] === '20261012');
    expect(week7).toMatchObject([
      {
        UID: 'l7.c0ffee@serik.example',
        'DTEND;VALUE=DATE': '20261019',
        SUMMARY: 'Week 7 · Front office',
        DESCRIPTION: 'Lecture 7\nWatch\nMS Teams\nhttps://x.kz/a\n\nPractical class 1: Check-in\nRole play',
        URL: 'https://x.kz/a',
      },
      { SUMMARY: 'Consultation for midterm 1' },
      { SUMMARY: 'Midterm 1', DESCRIPTION: 'Sat 17 Oct, 10:00' },
    ]);
  });

  test.each([
    ['kk', '7-апта · Front office', 'ҚР бойынша кеңес 1'],
    ['ru', 'Неделя 7 · Front office', 'Консультация по РК 1'],
  ] as const)('in %s', (language, topic, consultation) => {
    const summaries = eventsOf(icalendar(planCalendar(readers[language], dated(), AT))).map(({ SUMMARY }) => SUMMARY);
    expect(summaries).toContain(topic);
    expect(summaries).toContain(consultation);
  });

  test('a row keeps its UID when the semester moves and its text changes, and the sequence grows', () => {
    const before = planCalendar(readers.en, dated(), AT);
    const map = dated();
    const after = planCalendar(
      readers.kk,
      { ...map, revision: 9, head: { ...map.head, semesterStart: '2027-01-18' } },
      AT,
    );
    expect(after.events.map(({ uid }) => uid)).toEqual(before.events.map(({ uid }) => uid));
    expect(new Set(before.events.map(({ uid }) => uid)).size).toBe(before.events.length);
    expect(after.sequence).toBeGreaterThan(before.sequence);
  });

  test('it names no person', () => {
    expect(icalendar(planCalendar(readers.en, dated(), AT))).not.toContain('Гүлмира');
  });

  test('a plan without dates has no events', () => {
    expect(planCalendar(readers.en, templateMap(), AT).events).toEqual([]);
  });
});
