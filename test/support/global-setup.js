import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * Starts the one database that all tests of a run share, unless TEST_MONGODB_URI names one.
 * jest imports this file untransformed, so what it needs of `src/` is translated here; tests that kill a process which
 * started a database use the same translation.
 */
export default async function globalSetup({ rootDir }) {
  if (!existsSync(join(rootDir, 'public', 'manifest.json')))
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: rootDir, stdio: 'inherit' });
  const outfile = join(rootDir, '.cache', 'test-support', 'database.mjs');
  await build({
    entryPoints: [join(rootDir, 'src', 'database', 'index.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  if (process.env.TEST_MONGODB_URI) return;
  const { startEmbedded } = await import(pathToFileURL(outfile).href);
  const dataDir = mkdtempSync(join(tmpdir(), 'serik-test-'));
  // The database stops by itself when this process is gone; its folder is taken away here even when a run is called off.
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])
    process.once(signal, () => process.exit(code));
  const engine = await startEmbedded({ dataDir, log: (line) => console.log(line) });
  process.env.TEST_MONGODB_URI = engine.uri;
  globalThis.serikTestEngine = engine;
}
