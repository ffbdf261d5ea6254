/** A code is stable and for machines; its status is HTTP's. */
export const STATUS = {
  invalid_request: 400,
  session_ended: 401,
  launch_refused: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many: 429,
  lms_unavailable: 502,
} as const;

export type ErrorCode = keyof typeof STATUS;

/**
 * A refusal that the user is told of. `messageKey` is a key of the catalogue `errors`: the page shows
 * `<key>.title`, `<key>.text` and `<key>.todo` in the user's language.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly messageKey: string;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(
    code: ErrorCode,
    messageKey: string,
    options: ErrorOptions & { params?: Record<string, string | number> } = {},
  ) {
    super(`${code}: ${messageKey}`, options);
    this.code = code;
    this.messageKey = messageKey;
    this.params = options.params ?? {};
  }

  get status(): number {
    return STATUS[this.code];
  }
}
