import type { Connection } from 'mongoose';
import type { Course, CourseRef } from '../launch/course.js';
import type { GradeService } from '../lti/index.js';
import type { Handlers, Outbox } from '../outbox/index.js';
import type { Participant, Participants } from '../participants/index.js';
import { createColumnStore } from './column-store.js';
import type { ControlId } from './controls.js';
import { deliverScore, SCORE } from './deliver-score.js';
import type { DueDays } from './due.js';
import { createLineItems } from './line-items.js';
import { createPlannedColumns, shownColumns, type PlannedColumns } from './planned-columns.js';
import { needsDecision } from './rules.js';
import { createSend, type SendOutcome, type SendWish } from './send.js';
import { sheetOf, type Sheet } from './sheet.js';
import { createMarkStore, type Editor, type MarkKey, type SetOutcome } from './store.js';

export { CONTROLS, lineItemOf, type ControlId } from './controls.js';
export type { ColumnHold, ColumnStanding } from './planned-columns.js';

export interface ColumnSummary {
  readonly column: ControlId;
  readonly entered: number;
  /** Entered, and the LMS was not asked to take it yet. */
  readonly unsent: number;
  readonly sent: number;
  readonly waiting: number;
  /** Refused by the LMS, or changed there by somebody else. */
  readonly refused: number;
}

export interface Refusal {
  readonly sub: string;
  readonly column: ControlId;
  /** A key of the catalogue `results`, under `reason`; what to do is under `todo`. */
  readonly reason: string;
}

/** What is still being read may be given too: the rest is read meanwhile. */
type Eventually<T> = T | Promise<T>;

export interface ResultsDigest {
  readonly columns: readonly ColumnSummary[];
  readonly refusals: readonly Refusal[];
}

export interface Results extends PlannedColumns {
  ready(): Promise<void>;
  /** Carries the marks to the LMS; for the outbox. */
  readonly handlers: Handlers;
  /** All controls of the course, in order, and the first refusals; of these people only, who are in the roster now. */
  digest(course: CourseRef, students: Eventually<readonly Participant[]>, refusals: number): Promise<ResultsDigest>;
  sheet(course: CourseRef): Promise<Sheet>;
  maximum(course: CourseRef, column: ControlId): Promise<number>;
  /** Writes a mark only over the one that the editor saw. */
  enter(
    course: CourseRef,
    key: MarkKey,
    seen: number | null,
    value: number | null,
    editor: Editor,
  ): Promise<SetOutcome>;
  /** Asks for the marks to be carried to the LMS, outside the request. */
  send(course: Course, wishes: readonly SendWish[], labelOf: (column: ControlId) => string): Promise<SendOutcome>;
  /** Takes over what the LMS holds; only while ours and theirs are still as they were shown. */
  keepTheirs(
    course: CourseRef,
    key: MarkKey,
    shown: { readonly ours: number; readonly theirs: number | null },
    editor: Editor,
  ): Promise<'kept' | 'changed'>;
  /** A control beyond the usual ones, such as the MOOC's result. */
  addColumn(course: CourseRef, column: ControlId): Promise<void>;
  hasColumn(course: CourseRef, column: ControlId): Promise<boolean>;
  setMaximum(course: CourseRef, column: ControlId, maximum: number): Promise<'set' | 'fixed'>;
  dueDays: DueDays;
}

export interface ResultsDeps {
  readonly outbox: Outbox;
  readonly grades: GradeService;
  readonly participants: Participants;
  readonly courses: { byRef(ref: CourseRef): Promise<Course | undefined> };
  readonly now: () => Date;
  readonly dueDays?: DueDays;
  /** In which days end. */
  readonly timeZone?: string;
}

const UNSENT = new Set(['changed', 'over']);
const WAITING = new Set(['waiting', 'sending']);

export function createResults(connection: Connection, deps: ResultsDeps): Results {
  const { outbox, grades, participants, courses, now, timeZone = 'UTC' } = deps;
  const { dueDays = () => Promise.resolve(new Map()) } = deps;
  const marks = createMarkStore(connection);
  const columns = createColumnStore(connection);
  const lineItems = createLineItems({ columns, grades, now, dueDays, timeZone });
  const planned = createPlannedColumns({ columns, marks });

  async function sheet(course: CourseRef, known?: Eventually<readonly Participant[]>): Promise<Sheet> {
    const [all, students, entered, deliveries] = await Promise.all([
      columns.all(course),
      known ?? participants.students(course),
      marks.all(course),
      outbox.states(course, SCORE),
    ]);
    return sheetOf(shownColumns(all, entered), students, entered, deliveries);
  }

  return {
    async ready() {
      await Promise.all([marks.ready(), columns.ready()]);
    },
    handlers: { [SCORE]: deliverScore({ courses, columns, marks, lineItems, grades, now }) },
    async digest(course, students, most) {
      const { cells, columns: all } = await sheet(course, students);
      const refusals = cells
        .filter(({ state }) => needsDecision(state))
        .slice(0, most)
        .map(({ sub, column, reason }) => ({ sub, column, reason }));
      const summaries = all.map(({ id: column }) => {
        const own = cells.filter((cell) => cell.column === column);
        const count = (holds: (state: string) => boolean) => own.filter(({ state }) => holds(state)).length;
        return {
          column,
          entered: own.filter(({ value }) => value !== null).length,
          unsent: count((state) => UNSENT.has(state)),
          sent: count((state) => state === 'sent'),
          waiting: count((state) => WAITING.has(state)),
          refused: own.filter(({ state }) => needsDecision(state)).length,
        };
      });
      return { columns: summaries, refusals };
    },
    sheet: (course) => sheet(course),
    async maximum(course, column) {
      return (await columns.get(course, column)).maximum;
    },
    enter: (course, key, seen, value, editor) => marks.set(course, key, seen, value, editor),
    send: createSend({ columns, marks, outbox, now }),
    async keepTheirs(course, key, { ours, theirs }, editor) {
      const cell = (await sheet(course)).cell(key.column, key.sub);
      if (cell.state !== 'newer' || cell.theirs !== theirs) return 'changed';
      return marks.adopt(course, key, ours, theirs, editor);
    },
    async hasColumn(course, column) {
      return (await planned.columnStandings(course)).some((one) => one.column === column && one.shown);
    },
    ...planned,
    dueDays,
    addColumn: (course, column) => columns.add(course, column),
    setMaximum: (course, column, maximum) => columns.setMaximum(course, column, maximum),
  };
}
