import { z } from 'zod';
import { LIMITS } from './rules.js';
import { PLACE_KINDS, STAGES, type Place } from './slot.js';
import { momentFrom } from './times.js';

const line = z.string().trim().max(2000).default('');
const id = z.string().regex(/^[\w-]{1,40}$/);

export const StageQuery = z.object({
  stage: z.enum(STAGES).catch('midterm-1'),
  add: z.string().max(40).optional().catch(undefined),
  edit: id.optional().catch(undefined),
  cancel: id.optional().catch(undefined),
  notice: z.string().max(40).optional().catch(undefined),
  n: z.coerce.number().int().min(0).max(999).catch(0),
});
export type StageQuery = z.output<typeof StageQuery>;

export const StageForm = z.object({ stage: z.enum(STAGES) });

/** What the tutor's form sends, as typed; it goes back into the page as it is where something is wrong. */
export const SlotFields = z.object({
  stage: z.enum(STAGES),
  /** Makes a form that is sent twice one act. */
  key: id,
  date: line,
  time: line,
  minutes: line,
  capacity: line,
  count: line,
  break: line,
  place: line,
  link: line,
  room: line,
  /** Given once the tutor has seen which own slots the times run into. */
  overlap: z.literal('accepted').or(z.literal('')).default(''),
  state: z.enum(['draft', 'published']).default('draft'),
});
export type SlotFields = z.output<typeof SlotFields>;

export const EditFields = SlotFields.omit({ key: true, state: true, count: true, break: true }).extend({
  revision: z.coerce.number().int().min(1),
});
export type EditFields = z.output<typeof EditFields>;

export const BookForm = z.object({ slot: id, from: id.optional() });

export const CancelForm = z.object({ slot: id });

const FIELDS = ['date', 'time', 'minutes', 'capacity', 'count', 'break', 'place', 'link', 'room'] as const;
export type Field = (typeof FIELDS)[number];

/** Keys of the catalogue `consultations`, under `problem`, by field. */
export type Problems = Partial<Record<Field, string>>;

export interface SlotValues {
  readonly startsAt: Date;
  readonly minutes: number;
  readonly capacity: number;
  readonly count: number;
  readonly breakMinutes: number;
  readonly place: Place;
}

export type Checked =
  { readonly ok: true; readonly values: SlotValues } | { readonly ok: false; readonly problems: Problems };

/** A typed year with a digit too many should not make a slot that nobody ever sees. */
const FARTHEST_MS = 400 * 24 * 3_600_000;

const whole = ({ min, max }: { min: number; max: number }) =>
  z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** Only https: the page makes a link of it that students follow. */
const meetingLink = z.string().transform((text, context) => {
  const url = /^https:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url && url.username === '' && url.password === '') return url.href;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

const roomName = z.string().min(1).max(120);

function momentProblems(date: string, time: string, zone: string, now: Date): Problems {
  const startsAt = momentFrom(date, time, zone);
  if (startsAt === undefined) {
    const day = momentFrom(date, '12:00', zone) !== undefined;
    return day ? { time: 'time' } : { date: 'date', ...(/^\d{2}:\d{2}$/.test(time) ? {} : { time: 'time' }) };
  }
  if (startsAt <= now) return { time: 'past' };
  return startsAt.getTime() - now.getTime() > FARTHEST_MS ? { date: 'far' } : {};
}

type Typed = Pick<SlotFields, Exclude<Field, 'count' | 'break'>> & Partial<Pick<SlotFields, 'count' | 'break'>>;

/** Checks every field, so that the page can say all that is wrong at once. Times are read in `zone`. */
export function checkSlot(typed: Typed, zone: string, now: Date): Checked {
  const kind = z.enum(PLACE_KINDS).safeParse(typed.place);
  const parts = {
    minutes: whole(LIMITS.minutes).safeParse(typed.minutes),
    capacity: whole(LIMITS.capacity).safeParse(typed.capacity),
    count: whole(LIMITS.count).safeParse(typed.count ?? '1'),
    break: whole(LIMITS.break).safeParse(typed.break ?? '0'),
    place: kind,
    ...(kind.data === 'room' ? { room: roomName.safeParse(typed.room) } : {}),
    ...(kind.success && kind.data !== 'room' ? { link: meetingLink.safeParse(typed.link) } : {}),
  };
  const problems: Problems = {
    ...momentProblems(typed.date, typed.time, zone, now),
    ...Object.fromEntries(
      FIELDS.filter((field) => field in parts && !parts[field as keyof typeof parts]?.success).map((field) => [
        field,
        field,
      ]),
    ),
  };
  const startsAt = momentFrom(typed.date, typed.time, zone);
  const { minutes, capacity, count, break: breakMinutes } = parts;
  const detail = parts.room?.data ?? parts.link?.data;
  if (
    Object.keys(problems).length === 0 &&
    startsAt &&
    minutes.success &&
    capacity.success &&
    count.success &&
    breakMinutes.success &&
    kind.success &&
    detail !== undefined
  )
    return {
      ok: true,
      values: {
        startsAt,
        minutes: minutes.data,
        capacity: capacity.data,
        count: count.data,
        breakMinutes: breakMinutes.data,
        place: { kind: kind.data, detail },
      },
    };
  return { ok: false, problems };
}
