import { beforeAll, describe, expect, test } from '@jest/globals';
import { printedMap } from '../../../src/integration-map/documents/document.js';
import { docxOf } from '../../../src/integration-map/documents/docx.js';
import { meaningOf, headingRow, likeliest, guessed } from '../../../src/integration-map/import/headings.js';
import type { Goal, Note, Reading } from '../../../src/integration-map/import/reading.js';
import { readTableFile, readTableText } from '../../../src/integration-map/import/read-file.js';
import { recognised } from '../../../src/integration-map/import/row-kinds.js';
import { draftsOf, rowsOf } from '../../../src/integration-map/import/rows.js';
import type { Table } from '../../../src/integration-map/import/tables.js';
import { liveRows, type Row } from '../../../src/integration-map/map.js';
import { deliveryWords } from '../../../src/integration-map/sheet-texts.js';
import type { Language } from '../../../src/web/i18n.js';
import { hotelMap, readerIn } from '../document-maps.js';
import { OFFICIAL } from '../official-words.js';

let goal: Goal;
beforeAll(async () => {
  goal = { room: 60, lastWeek: 0, delivery: deliveryWords(await readerIn('ru')) };
});

const readingOf = ({ rows }: Table, changes: Partial<Reading> = {}): Reading => {
  const heading = headingRow(rows);
  return { heading, columns: guessed(rows, heading), chosen: new Map(), long: null, ...changes };
};
const draftsIn = async (text: string, changes: Partial<Reading> = {}, to: Partial<Goal> = {}) => {
  const [table] = await readTableText(text);
  if (!table) throw new Error('No table');
  return draftsOf(table, readingOf(table, changes), { ...goal, ...to });
};
const becomes = async (text: string) => (await draftsIn(text)).map((draft) => draft.becomes);
const notesIn = async (text: string): Promise<Note[]> => (await draftsIn(text)).flatMap(({ notes }) => notes);

describe('headings', () => {
  const APPENDIX = ['week', 'topic', 'hours', 'tasks', 'assessment', 'delivery', 'platform'];

  test.each(['kk', 'ru', 'en'] as const)('those of Appendix 1 in %s', (language) => {
    expect(OFFICIAL[language].columns.map(meaningOf)).toEqual(APPENDIX);
  });

  test.each([
    ['№ нед.', 'week'],
    ['Апталар', 'week'],
    ['№', 'week'],
    ['Тақырыбы мен мазмұны', 'topic'],
    ['Темы лекционных занятий', 'topic'],
    ['Наименование темы', 'topic'],
    ['Кол-во час.', 'hours'],
    ['Количество часов', 'hours'],
    ['Задания для СРС', 'tasks'],
    ['СӨЖ тапсырмалары', 'tasks'],
    ['Макс. балл', 'assessment'],
    ['Форма контроля', 'assessment'],
    ['Формативное оценивание', 'assessment'],
    ['Формат', 'delivery'],
    ['Вид занятия', 'kind'],
    ['Сабақ түрі', 'kind'],
    ['Ссылка на платформу', 'link'],
    ['Link to the platform', 'link'],
    ['Model', ''],
    ['Часть курса', ''],
    ['', ''],
  ])('“%s” is %s', (heading, meaning) => {
    expect(meaningOf(heading)).toBe(meaning);
  });

  test('they are found below a title, and the table that has them among others', async () => {
    const rows = (await readTableText('Силлабус;;\nПән:;Қонақ үй;\nАпта;Тақырып;Сағат\n1;Кіріспе;1\n'))[0]?.rows ?? [];
    expect(headingRow(rows)).toBe(2);
    const long = { rows: Array.from({ length: 50 }, () => rows[0] ?? []) };
    expect(likeliest([long, { rows }])).toBe(1);
  });
});

describe('what a row is', () => {
  test.each([
    ['Лекция 1. Введение', 'lecture', null, 'Введение'],
    ['Л1. Введение', 'lecture', null, 'Введение'],
    ['L3. - Dash', 'lecture', null, '- Dash'],
    ['1-дәріс. Кіріспе', 'lecture', null, 'Кіріспе'],
    ['Лекция №3: Отель', 'lecture', null, 'Отель'],
    ['Практическая работа 2. Кейс', 'practical', null, 'Кейс'],
    ['Практикалық жұмыс 1. Талдау', 'practical', null, 'Талдау'],
    ['Practical class 4', 'practical', null, ''],
    ['Практическое занятие по теме рынка', 'practical', null, 'Практическое занятие по теме рынка'],
    ['Семинар 3: дебаты', 'practical', null, 'дебаты'],
    ['Зертханалық жұмыс №2. Тәжірибе', 'practical', null, 'Тәжірибе'],
    ['Консультация по РК 1', 'consultation', 'midterm-1', ''],
    ['ҚР бойынша кеңес 2', 'consultation', 'midterm-2', ''],
    ['Емтихан бойынша кеңес', 'consultation', 'exam', ''],
    ['Consultation for midterm 1', 'consultation', 'midterm-1', ''],
    ['Консультация по экзамену (билеты 1–30)', 'consultation', 'exam', 'Консультация по экзамену (билеты 1–30)'],
    ['Рубежный контроль 1', 'control', 'midterm-1', ''],
    ['Рубежный контроль №2. Тест', 'control', 'midterm-2', 'Тест'],
    ['Аралық бақылау 1', 'control', 'midterm-1', ''],
    ['РК1', 'control', 'midterm-1', ''],
    ['Midterm 2', 'control', 'midterm-2', ''],
    ['Mid-term exam', 'control', null, ''],
    ['Итоговый контроль. Сб 17.10', 'control', 'exam', 'Сб 17.10'],
    ['Қорытынды бақылау', 'control', 'exam', ''],
    ['Экзамен', 'control', 'exam', ''],
  ])('“%s”', (text, kind, stage, rest) => {
    expect(recognised(text)).toEqual({ kind, stage, rest });
  });

  test.each([
    'Введение в гостиничное дело',
    'Практика гостеприимства в Казахстане',
    'РК: законодательство о туризме',
    'Контроль качества в отеле',
    'Консультация клиентов как часть работы отеля',
    'Экзаменационные требования к персоналу',
    'Лекционные залы и их оснащение',
  ])('“%s” says nothing of it', (text) => {
    expect(recognised(text)).toBeNull();
  });

  test('a row without a week of its own is a practical class of the lecture above', async () => {
    expect(await becomes('Неделя;Тема;Часы\n1;Отель;1\n;Кейс;1\n2;Сервис;1\n')).toEqual([
      'lecture',
      'practical',
      'lecture',
    ]);
  });

  test('a column for it is read by letters too, and the topic keeps its text', async () => {
    const drafts = await draftsIn('Неделя;Вид занятия;Тема\n1;Л;Отель\n1;ПЗ;Кейс\n7;РК;Тест\n');
    expect(drafts.map((draft) => [draft.becomes, draft.values.topic])).toEqual([
      ['lecture', 'Отель'],
      ['practical', 'Кейс'],
      ['lecture', 'Тест'],
    ]);
  });

  test('midterms without a number come in order, each consultation before its own', async () => {
    expect(
      await becomes(
        'Week;Topic\n7;A\n;Consultation\n;Midterm\n14;B\n;Consultation\n;Midterm\n;Consultation\n;Final exam\n',
      ),
    ).toEqual([
      'lecture',
      'consultation:midterm-1',
      'control:midterm-1',
      'lecture',
      'consultation:midterm-2',
      'control:midterm-2',
      'consultation:exam',
      'control:exam',
    ]);
  });

  test('sums, numbers of columns, headings once more and subheadings are left out, and said', async () => {
    const drafts = await draftsIn(
      'Неделя;Тема;Часы\n1;2;3\nМодуль 1;;\n1;Отель;1\nНеделя;Тема;Часы\n2;Сервис;1\nИтого;;2\n',
    );
    expect(drafts.map((draft) => [draft.becomes, draft.notes.map(({ kind }) => kind)])).toEqual([
      ['', ['numbers']],
      ['', ['across']],
      ['lecture', []],
      ['', ['heading-again']],
      ['lecture', []],
      ['', ['sum']],
    ]);
  });
});

describe('texts', () => {
  test('go through the map’s own order: no blanks at the ends, one line where a field is one, NFC', async () => {
    const [draft] = await draftsIn(
      'Неделя;Тема;Часы;Платформа\nНеделя 3;"  Cafe\u0301 \n  вторая  ";" 1,5 ";"MS\nTeams"\n',
    );
    expect(draft?.values).toMatchObject({ week: '3', topic: 'Café\n  вторая', hours: '1,5', platform: 'MS Teams' });
  });

  test('the same platform column gives platform and address; delivery is read in three languages', async () => {
    const drafts = await draftsIn(
      'Week;Topic;Delivery;Platform and link\n1;A;Онлайн, асинхронно;Coursera (https://c.example/x)\n2;B;Дәрісхана;MS Teams\n3;C;как-нибудь;–\n',
    );
    expect(drafts.map(({ values: { delivery, platform, link } }) => [delivery, platform, link])).toEqual([
      ['asynchronous', 'Coursera', 'https://c.example/x'],
      ['in-class', 'MS Teams', ''],
      ['', '', ''],
    ]);
    expect(drafts[2]?.notes).toEqual([{ kind: 'not-a-choice', text: 'как-нибудь' }]);
  });

  test('what has no cell, no number and no room is told', async () => {
    expect(await notesIn('Неделя;Тема;Часы\n1–2;Отель;два\n;РК 1;1\n')).toEqual([
      { kind: 'week-not-number', text: '1–2' },
      { kind: 'hours-not-number', text: 'два' },
      { kind: 'no-place', field: 'hours', text: '1' },
    ]);
    const drafts = await draftsIn('Тема;Часы\nA;1\nB;1\nC;1\n', {}, { room: 2, lastWeek: 15 });
    expect(drafts.map(({ becomes: one, values, notes }) => [one, values.week, notes.map(({ kind }) => kind)])).toEqual([
      ['lecture', '16', ['week-counted']],
      ['lecture', '17', ['week-counted']],
      ['', '', ['over']],
    ]);
  });

  test('a text of 10,000 characters is not cut until somebody says so, and then as said', async () => {
    const long = `${'слово '.repeat(1665)}конец.....`;
    expect(long).toHaveLength(10_000);
    const table = `Week;Topic\n1;${long}\n`;
    const [open] = await draftsIn(table);
    expect(open?.notes).toEqual([
      { kind: 'too-long', field: 'topic', text: long, max: 2000, end: long.slice(0, 2000).trimEnd().slice(-40) },
    ]);
    expect(open?.values.topic).toBe('');
    expect((await draftsIn(table, { long: 'leave' }))[0]?.values.topic).toBe('');
    expect((await draftsIn(table, { long: 'keep' }))[0]?.values.topic).toBe(long.slice(0, 2000).trimEnd());
  });

  test('what a person chose for a row holds, with its whole text', async () => {
    const [draft] = await draftsIn('Week;Topic\n1;РК 1. Test\n', { chosen: new Map([[1, 'lecture']]) });
    expect([draft?.becomes, draft?.values.topic, draft?.recognised]).toEqual([
      'lecture',
      'РК 1. Test',
      'control:midterm-1',
    ]);
  });
});

describe('our own document of a map', () => {
  const told = ({ id: _id, deleted: _deleted, ...row }: Row) => row;

  test.each<Language>(['kk', 'ru', 'en'])('comes back as the same rows: %s', async (language) => {
    const hotel = hotelMap();
    // No page of ours has a cell for how a consultation is assessed.
    const rows = hotel.rows.map((row) => (row.kind === 'consultation' ? { ...row, assessment: '' } : row));
    const map = { ...hotel, rows };
    const bytes = await docxOf(printedMap(await readerIn(language), map));
    const tables = await readTableFile(bytes);
    const at = likeliest(tables);
    const table = tables[at] ?? { name: '', rows: [] };
    const drafts = draftsOf(table, readingOf(table), goal);
    expect(drafts.flatMap(({ notes }) => notes)).toEqual([]);
    expect(rowsOf(drafts, 'n0').map(told)).toEqual(liveRows(map).map(told));
  });
});
