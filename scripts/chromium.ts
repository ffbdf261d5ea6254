import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { findOnPath } from '../src/database/find-on-path.js';
import { tryLock } from '../src/database/pid-lock.js';
import { projectRoot } from '../src/root.js';

const run = promisify(execFile);
const INSTALL_MS = 5 * 60_000;

type Log = (line: string) => void;
type Environment = Record<string, string | undefined>;

/** Without the ones about the network, Chromium looks for Google's hosts all the time. */
export const chromiumFlags: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const NAMES = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome', 'microsoft-edge'];

const usualPlaces = (env: Environment): string[] => {
  const windows = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
    (folder) => folder !== undefined,
  );
  return [
    '/usr/bin/chromium',
    '/usr/lib/chromium/chromium',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ...windows.flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Chromium/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
  ];
};

/** What Playwright downloaded at some time, the newest first. */
function inPlaywrightCache(env: Environment): string[] {
  const caches = [
    env['PLAYWRIGHT_BROWSERS_PATH'],
    join(homedir(), '.cache', 'ms-playwright'),
    join(homedir(), 'Library', 'Caches', 'ms-playwright'),
    join(env['LOCALAPPDATA'] ?? homedir(), 'ms-playwright'),
  ].filter((folder) => folder !== undefined);
  const programs = [
    'linux/chrome',
    'linux64/chrome',
    'mac/Chromium.app/Contents/MacOS/Chromium',
    'win/chrome.exe',
    'win64/chrome.exe',
  ];
  return caches.filter(existsSync).flatMap((cache) =>
    readdirSync(cache)
      .filter((name) => /^chromium-\d+$/.test(name))
      .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
      .flatMap((name) => programs.map((program) => join(cache, name, `chrome-${program}`))),
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const installed = (env: Environment): string | undefined =>
  NAMES.map((name) => findOnPath(name)).find((path) => path !== undefined) ??
  [...usualPlaces(env), ...inPlaywrightCache(env), chromium.executablePath()].find(isProgram);

/** Two programs that look at once (jest has workers) would get in each other's way: one installs, the others wait for it. */
async function oneAtATime(env: Environment, install: () => Promise<string>): Promise<string> {
  const cache = join(projectRoot, '.cache');
  mkdirSync(cache, { recursive: true });
  const deadline = Date.now() + 2 * INSTALL_MS;
  for (;;) {
    const lock = await tryLock(join(cache, 'installing-chromium.json'));
    if (lock) {
      try {
        return installed(env) ?? (await install());
      } finally {
        lock.release();
      }
    }
    if (Date.now() > deadline) throw new Error('Another process has been installing Chromium for too long.');
    await sleep(500);
  }
}

const firstLine = (error: unknown) =>
  error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : String(error);

async function download(): Promise<string> {
  const words = [join(projectRoot, 'node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium'];
  await run(process.execPath, words, { timeout: INSTALL_MS });
  const path = chromium.executablePath();
  // A machine may lack the libraries that it needs.
  await run(path, ['--version'], { timeout: 30_000 });
  return path;
}

async function installByApt(): Promise<string> {
  if (process.getuid?.() !== 0 || findOnPath('apt-get') === undefined)
    throw new Error('this is not root on Debian or Ubuntu');
  const options = {
    timeout: INSTALL_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 << 20,
  };
  await run('apt-get', ['update'], options);
  // A machine without a screen often has no font with the Kazakh letters.
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-core'], options);
  const path = findOnPath('chromium');
  if (path === undefined) throw new Error('the package brought no chromium');
  return path;
}

async function install(log: Log): Promise<string> {
  const reasons: string[] = [];
  for (const [name, way] of [
    ['Playwright’s download (npx playwright-core install chromium)', download],
    ['apt-get install chromium fonts-noto-core, as root on Debian', installByApt],
  ] as const)
    try {
      log(`No Chromium is installed; trying ${name}…`);
      return await way();
    } catch (error) {
      reasons.push(`  - ${name}: ${firstLine(error)}`);
    }
  throw new Error(
    `No Chromium can be had. Install Chrome or Chromium, set CHROME_PATH to one, or make one of these ways possible:\n${reasons.join('\n')}`,
  );
}

/** The path of a Chrome or Chromium: the one that CHROME_PATH or CHROMIUM names, an installed one, or else one that it installs. */
export async function findChromium({ log, env = process.env }: { log: Log; env?: Environment }): Promise<string> {
  for (const name of ['CHROME_PATH', 'CHROMIUM']) {
    const path = env[name];
    if (path === undefined || path === '') continue;
    if (!isProgram(path)) throw new Error(`${name} names ${path}, which is not a program.`);
    return path;
  }
  return installed(env) ?? oneAtATime(env, () => install(log));
}

/**
 * A headless browser with a profile of its own; `close()` takes everything away. Third-party cookies: what the program does by
 * itself (Debian's Chromium blocks them), or always blocked or allowed, in every context that is made of it.
 */
export async function launchBrowser({
  log,
  thirdPartyCookies = 'default',
}: {
  log: Log;
  thirdPartyCookies?: 'blocked' | 'allowed' | 'default';
}): Promise<Browser> {
  const executablePath = await findChromium({ log });
  const profile = mkdtempSync(join(tmpdir(), 'serik-browser-'));
  if (thirdPartyCookies !== 'default') {
    const blocked = thirdPartyCookies === 'blocked';
    const settings = { profile: { cookie_controls_mode: blocked ? 1 : 0, block_third_party_cookies: blocked } };
    mkdirSync(join(profile, 'Default'));
    writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(settings));
  }
  const own = await chromium.launchPersistentContext(profile, { executablePath, args: [...chromiumFlags] });
  const browser = own.browser();
  if (!browser) throw new Error('Chromium has no browser of its own');
  // Its helpers write for a moment longer.
  browser.once(
    'disconnected',
    () => void rm(profile, { recursive: true, force: true, maxRetries: 10 }).catch(() => undefined),
  );
  return browser;
}
