import { STAGES, type Consultations } from '../consultations/index.js';
import type { Editor } from '../integration-map/index.js';
import type { CourseRef } from '../launch/course.js';
import type { Results } from '../results/index.js';
import { digest } from '../web/sealed.js';
import { askedOf } from './asked.js';
import { changesSince, previewOf, type Asked, type CourseStanding, type PreviewLine } from './rules.js';
import { sourceOf, type Source, type SourceDeps } from './source.js';
import type { ApplyRecord, CoursePlanStore } from './store.js';

export interface Preview {
  readonly source: Source;
  readonly lines: readonly PreviewLine[];
  readonly records: readonly ApplyRecord[];
  readonly asked: Asked;
  /** Of what applying would do; how many students are booked does not count, since that changes nothing. */
  readonly digest: string;
}

/** `changed`: the map or the course is not as it was previewed, and nothing was written. */
export type ApplyOutcome = 'applied' | 'changed' | 'nothing';

/** How the map's plan becomes the course's: stages of the consultations, columns of the results. */
export interface CoursePlan {
  /** Nothing where the course has no map. */
  preview(course: CourseRef, now: Date): Promise<Preview | null>;
  /** Applies what the preview with this digest showed; sent twice it is applied once. Nothing where the course has no map. */
  apply(course: CourseRef, shown: string, editor: Editor): Promise<ApplyOutcome | null>;
  /** Where the map asks otherwise than when it was applied: since when, and how much. */
  changed(course: CourseRef): Promise<{ readonly at: Date; readonly count: number } | null>;
}

export interface CoursePlanDeps extends SourceDeps {
  readonly store: CoursePlanStore;
  readonly consultations: Pick<Consultations, 'board'>;
  readonly results: Pick<Results, 'columnStandings' | 'planColumn' | 'removeColumn'>;
}

export function createCoursePlan({ store, consultations, results, ...sources }: CoursePlanDeps): CoursePlan {
  async function standingOf(course: CourseRef, asked: Asked | null, now: Date): Promise<CourseStanding> {
    const [{ slots }, columns] = await Promise.all([consultations.board(course, now), results.columnStandings(course)]);
    const stages = STAGES.map((stage) => {
      const own = slots.filter((slot) => slot.stage === stage);
      const seated = own.filter(({ state }) => state === 'published').flatMap(({ bookings }) => bookings);
      return { stage, slots: own.length, booked: new Set(seated.map(({ sub }) => sub)).size };
    });
    return { asked, stages, columns };
  }

  async function preview(course: CourseRef, now: Date): Promise<Preview | null> {
    const [source, applied] = await Promise.all([sourceOf(sources, course), store.find(course)]);
    if (!source) return null;
    const asked = askedOf(source.map);
    const lines = previewOf(asked, await standingOf(course, applied?.asked ?? null, now));
    const records = applied?.records ?? [];
    const acts = lines.map((line) => ({ ...line, slots: 0, booked: 0 }));
    const shown = digest(JSON.stringify([source.version?.number ?? null, records.length, acts]));
    return { source, lines, records, asked, digest: shown };
  }

  /** The columns follow the plan. Each step holds by itself: what a crash leaves undone, the next preview shows again. */
  async function settleColumns(course: CourseRef, lines: readonly PreviewLine[]): Promise<void> {
    for (const line of lines) {
      if (line.what !== 'column') continue;
      if (line.act === 'create') await results.planColumn(course, line.id);
      if (line.act === 'remove') await results.removeColumn(course, line.id);
    }
  }

  async function write(course: CourseRef, shown: Preview, editor: Editor): Promise<ApplyOutcome> {
    const { source, records, asked } = shown;
    const lines = shown.lines.filter(({ todo }) => todo);
    if (lines.length === 0) return 'nothing';
    const outcome = await store.apply(course, asked, {
      number: records.length + 1,
      by: editor,
      version: source.version?.number ?? null,
      mapRevision: source.mapRevision,
      digest: shown.digest,
      lines,
    });
    if (outcome === 'applied') await settleColumns(course, lines);
    return outcome;
  }

  return {
    preview,
    async apply(course, shown, editor) {
      const found = await preview(course, editor.at);
      if (!found) return null;
      const outcome = found.digest === shown ? await write(course, found, editor) : 'changed';
      if (outcome !== 'changed') return outcome;
      // The same form, sent once more or by two at once: what it asked for is done.
      return (await store.find(course))?.records.at(-1)?.digest === shown ? 'applied' : 'changed';
    },
    async changed(course) {
      const applied = await store.find(course);
      const last = applied?.records.at(-1);
      if (!applied || !last) return null;
      const source = await sourceOf(sources, course);
      const count = source ? changesSince(applied.asked, askedOf(source.map)) : 0;
      return count === 0 ? null : { at: last.by.at, count };
    },
  };
}
