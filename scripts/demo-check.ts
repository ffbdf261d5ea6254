import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../src/database/index.js';
import { startDemoLms, type DemoLms } from './demo-lms/index.js';
import { createBrowser, textOf, type Browser, type Page } from './driver/browser.js';
import { launch, registerTool } from './driver/launch.js';
import { agreeMap } from './driver/agree-map.js';
import { freePort } from './driver/ports.js';
import { applyPlan, bookFirstSlot, buildMap, enterMarks, publishSlots, sendMarks } from './driver/main-job.js';
import { registerByHand } from './driver/register-by-hand.js';
import { registrationLink } from './driver/registration-link.js';
import { startToolProcess } from './driver/tool-process.js';

const { values } = parseArgs({
  options: { out: { type: 'string' }, manner: { type: 'string', default: 'moodle' } },
});

const MANNERS = ['moodle', 'standard', 'open-edx'] as const;

function expect(truth: boolean, sentence: string): void {
  if (!truth) throw new Error(sentence);
}

const personOf = (lms: DemoLms, kind: string, index = 0) => {
  const person = lms.people.filter((candidate) => candidate.kind === kind)[index];
  if (!person) throw new Error(`The demo LMS has no ${kind}`);
  return person;
};

/** Open edX multiplies by the component's weight, in binary fractions. */
const equal = (mark: number | null, expected: number | undefined) =>
  mark !== null && expected !== undefined && Math.abs(mark - expected) < 1e-9;

/** Waits until the page says what it shall say, or tells what it said last. */
async function until(ask: () => Promise<Page>, good: (text: string) => boolean, what: string): Promise<Page> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const page = await ask();
    const text = textOf(page);
    if (page.status === 200 && good(text)) return page;
    if (Date.now() > deadline) throw new Error(`${what}: ${text.slice(0, 600)}`);
    await sleep(150);
  }
}

interface Stage {
  readonly lms: DemoLms;
  /** Where the tool is, and what its operator knows. */
  readonly running: { readonly url: string; readonly mongodbUri: string; readonly secret: string };
  readonly tutor: Browser;
  readonly steps: Record<string, number>;
  home: string;
}

async function step(stage: Stage, name: string, work: () => Promise<string>): Promise<void> {
  const start = performance.now();
  const done = await work();
  const ms = Math.round(performance.now() - start);
  stage.steps[name] = ms;
  console.log(`  ${name.padEnd(14)} ${String(ms).padStart(6)} ms  ${done}`);
}

async function drive(stage: Stage): Promise<{ expected: number; found: number }> {
  const { lms, tutor } = stage;
  const course = lms.courses[0]?.id ?? '';
  const students = lms.people.filter(({ kind }) => kind === 'student');

  await step(stage, 'register', async () => {
    if (lms.manner === 'open-edx') {
      await registerByHand(lms, stage.running);
      lms.shareNames({ launch: true, roster: true });
      lms.setComponent(course, { graded: true, weight: 100, agsMode: 'programmatic' });
      return 'the tool was typed into the LMS, the LMS into the tool by `npm run admin -- platform add`';
    }
    const page = await registerTool(lms, await registrationLink(stage.running.mongodbUri, stage.running.url));
    expect(page.status === 200, `Registration answered ${page.status}: ${textOf(page).slice(0, 300)}`);
    return 'the administrator registered the tool by its one-time link';
  });

  await step(stage, 'open', async () => {
    const first = await launch(lms, personOf(lms, 'tutor').id, course, tutor);
    expect(first.status === 200, `The tutor's launch answered ${first.status}: ${textOf(first).slice(0, 300)}`);
    stage.home = first.url.replace(/\/$/, '');
    await tutor.get(`${stage.home}/?lang=en`);
    // Moodle's roster calls a non-editing teacher a learner; once launched, nobody takes them for a student.
    await launch(lms, personOf(lms, 'assistant').id, course);
    const page = await until(
      () => tutor.get(`${stage.home}/students`),
      (text) => text.includes(`${students.length} students`),
      'The roster',
    );
    expect(textOf(page).includes('Ә'), 'The roster lost its Kazakh letters');
    await until(
      () => tutor.get(`${stage.home}/`),
      (text) => text.includes('Grade book reached'),
      'The grade context',
    );
    return `course, roster of ${students.length} students and grade columns are read`;
  });

  await step(stage, 'map', async () => {
    const { topics, moocs } = await buildMap(tutor, stage.home);
    return `${moocs} MOOCs, model 2, ${topics} topics; saved and there after a reload`;
  });

  // Open edX has no place outside its courses, where administrators and staff would meet.
  if (lms.manner !== 'open-edx')
    await step(stage, 'agreement', async () => {
      const [administrator, leader, director] = ['administrator', 'leader', 'director'].map(
        (kind) => personOf(lms, kind).id,
      );
      const { code, verified } = await agreeMap(lms, {
        toolUrl: stage.running.url,
        home: stage.home,
        tutor,
        administrator: administrator ?? '',
        leader: leader ?? '',
        director: director ?? '',
      });
      expect(verified.includes('This version is in force'), `The code ${code} says: ${verified.slice(0, 300)}`);
      return `submitted, agreed by the programme leader and the director; in force under the code ${code}`;
    });

  await step(stage, 'apply', async () => {
    const done = await applyPlan(tutor, stage.home);
    expect(done.includes('The map is applied to the course.'), `Applying the plan says: ${done.slice(0, 600)}`);
    const again = textOf(await tutor.get(`${stage.home}/map/apply`));
    expect(/Applied earlier/.test(again), 'Nothing is noted of what was applied');
    return 'days of the consultations and columns of the controls are those of the plan';
  });

  await step(stage, 'consultation', async () => {
    await publishSlots(tutor, stage.home, { capacity: 1, howMany: 2 });
    const [first, second] = [personOf(lms, 'student', 0), personOf(lms, 'student', 1)];
    const booked = await bookFirstSlot(lms, first.id, course);
    expect(booked.plan.includes('Topic 1'), 'The student does not see the weekly plan');
    expect(/This week.*Topic 7/.test(booked.plan), 'The plan does not begin with this week');
    expect(booked.outcome === 'booked', `The student could not book: ${booked.outcome}`);
    const late = await bookFirstSlot(lms, second.id, course, booked.slot);
    expect(late.outcome === 'full', `A full time was given twice: ${late.outcome}`);
    return 'published, booked by a student, refused to the next one';
  });

  const marks = new Map(students.map(({ id }, index) => [id, 40 + (index % 61)]));
  await step(stage, 'results', async () => {
    await enterMarks(tutor, stage.home, marks);
    await sendMarks(tutor, stage.home);
    return `${marks.size} marks entered and sent`;
  });

  let found = 0;
  await step(stage, 'gradebook', async () => {
    const deadline = Date.now() + 20_000;
    while (found < marks.size && Date.now() < deadline) {
      const { columns, rows } = lms.gradebook(course);
      // Open edX has one cell for each component, under the component's own name.
      const column =
        columns.find(({ label }) => /midterm 1|Рубежный контроль 1|Аралық бақылау 1/i.test(label)) ??
        (lms.manner === 'open-edx' ? columns[0] : undefined);
      found = rows.filter(
        ({ userId, marks: got }) => column !== undefined && equal(got[column.id] ?? null, marks.get(userId)),
      ).length;
      if (found < marks.size) await sleep(100);
    }
    expect(found === marks.size, `${found} of ${marks.size} marks are in the grade book`);
    return `${found} of ${marks.size} marks are in the LMS's grade book`;
  });
  return { expected: marks.size, found };
}

/** Leaves what the product exports; each later document is added here. */
async function exportDocuments(stage: Stage, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const csv = await stage.tutor.get(`${stage.home}/results.csv`, { Accept: 'text/csv' });
  expect(csv.status === 200, `results.csv answered ${csv.status}`);
  writeFileSync(join(folder, 'results.csv'), csv.html);
  console.log(`  ${join(folder, 'results.csv')}`);
  const documents = ['kk', 'ru', 'en'].flatMap((language) =>
    ['docx', 'pdf'].map((ending) => [`map-${language}.${ending}`, `document.${ending}?language=${language}`] as const),
  );
  for (const [name, address] of [...documents, ['map.json', 'document.json'] as const]) {
    const { status, bytes } = await stage.tutor.download(`${stage.home}/map/${address}`);
    expect(status === 200, `${address} answered ${status}`);
    writeFileSync(join(folder, name), bytes);
    console.log(`  ${join(folder, name)}`);
  }
}

async function run(): Promise<void> {
  const manner = MANNERS.find((known) => known === values.manner) ?? 'moodle';
  const dataDir = mkdtempSync(join(tmpdir(), 'serik-demo-check-'));
  const stops: (() => Promise<unknown>)[] = [];
  const steps: Record<string, number> = {};
  let result: object = { ok: false, steps };
  try {
    const start = performance.now();
    const database = await startEmbedded({ dataDir, log: (line) => console.log(`  ${line}`) });
    stops.push(() => database.stop());
    const secret = randomBytes(32).toString('hex');
    const tool = await startToolProcess({
      port: await freePort(),
      mongodbUri: database.uri,
      secret,
      dataDir,
      env: { LOG_LEVEL: 'warn', DEFAULT_LANGUAGE: 'en' },
      onLine: (line) => console.log(`  tool: ${line}`),
    });
    stops.push(() => tool.stop());
    const lms = await startDemoLms({ port: 0, manner });
    stops.push(() => lms.close());
    steps['start'] = Math.round(performance.now() - start);
    console.log(
      `  ${'start'.padEnd(14)} ${String(steps['start']).padStart(6)} ms  database, tool and ${manner} demo LMS`,
    );

    const running = { url: tool.url, mongodbUri: database.uri, secret };
    const stage: Stage = { lms, running, tutor: createBrowser(), steps, home: '' };
    const gradebook = await drive(stage);
    if (values.out !== undefined) await exportDocuments(stage, resolve(values.out));
    result = { ok: gradebook.found === gradebook.expected, steps, gradebook };
  } catch (error) {
    console.error(`  ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  console.log(JSON.stringify(result));
}

await run();
