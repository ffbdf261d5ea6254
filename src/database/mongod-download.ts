import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { projectRoot } from '../root.js';

const run = promisify(execFile);
const VERSION = '7.0.24';
const REACH_MS = 4_000;
const DOWNLOAD_MS = 5 * 60_000;
const REMEMBER_MS = 24 * 3_600_000;

const Outcome = z.object({ at: z.number(), path: z.string().optional(), reason: z.string().optional() });
type Outcome = z.output<typeof Outcome>;

function remembered(file: string): Outcome | undefined {
  if (!existsSync(file)) return undefined;
  const outcome = Outcome.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  if (outcome?.path !== undefined) return existsSync(outcome.path) ? outcome : undefined;
  return outcome && Date.now() - outcome.at < REMEMBER_MS ? outcome : undefined;
}

/** The library tries a refused network four times over seven seconds; one look says the same. */
async function reachesSource(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env['HTTPS_PROXY'] ?? env['https_proxy'] ?? env['HTTP_PROXY'] ?? env['http_proxy']) return true;
  const source = env['MONGOMS_DOWNLOAD_URL'] ?? env['MONGOMS_DOWNLOAD_MIRROR'] ?? 'https://fastdl.mongodb.org';
  return fetch(source, { method: 'HEAD', signal: AbortSignal.timeout(REACH_MS) }).then(
    () => true,
    () => false,
  );
}

const SCRIPT = `import('mongodb-memory-server-core')
  .then(({ MongoBinary }) => MongoBinary.getPath({ version: process.argv[1] }))
  .then((path) => console.log(path), (error) => { console.error(error.message); process.exit(1); })`;

/** In a process of its own, because a download cannot be called off otherwise. */
async function download(cache: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const at = Date.now();
  if (!(await reachesSource(env))) return { at, reason: 'fastdl.mongodb.org cannot be reached' };
  try {
    const { stdout } = await run(process.execPath, ['-e', SCRIPT, VERSION], {
      cwd: projectRoot,
      timeout: DOWNLOAD_MS,
      env: { MONGOMS_DOWNLOAD_DIR: join(cache, 'mongodb-binaries'), ...env },
    });
    return { at, path: stdout.trim().split('\n').at(-1) ?? '' };
  } catch (error) {
    const { stderr, killed } = error as { stderr?: string; killed?: boolean };
    const reason =
      killed === true ? 'the download took too long' : (stderr ?? String(error)).replace(/\s+/g, ' ').trim();
    return { at, reason: reason.slice(0, 300) };
  }
}

/** MongoDB's own program, downloaded once. That it cannot be had is remembered for a day. */
export async function downloadedMongod(
  log: (line: string) => void,
  { cache = join(projectRoot, '.cache'), env = process.env }: { cache?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const file = join(cache, 'mongod-download.json');
  let outcome = remembered(file);
  if (outcome === undefined) {
    log('Looking for MongoDB’s own program (downloaded once)…');
    outcome = await download(cache, env);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(outcome));
  }
  if (outcome.path !== undefined) return outcome.path;
  throw new Error(
    `${outcome.reason ?? 'it could not be downloaded'} (asked again a day later, or when ${file} is deleted)`,
  );
}
