import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../../src/root.js';
import ClosingLine from '../support/closing-line.js';

/** `.ci/run` in a folder of its own, with a program of the test's own in npm's place. */
describe('.ci/run', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'serik-ci-'));
    cpSync(join(projectRoot, '.ci'), join(folder, '.ci'), { recursive: true });
    for (const name of ['bin', '.cache']) mkdirSync(join(folder, name));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function runWith(npm: readonly string[]) {
    const script = ['#!/bin/bash', `echo "npm $*" >> '${folder}/asked'`, ...npm].join('\n');
    writeFileSync(join(folder, 'bin', 'npm'), script, { mode: 0o755 });
    const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), {
      cwd: tmpdir(),
      env: { PATH: join(folder, 'bin') + delimiter + (process.env['PATH'] ?? ''), CI: 'true' },
      encoding: 'utf8',
    });
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
    return { status, asked, lastLine: stdout.trimEnd().split('\n').at(-1) };
  }

  test('does what the README says in the project’s folder, and ends with the counts', () => {
    const npm = ['if [ "$1" = test ]; then echo "7 passed, 0 failed" > .cache/jest-closing-line; echo more; fi'];
    expect(runWith(npm)).toEqual({ status: 0, asked: ['npm ci', 'npm test'], lastLine: '7 passed, 0 failed' });
  });

  test('keeps the exit status of tests that failed', () => {
    const npm = ['if [ "$1" = test ]; then echo "6 passed, 1 failed" > .cache/jest-closing-line; exit 3; fi'];
    expect(runWith(npm)).toMatchObject({ status: 3, lastLine: '6 passed, 1 failed' });
  });

  test('never shows the counts of an earlier run', () => {
    writeFileSync(join(folder, '.cache', 'jest-closing-line'), '9 passed, 0 failed\n');
    expect(runWith(['[ "$1" = ci ]'])).toMatchObject({ status: 1, lastLine: '0 passed, 1 failed' });
  });

  test('does not test what could not be installed', () => {
    expect(runWith(['exit 5'])).toEqual({ status: 5, asked: ['npm ci'], lastLine: '0 passed, 1 failed' });
  });

  test('is not green when nothing was counted', () => {
    expect(runWith(['exit 0'])).toMatchObject({ status: 1, lastLine: '0 passed, 1 failed' });
  });

  test.each([
    ['12 passed, 0 failed', { numPassedTests: 12 }],
    ['12 passed, 3 failed', { numPassedTests: 12, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }],
    ['1 passed, 0 failed, 5 skipped', { numPassedTests: 1, numPendingTests: 4, numTodoTests: 1 }],
  ])('gets from jest the line "%s"', (line, counts) => {
    const none = {
      numPassedTests: 0,
      numFailedTests: 0,
      numRuntimeErrorTestSuites: 0,
      numPendingTests: 0,
      numTodoTests: 0,
    };
    new ClosingLine({ rootDir: folder }, { say: () => undefined }).onRunComplete(undefined, { ...none, ...counts });
    expect(readFileSync(join(folder, '.cache', 'jest-closing-line'), 'utf8')).toBe(`${line}\n`);
  });
});
