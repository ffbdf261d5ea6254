import type { RowKind, Stage } from '../map.js';

/** What a row becomes; an empty one is left out. */
export type Becomes = 'lecture' | 'practical' | `${'consultation' | 'control'}:${Stage}` | '';

export const BECOMES: readonly Becomes[] = [
  'lecture',
  'practical',
  'consultation:midterm-1',
  'consultation:midterm-2',
  'consultation:exam',
  'control:midterm-1',
  'control:midterm-2',
  'control:exam',
  '',
];

export function kindOf(becomes: Exclude<Becomes, ''>): { kind: RowKind; stage: Stage | null } {
  const [kind, stage = null] = becomes.split(':') as [RowKind, Stage?];
  return { kind, stage };
}

/** What a text says of its row, and what is left of it without those words. */
export interface Recognised {
  readonly kind: RowKind;
  /** Nothing where the words do not say which. */
  readonly stage: Stage | null;
  readonly rest: string;
}

/** Behind a name: the end, or what parts it from the topic. */
const END = '(?:\\s*[.,:;)–—-]+\\s*|\\s*$|\\s*\\n\\s*)';
const NUMBER = '\\s*(?:№|#|no\\.?)?\\s*(?:\\d{1,2}(?:\\s*[-–]\\s*\\d{1,2})?)';

const named = (names: string, numbered: string) =>
  new RegExp(`^(?:(?:${names})(?:${NUMBER})?|(?:${numbered})${NUMBER})(?:${END}|(?<=\\d)\\s+)`, 'iu');

const LECTURE = [
  named('лекция|лекциялық сабақ|дәріс|lecture', 'лекция|лек\\.?|л\\.?|дәріс|д|lecture|lec\\.?|l'),
  /^(\d{1,2})\s*-?\s*(?:дәріс|лекция|lecture)(?:\s*[.,:;)–—-]+\s*|\s*$)/iu,
];
const PRACTICAL = [
  named(
    'практическ\\p{L}+(?:\\s*(?:/|,|и)?\\s*семинарск\\p{L}+)?\\s+(?:занят|работ)\\p{L}+|семинарск\\p{L}+\\s+занят\\p{L}+|' +
      'лабораторн\\p{L}+\\s+(?:занят|работ)\\p{L}+|практика|практикум|семинар|срсп|сөөж|практикалық(?:\\s+(?:сабақ|жұмыс))?|' +
      'семинар сабағы|зертханалық(?:\\s+(?:сабақ|жұмыс))?|practical(?:\\s+(?:class|work|lesson|session))?|seminar|' +
      'lab(?:oratory)?(?:\\s+(?:class|work))?|tutorial|workshop',
    'пз|сз|лз|лр|п|практ\\.?|сем\\.?|p|pc',
  ),
  /^(\d{1,2})\s*-?\s*(?:практикалық|зертханалық|семинар|practical)(?:\s+(?:сабақ|жұмыс|class))?(?:\s*[.,:;)–—-]+\s*|\s*$)/iu,
];

const CONSULTATION = /^(?:[\p{L}\p{N}№.]+\s+){0,4}(?:консультаци|кеңес|consultation)/iu;
const BEFORE = /рубеж|экзам|емтихан|бақылау|midterm|mid-term|exam|control|(?:^|\P{L})(?:рк|ар?б|қр|pk)(?:\P{L}|$)/iu;
/** Words and a number, and nothing that would be lost with the name. */
const ONLY_NAME = /^(?:[\p{L}-]+\s*){1,7}(?:№\s*)?[12]?[.:]?\s*$/u;
const LONGEST_NAME = 80;

const CONTROL: readonly (readonly [RegExp, Stage | 'midterm'])[] = [
  [
    /^(?:рубежн\p{L}+\s+(?:контрол\p{L}+|аттестац\p{L}+)|аралық\s+(?:бақылау|аттестаттау)|mid-?\s?term(?:\s+(?:exam|control|test))?)\s*(?:№|#)?\s*([12])?(?:\s*[.,:;)–—-]+\s*|\s+|$)/iu,
    'midterm',
  ],
  // Without a number "РК" and "ҚР" are the Republic of Kazakhstan.
  [/^(?:рк|аб|қр)\s*(?:№|#|-)?\s*([12])(?:\s*[.,:;)–—-]+\s*|\s+|$)/iu, 'midterm'],
  [
    /^([12])\s*-?\s*(?:рубежн\p{L}+\s+контрол\p{L}+|аралық\s+бақылау|mid-?\s?term)(?:\s*[.,:;)–—-]+\s*|\s*$)/iu,
    'midterm',
  ],
  [
    /^(?:итогов\p{L}+\s+(?:контрол\p{L}+|экзамен|аттестац\p{L}+)|экзамен|емтихан|қорытынды\s+(?:бақылау|емтихан|аттестаттау)|final(?:\s+(?:exam(?:ination)?|control|test))?|exam(?:ination)?)(?:\s*[.,:;)–—-]+\s*|\s*$|\s+(?=\())/iu,
    'exam',
  ],
];

function stageIn(text: string): Stage | null {
  if (/экзам|емтихан|exam|итогов|қорытынды|final/iu.test(text)) return 'exam';
  const [, digit = ''] = /(?:^|\P{N})([12])(?:\P{N}|$)/u.exec(text) ?? [];
  return digit === '' ? null : digit === '1' ? 'midterm-1' : 'midterm-2';
}

const without = (text: string, found: RegExpExecArray) => text.slice(found[0].length).trim();

/** Says what it is, and goes on: "Практическое занятие по теме…" is a text by itself. */
const PRACTICAL_TEXT =
  /^(?:практическ\p{L}+|семинарск\p{L}+|лабораторн\p{L}+|практикалық|зертханалық|practical|laboratory)\s+(?:занят|работ|сабақ|жұмыс|class|work|lesson|session)/iu;

function lesson(text: string, kind: 'lecture' | 'practical', patterns: readonly RegExp[]): Recognised | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found) return { kind, stage: null, rest: without(text, found) };
  }
  return null;
}

function control(text: string): Recognised | null {
  for (const [pattern, which] of CONTROL) {
    const found = pattern.exec(text);
    if (!found) continue;
    const stage = which === 'exam' ? 'exam' : found[1] === undefined ? null : `midterm-${found[1] as '1' | '2'}`;
    return { kind: 'control', stage: stage as Stage | null, rest: without(text, found) };
  }
  return null;
}

function consultation(text: string): Recognised | null {
  const [first = '', ...more] = text.split('\n');
  if (first.length > LONGEST_NAME || !CONSULTATION.test(first)) return null;
  if (first.split(/\s+/).length > 2 && !BEFORE.test(first)) return null;
  const rest = ONLY_NAME.test(first) ? more.join('\n').trim() : text;
  return { kind: 'consultation', stage: stageIn(first), rest };
}

const LOOKED_AT = 300;

/** Is it a lecture, a practical class, a consultation or a control, as syllabuses call them; nothing where it does not say. */
export function recognised(text: string): Recognised | null {
  const start = text.slice(0, LOOKED_AT);
  const found =
    lesson(start, 'lecture', LECTURE) ??
    consultation(start) ??
    control(start) ??
    lesson(start, 'practical', PRACTICAL) ??
    (PRACTICAL_TEXT.test(start) ? ({ kind: 'practical', stage: null, rest: start } as const) : null);
  return found && { ...found, rest: found.rest + text.slice(start.length) };
}

/** "Итого", "Барлығы", "Total": a sum, no class. */
export const isSum = (text: string): boolean => /^(?:итого|всего|барлығы|жиыны|total|sum)(?:\P{L}|$)/iu.test(text);

const WORDS: Readonly<Record<string, 'lecture' | 'practical'>> = Object.fromEntries([
  ...['л', 'лк', 'лек', 'лекц', 'д', 'l', 'lec'].map((word) => [word, 'lecture'] as const),
  ...['п', 'пз', 'пр', 'практ', 'с', 'сз', 'сем', 'лз', 'лб', 'лр', 'лаб', 'p', 'pc', 's', 'lab'].map(
    (word) => [word, 'practical'] as const,
  ),
]);

/** A cell of a column for kinds, where a letter will do. */
export function recognisedKind(text: string): Recognised | null {
  const word = text.toLowerCase().replace(/[^\p{L}]/gu, '');
  const kind = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  return kind ? { kind, stage: null, rest: '' } : recognised(text);
}
