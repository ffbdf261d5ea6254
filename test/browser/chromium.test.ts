import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../scripts/chromium.js';

const log = () => undefined;

test.each(['CHROME_PATH', 'CHROMIUM'])('%s goes before every installed browser', async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'serik-chrome-'));
  const path = join(folder, 'my-chrome');
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
  await expect(findChromium({ log, env: { [name]: path } })).resolves.toBe(path);
  rmSync(folder, { recursive: true });
});

test('a CHROME_PATH that is no program is an error, not a reason to take another browser', async () => {
  const path = join(tmpdir(), 'no-such-browser');
  await expect(findChromium({ log, env: { CHROME_PATH: path } })).rejects.toThrow(
    `CHROME_PATH names ${path}, which is not a program.`,
  );
});
