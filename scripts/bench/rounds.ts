import type { DemoLms } from '../demo-lms/index.js';
import { login, present, sign, timeOf, type Contender, type Launching } from './launch-steps.js';
import type { Cookies } from './visitor.js';

export interface Field {
  readonly lms: DemoLms;
  readonly courseId: string;
  readonly contenders: readonly Contender[];
  /** In the order in which they come; both tools get the same ones. */
  readonly people: readonly string[];
  /** The cookies that this person's browser has for this tool. */
  readonly cookiesOf: (contender: Contender, personId: string) => Cookies;
}

/** Each person comes with the browser of the time before. */
export function ownBrowsers(): Field['cookiesOf'] {
  const browsers = new Map<string, Cookies>();
  return ({ name }, personId) => {
    const key = `${name} ${personId}`;
    const cookies = browsers.get(key) ?? new Map<string, string>();
    browsers.set(key, cookies);
    return cookies;
  };
}

/** Whoever comes has a browser that was never here. */
export const freshBrowsers: Field['cookiesOf'] = () => new Map();

export interface Taken {
  /** Every launch by itself, a contender's in its order. */
  readonly launches: readonly Launching[];
  /** How long the tool was at work, all launches together. */
  readonly ms: number;
}

const personAt = ({ people }: Field, index: number): string => people[index % people.length] ?? '';

const begin = ({ lms, cookiesOf }: Field, contender: Contender, personId: string) =>
  login(lms, contender, personId, cookiesOf(contender, personId));

/** One launch after the other, the contenders in turn, so that whatever slows this machine slows both. */
export async function oneAtATime(field: Field, count: number): Promise<Map<Contender, Taken>> {
  const launches = new Map(field.contenders.map((contender) => [contender, [] as Launching[]]));
  for (let index = 0; index < count; index++)
    for (const contender of field.contenders) {
      const launching = await begin(field, contender, personAt(field, index));
      await sign(field.lms, launching, field.courseId);
      await present(launching);
      launches.get(contender)?.push(launching);
    }
  return new Map(
    [...launches].map(([contender, done]) => [
      contender,
      { launches: done, ms: done.reduce((sum, one) => sum + timeOf(one), 0) },
    ]),
  );
}

/** Does the work for each item, so many at once; gives the results in order and the time from first to last. */
async function atOnce<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<{ results: R[]; ms: number }> {
  const results: R[] = [];
  const waiting = items.entries();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const [index, item] of waiting) results[index] = await work(item);
    }),
  );
  return { results, ms: performance.now() - start };
}

/**
 * So many launches at once, in blocks of one contender each, by turns. The block's logins come first, then the LMS signs, then
 * the block's launches go on: else the LMS's signatures would be most of what is measured.
 */
export async function severalAtATime(
  field: Field,
  { width, blocks, size }: { width: number; blocks: number; size: number },
): Promise<Map<Contender, Taken>> {
  const taken = new Map(field.contenders.map((contender) => [contender, { launches: [] as Launching[], ms: 0 }]));
  const people = Array.from({ length: size }, (_, index) => personAt(field, index));
  for (let block = 0; block < blocks; block++)
    for (const [contender, sum] of taken) {
      const begun = await atOnce(people, width, (person) => begin(field, contender, person));
      for (const launching of begun.results) await sign(field.lms, launching, field.courseId);
      const done = await atOnce(begun.results, width, present);
      sum.launches.push(...begun.results);
      sum.ms += begun.ms + done.ms;
    }
  return taken;
}
