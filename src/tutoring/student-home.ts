import { dayOf, placeOf, timesOf, type OwnBooking, type StageCoverage } from '../consultations/index.js';
import { standingOf, type PlanRow } from '../integration-map/index.js';
import type { Visit } from '../launch/visit.js';
import { dayHere, longDay, spanOfDays } from '../web/dates.js';

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

/** This week's topics; where it has none, or before dates are known, those that come next. */
function nextRows(plan: readonly PlanRow[], today: string) {
  const named = plan.filter(({ kind, topic }) => (kind === 'lecture' || kind === 'practical') && topic !== '');
  const now = named.filter(({ dates }) => dates !== null && standingOf(dates, today) === 'now');
  const ahead = named.filter(({ dates }) => dates === null || standingOf(dates, today) !== 'past');
  return { isNow: now.length > 0, rows: (now.length > 0 ? now : ahead).slice(0, SHOWN_ROWS) };
}

const planView = ({ t, language }: Visit, rows: readonly PlanRow[]) =>
  rows.map((row) => ({
    line: [
      row.week === null ? '' : t('student-home:plan.week', { number: row.week }),
      row.dates ? spanOfDays(row.dates.first, row.dates.last, language) : '',
      t(`student-home:plan.${row.kind === 'lecture' ? 'lecture' : 'practical'}`, { number: row.number ?? 0 }),
    ]
      .filter((part) => part !== '')
      .join(' · '),
    topic: row.topic,
    tasks: row.tasks,
    link: row.link,
    platform: row.platform === '' ? t('student-home:plan.open') : row.platform,
  }));

/** The week that it is now, and the rows in it; nothing before dates are known, and in holidays. */
const thisWeek = (plan: readonly PlanRow[], today: string) =>
  plan.find(({ dates }) => dates !== null && standingOf(dates, today) === 'now');

/** The student's first page: the next consultation, then what can be booked, then the plan. */
export function studentHome({ visit, own, stages, plan, timeZone }: StudentHomeInput) {
  const { t, person, now, language } = visit;
  const next = nextOf(own);
  const day = dayHere(now, timeZone);
  const current = thisWeek(plan, day);
  const weeks = Math.max(0, ...plan.map(({ week }) => week ?? 0));
  const shown = nextRows(plan, day);
  return {
    greeting:
      person.givenName === undefined
        ? t('student-home:hello')
        : t('student-home:hello-name', { name: person.givenName }),
    today: [
      longDay(now, language, timeZone),
      ...(current ? [t('student-home:plan.week-of', { number: current.week, of: weeks })] : []),
    ].join(' · '),
    next: next ? bookingView(visit, next, timeZone) : null,
    toBook: stagesToBook(visit, own, stages),
    noTimes: next === undefined && stages.every(({ freeSeats }) => freeSeats === 0),
    planTitle: t(shown.isNow ? 'student-home:plan.this-week' : 'student-home:plan.title'),
    plan: planView(visit, shown.rows),
    over: shown.rows.length === 0 && plan.some(({ dates }) => dates !== null && standingOf(dates, day) === 'past'),
    weeks: plan.filter(({ kind }) => kind === 'lecture').length,
  };
}
