import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { seedCourses, seedEnrolments, seedGroups, seedGroupSets, seedLinks, seedPeople } from './seed.js';
import { defaultSwitches, type Switches } from './switches.js';
import type {
  Course,
  DeployedIn,
  Enrolment,
  Grade,
  Group,
  GroupSet,
  LineItem,
  MannerName,
  Person,
  PostedScore,
  ResourceLink,
  RosterChange,
  Tool,
} from './types.js';

interface Kept {
  lastId: number;
  /** Private keys as JWK: made-up ones of a made-up LMS. */
  keys: Record<string, unknown>[];
  readonly courses: Course[];
  enrolments: Enrolment[];
  rosterVersion: number;
  rosterChanges: RosterChange[];
  links: ResourceLink[];
  tools: Tool[];
  deployedIn: DeployedIn[];
  lineItems: LineItem[];
  grades: Grade[];
  postedScores: PostedScore[];
  readonly groups: Group[];
  readonly groupSets: GroupSet[];
  readonly switches: Switches;
}

/** Everything that the LMS remembers between starts. */
export interface World extends Kept {
  readonly manner: MannerName;
  readonly people: readonly Person[];
  nextId(): string;
  /** To be called after every change; what a file keeps is written a moment later. */
  changed(): void;
  flush(): void;
}

const fresh = (manner: MannerName): Kept => ({
  lastId: 4,
  keys: [],
  courses: seedCourses(manner),
  enrolments: seedEnrolments(manner),
  rosterVersion: 0,
  rosterChanges: [],
  links: seedLinks(manner),
  tools: [],
  deployedIn: [],
  lineItems: [],
  grades: [],
  postedScores: [],
  groups: seedGroups(),
  groupSets: seedGroupSets(),
  switches: defaultSwitches(manner),
});

function read(manner: MannerName, file: string | undefined): Kept {
  if (file === undefined || !existsSync(file)) return fresh(manner);
  return { ...fresh(manner), ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>) };
}

function write(file: string, kept: Readonly<Record<string, unknown>>): void {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.part`;
  writeFileSync(part, JSON.stringify(kept));
  renameSync(part, file);
}

export function createWorld(manner: MannerName, file: string | undefined): World {
  let waiting = false;
  const kept = read(manner, file);
  const names = Object.keys(fresh(manner)) as (keyof Kept)[];
  const world: World = {
    ...kept,
    manner,
    people: seedPeople(manner),
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
      if (file !== undefined) write(file, Object.fromEntries(names.map((name) => [name, world[name]])));
    },
  };
  return world;
}
