import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Ends the run with `N passed, N failed`: jest's own counts, a file that could not run counted as one failure. */
export default class ClosingLine {
  constructor({ rootDir }, { say = console.log } = {}) {
    this.say = say;
    this.folder = join(rootDir, '.cache');
  }

  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests } = results;
    const skipped = numPendingTests + numTodoTests;
    const counts = [`${numPassedTests} passed`, `${numFailedTests + numRuntimeErrorTestSuites} failed`];
    if (skipped > 0) counts.push(`${skipped} skipped`);
    const line = counts.join(', ');
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'jest-closing-line'), `${line}\n`);
    this.say(`\n${line}`);
  }
}
