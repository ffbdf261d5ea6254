import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../src/database/index.js';
import { projectRoot } from '../src/root.js';
import { startDemoLms, type DemoLms } from './demo-lms/index.js';
import { isFree } from './driver/ports.js';
import { registerByHand } from './driver/register-by-hand.js';
import { registrationLink } from './driver/registration-link.js';
import { startToolProcess } from './driver/tool-process.js';

const { values } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    manner: { type: 'string', default: 'moodle' },
    'lms-port': { type: 'string', default: '8080' },
    'tool-port': { type: 'string', default: '8081' },
    help: { type: 'boolean', default: false },
  },
});

const USAGE = `npm run demo [-- options]
  --fresh              forget what earlier demos stored
  --manner MANNER      moodle (default), standard or open-edx: how the demo LMS behaves
  --lms-port N         default 8080
  --tool-port N        default 8081`;

const MANNERS = ['moodle', 'standard', 'open-edx'] as const;

const dataDir = resolve(projectRoot, '.data', 'demo');

/** One secret for all starts: the keys in the database are sealed with it. */
function secretOfDemo(): string {
  const file = join(dataDir, 'secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

function say(lms: DemoLms, toolUrl: string, link: string): void {
  const person = (kind: string) => lms.people.find((candidate) => candidate.kind === kind)?.id ?? '';
  const as = (kind: string, path: string) => `${lms.url}/switch?to=${person(kind)}&return=${encodeURIComponent(path)}`;
  const course = lms.courses[0]?.id ?? '';
  const desk =
    lms.manner === 'open-edx'
      ? ''
      : `\n  5. The administrator's desk: platforms, deployments, self-test, errors\n     ${as('administrator', '/admin/serik')}`;
  const registered = lms.tools().some(({ state }) => state === 'active');
  console.log(`
  Demo LMS   ${lms.url}
  Serik      ${toolUrl}   (opens from a course of the LMS, not by itself)

  What to click:
  ${
    registered
      ? 'The tool is registered already (a start with --fresh begins anew).'
      : `1. As administrator, register the tool: "Add LTI Advantage", then "Register", then "Activate"
     ${as('administrator', '/admin/tools')}
     The link is filled in already: ${link}`
  }
  2. As tutor, open the course and press "Serik": build the map, offer times, enter marks
     ${as('tutor', `/course/${encodeURIComponent(course)}`)}
  3. As student, open the same course and book a time
     ${as('student', `/course/${encodeURIComponent(course)}`)}
  4. The grade book: ${lms.url}/course/${encodeURIComponent(course)}/grades${desk}

  Ctrl-C stops everything; the next start finds your data.
`);
}

async function run(): Promise<void> {
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const manner = MANNERS.find((known) => known === values.manner);
  if (!manner) throw new Error(`--manner is ${MANNERS.join(', ')}\n${USAGE}`);
  const [lmsPort, toolPort] = [Number(values['lms-port']), Number(values['tool-port'])];
  for (const [name, port] of [
    ['--lms-port', lmsPort],
    ['--tool-port', toolPort],
  ] as const)
    if (!Number.isInteger(port) || !(await isFree(port)))
      throw new Error(
        `Port ${port} is taken or no port. Is a demo running already? Else choose another: npm run demo -- ${name} N`,
      );
  if (values.fresh) rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });

  const stops: (() => Promise<unknown>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      for (const one of stops.reverse()) await one().catch((error: unknown) => console.error(error));
    })());
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      console.log('\n  Stopping…');
      void stop().then(() => process.exit(0));
    });

  try {
    const database = await startEmbedded({
      dataDir: join(dataDir, 'database'),
      log: (line) => console.log(`  ${line}`),
    });
    stops.push(() => database.stop());
    const tool = await startToolProcess({
      port: toolPort,
      mongodbUri: database.uri,
      secret: secretOfDemo(),
      dataDir,
      env: { LOG_LEVEL: 'warn' },
      onLine: (line) => console.log(line),
    });
    stops.push(() => tool.stop());
    const link = await registrationLink(database.uri, tool.url);
    const dataFile = join(dataDir, `lms-${manner}.json`);
    const lms = await startDemoLms({ port: lmsPort, manner, dataFile, registrationLink: link });
    stops.push(() => lms.close());
    if (manner === 'open-edx' && lms.tools().length === 0)
      await registerByHand(lms, { url: tool.url, mongodbUri: database.uri, secret: secretOfDemo() });
    say(lms, tool.url, link);
  } catch (error) {
    await stop();
    throw error;
  }
}

run().catch((error: unknown) => {
  console.error(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
