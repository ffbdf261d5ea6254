import type { CourseRef } from '../launch/course.js';
import type { Column, ColumnStore } from './column-store.js';
import { CONTROLS, USUAL_CONTROLS, type ControlId } from './controls.js';
import type { Mark } from './rules.js';
import type { MarkStore } from './store.js';

/** Why a column cannot be taken out: it holds marks, something of it was sent to the LMS, or a link of the LMS leads to it. */
export type ColumnHold = 'marks' | 'sent' | 'link';

/** A grade column as the map that is applied finds it. */
export interface ColumnStanding {
  readonly column: ControlId;
  readonly shown: boolean;
  /** Nothing where it can be taken out. */
  readonly hold: ColumnHold | null;
}

const hasMarks = (column: ControlId, marks: readonly Mark[]) =>
  marks.some((mark) => mark.column === column && (mark.value !== null || mark.inLms !== undefined));

/** Those that people see: a mark that came while its column was taken out brings the column back. */
export const shownColumns = (columns: readonly Column[], marks: readonly Mark[]): readonly Column[] =>
  columns.filter(({ id, removed }) => !removed || hasMarks(id, marks));

function holdOf({ id, fixed, lineItem, planned }: Column, marks: readonly Mark[]): ColumnHold | null {
  if (hasMarks(id, marks)) return 'marks';
  if (fixed || lineItem !== '') return 'sent';
  return USUAL_CONTROLS.includes(id) || planned ? null : 'link';
}

/** What applying a map does to the columns. Marks are read here and never written. */
export function createPlannedColumns({ columns, marks }: { readonly columns: ColumnStore; readonly marks: MarkStore }) {
  async function standing(course: CourseRef): Promise<readonly ColumnStanding[]> {
    const [all, entered] = await Promise.all([columns.all(course), marks.all(course)]);
    const shown = shownColumns(all, entered);
    return CONTROLS.map((column) => {
      const found = shown.find(({ id }) => id === column);
      return { column, shown: found !== undefined, hold: found ? holdOf(found, entered) : null };
    });
  }

  const holding = async (course: CourseRef, column: ControlId) =>
    (await standing(course)).find((one) => one.column === column)?.hold ?? null;

  return {
    columnStandings: standing,
    planColumn: (course: CourseRef, column: ControlId): Promise<void> => columns.plan(course, column),
    /** Takes a column out where nothing holds it; else says what does. */
    async removeColumn(course: CourseRef, column: ControlId): Promise<'removed' | ColumnHold> {
      const hold = await holding(course, column);
      if (hold !== null) return hold;
      return (await columns.remove(course, column)) ? 'removed' : ((await holding(course, column)) ?? 'sent');
    },
  };
}

export type PlannedColumns = ReturnType<typeof createPlannedColumns>;
