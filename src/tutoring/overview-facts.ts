import type { MapProgress } from '../integration-map/index.js';
import type { RosterState } from '../participants/index.js';
import type { Gradebook } from './gradebook-store.js';

export interface StageFacts {
  readonly stage: string;
  readonly slots: number;
  readonly drafts: number;
  readonly booked: number;
  readonly freeSeats: number;
  /** Seats that the students not booked yet still lack. */
  readonly missingSeats: number;
}

export interface ColumnFacts {
  readonly column: string;
  readonly entered: number;
  readonly unsent: number;
  readonly sent: number;
  readonly waiting: number;
  readonly refused: number;
}

/** What the overview is made of; each room answers for its own part. */
export interface OverviewFacts {
  readonly students: number;
  readonly roster: RosterState;
  readonly gradebook: Gradebook;
  readonly map: MapProgress;
  readonly stages: readonly StageFacts[];
  readonly columns: readonly ColumnFacts[];
}
