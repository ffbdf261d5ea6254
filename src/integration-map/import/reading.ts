import type { RowField } from '../map.js';
import type { ClipCell } from '../table/clip.js';
import type { Meaning } from './headings.js';
import type { Becomes } from './row-kinds.js';

/** The texts of a row by the map's fields. */
export type Values = Readonly<Record<RowField, string>>;

/** How a table is read, as a person said it or as it was guessed. */
export interface Reading {
  /** The row of headings; rows above it are no part of the plan. */
  readonly heading: number | null;
  readonly columns: readonly Meaning[];
  /** Only of rows for which a person chose; by the row's place in the table. */
  readonly chosen: ReadonlyMap<number, Becomes>;
  /** What to do with texts that are longer than their cell; nothing while nobody said. */
  readonly long: 'keep' | 'leave' | null;
}

/** The map that the rows go to. */
export interface Goal {
  /** Rows that it still takes. */
  readonly room: number;
  /** Of its last lecture; 0 where it has none. */
  readonly lastWeek: number;
  /** Beginnings of words for each form of delivery. */
  readonly delivery: Readonly<Record<string, readonly string[]>>;
}

export type Note =
  | {
      readonly kind: 'too-long';
      readonly field: RowField;
      /** In full. */
      readonly text: string;
      readonly max: number;
      /** Where the part ends that the cell holds. */
      readonly end: string;
    }
  | { readonly kind: 'no-place'; readonly field: RowField; readonly text: string }
  | { readonly kind: 'not-a-choice' | 'week-not-number' | 'hours-not-number'; readonly text: string }
  | { readonly kind: 'week-counted' | 'week-differs'; readonly text: string }
  | { readonly kind: 'over' | 'sum' | 'across' | 'numbers' | 'heading-again' };

/** A row of the table, and the row of the map that it becomes. */
export interface Draft {
  /** In the table. */
  readonly at: number;
  readonly source: readonly ClipCell[];
  readonly becomes: Becomes;
  /** What it would be if nobody chose. */
  readonly recognised: Becomes;
  readonly values: Values;
  readonly notes: readonly Note[];
}
