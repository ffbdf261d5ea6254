/** A unique index refused this write: another one with the same key was first. Every engine says so by the same number. */
export const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 11000;
