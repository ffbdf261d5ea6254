import { addressesOf } from './addresses.js';
import { createLmsApp } from './app.js';
import { launchClaims, siteLaunchClaims } from './claims.js';
import { copyCourse } from './course-copy.js';
import { enrol, suspend, unenrol } from './enrolment.js';
import { createFaults, type Faults } from './faults.js';
import { gradebook, lockColumn, setGrade } from './gradebook.js';
import {
  addActivity,
  addDeployment,
  addTool,
  connectionOf,
  deployIn,
  type Connection,
  type ToolForm,
} from './hand-made-tool.js';
import { createPlatformKeys, type SignOptions } from './keys.js';
import { listenOnLoopback } from './listen.js';
import { activeTool, type Lms } from './lms.js';
import { setAcceptGrades } from './own-items.js';
import { setComponent } from './open-edx/component.js';
import { registrationUpdateUrl, registrationUrl } from './registration.js';
import { createSecrets } from './secrets.js';
import type { SitePlace } from './site.js';
import type { StorageTarget, Switches } from './switches.js';
import type {
  CallEntry,
  ComponentSettings,
  Course,
  GradebookView,
  Group,
  Kind,
  MannerName,
  Person,
  ResourceLink,
  Tool,
} from './types.js';
import { createWorld } from './world.js';

export type { Fault, FaultPlace } from './faults.js';
export type { Connection, ToolForm } from './hand-made-tool.js';
export type { SitePlace } from './site.js';
export type { StorageTarget } from './switches.js';
export type {
  CallEntry,
  ComponentSettings,
  Course,
  GradebookView,
  Group,
  Kind,
  MannerName,
  Person,
  ResourceLink,
  ServiceName,
  Tool,
} from './types.js';

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
  /** The tool's link with the LMS's two parameters, the second a fresh one-time token. Not in Open edX. */
  registrationUrl(toolLink: string): string;
  /** The same with a token that reads and replaces this registration. In Moodle only. */
  registrationUpdateUrl(toolId: string, toolLink: string): string;
  /** Registers a tool by hand; it is active at once. */
  addTool(form: ToolForm): Tool;
  /** What the tool has to be told of this LMS, in every manner. */
  connection(toolId: string): Connection;
  /** A second deployment of a tool. By the standard only: Moodle and Open edX have one. */
  addDeployment(toolId: string): string;
  /** Which deployment of the tool this course launches. */
  deployIn(courseId: string, toolId: string, deploymentId: string): void;
  /** Another activity: how a second tool gets into a course. */
  addActivity(courseId: string, toolId: string, title?: string): ResourceLink;
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
  /** What site administration or (by default) the dashboard would launch now. Not in Open edX. */
  siteLaunchClaims(personId: string, tool?: string, place?: SitePlace): Record<string, unknown>;
  /** A copy with staff and activities, without students and grades. */
  copyCourse(courseId: string): Course;
  readonly groups: readonly Group[];
  /** LTI platform storage, in the page around the tool or in a frame beside it. */
  offerStorage(on: boolean, target?: StorageTarget): void;
  /** Key sets on private addresses and odd ports are not read, as Moodle comes. */
  blockPrivateKeySets(on: boolean): void;
  /** Open edX: the component's and the roster's own switch. */
  shareNames(on: { readonly launch?: boolean; readonly roster?: boolean }): void;
  /** Open edX: rosters answer 403 `above_response_limit`. */
  exceedRosterLimit(on: boolean): void;
  /** Open edX: what Studio sets at the course's first component. `graded` is what `acceptGrades` sets too. */
  setComponent(courseId: string, settings: Partial<ComponentSettings>): void;
  signIdToken(claims: Record<string, unknown>, options?: SignOptions): Promise<string>;
  rotateKeys(): Promise<void>;
}

async function assemble(options: DemoLmsOptions, url: string): Promise<Lms> {
  const { manner, dataFile, registrationLink = '', clock = () => new Date() } = options;
  const world = createWorld(manner, dataFile);
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

function launchable(lms: Lms, id: string | undefined): Tool {
  const tool = activeTool(lms, id);
  if (!tool) throw new Error('No active tool is registered');
  return tool;
}

function faceOf(lms: Lms, close: () => Promise<void>): DemoLms {
  const { world } = lms;
  const change = (switches: Partial<Switches>) => {
    Object.assign(world.switches, switches);
    world.changed();
  };
  return {
    url: lms.url,
    manner: lms.manner,
    close,
    registrationUrl: (link) => registrationUrl(lms, link),
    registrationUpdateUrl: (toolId, link) => registrationUpdateUrl(lms, toolId, link),
    addTool: (form) => addTool(lms, form),
    connection: (toolId) => connectionOf(lms, toolId),
    addDeployment: (toolId) => addDeployment(lms, toolId),
    deployIn: (courseId, toolId, deploymentId) => deployIn(lms, courseId, toolId, deploymentId),
    addActivity: (courseId, toolId, title) => addActivity(lms, courseId, toolId, title),
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
    launchClaims: (courseId, personId, id) => launchClaims(lms, courseId, personId, launchable(lms, id)),
    siteLaunchClaims: (personId, id, place = 'dashboard') =>
      siteLaunchClaims(lms, place, personId, launchable(lms, id)),
    copyCourse: (courseId) => copyCourse(lms, courseId),
    groups: world.groups,
    offerStorage: (on, target = '_parent') => change({ storageTarget: on ? target : undefined }),
    blockPrivateKeySets: (on) => change({ blockPrivateKeySets: on }),
    shareNames: ({ launch = world.switches.launchNames, roster = world.switches.rosterNames }) =>
      change({ launchNames: launch, rosterNames: roster }),
    exceedRosterLimit: (on) => change({ rosterTooLong: on }),
    setComponent: (courseId, settings) => setComponent(lms, courseId, settings),
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
