import type { Connection } from 'mongoose';
import type { CourseRef } from '../launch/course.js';
import { contentOf, type MapContent } from './content.js';
import type { HeadField, IntegrationMap } from './map.js';
import { planOf, type PlanRow } from './plan-page.js';
import { progressOf } from './rules.js';
import { createMapStore, type Editor, type MapStore } from './store.js';
import { UNDATED } from './template.js';

export { standingOf, type WeekDates } from './dates.js';
export { errorsOf, moocCounts, warningsOf, type CheckCode } from './checks.js';
export { itemName, lineOf, linesOf, textOf, whereOf, type Reader } from './labels.js';
export {
  CELL_FIELDS,
  hasField,
  HEAD_FIELDS,
  isItemGroup,
  liveMoocs,
  liveRows,
  MODELS,
  MODULE_FIELDS,
  MOOC_FIELDS,
  OUTCOME_FIELDS,
  ownersOf,
  parsePath,
  ROW_FIELDS,
  STAGES,
  type Cells,
  type Delivery,
  type IntegrationMap,
  type ItemGroup,
  type LearningOutcome,
  type Module,
  type Mooc,
  type Row,
  type RowKind,
  type Stage,
} from './map.js';
export type { Agreed, Signature as MapSignature } from './documents/signatures.js';
export { draftOf, type PlannedOf } from './agreed.js';
export { percentOf } from './match.js';
export { readerOf } from './from-visit.js';
export { readerPage } from './page.js';
export { checkView } from './status.js';
export type { Editor } from './store.js';
export { contentOf, wholeContent, type MapContent } from './content.js';
export { planOf, type PlanRow } from './plan-page.js';

export interface MapSectionProgress {
  readonly section: 1 | 2 | 3 | 4;
  /** Fields still to fill. */
  readonly missing: number;
  readonly complete: boolean;
}

export interface MapProgress {
  readonly exists: boolean;
  /** All four, in order; empty where there is no map yet. */
  readonly sections: readonly MapSectionProgress[];
  readonly updatedAt: Date | null;
  /** Empty where the LMS does not tell names. */
  readonly lastEditorName: string | null;
}

/** The integration maps, as other rooms may use them. */
export interface Maps extends MapStore {
  /** How far the map is, and its weekly plan in the map's order; empty where there is no map yet. */
  glance(course: CourseRef): Promise<{ readonly progress: MapProgress; readonly plan: readonly PlanRow[] }>;
  plan(course: CourseRef): Promise<readonly PlanRow[]>;
  /**
   * Takes over another course's map: what it says, and nobody's name on it. Its dates stay behind, and `own` stands over what
   * it says. `none`: there is nothing to take over.
   */
  copy(
    from: CourseRef,
    to: CourseRef,
    editor: Editor,
    own?: Partial<Record<HeadField, string>>,
  ): Promise<'created' | 'exists' | 'none'>;
  /** Those of these courses that have a map, in their order. */
  among<C extends CourseRef>(courses: readonly C[]): Promise<readonly C[]>;
}

/** What a map said at some moment, as a map: its own history is not part of it. */
export const mapOf = (content: MapContent, at: Date): IntegrationMap => ({
  ...content,
  revision: 1,
  structureRevision: 1,
  createdAt: at,
  updatedAt: at,
  updatedBy: { sub: '', name: '' },
  edits: {},
});

export function createMaps(connection: Connection): Maps {
  const store = createMapStore(connection);
  return {
    ...store,
    async glance(course) {
      const map = await store.find(course);
      const none = { exists: false, sections: [], updatedAt: null, lastEditorName: null };
      if (!map) return { progress: none, plan: [] };
      const sections = progressOf(map).map(({ section, missing, complete }) => ({ section, missing, complete }));
      const { updatedAt, updatedBy } = map;
      return { progress: { exists: true, sections, updatedAt, lastEditorName: updatedBy.name }, plan: planOf(map) };
    },
    async plan(course) {
      const map = await store.find(course);
      return map ? planOf(map) : [];
    },
    async copy(from, to, editor, own = {}) {
      const map = await store.find(from);
      if (!map) return 'none';
      const head = { ...map.head, ...UNDATED, ...own };
      return store.create(to, { ...contentOf(map), head }, editor);
    },
    async among(courses) {
      const found = await Promise.all(courses.map((course) => store.exists(course)));
      return courses.filter((_, index) => found[index]);
    },
  };
}
