import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { COURSES, PEOPLE, seedEnrolments, seedLinks } from './seed.js';
import type { Course, Enrolment, Grade, LineItem, Person, ResourceLink, Tool } from './types.js';

interface Kept {
  lastId: number;
  /** Private keys as JWK: made-up ones of a made-up LMS. */
  keys: Record<string, unknown>[];
  enrolments: Enrolment[];
  links: ResourceLink[];
  tools: Tool[];
  lineItems: LineItem[];
  grades: Grade[];
}

/** Everything that the LMS remembers between starts. */
export interface World extends Kept {
  readonly people: readonly Person[];
  readonly courses: readonly Course[];
  nextId(): string;
  /** To be called after every change; what a file keeps is written a moment later. */
  changed(): void;
  flush(): void;
}

const fresh = (): Kept => ({
  lastId: 4,
  keys: [],
  enrolments: seedEnrolments(),
  links: seedLinks(),
  tools: [],
  lineItems: [],
  grades: [],
});

function read(file: string | undefined): Kept {
  if (file === undefined || !existsSync(file)) return fresh();
  return { ...fresh(), ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>) };
}

function write(file: string, { lastId, keys, enrolments, links, tools, lineItems, grades }: Kept): void {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.part`;
  writeFileSync(part, JSON.stringify({ lastId, keys, enrolments, links, tools, lineItems, grades }));
  renameSync(part, file);
}

export function createWorld(file: string | undefined): World {
  let waiting = false;
  const world: World = {
    ...read(file),
    people: PEOPLE,
    courses: COURSES,
    nextId() {
      world.lastId += 1;
      return String(world.lastId);
    },
    changed() {
      if (file === undefined || waiting) return;
      waiting = true;
      setImmediate(() => {
        if (waiting) world.flush();
      });
    },
    flush() {
      waiting = false;
      if (file !== undefined) write(file, world);
    },
  };
  return world;
}
