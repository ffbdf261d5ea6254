import { z } from 'zod';
import type { Course } from '../launch/course.js';
import type { Visit } from '../launch/visit.js';
import { AppError } from '../web/errors.js';
import { parse } from '../web/parse.js';
import type { Maps } from './index.js';
import type { HeadField, Row } from './map.js';
import type { Editor } from './store.js';
import { emptyMooc, FEWEST_WEEKS, templateHead, templateRows, UNDATED, WEEKS } from './template.js';

const BEGINNINGS = ['template', 'accelerated', 'course'] as const;
export type Beginning = (typeof BEGINNINGS)[number];

/** A browser sends all fields of the form, whatever was chosen: each is read only where it counts. */
const StartForm = z.object({
  from: z.enum(BEGINNINGS).default('template'),
  weeks: z.string().max(10).default(''),
  course: z.string().max(40).default(''),
});

/** Half of the regulation's weeks. */
const USUAL_WEEKS = '8';

const readWeeks = (text: string): number | null => {
  const weeks = /^\d{1,2}$/.test(text.trim()) ? Number(text) : 0;
  return weeks >= FEWEST_WEEKS && weeks <= WEEKS ? weeks : null;
};

export interface StartDeps {
  readonly maps: Maps;
  /** The courses of this LMS in which this person was launched as staff, the last ones first. */
  readonly taughtBefore: (course: Course, sub: string) => Promise<readonly Course[]>;
}

/** Those of one's courses whose map could be taken over. */
async function originsOf({ maps, taughtBefore }: StartDeps, { course, person }: Visit): Promise<readonly Course[]> {
  const taught = await taughtBefore(course, person.sub);
  return maps.among(taught.filter(({ id, platform }) => id !== course.id && platform === course.platform));
}

export interface StartChoice {
  readonly from: Beginning;
  readonly weeks: string;
  readonly fault: boolean;
}

const FIRST: StartChoice = { from: 'template', weeks: USUAL_WEEKS, fault: false };

/** What a map can be begun with; `sent` comes back as it was, with what is wrong in it. */
export async function startView(deps: StartDeps, visit: Visit, { from, weeks, fault } = FIRST) {
  const courses = await originsOf(deps, visit);
  return {
    template: from === 'template',
    accelerated: from === 'accelerated',
    course: from === 'course',
    weeks,
    fewest: FEWEST_WEEKS,
    most: WEEKS,
    fault: fault ? visit.t('integration-map:start.fault', { fewest: FEWEST_WEEKS, most: WEEKS }) : null,
    courses: courses.map(({ id, title, label }) => ({
      id,
      name: label === '' || title.includes(label) ? title || label : `${title} (${label})`,
    })),
  };
}

/** What a new map consists of, whichever rows it begins with. */
export const beginning = (course: Course, rows: readonly Row[], head: Partial<Record<HeadField, string>> = {}) => ({
  head: { ...templateHead(course), ...head },
  moocs: [emptyMooc('m1')],
  rows,
});

export type Started = { readonly notice: 'created' | 'taken-over' | null } | { readonly again: StartChoice };

/** Begins the map as the form says; one that is there already is left as it is. */
export async function startMap(deps: StartDeps, visit: Visit, body: unknown, editor: Editor): Promise<Started> {
  const { from, weeks: text, course: id } = parse(StartForm, body ?? {});
  const { course } = visit;
  if (from === 'course') {
    const origin = (await originsOf(deps, visit)).find((candidate) => candidate.id === id);
    if (!origin) throw new AppError('not_found', 'not-found');
    const own = { discipline: templateHead(course).discipline, semester: '', ...UNDATED };
    const outcome = await deps.maps.copy(origin, course, editor, own);
    return { notice: outcome === 'created' ? 'taken-over' : null };
  }
  const weeks = from === 'accelerated' ? readWeeks(text) : WEEKS;
  if (weeks === null) return { again: { from, weeks: text, fault: true } };
  const form = from === 'accelerated' ? { form: 'accelerated' } : {};
  const outcome = await deps.maps.create(course, beginning(course, templateRows(weeks), form), editor);
  return { notice: outcome === 'created' ? 'created' : null };
}
