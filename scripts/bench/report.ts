import { percentile, round } from './figures.js';
import { timeOf, type Launching } from './launch-steps.js';
import type { RoundTrips } from './round-trips.js';
import type { Taken } from './rounds.js';

/** Serik is to need at most half of what stock ltijs needs, and no more requests to the database than these. */
export const GOAL = { ratio: 0.5, roundTrips: 4 } as const;

export interface Pair<T> {
  readonly serik: T;
  readonly stock: T;
}

export interface Figures {
  readonly alone: Pair<Taken>;
  /** As `alone`, by browsers that were never here. */
  readonly fresh: Pair<Taken>;
  readonly together: Pair<Taken>;
  readonly roundTrips: Pair<RoundTrips>;
}

const times = ({ launches }: Taken) => launches.map(timeOf);
const perSecond = ({ launches, ms }: Taken) => (launches.length * 1000) / ms;
const line = (name: string, cells: readonly string[]) =>
  console.log(`  ${name.padEnd(40)}${cells.map((cell) => cell.padStart(12)).join('')}`);

function compare(name: string, { serik, stock }: Pair<number>, unit: string): void {
  line(name, [`${serik.toFixed(1)}${unit}`, `${stock.toFixed(1)}${unit}`, (serik / stock).toFixed(2)]);
}

function compareTaken(name: string, { serik, stock }: Pair<Taken>): void {
  for (const [label, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const) {
    const pair = { serik: percentile(times(serik), share), stock: percentile(times(stock), share) };
    compare(`${name}, ${label}`, pair, ' ms');
  }
  compare(`${name}, launches a second`, { serik: perSecond(serik), stock: perSecond(stock) }, '   ');
}

function printSteps(name: string, launches: readonly Launching[]): void {
  const names = [...new Set(launches.flatMap(({ steps }) => steps.map((step) => step.name)))];
  console.log('');
  line(`Where the time goes: ${name}`, ['p50', 'p95']);
  for (const step of names) {
    const ms = launches.flatMap(({ steps }) => steps.filter((one) => one.name === step).map((one) => one.ms));
    line(`  ${step}`, [`${percentile(ms, 0.5).toFixed(1)} ms`, `${percentile(ms, 0.95).toFixed(1)} ms`]);
  }
}

const ROLES = [
  ['tutors', true],
  ['students', false],
] as const;
const teachesLike =
  (tutors: ReadonlySet<string>, teaches: boolean) =>
  ({ personId }: Launching): boolean =>
    tutors.has(personId) === teaches;

const verdict = (met: boolean) => (met ? 'met' : 'not met');

/** Prints the tables; the last line is the one that programs read. */
export function report(
  { alone, fresh, together, roundTrips }: Figures,
  width: number,
  tutors: ReadonlySet<string>,
): void {
  console.log('');
  line('', ['Serik', 'ltijs 5.9.9', 'ratio']);
  compareTaken('one at a time', alone);
  // The middle of both kinds together lies between them, where there may be no launch at all.
  for (const [who, teaches] of ROLES) {
    const of = ({ launches }: Taken) => percentile(launches.filter(teachesLike(tutors, teaches)).map(timeOf), 0.5);
    compare(`  ${who} only, p50`, { serik: of(alone.serik), stock: of(alone.stock) }, ' ms');
  }
  compareTaken('a browser that was never here', fresh);
  compareTaken(`${width} at a time`, together);
  const launch = { serik: roundTrips.serik.launch, stock: roundTrips.stock.launch };
  line('database requests, such a launch', [
    `${launch.serik}`,
    `${launch.stock}`,
    (launch.serik / launch.stock).toFixed(2),
  ]);
  line('  after the answer', [`${roundTrips.serik.later}`, `${roundTrips.stock.later}`]);
  line('  first page', [`${roundTrips.serik.page}`, `${roundTrips.stock.page}`]);
  console.log(`  Serik's launch asks: ${roundTrips.serik.asked.join(', ') || 'nothing'}`);
  console.log(`  ltijs' launch asks: ${roundTrips.stock.asked.join(', ') || 'nothing'}`);

  for (const [who, teaches] of ROLES)
    printSteps(`Serik (${who})`, alone.serik.launches.filter(teachesLike(tutors, teaches)));
  printSteps('ltijs', alone.stock.launches);

  const p50 = { serik: percentile(times(alone.serik), 0.5), stock: percentile(times(alone.stock), 0.5) };
  const p95 = { serik: percentile(times(alone.serik), 0.95), stock: percentile(times(alone.stock), 0.95) };
  const ratio = p50.serik / p50.stock;
  console.log(`
  Goal, p50 at most ${GOAL.ratio} of ltijs': ${verdict(ratio <= GOAL.ratio)} (${ratio.toFixed(2)})
  Goal, at most ${GOAL.roundTrips} database requests a launch: ${verdict(launch.serik <= GOAL.roundTrips)} (${launch.serik})
`);
  console.log(
    JSON.stringify({
      serik_p50_ms: round(p50.serik),
      ltijs_p50_ms: round(p50.stock),
      ratio_p50: round(ratio, 3),
      ratio_p95: round(p95.serik / p95.stock, 3),
      db_round_trips: launch.serik,
    }),
  );
}
