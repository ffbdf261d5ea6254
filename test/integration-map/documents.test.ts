import { beforeAll, describe, expect, test } from '@jest/globals';
import { printedMap, type PrintedMap } from '../../src/integration-map/documents/document.js';
import { docxOf } from '../../src/integration-map/documents/docx.js';
import { pdfOf } from '../../src/integration-map/documents/pdf.js';
import type { Agreed, Signature } from '../../src/integration-map/documents/signatures.js';
import { LIMITS, type IntegrationMap } from '../../src/integration-map/map.js';
import { emptyRow } from '../../src/integration-map/template.js';
import { LANGUAGES, type Language } from '../../src/web/i18n.js';
import { hotelMap, KAZAKH, readerIn } from './document-maps.js';
import { matchMap } from './match-map.js';
import { OFFICIAL } from './official-words.js';
import { readDocx, readPdf, tight, tightText, type ReadDocx, type ReadPage } from './read-documents.js';

interface Read {
  readonly docx: ReadDocx;
  readonly pages: readonly ReadPage[];
  readonly text: string;
}

async function read(map: PrintedMap): Promise<Read> {
  const docx = readDocx(await docxOf(map));
  const { pages } = await readPdf(await pdfOf(map));
  return { docx, pages, text: tightText(pages) };
}

const docxText = ({ blocks }: ReadDocx) =>
  tight(
    blocks
      .map((block) =>
        block.kind === 'table' ? block.rows.flatMap(({ cells }) => cells.map(({ text }) => text)).join('') : block.text,
      )
      .join(''),
  );

/** Each of the words comes after the one before it. */
function expectOrder(text: string, words: readonly string[]): void {
  let at = 0;
  for (const word of words) {
    const found = text.indexOf(tight(word), at);
    expect([word, found >= at]).toEqual([word, true]);
    at = found + tight(word).length;
  }
}

const tables = ({ blocks }: ReadDocx) => blocks.flatMap((block) => (block.kind === 'table' ? [block.rows] : []));
const paragraphs = ({ blocks }: ReadDocx, style: string) =>
  blocks.flatMap((block) => (block.kind === 'paragraph' && block.style === style ? [block.text] : []));

describe.each(LANGUAGES)('the document in %s', (language: Language) => {
  const official = OFFICIAL[language];
  let docx: ReadDocx;
  let pages: readonly ReadPage[];
  let text: string;
  beforeAll(async () => {
    ({ docx, pages, text } = await read(printedMap(await readerIn(language), hotelMap())));
  });

  test('has the order and headings of Appendix 1, in both formats', () => {
    const [match, choice, name, schedule] = official.parts;
    const [first, second, third, fourth] = official.sections;
    const order = [
      `${official.title}Hotel business management`,
      official.purpose,
      first,
      ...official.facts,
      second,
      match,
      'MOOC 1 – 80 %, MOOC 2 – 60 %',
      'MOOC 1: Hotel Management',
      'MOOC 2: Қонақжайлылық негіздері',
      third,
      choice,
      ...official.model,
      fourth,
      name,
      official.model[0],
      schedule,
      ...official.columns,
      ...official.signed,
    ];
    expectOrder(text, order);
    expectOrder(docxText(docx), order);
    expect(paragraphs(docx, 'Title')).toEqual([`${official.title}Hotel business management`]);
    expect(paragraphs(docx, 'Heading1')).toEqual(official.sections);
    expect(paragraphs(docx, 'Heading2')).toEqual(official.parts);
  });

  test('prints the chosen model only', () => {
    for (const other of official.otherModels) {
      expect(text).not.toContain(tight(other));
      expect(docxText(docx)).not.toContain(tight(other));
    }
  });

  test('has the facts of section 1 in the order of the template', () => {
    const [facts = []] = tables(docx);
    expect(facts.map(({ cells }) => cells[0]?.text)).toEqual(official.facts);
    const values = facts.map(({ cells }) => cells[1]?.text);
    expect(values[1]).toBe('MOOC 1: Hotel Management\nMOOC 2: Қонақжайлылық негіздері');
    expect(values[3]).toBe('150 h / 5');
    expect(values[7]).toBe('Autumn 2026');
    for (const { cells } of facts) for (const { text: value } of cells) expect(text).toContain(tight(value));
  });

  test('has the schedule’s rows: lectures, practical classes, consultations as they are called, controls across', () => {
    const [, rows = []] = tables(docx);
    const [head, first, practical] = rows;
    expect(head?.head).toBe(true);
    expect(rows.slice(1).some((row) => row.head)).toBe(false);
    expect(head?.cells.map((cell) => cell.text)).toEqual(official.columns);
    expect(first?.cells.map((cell) => cell.text)).toEqual([
      '1',
      expect.stringMatching(/^[ЛL] ?1\. Қонақ үй бизнесіне кіріспе$/),
      '1,5',
      '1-модульдің бейнедәрістерін көру\nОнлайн тест',
      'Тест, 10 балл',
      { kk: 'Асинхронды', ru: 'Асинхронно', en: 'Asynchronous' }[language],
      'Coursera\nhttps://www.coursera.org/specializations/hotel-management?a=1&b=2',
    ]);
    expect(practical?.cells.slice(0, 2).map((cell) => cell.text)).toEqual([
      '1',
      `${official.practical}. Талдау ${KAZAKH}`,
    ]);
    const consultations = rows.filter(({ cells }) => official.consultations.includes(cells[1]?.text ?? ''));
    expect(consultations.map(({ cells }) => [cells[0]?.text, cells[1]?.text, cells[2]?.text])).toEqual(
      official.consultations.map((name) => ['', name, '1']),
    );
    const across = rows.filter(({ cells }) => cells.length === 1);
    expect(across.map(({ cells }) => cells[0])).toEqual([
      { text: `${official.controls[0] ?? ''}. Сб 17.10, 10:00`, span: 7 },
      { text: official.controls[1], span: 7 },
      { text: official.controls[2], span: 7 },
    ]);
    // As the template has them: 15 lectures, one practical class, three consultations, three controls.
    expect(rows).toHaveLength(1 + 15 + 1 + 3 + 3);
    expect(rows.every(({ whole }) => whole)).toBe(true);
    expectOrder(
      text,
      rows.flatMap(({ cells }) => cells.map((cell) => cell.text)),
    );
  });

  test('leaves out what was taken out', () => {
    for (const all of [text, docxText(docx)]) expect(all).not.toContain(tight('that was taken out'));
  });

  test('has the signatures: the last editor compiled it, nobody agreed', () => {
    const rows = tables(docx).at(-1) ?? [];
    const [compiled = '', teacher = '', agreed = '', leader = '', director = ''] = official.signed;
    const blank = ['____________________', '______________'];
    expect(rows.slice(1).map(({ cells }) => cells.map((cell) => cell.text))).toEqual([
      [compiled],
      [teacher, 'Гүлмира', blank[1], expect.stringMatching(/./)],
      [agreed],
      [leader, ...blank, official.waiting],
      [director, ...blank, official.waiting],
    ]);
    expectOrder(
      text,
      rows.flatMap(({ cells }) => cells.map((cell) => cell.text)),
    );
  });

  test('is upright first, and lies down for the schedule, on A4', () => {
    const sizes = pages.map(({ width, height }) => [Math.round(width), Math.round(height)]);
    expect(sizes[0]).toEqual([595, 842]);
    expect(sizes.at(-1)).toEqual([842, 595]);
    expect(docx.pages.map(({ width, height }) => [Math.round(width), Math.round(height)])).toEqual([
      [595, 842],
      [842, 595],
    ]);
  });

  test('keeps every Kazakh letter', () => {
    expect(text).toContain(tight(KAZAKH));
    expect(docx.xml).toContain(KAZAKH);
  });
});

const bigMap = (change: (index: number) => Partial<IntegrationMap['rows'][number]> = () => ({})): IntegrationMap => ({
  ...hotelMap(),
  rows: Array.from({ length: LIMITS.rows }, (_, index) => ({
    ...emptyRow(`r${index + 1}`, 'lecture'),
    week: String(index + 1),
    topic: `Topic number ${index + 1}, ${'with words that go on '.repeat(6)}`.trim(),
    tasks: 'Watch the video lectures; take the test. '.repeat(6).trim(),
    assessment: 'Test',
    delivery: 'asynchronous',
    platform: 'Coursera',
    link: 'https://www.coursera.org/learn/hotel-management-distribution-revenue-demand-management',
    ...change(index),
  })),
});

describe('a long schedule', () => {
  test('repeats its headings on each page and tears no row', async () => {
    const { docx, pages, text } = await read(printedMap(await readerIn('ru'), bigMap()));
    const [, rows = []] = tables(docx);
    expect([rows[0]?.head, rows.length]).toEqual([true, 61]);
    expect(rows.every(({ whole }) => whole)).toBe(true);
    const schedule = pages.filter(({ width, height }) => width > height);
    expect(schedule.length).toBeGreaterThan(5);
    for (const page of schedule) {
      const own = tightText([page]);
      const row = /Topicnumber\d+/.test(own);
      if (row) expect(own.startsWith(tight(OFFICIAL.ru.columns.join('')), own.indexOf('Неделя'))).toBe(true);
      // A row that begins on a page has its last words on it.
      const begun = [...own.matchAll(/Topicnumber(\d+),/g)].length;
      expect([...own.matchAll(/demand-management/g)].length).toBe(begun);
    }
    for (let row = 1; row <= 60; row++) expect(text).toContain(`Topicnumber${row},`);
  });

  test('stays on its pages, also with cells of 2,000 characters, addresses and words without a blank', async () => {
    const long = (letter: string, many: number) => `${letter}${'ұ'.repeat(many - 2)}${letter}`;
    const map = bigMap((index) =>
      index % 7 === 3
        ? {
            topic: long('T', 2000),
            tasks: `${'Кестедегі жол '.repeat(142)}END`,
            link: `https://x.kz/${'a'.repeat(1980)}`,
          }
        : {},
    );
    const start = performance.now();
    const { docx, pages, text } = await read(printedMap(await readerIn('kk'), map));
    expect(performance.now() - start).toBeLessThan(20_000);
    for (const { width, height, pieces } of pages)
      for (const piece of pieces) {
        expect(piece.x).toBeGreaterThanOrEqual(40);
        expect(piece.x + piece.width).toBeLessThanOrEqual(width - 40);
        expect(piece.y).toBeLessThanOrEqual(height - 20);
      }
    expect([...text.matchAll(/END/g)].length).toBe(9);
    expect([...text.matchAll(/ұ/g)].length).toBe([...docxText(docx).matchAll(/ұ/g)].length);
    const [, rows = []] = tables(docx);
    expect(rows.filter(({ whole }) => !whole)).toHaveLength(9);
  });
});

describe('what people type', () => {
  const HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    '<script>alert(1)</script>',
    '&lt;&amp;&#x41;&quot;',
    ']]><w:p/><!ENTITY x SYSTEM "file:///etc/passwd">',
    '{ HYPERLINK "http://evil.example" }',
    '{{constructor}} $t(common:tab.home) %PDF-1.4 (x) Tj \\',
    '₸ → ✓ “Ә”',
  ];

  test('is text in both formats, and stays as it was typed', async () => {
    const map = hotelMap();
    const hostile = HOSTILE.join('\n');
    const { docx, text } = await read(
      printedMap(await readerIn('en'), {
        ...map,
        head: { ...map.head, discipline: HOSTILE.join(' '), semester: HOSTILE.join(' ') },
        moocs: map.moocs.map((mooc) => ({ ...mooc, title: HOSTILE.join(' '), link: 'javascript:alert(1)' })),
        rows: map.rows.map((row) => ({ ...row, topic: hostile, tasks: hostile, link: 'javascript:alert(1)' })),
      }),
    );
    for (const line of HOSTILE) {
      expect(text).toContain(tight(line));
      expect(docxText(docx)).toContain(tight(line));
    }
    expect(docx.xml).not.toMatch(/instrText|fldSimple|w:hyperlink|<script|<!ENTITY|<!DOCTYPE/);
    expect(docx.parts.filter((name) => /vba|embed|activeX|external/i.test(name))).toEqual([]);
    const [, rows = []] = tables(docx);
    expect(rows[1]?.cells[3]?.text).toBe(hostile);
  });

  test('loses the characters that no XML can hold, and nothing else', async () => {
    const map = hotelMap();
    const dirty = 'a\u0000b\u0001c\u000bd\u001fe\u007ff\u0085g\ufffeh\uffffi\ud800j\tk';
    const { docx, text } = await read(
      printedMap(await readerIn('en'), {
        ...map,
        head: { ...map.head, semester: dirty },
        updatedBy: { sub: 't', name: dirty },
      }),
    );
    expect(docx.xml).toContain('abcdefghij\tk');
    expect([...text.matchAll(/abcdefghijk/g)]).toHaveLength(2);
  });

  test('a PDF runs nothing, and carries its fonts', async () => {
    const bytes = (await pdfOf(printedMap(await readerIn('kk'), hotelMap()))).toString('latin1');
    expect(bytes).not.toMatch(/\/(JavaScript|JS|Launch|OpenAction|EmbeddedFile|URI|AcroForm)\b/);
    expect([...bytes.matchAll(/\/FontFile2/g)].length).toBe(2);
    expect([...bytes.matchAll(/\/BaseFont \/[A-Z]{6}\+DejaVuSansCondensed/g)].length).toBeGreaterThan(0);
  });
});

describe('what a map does not say yet', () => {
  test.each(LANGUAGES)('no model, no MOOC, no row: a line for each, in %s', async (language) => {
    const map = hotelMap();
    const empty = { ...map, head: { ...map.head, model: '', discipline: '' }, moocs: [], rows: [] };
    const { docx, text } = await read(printedMap(await readerIn(language), empty));
    const { noModel, title } = OFFICIAL[language];
    expect(paragraphs(docx, 'Title')).toEqual([`${title}…`]);
    const lines = paragraphs(docx, '');
    expect(lines.filter((line) => line === noModel)).toHaveLength(2);
    expect(text.split(tight(noModel))).toHaveLength(3);
    for (const other of OFFICIAL[language].otherModels) expect(text).not.toContain(tight(other));
    expect(tables(docx)).toHaveLength(2);
  });
});

const agreedWith = (signatures: readonly Signature[], more: Partial<Agreed> = {}): Agreed => ({
  version: 3,
  standing: 'waiting',
  since: null,
  check: null,
  signatures,
  ...more,
});

test('those who compiled and agreed it stand in the signatures, with dates and states', async () => {
  const at = (day: string) => new Date(`${day}T20:00:00Z`);
  const signatures: Signature[] = [
    { role: 'director', name: '', at: null, state: 'waiting' },
    { role: 'programme-leader', name: 'Елена Сон', at: at('2026-10-12'), state: 'agreed' },
    { role: 'teacher', name: 'Гүлмира Нұрғалиева', at: at('2026-10-09'), state: 'compiled' },
    { role: 'teacher', name: 'Ольга Ли', at: at('2026-10-09'), state: 'compiled' },
  ];
  const { docx, text } = await read(printedMap(await readerIn('ru'), hotelMap(), agreedWith(signatures)));
  const rows = (tables(docx).at(-1) ?? []).map(({ cells }) => cells.map((cell) => cell.text));
  expect(rows).toEqual([
    ['Должность', 'ФИО', 'Дата', 'Состояние'],
    ['Составлено:'],
    // In Almaty it was the next day by then.
    ['преподаватель', 'Гүлмира Нұрғалиева', '10 октября 2026 г.', 'составлено'],
    ['преподаватель', 'Ольга Ли', '10 октября 2026 г.', 'составлено'],
    ['Согласовано:'],
    ['программный лидер Школы', 'Елена Сон', '13 октября 2026 г.', 'согласовано'],
    ['директор УОО', '____________________', '______________', 'ещё не согласовано'],
  ]);
  expectOrder(text, rows.flat());
});

describe('which version a paper is', () => {
  const at = new Date('2026-10-12T20:00:00Z');
  const qr = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
    'base64',
  );
  const check = { code: '7Q4M-2F9A', url: 'https://serik.example/v/7Q4M2F9A', qr };

  test.each(LANGUAGES)('a draft says so and has no code, in %s', async (language) => {
    const reader = await readerIn(language);
    const { docx, text } = await read(printedMap(reader, hotelMap()));
    expect(text).toContain(tight(reader.t('map-document:version.draft')));
    expect(docx.parts.filter((part) => part.startsWith('word/media/'))).toEqual([]);
  });

  test.each(LANGUAGES)(
    'the one in force has its day, the code, the address and a picture of it, in %s',
    async (language) => {
      const reader = await readerIn(language);
      const agreed = agreedWith([], { standing: 'in-force', since: at, check });
      const { docx, text, pages } = await read(printedMap(reader, hotelMap(), agreed));
      const day = { kk: '2026 ж. 13 қазан', ru: '13 октября 2026 г.', en: '13 October 2026' }[language];
      const words = [reader.t('map-document:version.in-force', { version: 3, day }), check.code, check.url];
      expectOrder(docxText(docx), words);
      expectOrder(text, words);
      expect(docx.parts.some((part) => /^word\/media\/.+\.png$/.test(part))).toBe(true);
      expect(docx.xml).toContain(reader.t('map-document:check.picture'));
      // The code stands on the page of the signatures.
      const last = (pages.at(-1)?.pieces ?? []).map((piece) => piece.text).join('');
      expect(tight(last)).toContain(tight(check.url));
    },
  );
});

test('2.1 prints the per cent of the matrix, and the typed one where there is one', async () => {
  const map = matchMap(['F-', '-P', '--', '--'], ['P', '-', '-', 'F']);
  const moocs = map.moocs.map((mooc) => (mooc.id === 'm2' ? { ...mooc, match: '60', reason: 'Read in class' } : mooc));
  const { docx, text } = await read(printedMap(await readerIn('en'), { ...map, moocs }));
  expect(docxText(docx)).toContain(tight('MOOC 1 – 38 %, MOOC 2 – 60 %'));
  expect(text).toContain(tight('MOOC 1 – 38 %, MOOC 2 – 60 %'));
});
