import { addressesOf } from './addresses.js';
import { createLmsApp } from './app.js';
import { launchClaims } from './claims.js';
import { enrol, suspend, unenrol } from './enrolment.js';
import { createFaults, type Faults } from './faults.js';
import { gradebook, lockColumn, setGrade } from './gradebook.js';
import { createPlatformKeys, type SignOptions } from './keys.js';
import { listenOnLoopback } from './listen.js';
import { activeTool, type Lms } from './lms.js';
import { setAcceptGrades } from './own-items.js';
import { registrationUrl } from './registration.js';
import { createSecrets } from './secrets.js';
import type { CallEntry, Course, GradebookView, Kind, MannerName, Person, Tool } from './types.js';
import { createWorld } from './world.js';

export type { Fault, FaultPlace } from './faults.js';
export type { CallEntry, Course, GradebookView, Kind, MannerName, Person, ServiceName, Tool } from './types.js';

export interface DemoLmsOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly manner: MannerName;
  /** JSON that is kept between starts; left out: everything is forgotten. */
  readonly dataFile?: string;
  /** Prefilled on the administrator's page. */
  readonly registrationLink?: string;
  readonly clock?: () => Date;
}

export interface DemoLms {
  readonly url: string;
  readonly manner: MannerName;
  close(): Promise<void>;
  /** The tool's link with the LMS's two parameters, the second a fresh one-time token. */
  registrationUrl(toolLink: string): string;
  readonly faults: Pick<Faults, 'set' | 'clear'>;
  gradebook(courseId: string): GradebookView;
  /** A teacher's edit in the gradebook. */
  setGrade(courseId: string, columnId: string, userId: string, mark: number | null): void;
  readonly log: readonly CallEntry[];
  readonly courses: readonly Course[];
  readonly people: readonly Person[];
  tools(): readonly Tool[];
  enrol(courseId: string, userId: string, role: Kind): void;
  unenrol(courseId: string, userId: string): void;
  suspend(courseId: string, userId: string, suspended: boolean): void;
  lockColumn(courseId: string, columnId: string, locked: boolean): void;
  /** The course's own activity accepts grades, so that it has a column of its own. */
  acceptGrades(courseId: string, on: boolean): void;
  /** Every access token dies, as after a restart of the LMS. */
  endTokens(): void;
  /** What the course page would launch now, without a nonce. `tool`: its id. */
  launchClaims(courseId: string, personId: string, tool?: string): Record<string, unknown>;
  signIdToken(claims: Record<string, unknown>, options?: SignOptions): Promise<string>;
  rotateKeys(): Promise<void>;
}

async function assemble(options: DemoLmsOptions, url: string): Promise<Lms> {
  const { manner, dataFile, registrationLink = '', clock = () => new Date() } = options;
  const world = createWorld(dataFile);
  const faults = createFaults();
  const now = () => new Date(clock().getTime() + faults.clockSeconds * 1000);
  return {
    manner,
    url,
    at: addressesOf(manner, url),
    now,
    world,
    keys: await createPlatformKeys(world),
    faults,
    log: [],
    launches: createSecrets(now),
    invitations: createSecrets(now),
    accessTokens: createSecrets(now),
    assertions: createSecrets(now),
    selections: createSecrets(now),
    registrationLink,
  };
}

function faceOf(lms: Lms, close: () => Promise<void>): DemoLms {
  const { world } = lms;
  return {
    url: lms.url,
    manner: lms.manner,
    close,
    registrationUrl: (link) => registrationUrl(lms, link),
    faults: lms.faults,
    gradebook: (courseId) => gradebook(world, courseId),
    setGrade: (courseId, columnId, userId, mark) => setGrade(world, lms.now(), { courseId, columnId, userId, mark }),
    log: lms.log,
    courses: world.courses,
    people: world.people,
    tools: () => world.tools,
    enrol: (courseId, userId, role) => enrol(world, courseId, userId, role),
    unenrol: (courseId, userId) => unenrol(world, courseId, userId),
    suspend: (courseId, userId, suspended) => suspend(world, courseId, userId, suspended),
    lockColumn: (courseId, columnId, locked) => lockColumn(world, courseId, columnId, locked),
    acceptGrades: (courseId, on) => setAcceptGrades(lms, courseId, on),
    endTokens: () => lms.accessTokens.endAll(),
    launchClaims(courseId, personId, id) {
      const tool = activeTool(lms, id);
      if (!tool) throw new Error('No active tool is registered');
      return launchClaims(lms, courseId, personId, tool);
    },
    signIdToken: (claims, options) => lms.keys.sign(claims, options),
    rotateKeys: () => lms.keys.rotate(),
  };
}

/** A small LMS with LTI 1.3 Advantage: what `npm run demo` shows and what the tests talk to. */
export async function startDemoLms(options: DemoLmsOptions): Promise<DemoLms> {
  // The port is part of every address, so the application comes after the socket.
  const door: { handle?: ReturnType<typeof createLmsApp> } = {};
  const listening = await listenOnLoopback(options.port, (req, res) => {
    if (door.handle) door.handle(req, res);
    else res.writeHead(503).end();
  });
  const lms = await assemble(options, `http://localhost:${listening.port}`);
  door.handle = createLmsApp(lms);
  return faceOf(lms, async () => {
    await listening.close();
    lms.world.flush();
  });
}
