/** One request to an LMS's service. `accept` and `contentType` are sent exactly so: Moodle compares them as strings. */
export interface LmsRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
}

/** What came back, whatever it says; the caller decides. `status` 0: no answer (time-out, refused, cut, too large). */
export interface LmsAnswer {
  readonly status: number;
  readonly body: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `token`: the LMS gave no access token, so the service was never asked. */
  readonly stage: 'token' | 'service';
}

/**
 * Calls a service of one platform with an access token for these scopes. Tokens are kept until five minutes before they
 * end; `freshToken` throws the kept one away first.
 */
export type CallLms = (
  platform: string,
  scopes: readonly string[],
  request: LmsRequest,
  options?: { readonly freshToken?: boolean },
) => Promise<LmsAnswer>;

export const SCOPES = {
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  resultReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
} as const;
