import type { Course } from '../../launch/course.js';
import { SCOPES, type CallLms, type LmsAnswer, type LmsRequest } from './call.js';
import type {
  GradeFailed,
  GradeFailure,
  GradeService,
  LineItemOutcome,
  LineItemsOutcome,
  LineItemWish,
  Result,
  ResultsOutcome,
} from './grade-service.js';
import {
  below,
  GRADE_SCOPES,
  LineItemAnswer,
  LineItemRecord,
  LineItemsAnswer,
  MEDIA,
  readJson,
  ResultsAnswer,
  withoutNulls,
} from './grades-wire.js';
import { sameOrigin } from './next-page.js';
import { readPages, type PageLimits } from './read-pages.js';

export type { GradeFailure, GradeService, LineItem, LineItemWish, Result, Score } from './grade-service.js';

const LIMITS: PageLimits = { pages: 200, items: 50_000, bytes: 50_000_000, ms: 60_000 };

const failed = (reason: GradeFailure, answer?: LmsAnswer): GradeFailed => ({ read: 'failed', reason, answer });

function failureOf(answer: LmsAnswer): GradeFailed {
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

const READING = [SCOPES.lineItem, SCOPES.lineItemReadOnly] as const;
const WRITING = [SCOPES.lineItem] as const;

const isGood = ({ status }: LmsAnswer) => status >= 200 && status < 300;

/** Compact, with a label and a maximum that Open edX takes. */
const onWire = ({ label, scoreMaximum, ...rest }: LineItemWish) => ({
  ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
  label: label.slice(0, 100),
  scoreMaximum: Math.ceil(scoreMaximum),
});

export interface GradeServiceDeps {
  readonly callLms: CallLms;
  readonly limits?: Partial<PageLimits>;
}

export function createGradeService({ callLms, limits = {} }: GradeServiceDeps): GradeService {
  const call = (course: Course, request: LmsRequest, needs: readonly string[]) =>
    callLms(course.platform, scopesOf(course), request, { needs });

  async function pages<T>(
    course: Course,
    first: string,
    {
      accept,
      needs,
      read,
    }: { accept: string; needs: readonly string[]; read: (body: string) => readonly T[] | undefined },
  ): Promise<{ read: 'all'; items: readonly T[] } | GradeFailed> {
    // Moodle's Link is broken and names nothing; but without a limit, which we never send, it gives all at once.
    const get = (url: string, signal: AbortSignal) => call(course, { method: 'GET', url, accept, signal }, needs);
    const all = await readPages({ first, get, read, limits: { ...LIMITS, ...limits } });
    if (all.read === 'all') return all;
    const { why, answer } = all;
    switch (why) {
      case 'refused':
        return answer ? failureOf(answer) : failed('unreachable');
      case 'too-slow':
        return failed('unreachable', answer);
      case 'too-large':
        return failed('endless', answer);
      default:
        return failed(why, answer);
    }
  }

  async function listLineItems(course: Course, resourceId?: string): Promise<LineItemsOutcome> {
    const { lineItemsUrl } = course.services;
    if (lineItemsUrl === undefined || !offers(course, ...READING)) return failed('not-offered');
    const url = new URL(lineItemsUrl);
    if (resourceId !== undefined) url.searchParams.set('resource_id', resourceId);
    const all = await pages(course, url.href, {
      accept: MEDIA.lineItems,
      needs: READING,
      read: (body) => readJson(LineItemsAnswer, body),
    });
    if (all.read === 'failed') return all;
    // A filter may be ignored, so what was asked for is picked here too.
    const lineItems = all.items.filter((item) => resourceId === undefined || item.resourceId === resourceId);
    return { read: 'all', lineItems };
  }

  async function makeLineItem(course: Course, url: string, wish: LineItemWish): Promise<LineItemOutcome> {
    const body = JSON.stringify(onWire(wish));
    const { lineItem } = MEDIA;
    const request = { method: 'POST', url, accept: lineItem, contentType: lineItem, body } as const;
    const answer = await call(course, request, WRITING);
    if (!isGood(answer)) return failureOf(answer);
    const made = readJson(LineItemAnswer, answer.body);
    if (made && sameOrigin(made.id, url)) return { read: 'one', lineItem: made, made: true };
    return failed('bad-answer', answer);
  }

  async function updateLineItem(course: Course, url: string, wish: LineItemWish): Promise<LineItemOutcome> {
    if (!offers(course, ...WRITING)) return failed('not-offered');
    const { lineItem } = MEDIA;
    const held = await call(course, { method: 'GET', url, accept: lineItem }, WRITING);
    if (held.status !== 200) return failureOf(held);
    const before = readJson(LineItemRecord, held.body);
    if (!before) return failed('bad-answer', held);
    const body = JSON.stringify(withoutNulls({ ...before, ...onWire(wish) }));
    const answer = await call(course, { method: 'PUT', url, accept: lineItem, contentType: lineItem, body }, WRITING);
    if (!isGood(answer)) return failureOf(answer);
    // What the item is now; some LMSs answer with nothing, Moodle with the request.
    const now = readJson(LineItemAnswer, answer.body) ?? readJson(LineItemAnswer, body);
    return now ? { read: 'one', lineItem: { ...now, id: url }, made: false } : failed('bad-answer', answer);
  }

  async function readResults(course: Course, lineItemUrl: string, userId?: string): Promise<ResultsOutcome> {
    if (!offers(course, SCOPES.resultReadOnly)) return failed('not-offered');
    const url = below(lineItemUrl, 'results', userId === undefined ? {} : { user_id: userId });
    const all = await pages(course, url, {
      accept: MEDIA.results,
      needs: [SCOPES.resultReadOnly],
      read: (body) => readJson(ResultsAnswer, body),
    });
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
      const { lineItemsUrl = '' } = course.services;
      // Our token goes where its address points.
      if (first)
        return sameOrigin(first.id, lineItemsUrl)
          ? { read: 'one', lineItem: first, made: false }
          : failed('bad-answer');
      if (!offers(course, ...WRITING)) return failed('not-offered');
      return makeLineItem(course, lineItemsUrl, wish);
    },
    updateLineItem,
    async deleteLineItem(course, url) {
      if (!offers(course, ...WRITING)) return failed('not-offered');
      const answer = await call(course, { method: 'DELETE', url, accept: MEDIA.lineItem }, WRITING);
      const { stage, status } = answer;
      const isGone = stage === 'service' && (isGood(answer) || status === 404 || status === 410);
      return isGone ? { read: 'gone' } : failureOf(answer);
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
      // Whoever posts scores decides on a renewed token itself: `afterAttempt`.
      const options = { freshToken, renew: false, needs: [SCOPES.score] };
      return callLms(course.platform, scopesOf(course), request, options);
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
