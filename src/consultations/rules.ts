import {
  STAGES,
  type Booking,
  type Claim,
  type NextSlot,
  type Offer,
  type OwnBooking,
  type PlannedStage,
  type Slot,
  type Stage,
  type StageCoverage,
} from './slot.js';

export const LIMITS = {
  minutes: { min: 5, max: 240 },
  capacity: { min: 1, max: 300 },
  count: { min: 1, max: 12 },
  break: { min: 0, max: 120 },
  /** Slots of one course, so that a page stays a page. */
  slots: 400,
} as const;

/** A claim whose seat did not follow within this time is void: the process that made it is gone. */
export const CLAIM_LEASE_MS = 30_000;

export type Phase = 'draft' | 'open' | 'running' | 'over' | 'cancelled';

export function phaseOf({ state, startsAt, endsAt }: Pick<Slot, 'state' | 'startsAt' | 'endsAt'>, now: Date): Phase {
  if (state !== 'published') return state;
  if (now < startsAt) return 'open';
  return now < endsAt ? 'running' : 'over';
}

interface Range {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

export interface Row {
  readonly startsAt: Date;
  readonly minutes: number;
  readonly count: number;
  readonly breakMinutes: number;
}

/** Slots one after another, with a break between. */
export function slotsInRow({ startsAt, minutes, count, breakMinutes }: Row): Range[] {
  return Array.from({ length: count }, (_, index) => {
    const start = startsAt.getTime() + index * (minutes + breakMinutes) * 60_000;
    return { startsAt: new Date(start), endsAt: new Date(start + minutes * 60_000) };
  });
}

/** Ties a slot to the form that made it. Sent again with other times, the form makes other slots. */
export const madeOf = (formKey: string, startsAt: Date): string => `${formKey}#${startsAt.getTime()}`;

const overlap = (a: Range, b: Range) => a.startsAt < b.endsAt && b.startsAt < a.endsAt;

/** The host's own other slots that these times run into, in order. */
export function clashesOf(times: readonly Range[], slots: readonly Slot[], hostSub: string, except = ''): Slot[] {
  return slots.filter(
    (slot) =>
      slot.id !== except &&
      slot.state !== 'cancelled' &&
      slot.host.sub === hostSub &&
      times.some((time) => overlap(time, slot)),
  );
}

export const takenOf = ({ capacity, free }: Pick<Slot, 'capacity' | 'free'>): number => capacity - free;

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

export function coverageOf(
  slots: readonly Slot[],
  students: readonly { readonly sub: string }[],
  now: Date,
  stages: readonly Stage[] = STAGES,
): StageCoverage[] {
  return stages.map((stage) => {
    const published = slots.filter((slot) => slot.stage === stage && slot.state === 'published');
    const drafts = slots.filter((slot) => slot.stage === stage && slot.state === 'draft' && slot.startsAt > now);
    const seated = new Set(published.flatMap(({ bookings }) => bookings.map(({ sub }) => sub)));
    const booked = students.filter(({ sub }) => seated.has(sub)).length;
    const freeSeats = sum(published.filter((slot) => phaseOf(slot, now) === 'open').map(({ free }) => free));
    return {
      stage,
      students: students.length,
      slots: published.length,
      seats: sum(published.map(({ capacity }) => capacity)),
      booked,
      taken: sum(published.map(takenOf)),
      freeSeats,
      missingSeats: Math.max(0, students.length - booked - freeSeats),
      drafts: drafts.length,
      draftSeats: sum(drafts.map(({ capacity }) => capacity)),
    };
  });
}

/**
 * The stages of the course: all three until a map is applied, then those that it plans. One that has slots stays whatever
 * the map says, since students may be booked.
 */
export const stagesOf = (
  planned: readonly Pick<PlannedStage, 'stage'>[] | null,
  slots: readonly Pick<Slot, 'stage'>[],
): readonly Stage[] =>
  planned === null ? STAGES : STAGES.filter((stage) => [...planned, ...slots].some((one) => one.stage === stage));

/** The capacity that the tutor used last in this stage, else a small group. */
export const usualCapacity = (slots: readonly Slot[], stage: Stage): number =>
  slots.filter((slot) => slot.stage === stage && slot.state !== 'cancelled').at(-1)?.capacity ?? 8;

const roomOf = ({ kind, detail }: Slot['place']) => (kind === 'room' ? detail : '');
const linkOf = ({ kind, detail }: Slot['place']) => (kind === 'room' ? null : detail);

/** What students are offered: published slots that have not begun. */
export const offersOf = (slots: readonly Slot[], now: Date): Offer[] =>
  slots
    .filter((slot) => phaseOf(slot, now) === 'open')
    .map(({ id, stage, startsAt, endsAt, place, free, host }) => ({
      id,
      stage,
      startsAt,
      endsAt,
      placeKind: place.kind,
      room: roomOf(place),
      free,
      hostName: host.name,
    }));

/** A student's own bookings, from the slots that they hold a seat in. */
export const ownOf = (held: readonly Slot[], now: Date): OwnBooking[] =>
  held.flatMap((slot): OwnBooking[] => {
    const phase = phaseOf(slot, now);
    if (phase === 'draft') return [];
    const state = phase === 'open' ? 'booked' : phase;
    return [
      {
        slot: slot.id,
        stage: slot.stage,
        state,
        startsAt: slot.startsAt,
        endsAt: slot.endsAt,
        placeKind: slot.place.kind,
        room: roomOf(slot.place),
        joinUrl: state === 'booked' || state === 'running' ? linkOf(slot.place) : null,
        hostName: slot.host.name,
      },
    ];
  });

export const nextOf = (slots: readonly Slot[], now: Date, limit: number): NextSlot[] =>
  slots
    .filter((slot) => ['open', 'running'].includes(phaseOf(slot, now)))
    .slice(0, limit)
    .map((slot) => ({
      id: slot.id,
      stage: slot.stage,
      startsAt: slot.startsAt,
      endsAt: slot.endsAt,
      placeKind: slot.place.kind,
      room: roomOf(slot.place),
      joinUrl: linkOf(slot.place),
      capacity: slot.capacity,
      taken: takenOf(slot),
      hostName: slot.host.name,
    }));

export const isVoid = (trying: NonNullable<Claim['trying']>, now: Date): boolean =>
  now.getTime() - trying.at.getTime() > CLAIM_LEASE_MS;

export interface Faults {
  /** Claims whose seat did not follow in time, or whose process died before saying so. */
  readonly stalled: readonly Claim[];
  /** Seats that no claim knows. */
  readonly orphans: readonly { readonly slot: string; readonly seat: Booking }[];
}

/**
 * What a process that died between two writes left behind. The slots must have been read before the claims: a token is
 * announced in the claim before the seat is taken and never comes back once it is gone, so a seat that was seen first and
 * whose token is then unknown is nobody's for good.
 */
export function faultsOf(slots: readonly Slot[], claims: readonly Claim[], now: Date): Faults {
  const known = new Set(claims.flatMap(({ token, trying }) => [token, trying?.token]));
  return {
    stalled: claims.filter(({ trying }) => trying !== null && isVoid(trying, now)),
    orphans: slots
      .filter(({ state }) => state === 'published')
      .flatMap((slot) =>
        slot.bookings.filter(({ token }) => !known.has(token)).map((seat) => ({ slot: slot.id, seat })),
      ),
  };
}
