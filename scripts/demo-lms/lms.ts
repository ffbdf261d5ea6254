import type { Addresses } from './addresses.js';
import type { Faults } from './faults.js';
import type { PlatformKeys } from './keys.js';
import type { Secrets } from './secrets.js';
import type { CallEntry, ContentItem, Course, Kind, MannerName, ResourceLink, Tool } from './types.js';
import { siteLinks } from './site.js';
import type { World } from './world.js';

export type MessageType = 'LtiResourceLinkRequest' | 'LtiDeepLinkingRequest' | 'LtiSubmissionReviewRequest';

/** A launch that a page began and that the authorisation endpoint ends. */
export interface PendingLaunch {
  readonly toolId: string;
  /** Who is signed in; in a "student view" that is not who is launched. */
  readonly visitorId: string;
  readonly personId: string;
  /** Absent where the launch belongs to no course. */
  readonly courseId?: string;
  /** In this role, if the person switched to it. */
  readonly role?: Kind;
  readonly linkId?: string;
  /** Open edX: which of several selected items. */
  readonly item?: number;
  readonly message: MessageType;
  /** Submission review: whose work. */
  readonly forUserId?: string;
  readonly loginHint: string;
}

export interface AccessToken {
  readonly toolId: string;
  readonly scopes: readonly string[];
}

export interface Selection {
  readonly toolId: string;
  readonly courseId: string;
  readonly personId: string;
  /** There once the tool answered. */
  readonly items?: readonly ContentItem[];
}

/** A registration token: for a new tool, or for one that is there. */
export type Invitation = { readonly clientId: string } | { readonly toolId: string };

/** What every part of the LMS works with. */
export interface Lms {
  readonly manner: MannerName;
  readonly url: string;
  readonly at: Addresses;
  readonly now: () => Date;
  readonly world: World;
  readonly keys: PlatformKeys;
  readonly faults: Faults;
  readonly log: CallEntry[];
  readonly launches: Secrets<PendingLaunch>;
  readonly invitations: Secrets<Invitation>;
  readonly accessTokens: Secrets<AccessToken>;
  /** `jti` of client assertions that were used. */
  readonly assertions: Secrets<true>;
  /** Deep-linking answers come from the tool's site, where our cookie does not go along. */
  readonly selections: Secrets<Selection>;
  readonly registrationLink: string;
}

export const isMoodle = (lms: Lms): boolean => lms.manner === 'moodle';
export const isOpenEdx = (lms: Lms): boolean => lms.manner === 'open-edx';

export const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000);

export const toolById = (lms: Lms, id: string | undefined): Tool | undefined =>
  lms.world.tools.find((tool) => tool.id === id);

export const activeTool = (lms: Lms, id?: string): Tool | undefined =>
  lms.world.tools.find((tool) => tool.state === 'active' && (id === undefined || tool.id === id));

/** Of a course or of a place of the whole site. */
export const linkById = ({ world, manner }: Lms, id: string | undefined): ResourceLink | undefined =>
  [...world.links, ...siteLinks(manner)].find((link) => link.id === id);

/** The activity that opens this tool in this course: its own, or the one that belongs to the first active tool. */
export const linkOf = (lms: Lms, courseId: string, tool: Tool): ResourceLink | undefined =>
  lms.world.links.find((link) => link.courseId === courseId && activeTool(lms, link.toolId)?.id === tool.id);

/** The deployment that this course launches. */
export const deploymentOf = ({ world }: Lms, tool: Tool, course: Course | undefined): string =>
  world.deployedIn.find(({ courseId, toolId }) => courseId === course?.id && toolId === tool.id)?.deploymentId ??
  tool.deploymentId;
