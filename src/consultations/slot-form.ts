import type { EditFields, Field, Problems, SlotFields } from './forms.js';
import { LIMITS, takenOf } from './rules.js';
import { PLACE_KINDS, type Place, type Slot } from './slot.js';
import { dayOf, fieldsOf, momentOf, placeOf, timesOf, type Reader } from './times.js';

/** What came back from a form that could not be taken. */
export interface Returned {
  readonly typed: SlotFields | EditFields;
  readonly problems: Problems;
  /** The tutor's own slots that these times run into. */
  readonly clashes: readonly Slot[];
  /** Seats taken, where the new capacity is below them. */
  readonly taken: number;
  /** What the slot says now, where somebody changed it since the form was opened. */
  readonly stale: Slot | null;
}

export const NOTHING_WRONG = { problems: {}, clashes: [], taken: 0, stale: null } as const;

type Typed = Record<Field, string>;

const LIMITED = {
  minutes: LIMITS.minutes,
  capacity: LIMITS.capacity,
  count: LIMITS.count,
  break: LIMITS.break,
} as const;

function problemText({ t }: Reader, field: Field, problem: string, taken: number): string {
  const limits = Object.hasOwn(LIMITED, field) ? LIMITED[field as keyof typeof LIMITED] : {};
  return t(`consultations:problem.${problem}`, { ...limits, count: taken });
}

const SHAPES = {
  date: { type: 'date', inputmode: null },
  time: { type: 'time', inputmode: null },
  minutes: { type: 'text', inputmode: 'numeric' },
  capacity: { type: 'text', inputmode: 'numeric' },
  count: { type: 'text', inputmode: 'numeric' },
  break: { type: 'text', inputmode: 'numeric' },
  link: { type: 'text', inputmode: 'url' },
  room: { type: 'text', inputmode: null },
} as const;

const slotLine = (reader: Reader, { startsAt, endsAt, place, capacity }: Slot) =>
  [
    `${dayOf(startsAt, reader)}, ${timesOf({ startsAt, endsAt }, reader)}`,
    placeOf(place.kind, place.kind === 'room' ? place.detail : '', reader).text,
    reader.t('consultations:seats', { count: capacity }),
  ].join(' · ');

function formView(reader: Reader, prefix: string, typed: Typed, returned: Returned | null) {
  const { t } = reader;
  const problems = returned?.problems ?? {};
  const message = (field: Field) => {
    const problem = problems[field];
    return problem === undefined ? '' : problemText(reader, field, problem, returned?.taken ?? 0);
  };
  const input = (name: keyof typeof SHAPES) => ({
    id: `${prefix}-${name}`,
    name,
    label: t(`consultations:form.${name}`),
    value: typed[name],
    ...SHAPES[name],
    hint: name === 'link' ? t('consultations:form.link-hint') : '',
    problem: message(name),
  });
  return {
    prefix,
    date: input('date'),
    time: input('time'),
    minutes: input('minutes'),
    capacity: input('capacity'),
    count: input('count'),
    break: input('break'),
    link: input('link'),
    room: input('room'),
    places: PLACE_KINDS.map((kind) => ({
      id: `${prefix}-place-${kind}`,
      value: kind,
      label: t(`consultations:place.${kind}`),
      on: typed.place === kind,
    })),
    placeProblem: message('place'),
    hasProblems: Object.keys(problems).length > 0,
    overlaps: (returned?.clashes ?? []).map((slot) =>
      t('consultations:form.overlap-item', {
        when: momentOf(slot.startsAt, reader),
        stage: t(`consultations:stage.${slot.stage}`),
      }),
    ),
    stale: returned?.stale ? slotLine(reader, returned.stale) : '',
    overlap: (returned?.clashes.length ?? 0) > 0 ? 'accepted' : '',
  };
}

const typedOf = (fields: SlotFields | EditFields): Typed => ({ count: '1', break: '0', ...fields });

export interface AddDefaults {
  readonly key: string;
  readonly capacity: number;
  readonly count: number;
  /** The tutor's own last slot. */
  readonly last: Slot | undefined;
  /** Where the map plans the stage; else empty. */
  readonly date: string;
  readonly place: Place | undefined;
}

/** The form for new slots: what was typed, else what the tutor used last or the map plans. */
export function addForm(reader: Reader, stage: SlotFields['stage'], defaults: AddDefaults, returned: Returned | null) {
  const { last, capacity, count, key, date, place } = defaults;
  const fresh: Typed = {
    date,
    time: '',
    minutes: String(last ? (last.endsAt.getTime() - last.startsAt.getTime()) / 60_000 : 30),
    capacity: String(capacity),
    count: String(count),
    break: '10',
    place: place?.kind ?? 'teams',
    link: place && place.kind !== 'room' ? place.detail : '',
    room: place?.kind === 'room' ? place.detail : '',
  };
  const typed = returned ? typedOf(returned.typed) : fresh;
  return {
    ...formView(reader, 'add', typed, returned),
    title: reader.t('consultations:form.add', { stage: reader.t(`consultations:stage.${stage}`) }),
    stage,
    key: returned && 'key' in returned.typed ? returned.typed.key : key,
  };
}

export function editForm(reader: Reader, slot: Slot, returned: Returned | null) {
  const { kind, detail } = slot.place;
  const stored: Typed = {
    ...fieldsOf(slot.startsAt, reader.timeZone),
    minutes: String((slot.endsAt.getTime() - slot.startsAt.getTime()) / 60_000),
    capacity: String(slot.capacity),
    count: '1',
    break: '0',
    place: kind,
    link: kind === 'room' ? '' : detail,
    room: kind === 'room' ? detail : '',
  };
  const taken = takenOf(slot);
  return {
    ...formView(reader, 'edit', returned ? typedOf(returned.typed) : stored, returned),
    title: reader.t('consultations:form.edit', { when: `${dayOf(slot.startsAt, reader)}, ${timesOf(slot, reader)}` }),
    stage: slot.stage,
    id: slot.id,
    // Saving once more goes on top of what the page now shows beside the form.
    revision: returned && 'revision' in returned.typed && !returned.stale ? returned.typed.revision : slot.revision,
    booked: taken > 0 ? reader.t('consultations:form.booked', { count: taken }) : '',
  };
}
