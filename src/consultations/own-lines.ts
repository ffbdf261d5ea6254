import type { Visit } from '../launch/visit.js';
import type { Consultations } from './index.js';
import { plannedLine, plannedOf } from './planned.js';
import { stagesOf } from './rules.js';
import type { Offer, OwnBooking, PlannedStage, Stage } from './slot.js';
import { dayOf, placeOf, timesOf, type Reader } from './times.js';

interface Line {
  readonly name: string;
  readonly tone: 'ok' | 'bad' | 'warn' | 'idle';
  readonly icon: string;
  readonly state: string;
  /** Day, time and place, or the days that the map plans; may be empty. */
  readonly when: string;
  readonly joinUrl: string | null;
  /** To the page where it is booked; empty where there is nothing to do. */
  readonly act: string;
}

const LOOKS = {
  booked: { tone: 'ok', icon: 'check-circle-fill' },
  running: { tone: 'ok', icon: 'camera-video' },
  cancelled: { tone: 'bad', icon: 'x-octagon-fill' },
  over: { tone: 'idle', icon: 'check2' },
} as const;

function bookedLine(reader: Reader, name: string, booking: OwnBooking, free: number): Line {
  const { t } = reader;
  const { state, placeKind, room, joinUrl } = booking;
  const where = placeOf(placeKind, room, reader).text;
  const act = state === 'booked' ? 'manage' : state === 'cancelled' && free > 0 ? 'book' : null;
  return {
    name,
    ...LOOKS[state],
    state: t(state === 'over' ? 'consultations:row.over' : `consultations:own.${state}`),
    when: `${dayOf(booking.startsAt, reader)}, ${timesOf(booking, reader)} · ${where}`,
    joinUrl,
    act: act === null ? '' : t(`consultations:mine.${act}`),
  };
}

function openLine(reader: Reader, name: string, offers: readonly Offer[], planned: PlannedStage | undefined): Line {
  const { t } = reader;
  const free = offers.filter((offer) => offer.free > 0).length;
  const shared = { name, joinUrl: null, when: plannedLine(reader, planned) };
  if (free > 0)
    return {
      ...shared,
      tone: 'warn',
      icon: 'person-plus',
      state: t('consultations:mine.free', { count: free }),
      act: t('consultations:mine.book'),
    };
  const state = t(offers.length > 0 ? 'consultations:mine.full' : 'consultations:others.none');
  return { ...shared, tone: 'idle', icon: 'clock', state, act: '' };
}

/** A student's own consultations, a line a stage: what is booked, what can be booked, and when the rest is planned. */
export async function ownLines(
  consultations: Pick<Consultations, 'own' | 'offers' | 'planned'>,
  visit: Visit,
  timeZone: string,
): Promise<readonly Line[]> {
  const { course, person, now, t, language } = visit;
  const reader: Reader = { t, language, now, timeZone };
  const [own, offers, plans] = await Promise.all([
    consultations.own(course, person.sub, now),
    consultations.offers(course, now),
    consultations.planned(course),
  ]);
  return stagesOf(plans, [...own, ...offers]).map((stage: Stage) => {
    const name = t(`consultations:about.${stage}`);
    const listed = offers.filter((offer) => offer.stage === stage);
    const booking = own.find((one) => one.stage === stage);
    if (!booking) return openLine(reader, name, listed, plannedOf(plans, stage));
    return bookedLine(reader, name, booking, listed.filter(({ free }) => free > 0).length);
  });
}
