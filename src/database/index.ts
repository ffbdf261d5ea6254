export { connectDatabase } from './connect.js';
export { DatabaseBusy, runningEngine, startEmbedded, type EmbeddedOptions, type Engine } from './embedded.js';
export { pingDatabase } from './health.js';
export { createSpentStore, type Spent } from './spent-store.js';
export { expiringOf, startSweeper, type Expiring, type Sweeper } from './sweeper.js';
