import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { uptime } from 'node:os';
import { z } from 'zod';

const Held = z.object({
  pid: z.number(),
  at: z.number(),
  /** Of the database that the holder started, as soon as it runs. */
  uri: z.string().optional(),
});

export type Holder = z.output<typeof Held>;

export interface Lock {
  /** Lets others know where the database is. */
  announce(uri: string): void;
  release(): void;
}

/** Nothing that a lock is held for takes longer, unless it announced a database. */
const LONGEST_MS = 10 * 60_000;
const ANSWER_MS = 1_000;
const WRITING_MS = 2_000;

const mine = new Set<string>();

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

interface Found {
  readonly text: string;
  readonly holder: Holder | undefined;
  /** Its process has made the file, and is about to write it. */
  readonly beingWritten: boolean;
}

function holderIn(text: string): Holder | undefined {
  try {
    return Held.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function read(file: string): Found | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const holder = holderIn(text);
    return { text, holder, beingWritten: !holder && Date.now() - statSync(file).mtimeMs < WRITING_MS };
  } catch {
    return undefined;
  }
}

const answers = (uri: string) =>
  new Promise<boolean>((resolve) => {
    const { hostname, port } = new URL(uri);
    const socket = connect({ host: hostname, port: Number(port), timeout: ANSWER_MS });
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => say(true))
      .once('error', () => say(false))
      .once('timeout', () => say(false));
  });

/** A number of a process says little: in a container, or after the machine started anew, another one has it. */
async function isHeld(file: string, { pid, at, uri }: Holder): Promise<boolean> {
  if (uri !== undefined) return answers(uri);
  if (pid === process.pid) return mine.has(file);
  const startOfMachine = Date.now() - uptime() * 1000;
  return isAlive(pid) && at > startOfMachine && Date.now() - at < LONGEST_MS;
}

/** Who holds the lock now; nobody, if whoever took it is gone. */
export async function holderOf(file: string): Promise<Holder | undefined> {
  const holder = read(file)?.holder;
  return holder && (await isHeld(file, holder)) ? holder : undefined;
}

const create = (file: string, facts: Holder): boolean => {
  try {
    writeFileSync(file, JSON.stringify(facts), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

/** Moves away the lock of a process that is gone, unless another one was quicker to do so and has a new lock there. */
function clear(file: string, seen: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') === seen) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // It is gone already: the next try decides.
  }
}

/** Takes the lock, or answers nothing when a living process has it. */
export async function tryLock(file: string): Promise<Lock | undefined> {
  const facts: Holder = { pid: process.pid, at: Date.now() };
  if (!create(file, facts)) {
    const found = read(file);
    if (found?.beingWritten) return undefined;
    if (found?.holder && (await isHeld(file, found.holder))) return undefined;
    if (found) clear(file, found.text);
    if (!create(file, facts)) return undefined;
  }
  mine.add(file);
  return {
    announce(uri) {
      const whole = `${file}.${process.pid}`;
      writeFileSync(whole, JSON.stringify({ ...facts, uri }));
      renameSync(whole, file);
    },
    release() {
      mine.delete(file);
      rmSync(file, { force: true });
    },
  };
}
