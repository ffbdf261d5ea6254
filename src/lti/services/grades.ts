import type { Course } from '../../launch/course.js';
import { SCOPES, type CallLms, type LmsAnswer, type LmsRequest } from './call.js';
import { below, GRADE_SCOPES, LineItemAnswer, LineItemsAnswer, MEDIA, readJson, ResultsAnswer } from './grades-wire.js';
import { nextPage, sameOrigin } from './next-page.js';

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
interface Failed {
  readonly read: 'failed';
  readonly reason: GradeFailure;
  /** The LMS's answer, where it was asked. */
  readonly answer?: LmsAnswer | undefined;
}
export type LineItemsOutcome = { readonly read: 'all'; readonly lineItems: readonly LineItem[] } | Failed;
export type LineItemOutcome = { readonly read: 'one'; readonly lineItem: LineItem; readonly made: boolean } | Failed;
export type ResultsOutcome = { readonly read: 'all'; readonly results: ReadonlyMap<string, Result> } | Failed;
export type ResultOutcome = { readonly read: 'one'; readonly result: Result | undefined } | Failed;

export interface GradeService {
  /** Every line item of the course, or those of one resource. */
  listLineItems(course: Course, resourceId?: string): Promise<LineItemsOutcome>;
  /** Finds the line item by its resource id, else makes it. Posting is not idempotent in any LMS: call it one at a time. */
  ensureLineItem(course: Course, wish: LineItemWish): Promise<LineItemOutcome>;
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

const MAX_PAGES = 200;

const failed = (reason: GradeFailure, answer?: LmsAnswer): Failed => ({ read: 'failed', reason, answer });

function failureOf(answer: LmsAnswer): Failed {
  const { status, stage } = answer;
  if (status === 429) return failed('too-many', answer);
  if (status === 0 || status >= 500) return failed('unreachable', answer);
  if (stage === 'token') return failed('no-token', answer);
  if (status === 401 || status === 403) return failed('not-allowed', answer);
  return failed(status === 404 || status === 410 ? 'column-gone' : 'bad-answer', answer);
}

/** One token for all grade calls of a platform: only scopes that the launch offered, since LMSs refuse the rest. */
const scopesOf = ({ services }: Course) => GRADE_SCOPES.filter((scope) => services.gradeScopes.includes(scope));
const offers = ({ services }: Course, ...any: string[]) => any.some((scope) => services.gradeScopes.includes(scope));

export function createGradeService({ callLms }: { callLms: CallLms }): GradeService {
  const call = (course: Course, request: LmsRequest, freshToken = false) =>
    callLms(course.platform, scopesOf(course), request, { freshToken });

  /** For calls that change nothing twice: a dead token is 401, in Open edX 403, and one fresh token tells it from a no. */
  async function callRenewing(course: Course, request: LmsRequest): Promise<LmsAnswer> {
    const answer = await call(course, request);
    const dead = answer.stage === 'service' && (answer.status === 401 || answer.status === 403);
    return dead ? call(course, request, true) : answer;
  }

  async function pages<T>(
    course: Course,
    first: string,
    accept: string,
    read: (body: string) => readonly T[] | undefined,
  ): Promise<{ read: 'all'; items: T[] } | Failed> {
    const items: T[] = [];
    const seen = new Set<string>();
    let url: string | undefined = first;
    while (url !== undefined) {
      if (seen.has(url) || seen.size >= MAX_PAGES) return failed('endless');
      seen.add(url);
      const answer = await callRenewing(course, { method: 'GET', url, accept });
      if (answer.status !== 200) return failureOf(answer);
      const page = read(answer.body);
      if (!page) return failed('bad-answer', answer);
      items.push(...page);
      // Moodle's Link is broken and names nothing; but without a limit, which we never send, it gives all at once.
      const next = nextPage(answer.headers['link'], url);
      // What was left out is not all.
      if (next !== undefined && !sameOrigin(next, first)) return failed('bad-answer', answer);
      url = next;
    }
    return { read: 'all', items };
  }

  async function listLineItems(course: Course, resourceId?: string): Promise<LineItemsOutcome> {
    const { lineItemsUrl } = course.services;
    if (lineItemsUrl === undefined || !offers(course, SCOPES.lineItem, SCOPES.lineItemReadOnly))
      return failed('not-offered');
    const url = new URL(lineItemsUrl);
    if (resourceId !== undefined) url.searchParams.set('resource_id', resourceId);
    const all = await pages(course, url.href, MEDIA.lineItems, (body) => readJson(LineItemsAnswer, body));
    if (all.read === 'failed') return all;
    // A filter may be ignored, so what was asked for is picked here too.
    const lineItems = all.items.filter((item) => resourceId === undefined || item.resourceId === resourceId);
    return { read: 'all', lineItems };
  }

  async function makeLineItem(course: Course, url: string, wish: LineItemWish): Promise<LineItemOutcome> {
    const body = JSON.stringify({
      ...wish,
      label: wish.label.slice(0, 100),
      scoreMaximum: Math.ceil(wish.scoreMaximum),
    });
    const { lineItem } = MEDIA;
    const request = { method: 'POST', url, accept: lineItem, contentType: lineItem, body } as const;
    const answer = await callRenewing(course, request);
    if (answer.status < 200 || answer.status > 299) return failureOf(answer);
    const made = readJson(LineItemAnswer, answer.body);
    if (made && sameOrigin(made.id, url)) return { read: 'one', lineItem: made, made: true };
    return failed('bad-answer', answer);
  }

  async function readResults(course: Course, lineItemUrl: string, userId?: string): Promise<ResultsOutcome> {
    if (!offers(course, SCOPES.resultReadOnly)) return failed('not-offered');
    const url = below(lineItemUrl, 'results', userId === undefined ? {} : { user_id: userId });
    const all = await pages(course, url, MEDIA.results, (body) => readJson(ResultsAnswer, body));
    if (all.read === 'failed') return all;
    const results = all.items.map(({ userId: id, resultScore, resultMaximum }): [string, Result] => [
      id,
      { userId: id, score: resultScore, maximum: resultMaximum },
    ]);
    return { read: 'all', results: new Map(results) };
  }

  return {
    listLineItems,
    async ensureLineItem(course, wish) {
      const found = await listLineItems(course, wish.resourceId);
      if (found.read === 'failed') return found;
      const [first] = found.lineItems.filter(({ tag }) => tag === undefined || tag === wish.tag);
      if (first) return { read: 'one', lineItem: first, made: false };
      const { lineItemsUrl } = course.services;
      if (lineItemsUrl === undefined || !offers(course, SCOPES.lineItem)) return failed('not-offered');
      return makeLineItem(course, lineItemsUrl, wish);
    },
    async postScore(course, lineItemUrl, { timestamp, ...score }, { freshToken = false } = {}) {
      if (!offers(course, SCOPES.score)) return undefined;
      // Compact: Moodle answers a refused score whose JSON holds a newline with 200. Section 0.1 of lti-platforms.md.
      const body = JSON.stringify({
        ...score,
        timestamp: timestamp.toISOString(),
        activityProgress: 'Completed',
        gradingProgress: 'FullyGraded',
      });
      const request = {
        method: 'POST',
        url: below(lineItemUrl, 'scores'),
        accept: MEDIA.score,
        contentType: MEDIA.score,
        body,
      } as const;
      return call(course, request, freshToken);
    },
    readResults: (course, lineItemUrl) => readResults(course, lineItemUrl),
    async readResult(course, lineItemUrl, userId) {
      // The filter saves the LMS work where it is known (Moodle); where it is not (Open edX), all come.
      const all = await readResults(course, lineItemUrl, userId);
      return all.read === 'failed' ? all : { read: 'one', result: all.results.get(userId) };
    },
  };
}

/**
 * Open edX publishes only scores of items that are bound to the launch's link, by a usage key as id. Elsewhere the binding
 * does harm: Canvas refuses it, and Moodle then sends an empty `lineitem` in launches.
 */
export const boundLink = ({ services }: Course): string | undefined =>
  services.resourceLinkId?.startsWith('block-v1:') === true ? services.resourceLinkId : undefined;
