import { ROW_FIELDS } from '../map.js';
import type { ClipCell } from '../table/clip.js';
import { platformAndLink } from '../table/platform.js';
import { choiceOf, isBlank } from '../table/words.js';
import { emptyRow } from '../template.js';
import type { Becoming } from './becoming.js';
import type { Meaning } from './headings.js';
import type { Note, Values } from './reading.js';
import { weekText } from './week-text.js';

const LINES: ReadonlySet<Meaning> = new Set(['topic', 'tasks', 'assessment']);
/** Longer ones are no platform with an address; they are told of as they are. */
const LONGEST_SPLIT = 3000;

/** The texts of all columns of one meaning; two columns may say the same thing in parts. */
function textsOf(source: readonly ClipCell[], columns: readonly Meaning[], named: number) {
  return (meaning: Meaning): string => {
    const texts = source.flatMap(({ text, part }, index) =>
      columns[index] === meaning && index !== named && part !== 'column' && !isBlank(text) ? [text] : [],
    );
    return texts.join(LINES.has(meaning) ? '\n' : ' ');
  };
}

function platformOf(source: readonly ClipCell[], columns: readonly Meaning[], named: number) {
  const text = textsOf(source, columns, named);
  const cells = source.filter(({ part }, index) => part !== 'column' && columns[index] !== '');
  const linkIn = (meaning: Meaning | null) =>
    source.find((cell, index) => cells.includes(cell) && cell.link && (meaning === null || columns[index] === meaning))
      ?.link ?? null;
  const [platform, written] = [text('platform'), text('link')];
  const split =
    columns.includes('link') || platform.length > LONGEST_SPLIT
      ? { platform, link: null }
      : platformAndLink({ text: platform, link: linkIn('platform'), part: 'own' });
  const link = linkIn('link') ?? (written === '' ? null : written) ?? split.link ?? linkIn('platform') ?? linkIn(null);
  return { platform: split.platform, link: link ?? '' };
}

function deliveryOf(text: string, words: Readonly<Record<string, readonly string[]>>): { code: string; notes: Note[] } {
  if (text === '') return { code: '', notes: [] };
  const code = choiceOf(text, words);
  return code === null ? { code: '', notes: [{ kind: 'not-a-choice', text }] } : { code, notes: [] };
}

const joined = (...texts: readonly string[]) => texts.filter((text) => text !== '').join('\n');

/** What stands in a row of the table, by the map's fields, before the map's own rules for texts. */
export function valuesOf(
  source: readonly ClipCell[],
  columns: readonly Meaning[],
  becoming: Pick<Becoming, 'kind' | 'named' | 'rest'>,
  words: Readonly<Record<string, readonly string[]>>,
): { values: Values; notes: Note[] } {
  const { kind, named, rest } = becoming;
  const text = textsOf(source, columns, named);
  const { code, notes } = deliveryOf(text('delivery'), words);
  const topic = joined(rest, text('topic'));
  // A consultation has no topic: what stands there is what it is about.
  const tasks = kind === 'consultation' ? joined(topic, text('tasks')) : text('tasks');
  const values = {
    ...(Object.fromEntries(ROW_FIELDS.map((field) => [field, ''])) as Values),
    week: weekText(text('week')),
    topic: kind === 'consultation' ? '' : topic,
    hours: columns.includes('hours') ? text('hours') : emptyRow('r1', kind).hours,
    tasks,
    assessment: text('assessment'),
    delivery: code,
    ...platformOf(source, columns, named),
  };
  return { values, notes: kind === 'control' ? [] : notes };
}
