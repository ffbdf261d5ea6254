import { dayOf, placeOf, timesOf, type OwnBooking, type StageCoverage } from '../consultations/index.js';
import type { PlanRow } from '../integration-map/index.js';
import type { Visit } from '../launch/visit.js';
import { longDay } from '../web/dates.js';

export interface StudentHomeInput {
  readonly visit: Visit;
  readonly own: readonly OwnBooking[];
  readonly stages: readonly StageCoverage[];
  readonly plan: readonly PlanRow[];
  readonly timeZone: string;
}

const SHOWN_ROWS = 4;

/** The booking that comes next, running ones included; what was cancelled is told before anything else. */
const nextOf = (own: readonly OwnBooking[]): OwnBooking | undefined =>
  own.find(({ state }) => state === 'cancelled') ?? own.find(({ state }) => state === 'running' || state === 'booked');

function bookingView(visit: Visit, booking: OwnBooking, timeZone: string) {
  const { t } = visit;
  const cancelled = booking.state === 'cancelled';
  return {
    cancelled,
    title: t(cancelled ? 'student-home:next.cancelled-title' : 'student-home:next.title'),
    state: t(`student-home:next.${booking.state}`),
    when: `${dayOf(booking.startsAt, { ...visit, timeZone })}, ${timesOf(booking, { ...visit, timeZone })}`,
    about: t(`consultations:about.${booking.stage}`),
    host: booking.hostName,
    where: placeOf(booking.placeKind, booking.room, visit),
    joinUrl: cancelled ? null : booking.joinUrl,
    act: t(cancelled ? 'student-home:next.choose' : 'student-home:next.change'),
  };
}

/** Stages in which there is a seat to be had and this student has none. */
function stagesToBook({ t }: Visit, own: readonly OwnBooking[], stages: readonly StageCoverage[]) {
  const held = new Set(own.filter(({ state }) => state !== 'cancelled').map(({ stage }) => stage));
  return stages
    .filter(({ stage, freeSeats }) => freeSeats > 0 && !held.has(stage))
    .map(({ stage, freeSeats }) => ({
      name: t(`consultations:about.${stage}`),
      seats: t('student-home:to-book.seats', { count: freeSeats }),
    }));
}

const planView = ({ t }: Visit, plan: readonly PlanRow[]) =>
  plan
    .filter(({ kind, topic }) => (kind === 'lecture' || kind === 'practical') && topic !== '')
    .slice(0, SHOWN_ROWS)
    .map((row) => ({
      line: [
        row.week === null ? '' : t('student-home:plan.week', { number: row.week }),
        t(`student-home:plan.${row.kind === 'lecture' ? 'lecture' : 'practical'}`, { number: row.number ?? 0 }),
      ]
        .filter((part) => part !== '')
        .join(' · '),
      topic: row.topic,
      tasks: row.tasks,
      link: row.link,
      platform: row.platform === '' ? t('student-home:plan.open') : row.platform,
    }));

/** The student's first page: the next consultation, then what can be booked, then the plan. */
export function studentHome({ visit, own, stages, plan, timeZone }: StudentHomeInput) {
  const { t, person, now, language } = visit;
  const next = nextOf(own);
  return {
    greeting:
      person.givenName === undefined
        ? t('student-home:hello')
        : t('student-home:hello-name', { name: person.givenName }),
    today: longDay(now, language, timeZone),
    next: next ? bookingView(visit, next, timeZone) : null,
    toBook: stagesToBook(visit, own, stages),
    noTimes: next === undefined && stages.every(({ freeSeats }) => freeSeats === 0),
    plan: planView(visit, plan),
    weeks: plan.filter(({ kind }) => kind === 'lecture').length,
  };
}
