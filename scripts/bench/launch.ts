import { parseArgs } from 'node:util';
import { startDatabaseProxy } from './database-proxy.js';
import type { Contender } from './launch-steps.js';
import { report, type Pair } from './report.js';
import { countRoundTrips, type RoundTrips } from './round-trips.js';
import { freshBrowsers, oneAtATime, ownBrowsers, severalAtATime, type Field } from './rounds.js';
import { setStage, type Stage } from './stage.js';
import { runStarted, type Started } from './started.js';

const USAGE = `npm run bench:launch [-- --quick]
  How long a launch takes, from the LMS's click to the whole first page: Serik beside a minimal tool on stock ltijs, on the
  same database engine and the same LMS, whose own part is not counted. Everybody comes again and again with a browser of
  their own, which keeps its cookies; what a browser takes that was never here is told apart. --quick: fewer launches, an
  answer within 40 s.`;

const COURSE = '2';
const WIDTH = 8;
const FULL = { warmUp: 400, warmBlocks: 4, alone: 400, fresh: 200, blocks: 4, size: 96 };
const QUICK = { warmUp: 200, warmBlocks: 2, alone: 60, fresh: 30, blocks: 1, size: 24 };

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

/** A tutor and a student by turns, the students all different until all have been there. */
function peopleOf({ lms }: Stage): { mixed: string[]; students: string[]; tutors: Set<string> } {
  const ids = (kind: string) => lms.people.filter((person) => person.kind === kind).map(({ id }) => id);
  const [tutors, students] = [ids('tutor'), ids('student')];
  const mixed = students.flatMap((student, index) => [tutors[index % tutors.length] ?? '', student]);
  return { mixed, students, tutors: new Set(tutors) };
}

/** Starts each tool anew, this time through a proxy that counts; the times were taken without it. */
async function roundTripsOf(started: Started, stage: Stage, field: Field): Promise<Pair<RoundTrips>> {
  const count = async (runner: Stage['serik']) => {
    const proxy = await startDatabaseProxy(runner.databaseUri);
    await started.start(() => Promise.resolve({ stop: () => proxy.close() }));
    await runner.throughProxy(proxy);
    return countRoundTrips(field, runner.contender, proxy);
  };
  const [serik, stock] = await Promise.all([count(stage.serik), count(stage.stock)]);
  return { serik, stock };
}

async function run(started: Started): Promise<void> {
  const begun = performance.now();
  const size = values.quick ? QUICK : FULL;
  const stage = await setStage(started);
  const { mixed, students, tutors } = peopleOf(stage);
  const contenders = [stage.serik.contender, stage.stock.contender];
  const field: Field = { lms: stage.lms, courseId: COURSE, contenders, people: mixed, cookiesOf: ownBrowsers() };
  console.log(`  Ready after ${((performance.now() - begun) / 1000).toFixed(1)} s; ${size.warmUp} launches to warm up`);
  await oneAtATime(field, size.warmUp);
  await severalAtATime(field, { width: WIDTH, blocks: size.warmBlocks, size: 100 });
  const each = size.blocks * size.size;
  console.log(`  Measuring ${size.alone} launches of each one at a time, ${each} of each ${WIDTH} at a time`);
  const alone = await oneAtATime(field, size.alone);
  const fresh = await oneAtATime({ ...field, cookiesOf: freshBrowsers }, size.fresh);
  const together = await severalAtATime(field, { width: WIDTH, ...size });
  const roundTrips = await roundTripsOf(started, stage, {
    ...field,
    people: students,
    cookiesOf: freshBrowsers,
  });
  const pair = <T>(of: (contender: Contender) => T | undefined): Pair<T> => {
    const [serik, stock] = [of(stage.serik.contender), of(stage.stock.contender)];
    if (serik === undefined || stock === undefined) throw new Error('One of the two was not measured');
    return { serik, stock };
  };
  await started.endAll();
  report(
    {
      alone: pair((one) => alone.get(one)),
      fresh: pair((one) => fresh.get(one)),
      together: pair((one) => together.get(one)),
      roundTrips,
    },
    WIDTH,
    tutors,
  );
}

if (values.help) console.log(USAGE);
else await runStarted(run);
