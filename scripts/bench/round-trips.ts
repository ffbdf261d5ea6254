import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseProxy, DatabaseRequest } from './database-proxy.js';
import { percentile } from './figures.js';
import { follow, login, present, sign, type Contender } from './launch-steps.js';
import type { Field } from './rounds.js';

export interface RoundTrips {
  /** From the login to the redirect that answers the launch: the middle of all launches. */
  readonly launch: number;
  /** What a launch still asks for after it has answered. */
  readonly later: number;
  /** From there to the whole first page. */
  readonly page: number;
  /** The requests of the middle launch, in order. */
  readonly asked: readonly string[];
}

/** The outbox looks every second; what comes more rarely than this the middle of several launches leaves out. */
const IDLE_MS = 1_700;
const SETTLE_MS = 40;
const LAUNCHES = 9;

const nameOf = ({ command, collection }: DatabaseRequest) => `${command} ${collection}`;

/**
 * Counts in the steady state: the course and these students were there before. What the tool asks for while nobody is there is
 * the work of its background jobs, and is not the launch's.
 */
export async function countRoundTrips(field: Field, contender: Contender, proxy: DatabaseProxy): Promise<RoundTrips> {
  const { lms, courseId, people, cookiesOf } = field;
  const open = async (index: number) => {
    const person = people[index % people.length] ?? '';
    const launching = await login(lms, contender, person, cookiesOf(contender, person));
    await sign(lms, launching, courseId);
    await present(launching);
    return launching;
  };
  for (let index = 0; index < LAUNCHES; index++) await follow(await open(index));

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
    const launching = await open(index);
    const launch = asked();
    await sleep(SETTLE_MS);
    const later = asked();
    await follow(launching);
    counted.push({ launch, later, page: asked() });
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
