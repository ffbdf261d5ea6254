import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseProxy, DatabaseRequest } from './database-proxy.js';
import { percentile } from './figures.js';
import { login, present, sign, type Contender } from './launch-steps.js';
import type { Field } from './rounds.js';
import { createVisitor } from './visitor.js';

export interface RoundTrips {
  /** Until the person is let in: the middle of all launches. */
  readonly launch: number;
  /** What a launch still asks for after it has answered. */
  readonly later: number;
  /** For the first page itself. */
  readonly page: number;
  /** The requests of the middle launch, in order. */
  readonly asked: readonly string[];
}

/** The outbox looks every second; what comes more rarely than this the middle of several launches leaves out. */
const IDLE_MS = 1_700;
const SETTLE_MS = 40;
const LAUNCHES = 9;

const nameOf = ({ command, collection }: DatabaseRequest) => `${command} ${collection}`;

/** What is in the first list and not in the second, as often as it is. */
function without(all: readonly string[], taken: readonly string[]): string[] {
  const rest = [...all];
  for (const name of taken) if (rest.includes(name)) rest.splice(rest.indexOf(name), 1);
  return rest;
}

/**
 * Counts in the steady state: the course and these students were there before. What the tool asks for while nobody is there is
 * the work of its background jobs, and is not the launch's; what it asks for when the same page is opened again is the page's.
 */
export async function countRoundTrips(field: Field, contender: Contender, proxy: DatabaseProxy): Promise<RoundTrips> {
  const { lms, courseId, people, cookiesOf } = field;
  const open = async (index: number) => {
    const person = people[index % people.length] ?? '';
    const cookies = cookiesOf(contender, person);
    const launching = await login(lms, contender, person, cookies);
    await sign(lms, launching, courseId);
    const page = await present(launching);
    return async () => {
      const visitor = createVisitor(cookies);
      await visitor.get(page);
      visitor.leave();
    };
  };
  for (let index = 0; index < LAUNCHES; index++) await open(index);

  await sleep(SETTLE_MS);
  proxy.taken();
  await sleep(IDLE_MS);
  const background = new Set(proxy.taken().map(nameOf));
  const asked = () =>
    proxy
      .taken()
      .map(nameOf)
      .filter((name) => !background.has(name));

  const counted: { launch: string[]; later: string[]; page: string[] }[] = [];
  for (let index = 0; index < LAUNCHES; index++) {
    asked();
    const again = await open(index);
    const all = asked();
    await sleep(SETTLE_MS);
    const later = asked();
    await again();
    const page = asked();
    const launch = without(all, page);
    counted.push({ launch, later, page: without(all, launch) });
    await sleep(SETTLE_MS);
  }
  const middle = (part: 'launch' | 'later' | 'page') =>
    percentile(
      counted.map((one) => one[part].length),
      0.5,
    );
  const launch = middle('launch');
  return {
    launch,
    later: middle('later'),
    page: middle('page'),
    asked: counted.find((one) => one.launch.length === launch)?.launch ?? [],
  };
}
