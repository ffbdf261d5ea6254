import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import { AppError } from '../web/errors.js';
import type { Edit, IntegrationMap } from './map.js';
import { merge, type Change, type Outcome } from './merge.js';
import { newDocument, toMap, toUpdate, type Editor, type MapDocument, type NewMap } from './stored-map.js';
import type { ActOutcome, Patch } from './patch.js';
import { perform, type Act } from './structure.js';

export type { Editor, NewMap } from './stored-map.js';

export interface MapStore {
  ready(): Promise<void>;
  find(course: CourseRef): Promise<IntegrationMap | null>;
  exists(course: CourseRef): Promise<boolean>;
  /** Two tutors at once make one map: the second finds it there. */
  create(course: CourseRef, map: NewMap, editor: Editor): Promise<'created' | 'exists'>;
  /** Writes each field that nobody else changed since; nothing where the course has no map. */
  change(
    course: CourseRef,
    changes: readonly Change[],
    editor: Editor,
  ): Promise<{ map: IntegrationMap; outcomes: readonly Outcome[] } | null>;
  act(course: CourseRef, act: Act, editor: Editor): Promise<{ map: IntegrationMap; outcome: ActOutcome } | null>;
}

const tree = { type: Schema.Types.Mixed, required: true } as const;

/** Of what older documents do not have. */
const later = { type: Schema.Types.Mixed } as const;

const schema = new Schema<MapDocument>(
  {
    platform: { type: String, required: true },
    deployment: { type: String, required: true },
    context: { type: String, required: true },
    revision: { type: Number, required: true },
    structureRevision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    updatedBy: { sub: { type: String, required: true }, name: String },
    head: tree,
    moocs: tree,
    moocOrder: [String],
    rows: tree,
    rowOrder: [String],
    outcomes: later,
    outcomeOrder: [String],
    modules: later,
    moduleOrder: [String],
    cells: later,
    edits: tree,
  },
  { collection: 'integrationMaps', minimize: false, versionKey: false, autoIndex: false },
);
schema.index({ platform: 1, deployment: 1, context: 1 }, { unique: true });

const TRIES = 60;

/** A little longer each time, and never the same for two: writers that met once should not meet again. */
const pause = (attempt: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(50, 2 + attempt * 2)));

export function createMapStore(connection: Connection): MapStore {
  const Maps = connection.model('IntegrationMap', schema);

  const find = async (course: CourseRef) => {
    const stored = await Maps.findOne(courseRef(course)).lean<MapDocument | null>();
    return stored && toMap(stored);
  };

  /**
   * Reads, decides, and writes only if nobody wrote in between; else all over again. What is decided field by field
   * thereby holds at the moment of the write, and only the fields that the decision names are touched.
   */
  async function settle<T>(
    course: CourseRef,
    editor: Editor,
    decide: (map: IntegrationMap, edit: Edit) => { patch: Patch | null; result: T },
  ): Promise<{ map: IntegrationMap; result: T } | null> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const map = await find(course);
      if (!map) return null;
      const edit: Edit = { by: editor.sub, byName: editor.name, at: editor.at, revision: map.revision + 1 };
      const { patch, result } = decide(map, edit);
      if (!patch) return { map, result };
      const written = await Maps.findOneAndUpdate(
        { ...courseRef(course), revision: map.revision },
        toUpdate(patch, edit),
        {
          returnDocument: 'after',
        },
      ).lean<MapDocument | null>();
      if (written) return { map: toMap(written), result };
      await pause(attempt);
    }
    throw new AppError('conflict', 'map-busy');
  }

  return {
    ready: async () => {
      await Maps.createIndexes();
    },
    find,
    async exists(course) {
      return (await Maps.exists(courseRef(course))) !== null;
    },
    async create(course, map, editor) {
      try {
        await Maps.create(newDocument(course, map, editor));
        return 'created';
      } catch (error) {
        if (isDuplicateKey(error)) return 'exists';
        throw error;
      }
    },
    async change(course, changes, editor) {
      const settled = await settle(course, editor, (map) => {
        const { outcomes, values } = merge(map, changes);
        return { patch: Object.keys(values).length > 0 ? { values } : null, result: outcomes };
      });
      return settled && { map: settled.map, outcomes: settled.result };
    },
    async act(course, act, editor) {
      const settled = await settle(course, editor, (map, edit) => {
        const { patch, outcome } = perform(map, act, edit);
        return { patch, result: outcome };
      });
      return settled && { map: settled.map, outcome: settled.result };
    },
  };
}
