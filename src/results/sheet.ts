import type { DeliveryState } from '../outbox/index.js';
import type { Participant } from '../participants/index.js';
import type { Column } from './column-store.js';
import type { ControlId } from './controls.js';
import { ScorePayload } from './deliver-score.js';
import { stateOf, type Mark, type MarkState, type Sending } from './rules.js';

/** One student's mark for one control, with all that is known of its way to the LMS. */
export interface Cell {
  readonly column: ControlId;
  readonly sub: string;
  readonly value: number | null;
  readonly state: MarkState;
  readonly by: Mark['by'] | null;
  readonly at: Date | null;
  /** What the LMS took last; null where it never took any. */
  readonly inLms: number | null;
  /** Why the LMS refused it, or why it still waits after a failed attempt; may be empty. */
  readonly reason: string;
  /** In the state `newer`: what the LMS holds instead, null where it holds nothing. */
  readonly theirs: number | null;
}

/** The marks of one course, for the people who are in its roster now. */
export interface Sheet {
  readonly columns: readonly Column[];
  readonly students: readonly Participant[];
  cell(column: ControlId, sub: string): Cell;
  /** Of the roster's people, by control and then by name; those where nothing was entered are left out. */
  readonly cells: readonly Cell[];
  /** Marks of people who are not in the roster any more. */
  readonly left: number;
}

const keyOf = (column: ControlId, sub: string) => `${column} ${sub}`;

function sendingsOf(states: readonly DeliveryState[]): Map<string, Sending> {
  const sendings = new Map<string, Sending>();
  for (const { state, reason, detail, payload } of states) {
    const score = ScorePayload.safeParse(payload);
    if (!score.success) continue;
    const { column, sub, value } = score.data;
    const theirs = typeof detail['theirs'] === 'number' ? detail['theirs'] : null;
    sendings.set(keyOf(column, sub), { state, value, reason, theirs });
  }
  return sendings;
}

export function sheetOf(
  columns: readonly Column[],
  students: readonly Participant[],
  marks: readonly Mark[],
  deliveries: readonly DeliveryState[],
): Sheet {
  const sendings = sendingsOf(deliveries);
  const known = new Map(marks.map((mark) => [keyOf(mark.column, mark.sub), mark]));
  const maxima = new Map(columns.map(({ id, maximum }) => [id, maximum]));
  const roster = new Set(students.map(({ sub }) => sub));

  function cell(column: ControlId, sub: string): Cell {
    const mark = known.get(keyOf(column, sub));
    const sending = sendings.get(keyOf(column, sub));
    const state = stateOf(mark, sending, { onRoster: roster.has(sub), maximum: maxima.get(column) ?? 0 });
    const tells = state === 'waiting' || state === 'sending' || state === 'refused' || state === 'newer';
    return {
      column,
      sub,
      value: mark?.value ?? null,
      state,
      by: mark?.by ?? null,
      at: mark?.at ?? null,
      inLms: mark?.inLms?.value ?? null,
      reason: tells ? (sending?.reason ?? '') : '',
      theirs: sending?.theirs ?? null,
    };
  }

  return {
    columns,
    students,
    cell,
    cells: columns
      .flatMap(({ id: column }) => students.map(({ sub }) => cell(column, sub)))
      .filter(({ state }) => state !== 'none'),
    left: marks.filter(({ sub, value }) => value !== null && !roster.has(sub)).length,
  };
}
