import { dayOf, placeOf, timesOf, type NextSlot } from '../consultations/index.js';
import { standingOf, type PlanRow } from '../integration-map/index.js';
import type { Visit } from '../launch/visit.js';
import { rosterStatus } from '../participants/index.js';
import { dayHere, localTime, longDay, spanOfDays } from '../web/dates.js';
import { dutiesOf, type Duty } from './duties.js';
import type { Gradebook } from './gradebook-store.js';
import type { ColumnFacts, OverviewFacts, StageFacts } from './overview-facts.js';

export interface RefusedMark {
  readonly student: string;
  readonly text: string;
}

/** One sentence above the duties, with the page that it is about, below the course's address. */
export interface OverviewNote {
  readonly tone: string;
  readonly icon: string;
  readonly text: string;
  readonly act: string;
  readonly path: string;
}

export interface OverviewInput {
  readonly visit: Visit;
  readonly facts: OverviewFacts;
  readonly nextSlots: readonly NextSlot[];
  readonly refused: readonly RefusedMark[];
  readonly plan: readonly PlanRow[];
  readonly notes: readonly OverviewNote[];
  readonly timeZone: string;
}

const LOOK = {
  urgent: { tone: 'bad', icon: 'x-octagon-fill' },
  open: { tone: 'idle', icon: 'clock' },
  done: { tone: 'ok', icon: 'check-circle-fill' },
} as const;

function dutyView(visit: Visit, duty: Duty, first: boolean) {
  const { t } = visit;
  const variant = duty.id === 'map' && duty.of === 0 ? 'map-new' : duty.state === 'done' ? `${duty.id}-done` : duty.id;
  const values = { count: duty.count, of: duty.of, lms: visit.course.lmsName };
  return {
    ...LOOK[duty.state],
    state: t(`tutoring:duty-state.${duty.state}`),
    title: t(`tutoring:duty.${variant}.title`, values),
    text: t(`tutoring:duty.${variant}.text`, values),
    act: t(`tutoring:duty.${variant}.act`, values),
    clause: duty.clause,
    path: duty.path,
    primary: first && duty.state !== 'done',
  };
}

function gradebookStatus({ t, course }: Visit, { state, columns }: Gradebook) {
  const lms = course.lmsName;
  if (state === 'read')
    return { tone: 'ok', icon: 'check-circle-fill', text: t('tutoring:gradebook.read', { count: columns.length }) };
  if (state === 'not-offered')
    return { tone: 'bad', icon: 'x-octagon-fill', text: t('tutoring:gradebook.not-offered', { lms }) };
  if (state === 'failed')
    return { tone: 'warn', icon: 'exclamation-triangle-fill', text: t('tutoring:gradebook.failed', { lms }) };
  return { tone: 'info', icon: 'arrow-repeat', text: t('tutoring:gradebook.reading', { lms }) };
}

/** Parts of the bar in per cent of its width; the words beside say the same. */
function sendingOf({ t }: Visit, columns: readonly ColumnFacts[]) {
  const sum = (pick: (facts: ColumnFacts) => number) => columns.reduce((total, facts) => total + pick(facts), 0);
  const [sent, waiting, refused] = [sum((c) => c.sent), sum((c) => c.waiting), sum((c) => c.refused)];
  const all = sent + waiting + refused;
  if (all === 0) return null;
  const share = (part: number) => Math.round((part / all) * 1000) / 10;
  return {
    parts: [
      { className: 'f-ok', x: 0, width: share(sent) },
      { className: 'f-warn', x: share(sent), width: share(waiting) },
      { className: 'f-bad', x: share(sent) + share(waiting), width: share(refused) },
    ],
    sent: t('tutoring:sending.sent', { count: sent }),
    waiting: waiting > 0 ? t('tutoring:sending.waiting', { count: waiting }) : '',
    refused: refused > 0 ? t('tutoring:sending.refused', { count: refused }) : '',
  };
}

function stageView({ t }: Visit, facts: StageFacts, students: number) {
  return {
    name: t(`tutoring:stage.${facts.stage}`),
    booked: t('tutoring:coverage.booked', { count: facts.booked, of: students }),
    detail:
      facts.slots === 0
        ? t('tutoring:coverage.no-slots')
        : facts.missingSeats > 0
          ? t('tutoring:coverage.missing', { count: facts.missingSeats })
          : t('tutoring:coverage.enough'),
    warn: facts.slots > 0 && facts.missingSeats > 0,
    width: students === 0 ? 0 : Math.round((facts.booked / students) * 100),
    path: `/consultations?stage=${facts.stage}`,
  };
}

const planTag = ({ t }: Visit, row: PlanRow): string =>
  row.kind === 'lecture' || row.kind === 'practical' ? t(`tutoring:plan.${row.kind}`, { number: row.number ?? 0 }) : '';

/** The plan's next rows from this week on; its first ones before dates are known. */
function planView(visit: Visit, plan: readonly PlanRow[], today: string) {
  return plan
    .filter((row) => row.kind === 'lecture' && row.topic !== '')
    .filter(({ dates }) => !dates || standingOf(dates, today) !== 'past')
    .slice(0, 3)
    .map((row) => ({
      week: visit.t('tutoring:plan.week', { number: row.week ?? 0 }),
      dates: row.dates ? spanOfDays(row.dates.first, row.dates.last, visit.language) : '',
      tag: planTag(visit, row),
      topic: row.topic,
    }));
}

export function overviewPage({ visit, facts, nextSlots, refused, plan, notes, timeZone }: OverviewInput) {
  const { t, language, now } = visit;
  const duties = dutiesOf(facts);
  const open = duties.filter(({ state }) => state !== 'done');
  const done = duties.length - open.length;
  const shown = planView(visit, plan, dayHere(now, timeZone));
  const waiting = [facts.roster.state, facts.gradebook.state].some((state) => state === 'reading' || state === 'never');
  return {
    notes,
    today: longDay(now, language, timeZone),
    students: t('tutoring:students', { count: facts.students }),
    zone: t('tutoring:zone', {
      zone: timeZone.split('/').pop()?.replaceAll('_', ' ') ?? timeZone,
      offset: localTime(now, language, timeZone).toFormat('Z'),
    }),
    tally: t('tutoring:tally', { open: open.length, done }),
    duties: duties.map((duty, index) => dutyView(visit, duty, index === 0)),
    plan: shown,
    planOver: shown.length === 0 && plan.some(({ dates }) => dates !== null),
    stages: facts.stages.map((stage) => stageView(visit, stage, facts.students)),
    nextSlots: nextSlots.map((slot) => ({
      day: dayOf(slot.startsAt, { ...visit, timeZone }),
      time: timesOf(slot, { ...visit, timeZone }),
      place: placeOf(slot.placeKind, slot.room, visit).text,
      taken: t('tutoring:taken', { taken: slot.taken, capacity: slot.capacity }),
    })),
    connectionTitle: t('tutoring:connection', { lms: visit.course.lmsName }),
    roster: rosterStatus(visit, facts.roster, timeZone),
    gradebook: gradebookStatus(visit, facts.gradebook),
    gradeColumns: facts.gradebook.columns.map(({ label, maximum }) => ({
      label,
      maximum: t('tutoring:gradebook.of', { maximum }),
    })),
    sending: sendingOf(visit, facts.columns),
    refused: refused.map(({ student, text }) => ({ student, text })),
    waiting,
  };
}
