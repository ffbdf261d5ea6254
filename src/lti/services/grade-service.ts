import type { Course } from '../../launch/course.js';
import type { LmsAnswer } from './call.js';

export interface LineItem {
  /** Its address; may hold a query. */
  readonly id: string;
  readonly label: string;
  readonly scoreMaximum: number | undefined;
  readonly resourceId: string | undefined;
  readonly tag: string | undefined;
  readonly resourceLinkId: string | undefined;
}

export interface LineItemWish {
  /** At most 100 characters are sent: Open edX takes no more. */
  readonly label: string;
  /** A whole number: Open edX refuses others. */
  readonly scoreMaximum: number;
  /** Ours, by which the item is found again. */
  readonly resourceId: string;
  readonly tag: string;
  readonly resourceLinkId?: string | undefined;
  /** Until when results are taken, with the zone's offset. */
  readonly endDateTime?: string | undefined;
}

export interface Score {
  readonly userId: string;
  readonly scoreGiven: number;
  readonly scoreMaximum: number;
  /** Whole seconds: Moodle compares no finer. */
  readonly timestamp: Date;
  readonly comment?: string | undefined;
}

/** What the LMS holds; `score` is missing where the person's grade is empty. */
export interface Result {
  readonly userId: string;
  readonly score: number | undefined;
  readonly maximum: number | undefined;
}

export type GradeFailure =
  'not-offered' | 'no-token' | 'not-allowed' | 'unreachable' | 'too-many' | 'column-gone' | 'bad-answer' | 'endless';
export interface GradeFailed {
  readonly read: 'failed';
  readonly reason: GradeFailure;
  /** The LMS's answer, where it was asked. */
  readonly answer?: LmsAnswer | undefined;
}
export type LineItemsOutcome = { readonly read: 'all'; readonly lineItems: readonly LineItem[] } | GradeFailed;
export type LineItemOutcome =
  { readonly read: 'one'; readonly lineItem: LineItem; readonly made: boolean } | GradeFailed;
export type DeletionOutcome = { readonly read: 'gone' } | GradeFailed;
export type ResultsOutcome = { readonly read: 'all'; readonly results: ReadonlyMap<string, Result> } | GradeFailed;
export type ResultOutcome = { readonly read: 'one'; readonly result: Result | undefined } | GradeFailed;

export interface GradeService {
  /** Every line item of the course, or those of one resource. */
  listLineItems(course: Course, resourceId?: string): Promise<LineItemsOutcome>;
  /** Finds the line item by its resource id, else makes it. Posting is not idempotent in any LMS: call it one at a time. */
  ensureLineItem(course: Course, wish: LineItemWish): Promise<LineItemOutcome>;
  /**
   * Gives the line item this label and maximum and keeps the rest of what it has. Both ids are always sent: Moodle empties
   * what is left out and uncouples the item from its link, Open edX refuses an item without them.
   */
  updateLineItem(course: Course, lineItemUrl: string, wish: LineItemWish): Promise<LineItemOutcome>;
  /** `gone`: it is not there, whoever deleted it. Open edX lets nobody delete one: `not-allowed`. */
  deleteLineItem(course: Course, lineItemUrl: string): Promise<DeletionOutcome>;
  /** Posts a final score; `afterAttempt` says what the answer means. Nothing where the LMS does not offer it. */
  postScore(
    course: Course,
    lineItemUrl: string,
    score: Score,
    options?: { readonly freshToken?: boolean },
  ): Promise<LmsAnswer | undefined>;
  readResult(course: Course, lineItemUrl: string, userId: string): Promise<ResultOutcome>;
  readResults(course: Course, lineItemUrl: string): Promise<ResultsOutcome>;
}
