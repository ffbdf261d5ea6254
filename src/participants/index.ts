export type { Participant, Participants, RosterState } from './roster.js';
export { createParticipantStore, type ParticipantStore } from './store.js';
export { refreshRoster } from './read-roster.js';
export { displayName, rosterStatus } from './page.js';
