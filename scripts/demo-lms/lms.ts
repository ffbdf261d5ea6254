import type { Addresses } from './addresses.js';
import type { Faults } from './faults.js';
import type { PlatformKeys } from './keys.js';
import type { Secrets } from './secrets.js';
import type { CallEntry, ContentItem, MannerName, Tool } from './types.js';
import type { World } from './world.js';

export type MessageType = 'LtiResourceLinkRequest' | 'LtiDeepLinkingRequest' | 'LtiSubmissionReviewRequest';

/** A launch that a page began and that the authorisation endpoint ends. */
export interface PendingLaunch {
  readonly toolId: string;
  readonly personId: string;
  readonly courseId: string;
  readonly linkId?: string;
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
  readonly invitations: Secrets<{ clientId: string }>;
  readonly accessTokens: Secrets<AccessToken>;
  /** `jti` of client assertions that were used. */
  readonly assertions: Secrets<true>;
  /** Deep-linking answers come from the tool's site, where our cookie does not go along. */
  readonly selections: Secrets<Selection>;
  readonly registrationLink: string;
}

export const isMoodle = (lms: Lms): boolean => lms.manner === 'moodle';

export const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1000);

export const toolById = (lms: Lms, id: string | undefined): Tool | undefined =>
  lms.world.tools.find((tool) => tool.id === id);

export const activeTool = (lms: Lms, id?: string): Tool | undefined =>
  lms.world.tools.find((tool) => tool.state === 'active' && (id === undefined || tool.id === id));
