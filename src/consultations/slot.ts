import type { Delivery } from '../integration-map/index.js';

/** What a consultation prepares for: the two midterms and the exam (regulation 7.2). */
export const STAGES = ['midterm-1', 'midterm-2', 'exam'] as const;
export type Stage = (typeof STAGES)[number];

export const PLACE_KINDS = ['teams', 'zoom', 'link', 'room'] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];

export interface Place {
  readonly kind: PlaceKind;
  /** Of a room its name, of a meeting its https address. */
  readonly detail: string;
}

export interface Host {
  readonly sub: string;
  /** Empty where the LMS does not tell names. */
  readonly name: string;
}

export interface Booking {
  readonly sub: string;
  readonly name: string;
  readonly at: Date;
  /** Ties the seat to the claim it was taken with; a seat whose token no claim knows is nobody's. */
  readonly token: string;
}

/** One offered time of a consultation. Its range is half-open: a slot may begin when another ends. */
export interface Slot {
  readonly id: string;
  readonly stage: Stage;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** IANA name of the zone in which the time was entered. */
  readonly zone: string;
  readonly place: Place;
  readonly capacity: number;
  readonly free: number;
  readonly bookings: readonly Booking[];
  readonly state: 'draft' | 'published' | 'cancelled';
  readonly host: Host;
  /** Grows with each change by a tutor; bookings do not count. */
  readonly revision: number;
  /** Which form made it, and for which time: a form that is sent twice makes its slots once. */
  readonly made: string;
}

/**
 * The one claim of a student on a stage. `slot` and `token` name the seat that is theirs for sure; `trying` the seat that is
 * being taken right now, announced before it is taken so that nothing is lost if the process dies in between.
 */
export interface Claim {
  readonly stage: Stage;
  readonly sub: string;
  readonly slot: string | null;
  readonly token: string | null;
  readonly trying: { readonly slot: string; readonly token: string; readonly at: Date } | null;
}

export type BookOutcome = 'booked' | 'moved' | 'full' | 'already-booked' | 'gone';
export type CancelOutcome = 'cancelled' | 'not-booked' | 'too-late';

/** What a student may see of a slot: how many seats, never whose, and no address to join by. */
export interface Offer {
  readonly id: string;
  readonly stage: Stage;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly placeKind: PlaceKind;
  /** Empty for meetings. */
  readonly room: string;
  readonly free: number;
  readonly hostName: string;
}

/** A student's own booking, with what only the one who is booked may know. */
export interface OwnBooking {
  readonly slot: string;
  readonly stage: Stage;
  /** `booked` until the start, `running` until the end; `cancelled` by the tutor. */
  readonly state: 'booked' | 'running' | 'over' | 'cancelled';
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly placeKind: PlaceKind;
  /** Empty for meetings. */
  readonly room: string;
  /** Nothing for rooms, nor once the consultation is over or cancelled. */
  readonly joinUrl: string | null;
  readonly hostName: string;
}

/** How far a stage's seats reach for the students of the roster. */
export interface StageCoverage {
  readonly stage: Stage;
  readonly students: number;
  /** Published slots, past ones too. */
  readonly slots: number;
  /** Their seats. */
  readonly seats: number;
  /** Students of the roster who have a seat. */
  readonly booked: number;
  /** Seats taken by anyone: the roster may be older than a booking. */
  readonly taken: number;
  /** Seats that can still be booked. */
  readonly freeSeats: number;
  readonly missingSeats: number;
  readonly drafts: number;
  readonly draftSeats: number;
}

/** What the integration map that was applied to the course plans for a stage. */
export interface PlannedStage {
  readonly stage: Stage;
  /** The first and the last day on which its slots should lie, `2026-10-12`; nothing where the map has no dates. */
  readonly window: { readonly first: string; readonly last: string } | null;
  readonly hours: number | null;
  readonly delivery: Delivery | null;
  readonly platform: string;
  readonly link: string | null;
}

export interface NextSlot {
  readonly id: string;
  readonly stage: Stage;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly placeKind: PlaceKind;
  readonly room: string;
  readonly joinUrl: string | null;
  readonly capacity: number;
  readonly taken: number;
  readonly hostName: string;
}
