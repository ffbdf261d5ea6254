import type { HttpAnswer } from '../lms-fetch.js';

/** One request to an LMS's service. `accept` and `contentType` are sent exactly so: Moodle compares them as strings. */
export interface LmsRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
  /** The deadline of the work that this call is a part of, besides the time limit of every call. */
  readonly signal?: AbortSignal | undefined;
}

export type CallFailure =
  | NonNullable<HttpAnswer['failure']>
  /** The platform is not registered here, or switched off. */
  | 'no-platform'
  /** It failed again and again just now, so it was not asked; status 0. */
  | 'circuit-open'
  /** It told us to wait (`Retry-After`), so it was not asked; status 429. */
  | 'asked-to-wait'
  /** Its token does not cover what the call needs, so the service was not asked; status 403. */
  | 'missing-scope';

/** What came back, whatever it says; the caller decides. `status` 0: no answer (time-out, refused, cut, too large). */
export interface LmsAnswer {
  readonly status: number;
  readonly body: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `token`: we hold no access token, so the service was never asked. */
  readonly stage: 'token' | 'service';
  /** Why there is no answer, or none of the LMS's own. */
  readonly failure?: CallFailure | undefined;
  /** Not before so many milliseconds: what the LMS asked for in a 429 or 503, or what is left of a pause. */
  readonly retryAfterMs?: number | undefined;
}

export interface CallOptions {
  /** Throws the kept token away first. */
  readonly freshToken?: boolean | undefined;
  /**
   * Whether a kept token that is answered with 401, in Open edX 403, is renewed once and the call repeated; it is, unless
   * the caller keeps that decision for itself.
   */
  readonly renew?: boolean | undefined;
  /** Any one of these must have been granted; left out: all scopes that were asked for. */
  readonly needs?: readonly string[] | undefined;
}

/**
 * Calls a service of one platform with an access token for these scopes. Tokens are kept until five minutes before they
 * end. A platform that fails again and again, or that asked us to wait, is not called: the answer comes at once then.
 */
export type CallLms = (
  platform: string,
  scopes: readonly string[],
  request: LmsRequest,
  options?: CallOptions,
) => Promise<LmsAnswer>;

export const SCOPES = {
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  groups: 'https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly',
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  resultReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
} as const;
