export type { Participant, Participants, RosterState } from './roster.js';
export { createParticipantStore, type ParticipantStore } from './store.js';
export { refreshRoster, type Refreshed } from './read-roster.js';
export type { RosterChange } from './roster-change.js';
export { displayName, rosterStatus } from './page.js';
