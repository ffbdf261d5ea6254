import { ROW_FIELDS, type RowField } from '../map.js';
import type { ClipCell } from '../table/clip.js';

/** What a column of a table is; `kind` says lecture or practical class, an empty one is left out. */
export type Meaning = RowField | 'kind' | '';
export const MEANINGS: readonly Meaning[] = ['', 'kind', ...ROW_FIELDS];

type Named = Exclude<Meaning, ''>;

/**
 * Beginnings of words that headings of syllabuses have, in Kazakh, Russian and English; those of Appendix 1 among them. Whole
 * words end in a blank.
 */
const STEMS: readonly (readonly [Named, readonly string[]])[] = [
  ['week', ['апта', 'недел', 'week', 'wk ', 'нед ']],
  [
    'delivery',
    ['өткізу нысаны', 'өткізу түрі', 'форма провед', 'формат ', 'форма занят', 'delivery', 'mode ', 'format '],
  ],
  [
    'assessment',
    ['бағала', 'оцен', 'assess', 'evaluat', 'балл', 'ұпай', 'grading', 'points', 'форма контрол', 'бақылау нысан'],
  ],
  [
    'tasks',
    [
      'тапсырма',
      'задани',
      'задач',
      'task',
      'assignment',
      'homework',
      'срс',
      'сөж',
      'activit',
      'самостоятел',
      'өзіндік',
    ],
  ],
  ['hours', ['сағат', 'часов', 'часы ', 'час ', 'hour', 'hrs ', 'кол во час', 'длительн']],
  [
    'kind',
    [
      'сабақ түрі',
      'сабақтың түрі',
      'вид занят',
      'тип занят',
      'вид работ',
      'type of class',
      'class type',
      'lesson type',
      'kind',
    ],
  ],
  [
    'topic',
    [
      'тақырып',
      'тема',
      'темы',
      'тематик',
      'topic',
      'theme',
      'содержани',
      'мазмұн',
      'content',
      'title',
      'атауы',
      'наименован',
      'название',
    ],
  ],
  ['platform', ['платформа', 'platform', 'lms ']],
  ['link', ['сілтеме', 'ссылк', 'link', 'url', 'адрес', 'ресурс', 'resource', 'источник']],
];

/** Only these letters in all of the heading. */
const SHORT: Readonly<Record<string, Named>> = {
  '№': 'week',
  n: 'week',
  '№ п п': 'week',
  no: 'week',
  ч: 'hours',
  h: 'hours',
  форма: 'delivery',
  нысаны: 'delivery',
};

const plain = (text: string) =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}№]+/gu, ' ')
    .trim();

/** What a heading says of its column, by the first word that we know: "Link to the platform" is a link. */
export function meaningOf(heading: string): Meaning {
  const words = plain(heading.slice(0, 200));
  if (words === '') return '';
  if (Object.hasOwn(SHORT, words)) return SHORT[words] ?? '';
  const at = ([, stems]: (typeof STEMS)[number]) =>
    Math.min(...stems.map((stem) => ` ${words} `.indexOf(` ${stem}`)).map((index) => (index < 0 ? Infinity : index)));
  const [first] = [...STEMS].sort((a, b) => at(a) - at(b));
  return first && at(first) < Infinity ? first[0] : '';
}

/** Each meaning once: a second column of the same kind is left for the person to say. */
export function meaningsOf(row: readonly ClipCell[]): Meaning[] {
  const used = new Set<Meaning>();
  return row.map(({ text, part }) => {
    const meaning = part === 'own' ? meaningOf(text) : '';
    if (meaning === '' || used.has(meaning)) return '';
    used.add(meaning);
    return meaning;
  });
}

const known = (meanings: readonly Meaning[]) => meanings.filter((meaning) => meaning !== '').length;

/** Syllabuses have a title and a few lines before the table. */
const SEARCHED_ROWS = 15;

/** The row that reads most like headings; nothing where none has two that are known. */
export function headingRow(rows: readonly (readonly ClipCell[])[]): number | null {
  const scores = rows
    .slice(0, SEARCHED_ROWS)
    .map((row) => (row.some(({ text }) => text.length > 200) ? 0 : known(meaningsOf(row))));
  const best = Math.max(0, ...scores);
  return best >= 2 ? scores.indexOf(best) : null;
}

/** The table that is most likely the plan: by its headings, then by its rows. */
export function likeliest(tables: readonly { readonly rows: readonly (readonly ClipCell[])[] }[]): number {
  const scores = tables.map(({ rows }) => {
    const at = headingRow(rows);
    return (at === null ? 0 : known(meaningsOf(rows[at] ?? []))) * 1000 + rows.length;
  });
  return scores.indexOf(Math.max(...scores));
}

/** Without headings the columns are Appendix 1's, in its order. */
export function guessed(rows: readonly (readonly ClipCell[])[], heading: number | null): Meaning[] {
  const row = heading === null ? undefined : rows[heading];
  if (row) return meaningsOf(row);
  const usual: readonly Meaning[] = ['week', 'topic', 'hours', 'tasks', 'assessment', 'delivery', 'platform', 'link'];
  return (rows[0] ?? []).map((_, index) => (rows[0]?.length === 1 ? 'topic' : (usual[index] ?? '')));
}
