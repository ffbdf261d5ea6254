import type { LmsAnswer } from './call.js';
import { nextPage, sameOrigin } from './next-page.js';

export interface PageLimits {
  readonly pages: number;
  /** Of all pages together. */
  readonly items: number;
  readonly bytes: number;
  /** From the first call to the last answer: pages that each come in time may together never end. */
  readonly ms: number;
}

export type PagesFailure =
  /** A page that came before comes again, or more of them than any course has. */
  | 'endless'
  | 'too-large'
  | 'too-slow'
  /** No page of this kind, or a next one on another host: our token does not go there, and what is left out is not all. */
  | 'bad-answer'
  /** The LMS answered with something else than 200: see `answer`. */
  | 'refused';

export type Pages<T> =
  /** `headers`: of each page, in order. */
  | { readonly read: 'all'; readonly items: readonly T[]; readonly headers: readonly LmsAnswer['headers'][] }
  | {
      readonly read: 'failed';
      readonly why: PagesFailure;
      readonly pages: number;
      readonly answer?: LmsAnswer | undefined;
    };

export interface PageReading<T> {
  readonly first: string;
  readonly get: (url: string, signal: AbortSignal) => Promise<LmsAnswer>;
  /** Nothing where this is no page of the kind. */
  readonly read: (body: string) => readonly T[] | undefined;
  readonly limits: PageLimits;
}

/** Follows `rel="next"` to the end. Whatever is not complete is a failure: a part would look like the whole. */
export async function readPages<T>({ first, get, read, limits }: PageReading<T>): Promise<Pages<T>> {
  const signal = AbortSignal.timeout(limits.ms);
  const items: T[] = [];
  const headers: LmsAnswer['headers'][] = [];
  const seen = new Set<string>();
  let bytes = 0;
  const failed = (why: PagesFailure, answer?: LmsAnswer): Pages<T> => ({
    read: 'failed',
    why,
    pages: headers.length,
    answer,
  });
  for (let url: string | undefined = first; url !== undefined;) {
    if (seen.has(url) || seen.size >= limits.pages) return failed('endless');
    seen.add(url);
    const answer = await get(url, signal);
    if (signal.aborted) return failed('too-slow', answer);
    if (answer.failure === 'too-large') return failed('too-large', answer);
    if (answer.status !== 200) return failed('refused', answer);
    bytes += Buffer.byteLength(answer.body);
    const page = read(answer.body);
    if (!page) return failed('bad-answer', answer);
    items.push(...page);
    headers.push(answer.headers);
    if (bytes > limits.bytes || items.length > limits.items) return failed('too-large', answer);
    const next = nextPage(answer.headers['link'], url);
    if (next !== undefined && !sameOrigin(next, first)) return failed('bad-answer', answer);
    url = next;
  }
  return { read: 'all', items, headers };
}
