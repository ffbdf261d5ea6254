export interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not run at all. */
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

export default class ClosingLine {
  constructor(config: { readonly rootDir: string }, options?: { readonly say?: (text: string) => void });
  onRunComplete(contexts: unknown, results: Counts): void;
}
