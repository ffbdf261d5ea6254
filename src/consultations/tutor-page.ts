import type { Visit } from '../launch/visit.js';
import { displayName, type Participant } from '../participants/index.js';
import { coveragePanel } from './coverage-panel.js';
import type { StageQuery } from './forms.js';
import type { Notice } from './notices.js';
import { firstDay, isOutside, plannedOf, plannedPlace, plannedView } from './planned.js';
import { clashesOf, coverageOf, LIMITS, phaseOf, stagesOf, takenOf, usualCapacity, type Phase } from './rules.js';
import { addForm, editForm, type Returned } from './slot-form.js';
import { STAGES, type PlannedStage, type Slot, type Stage, type StageCoverage } from './slot.js';
import { dayKey, dayOf, momentOf, placeOf, timesOf, zoneLine, type Reader } from './times.js';

export interface TutorPageInput {
  readonly slots: readonly Slot[];
  /** What the applied map plans; nothing before one was applied. */
  readonly plans: readonly PlannedStage[] | null;
  readonly students: readonly Participant[];
  readonly query: StageQuery;
  readonly notice: Notice | null;
  readonly added: Returned | null;
  readonly edited: (Returned & { readonly id: string }) | null;
  /** For a form that is opened now. */
  readonly newKey: string;
}

interface Context extends Reader {
  readonly visit: Visit;
  readonly names: ReadonlyMap<string, Participant>;
  readonly slots: readonly Slot[];
}

function cardOf({ t, visit }: Context, coverage: StageCoverage, current: Stage) {
  const { stage, slots, seats, booked, students, taken, missingSeats, drafts } = coverage;
  const parts =
    slots === 0
      ? [t('consultations:card.no-slots')]
      : [
          students > 0
            ? t('consultations:card.booked', { booked, students })
            : t('consultations:card.taken', { count: taken }),
          t('consultations:card.slots', { count: slots }),
          t('consultations:seats', { count: seats }),
        ];
  const short = slots > 0 && missingSeats > 0;
  return {
    href: `/c/${visit.course.id}/consultations?stage=${stage}`,
    name: t(`consultations:stage.${stage}`),
    current: stage === current,
    line: parts.join(' · '),
    short: short ? t('consultations:card.short', { count: missingSeats }) : '',
    enough: slots > 0 && students > 0 && !short ? t('consultations:card.enough') : '',
    drafts: drafts > 0 ? t('consultations:card.drafts', { count: drafts }) : '',
  };
}

const STATUS: Readonly<Record<Phase, { tone: string; icon: string }>> = {
  draft: { tone: 'info', icon: 'eye-slash' },
  open: { tone: 'info', icon: 'person-plus' },
  running: { tone: 'info', icon: 'camera-video' },
  over: { tone: 'idle', icon: 'check2' },
  cancelled: { tone: 'bad', icon: 'x-lg' },
};

/** The state in words, and how many seats are taken. */
function statusOf({ t, now }: Context, slot: Slot, phase: Phase) {
  const taken = takenOf(slot);
  const { capacity } = slot;
  if (phase === 'draft')
    return {
      ...STATUS.draft,
      text: t(slot.startsAt > now ? 'consultations:row.draft' : 'consultations:row.draft-past'),
    };
  if (phase === 'cancelled') return { ...STATUS.cancelled, text: t('consultations:row.cancelled') };
  if (taken >= capacity)
    return { tone: 'ok', icon: 'check-circle-fill', text: t('consultations:row.full', { taken, capacity }) };
  return { ...STATUS[phase], text: t('consultations:row.booked', { taken, capacity }) };
}

const SHOWN = 2;

function namesOf({ t, names }: Context, slot: Slot, phase: Phase) {
  const all = slot.bookings.map(({ sub, name }) =>
    displayName(t, { sub, name: names.get(sub)?.name ?? (name === '' ? undefined : name) }),
  );
  const rest = all.length - SHOWN;
  const nobody = {
    draft: 'hidden',
    open: 'nobody',
    running: 'nobody-came',
    over: 'nobody-came',
    cancelled: 'nobody-came',
  }[phase];
  return {
    all,
    folded: rest > 1,
    line:
      all.length === 0
        ? t(`consultations:row.${nobody}`)
        : rest > 1
          ? t('consultations:row.names-more', { names: all.slice(0, SHOWN).join(', '), count: rest })
          : all.join(', '),
  };
}

function confirmOf(context: Context, slot: Slot, names: readonly string[]) {
  const { t } = context;
  const count = names.length;
  return {
    title: t('consultations:confirm.title', { when: momentOf(slot.startsAt, context) }),
    text:
      count > 0
        ? t('consultations:confirm.affected', { count, names: names.join(', ') })
        : t('consultations:confirm.nobody'),
  };
}

function rowOf(context: Context, slot: Slot, input: TutorPageInput) {
  const { t, now, visit, slots } = context;
  const { place } = slot;
  const phase = phaseOf(slot, now);
  const taken = takenOf(slot);
  const names = namesOf(context, slot, phase);
  const mayEdit = visit.may('slots:edit');
  const ahead = slot.startsAt > now;
  const editing =
    mayEdit &&
    (input.query.edit === slot.id || input.edited?.id === slot.id) &&
    (phase === 'draft' || phase === 'open');
  const cancelling = mayEdit && input.query.cancel === slot.id && phase === 'open';
  const clash = phase === 'draft' || phase === 'open' ? clashesOf([slot], slots, slot.host.sub, slot.id)[0] : undefined;
  const where = placeOf(place.kind, place.kind === 'room' ? place.detail : '', context);
  return {
    id: slot.id,
    what: `${dayOf(slot.startsAt, context)}, ${timesOf(slot, context)}`,
    times: timesOf(slot, context),
    dim: phase === 'cancelled',
    where,
    link: place.kind !== 'room' && (phase === 'open' || phase === 'running' || phase === 'draft') ? place.detail : null,
    host:
      slot.host.name === '' || slot.host.sub === visit.person.sub
        ? ''
        : t('consultations:row.host', { host: slot.host.name }),
    status: statusOf(context, slot, phase),
    note: phase === 'over' || phase === 'running' ? t(`consultations:row.${phase}`) : '',
    bar:
      phase === 'draft' || phase === 'cancelled'
        ? null
        : {
            width: Math.round((taken / slot.capacity) * 1000) / 10,
            full: taken >= slot.capacity,
            label: t('consultations:row.bar', { taken, capacity: slot.capacity }),
          },
    seats: phase === 'draft' ? t('consultations:seats', { count: slot.capacity }) : '',
    names,
    outside:
      (phase === 'draft' || phase === 'open') && isOutside(slot, plannedOf(input.plans, slot.stage), context)
        ? t('consultations:planned.outside')
        : '',
    overlap: clash
      ? t('consultations:row.overlap', {
          times: momentOf(clash.startsAt, context),
          stage: t(`consultations:stage.${clash.stage}`),
        })
      : '',
    mayPublish: mayEdit && phase === 'draft' && ahead,
    mayChange: mayEdit && (phase === 'draft' || phase === 'open'),
    mayCancel: mayEdit && phase === 'open',
    mayDelete: mayEdit && phase === 'draft',
    edit: editing ? editForm(context, slot, input.edited) : null,
    confirm: cancelling ? confirmOf(context, slot, names.all) : null,
  };
}

function daysOf(context: Context, slots: readonly Slot[], input: TutorPageInput) {
  const days = new Map<string, Slot[]>();
  for (const slot of slots) {
    const key = dayKey(slot.startsAt, context);
    days.set(key, [...(days.get(key) ?? []), slot]);
  }
  return [...days.values()].map((ofDay) => ({
    title: ofDay[0] ? dayOf(ofDay[0].startsAt, context) : '',
    over: ofDay.every((slot) => slot.endsAt <= context.now),
    slots: ofDay.map((slot) => rowOf(context, slot, input)),
  }));
}

export function tutorPage(visit: Visit, timeZone: string, input: TutorPageInput) {
  const { t, language, now } = visit;
  const { slots, students, query } = input;
  const { stage } = query;
  const names = new Map(students.map((student) => [student.sub, student]));
  const context: Context = { t, language, now, timeZone, visit, names, slots };
  const plans = stagesOf(input.plans, slots);
  // A stage that somebody asks for by its address is shown, though the map has none.
  const coverages = coverageOf(
    slots,
    students,
    now,
    STAGES.filter((one) => one === stage || plans.includes(one)),
  );
  const coverage = coverages.find((one) => one.stage === stage);
  if (!coverage) throw new Error(`No coverage of ${stage}`);
  const ofStage = slots.filter((slot) => slot.stage === stage);
  const mayEdit = visit.may('slots:edit');
  const capacity = usualCapacity(slots, stage);
  const wanted = Math.ceil(coverage.missingSeats / capacity);
  const opened = mayEdit && (query.add !== undefined || input.added !== null);
  const planned = plannedOf(input.plans, stage);
  const own = slots.filter(({ host }) => host.sub === visit.person.sub);
  const defaults = {
    key: input.newKey,
    capacity,
    count: Math.min(LIMITS.count.max, Math.max(1, wanted)),
    last: own.at(-1),
    date: firstDay(planned, context),
    // Of this stage the tutor's own slots know better than the map.
    place: own.findLast((slot) => slot.stage === stage)?.place ?? plannedPlace(planned) ?? own.at(-1)?.place,
  };
  return {
    zone: zoneLine(context),
    stage,
    stages: coverages.map((one) => cardOf(context, one, stage)),
    notice: input.notice,
    planned: planned ? plannedView(context, planned) : null,
    mayEdit,
    addHref: `/c/${visit.course.id}/consultations?stage=${stage}&add=1#add`,
    stageHref: `/c/${visit.course.id}/consultations?stage=${stage}`,
    add: opened ? addForm(context, stage, defaults, input.added) : null,
    summary: [
      t('consultations:card.slots', { count: coverage.slots }),
      t('consultations:seats', { count: coverage.seats }),
    ].join(' · '),
    days: daysOf(context, ofStage, input),
    empty:
      ofStage.length === 0
        ? {
            title: t('consultations:empty.title', { stage: t(`consultations:stage.${stage}`) }),
            students: students.length > 0 ? t('consultations:empty.students', { count: students.length }) : '',
          }
        : null,
    coverage: coveragePanel(visit, coverage, capacity, ofStage, students),
    drafts:
      mayEdit && coverage.drafts > 0
        ? {
            text: t('consultations:drafts.text', {
              count: coverage.drafts,
              seats: t('consultations:seats', { count: coverage.draftSeats }),
            }),
            button: t('consultations:act.publish-all', { count: coverage.drafts }),
          }
        : null,
  };
}
