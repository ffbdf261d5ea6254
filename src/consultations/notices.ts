import type { Visit } from '../launch/visit.js';
import { LIMITS } from './rules.js';
import type { Offer, OwnBooking, Stage } from './slot.js';
import { momentOf, type Reader } from './times.js';

export interface Notice {
  readonly tone: 'ok' | 'warn' | 'bad';
  readonly icon: string;
  readonly title: string;
  readonly text: string;
}

const OK = { tone: 'ok', icon: 'check-circle-fill' } as const;
const WARN = { tone: 'warn', icon: 'exclamation-triangle-fill' } as const;

/** Words that a redirect may name in its address; anything else says nothing. */
const TUTORS = {
  added: OK,
  published: OK,
  'none-published': WARN,
  saved: OK,
  closed: WARN,
  'slot-cancelled': OK,
  deleted: OK,
  'not-a-draft': WARN,
  'too-many': WARN,
} as const;

export type TutorNotice = keyof typeof TUTORS;

export function tutorNotice(t: Visit['t'], name: string | undefined, count: number): Notice | null {
  if (name === undefined || !Object.hasOwn(TUTORS, name)) return null;
  const key = `consultations:notice.${name}`;
  const params = { count, max: LIMITS.slots };
  return { ...TUTORS[name as TutorNotice], title: t(`${key}.title`, params), text: t(`${key}.text`, params) };
}

export type StudentNotice =
  'booked' | 'moved' | 'cancelled' | 'full' | 'gone' | 'already-booked' | 'not-booked' | 'too-late';

/** What is said to a student after an act: only what the bookings bear out, since anyone can write an address. */
export function studentNotice(
  reader: Reader,
  name: string | undefined,
  stage: Stage,
  own: readonly OwnBooking[],
  offers: readonly Offer[],
): Notice | null {
  const { t } = reader;
  const mine = own.find((booking) => booking.stage === stage && booking.state !== 'cancelled');
  const when = mine ? momentOf(mine.startsAt, reader) : '';
  const params = { when, stage: t(`consultations:stage.${stage}`) };
  const say = (key: string) => t(`consultations:notice.${key}`, params);
  switch (name as StudentNotice | undefined) {
    case 'booked':
    case 'moved':
      return mine ? { ...OK, title: say(`${name ?? ''}.title`), text: say(`${name ?? ''}.text`) } : null;
    case 'cancelled':
      return mine ? null : { ...OK, title: say('cancelled.title'), text: say('cancelled.text') };
    case 'full':
    case 'gone': {
      const count = offers.filter((offer) => offer.stage === stage && offer.free > 0 && offer.id !== mine?.slot).length;
      const free = t(count > 0 ? 'consultations:notice.free' : 'consultations:notice.free_none', { count });
      const still = mine ? `${say(`${name ?? ''}.still`)} ` : '';
      return { ...WARN, title: say(`${name ?? ''}.title`), text: `${still}${free}` };
    }
    case 'already-booked':
      return mine ? { ...WARN, title: say('already-booked.title'), text: say('already-booked.text') } : null;
    case 'not-booked':
      return { ...WARN, title: say('not-booked.title'), text: say('not-booked.text') };
    case 'too-late':
      return { ...WARN, title: say('too-late.title'), text: say('too-late.text') };
    case undefined:
      return null;
  }
  return null;
}
