import type { RowKind, Stage } from '../map.js';
import type { ClipCell } from '../table/clip.js';
import { isBlank } from '../table/words.js';
import { meaningsOf, type Meaning } from './headings.js';
import { isSum, kindOf, recognised, recognisedKind, type Becomes, type Recognised } from './row-kinds.js';
import type { Reading } from './reading.js';
import type { Table } from './tables.js';
import { weekText } from './week-text.js';

/** Why a row is left out by itself. */
export type LeftOut = 'sum' | 'across' | 'numbers' | 'heading-again';

export interface Becoming {
  readonly at: number;
  readonly source: readonly ClipCell[];
  readonly recognised: Becomes;
  readonly becomes: Becomes;
  /** Of the row that it becomes, or would. */
  readonly kind: RowKind;
  /** The column whose text said what the row is; -1 for none. */
  readonly named: number;
  /** What that text says besides. */
  readonly rest: string;
  readonly why: LeftOut | null;
}

interface Found {
  readonly kind: Recognised | null;
  readonly named: number;
  readonly rest: string;
}

const NOTHING: Found = { kind: null, named: -1, rest: '' };

/** Words that say what a row is stand in the column for it, before the topic, or alone in the row. */
function find(row: readonly ClipCell[], columns: readonly Meaning[]): Found {
  const own = row.map(({ text, part }, index) => ({ text, index, meaning: columns[index] ?? '', part }));
  const filled = own.filter(({ text, part }) => part !== 'column' && !isBlank(text));
  const [kindCell, topicCell] = [
    filled.find(({ meaning }) => meaning === 'kind'),
    filled.find(({ meaning }) => meaning === 'topic'),
  ];
  const ofTopic = topicCell ? recognised(topicCell.text) : null;
  const ofKind = kindCell ? recognisedKind(kindCell.text) : null;
  if (ofKind && kindCell) {
    if (ofTopic && topicCell && ofTopic.kind === ofKind.kind)
      return { kind: { ...ofKind, stage: ofKind.stage ?? ofTopic.stage }, named: topicCell.index, rest: ofTopic.rest };
    return { kind: ofKind, named: kindCell.index, rest: ofKind.rest };
  }
  if (ofTopic && topicCell) return { kind: ofTopic, named: topicCell.index, rest: ofTopic.rest };
  const [first] = filled;
  const ofFirst = first && first.index < 3 && first.part === 'own' ? recognised(first.text) : null;
  return ofFirst && first ? { kind: ofFirst, named: first.index, rest: ofFirst.rest } : NOTHING;
}

/** One text over the whole table, or by itself where the week should stand. */
function isAcross(row: readonly ClipCell[], columns: readonly Meaning[]): boolean {
  const filled = row.flatMap(({ text }, index) => (text === '' ? [] : [index]));
  const [only = -1] = filled;
  if (row.length <= 2 || filled.length !== 1) return false;
  return (
    row.some(({ part }) => part === 'column') ||
    (columns[only] === 'week' && !/^\d/.test(weekText(row[only]?.text ?? '')))
  );
}

const NUMBERS_IN_A_ROW = 3;
const isNumbers = (row: readonly ClipCell[]) =>
  row.length >= NUMBERS_IN_A_ROW && row.every(({ text }, index) => text === String(index + 1));

function leftOut(row: readonly ClipCell[], columns: readonly Meaning[], heading: readonly ClipCell[]): LeftOut | null {
  const first = row.find(({ text }) => text !== '');
  if (first && isSum(first.text)) return 'sum';
  if (isNumbers(row)) return 'numbers';
  if (isAcross(row, columns)) return 'across';
  const again = meaningsOf(row).filter((meaning, index) => meaning !== '' && row[index]?.text === heading[index]?.text);
  return again.length >= 2 && columns.length > 1 ? 'heading-again' : null;
}

/** Midterms and their consultations that are not numbered come in their order. */
class Stages {
  readonly #had = new Set<string>();

  of({ kind, stage }: Recognised): Stage | null {
    if (kind !== 'consultation' && kind !== 'control') return null;
    const next = this.#had.has('control:midterm-1') ? 'midterm-2' : 'midterm-1';
    const found = stage ?? (kind === 'consultation' && this.#had.has('control:midterm-2') ? 'exam' : next);
    this.#had.add(`${kind}:${found}`);
    return found;
  }
}

function becoming(kind: RowKind, stage: Stage | null): Becomes {
  if (kind === 'lecture' || kind === 'practical') return kind;
  return `${kind}:${stage ?? 'exam'}`;
}

/** What each row below the headings becomes. A row without a week of its own belongs to the lecture above. */
export function becomesOf({ rows }: Table, { heading, columns, chosen }: Reading): Becoming[] {
  const stages = new Stages();
  const weekAt = columns.indexOf('week');
  const from = heading === null ? 0 : heading + 1;
  let lectures = 0;
  return rows.slice(from).map((source, index): Becoming => {
    const at = from + index;
    const found = find(source, columns);
    const why = found.kind ? null : leftOut(source, columns, heading === null ? [] : (rows[heading] ?? []));
    const week = source[weekAt];
    const below = lectures > 0 && week !== undefined && (week.part === 'row' || isBlank(week.text));
    const kind = found.kind?.kind ?? (below ? 'practical' : 'lecture');
    const guess: Becomes = why ? '' : becoming(kind, found.kind ? stages.of(found.kind) : null);
    const becomes = chosen.get(at) ?? guess;
    if (becomes === 'lecture') lectures += 1;
    const final = becomes === '' ? kind : kindOf(becomes).kind;
    // Words that named another kind than the person chose are part of the text again.
    const named = found.kind?.kind === final ? { named: found.named, rest: found.rest } : { named: -1, rest: '' };
    return { at, source, recognised: guess, becomes, kind: final, ...named, why: chosen.has(at) ? null : why };
  });
}
