import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../src/root.js';

/** The built bench as `npm run bench:launch -- --quick` runs it; `npm test` builds first. */
describe('the launch bench', () => {
  test('measures both tools and ends in a line for programs', async () => {
    const script = join(projectRoot, 'dist', 'scripts', 'bench', 'launch.js');
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--quick'], {
      cwd: projectRoot,
      timeout: 100_000,
    });
    const lastLine = stdout.trimEnd().split('\n').at(-1) ?? '';
    const figures = JSON.parse(lastLine) as Record<string, number>;
    expect(Object.keys(figures)).toEqual(['serik_p50_ms', 'ltijs_p50_ms', 'ratio_p50', 'ratio_p95', 'db_round_trips']);
    // A launch is four requests over loopback, with signatures and a database: neither nothing nor for ever.
    for (const time of [figures['serik_p50_ms'], figures['ltijs_p50_ms']]) {
      expect(time).toBeGreaterThan(1);
      expect(time).toBeLessThan(5_000);
    }
    expect(figures['ratio_p50']).toBeCloseTo((figures['serik_p50_ms'] ?? 0) / (figures['ltijs_p50_ms'] ?? 1), 1);
    expect(figures['ratio_p95']).toBeGreaterThan(0);
    // A launch that is bound to its login and begins a session cannot do without the database.
    expect(figures['db_round_trips']).toBeGreaterThanOrEqual(1);
    expect(figures['db_round_trips']).toBeLessThanOrEqual(12);
    expect(stdout).toMatch(/Goal, p50 at most 0\.5 of ltijs': (not )?met/);
  }, 120_000);
});
