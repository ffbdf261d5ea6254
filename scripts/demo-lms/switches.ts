import type { MannerName } from './types.js';

/** Where a tool may keep data in the browser: in the page around it, in a frame of this name beside it, or nowhere. */
export type StorageTarget = '_parent' | 'lti_storage';

/** What an administrator of the LMS turns on and off. */
export interface Switches {
  /** LTI platform storage; `undefined`: not offered. */
  storageTarget: StorageTarget | undefined;
  /** Moodle's cURL security: key sets on private addresses and odd ports are not read. */
  blockPrivateKeySets: boolean;
  /** Open edX: "Share name, e-mail, username" of the component. */
  launchNames: boolean;
  /** Open edX: the course's own switch for names in the roster. */
  rosterNames: boolean;
  /** Open edX: the course is larger than a roster may be. */
  rosterTooLong: boolean;
}

/** As each LMS comes: neither Moodle 4.4 nor Open edX offers platform storage, and Open edX shares no names. */
export const defaultSwitches = (manner: MannerName): Switches => ({
  storageTarget: manner === 'standard' ? '_parent' : undefined,
  blockPrivateKeySets: false,
  launchNames: false,
  rosterNames: false,
  rosterTooLong: false,
});
