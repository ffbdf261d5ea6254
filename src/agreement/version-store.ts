import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import { wholeContent, type MapContent } from '../integration-map/index.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import type { State } from './rules.js';
import type { Comment, Signature, Signer, Version, WholeVersion } from './version.js';

interface Row extends CourseRef {
  courseId: string;
  number: number;
  state: State;
  revision: number;
  discipline: string;
  submittedBy: Signer;
  submittedAt: Date;
  reason: string;
  editors: readonly string[];
  basedOn: number | null;
  changes: number;
  content: MapContent;
  signatures: readonly Signature[];
  comments: readonly Comment[];
  closed: { by: Signer; at: Date } | null;
  inForceAt: Date | null;
  /** Unset until it comes into force: the unique index is a sparse one. */
  code?: string;
  /** The course, while somebody owes an answer: one version of a course at a time. */
  open?: string;
}

export type NewVersion = Omit<
  WholeVersion,
  'state' | 'revision' | 'signatures' | 'comments' | 'closed' | 'inForceAt' | 'code'
>;

/** What one decision writes; content, reason and submitter are never among it. */
export interface Decision {
  readonly state: State;
  readonly signature?: Signature;
  readonly comments?: readonly Comment[];
  readonly closed?: { readonly by: Signer; readonly at: Date };
  readonly inForceAt?: Date;
  readonly code?: string;
}

const OPEN: readonly State[] = ['submitted', 'agreed-by-leader'];
const keyOf = ({ platform, deployment, context }: CourseRef) => JSON.stringify([platform, deployment, context]);

function versionOf(row: Omit<Row, 'content'>): Version {
  const { courseId, number, state, revision, discipline, submittedBy, submittedAt, reason, editors } = row;
  const { basedOn, changes, signatures, comments, closed, inForceAt } = row;
  return {
    ...courseRef(row),
    courseId,
    number,
    state,
    revision,
    discipline,
    submittedBy,
    submittedAt,
    reason,
    editors,
    basedOn,
    changes,
    signatures,
    comments,
    closed,
    inForceAt,
    code: row.code ?? null,
  };
}

function modelOf(connection: Connection) {
  const text = { type: String, required: true } as const;
  const mixed = { type: Schema.Types.Mixed } as const;
  const schema = new Schema<Row>(
    {
      platform: text,
      deployment: text,
      context: text,
      courseId: text,
      number: { type: Number, required: true },
      state: text,
      revision: { type: Number, required: true },
      discipline: String,
      submittedBy: mixed,
      submittedAt: { type: Date, required: true },
      reason: String,
      editors: [String],
      basedOn: Number,
      changes: Number,
      content: mixed,
      signatures: [mixed],
      comments: [mixed],
      closed: mixed,
      inForceAt: Date,
      code: { type: String, unique: true, sparse: true },
      open: { type: String, unique: true, sparse: true },
    },
    { collection: 'mapVersions', versionKey: false, minimize: false },
  );
  schema.index({ platform: 1, deployment: 1, context: 1, number: 1 }, { unique: true });
  schema.index({ platform: 1, state: 1 });
  return connection.model<Row>('MapVersion', schema);
}

/** The versions of maps that were submitted. Each is one document: a decision about it is one conditional write. */
export function createVersionStore(connection: Connection) {
  const versions = modelOf(connection);

  return {
    async ready() {
      await versions.init();
    },
    /** `taken`: another one was submitted in the same moment, or waits already. */
    async insert(version: NewVersion): Promise<'inserted' | 'taken'> {
      const fresh = { signatures: [], comments: [], closed: null, inForceAt: null };
      try {
        await versions.create({ ...version, ...fresh, state: 'submitted', revision: 1, open: keyOf(version) });
        return 'inserted';
      } catch (error) {
        if (isDuplicateKey(error)) return 'taken';
        throw error;
      }
    },
    /** Newest first, without what they say. */
    async list(course: CourseRef): Promise<readonly Version[]> {
      const rows = await versions.find(courseRef(course), { content: 0 }).sort({ number: -1 }).lean<Row[]>();
      return rows.map(versionOf);
    },
    async find(course: CourseRef, number: number): Promise<WholeVersion | undefined> {
      const row = await versions.findOne({ ...courseRef(course), number }).lean<Row | null>();
      return row ? { ...versionOf(row), content: wholeContent(row.content) } : undefined;
    },
    async inForce(course: CourseRef): Promise<WholeVersion | undefined> {
      const row = await versions
        .findOne({ ...courseRef(course), state: 'in-force' })
        .sort({ number: -1 })
        .lean<Row | null>();
      return row ? { ...versionOf(row), content: row.content } : undefined;
    },
    /** Of one LMS, whoever is asked the longest first. */
    async open(platform: string, limit: number): Promise<readonly Version[]> {
      const rows = await versions
        .find({ platform, state: { $in: [...OPEN] } }, { content: 0 })
        .sort({ submittedAt: 1 })
        .limit(limit)
        .lean<Row[]>();
      return rows.map(versionOf);
    },
    async byCode(code: string): Promise<Version | undefined> {
      const row = await versions.findOne({ code }, { content: 0 }).lean<Row | null>();
      return row ? versionOf(row) : undefined;
    },
    /** `changed`: somebody decided meanwhile. `code-taken`: another document has this code; nothing is written. */
    async decide(
      seen: Pick<Version, 'platform' | 'deployment' | 'context' | 'number' | 'state' | 'revision'>,
      { signature, comments = [], ...set }: Decision,
    ): Promise<'decided' | 'changed' | 'code-taken'> {
      const { number, state, revision } = seen;
      const push = {
        ...(signature ? { signatures: signature } : {}),
        ...(comments.length > 0 ? { comments: { $each: [...comments] } } : {}),
      };
      try {
        const written = await versions.updateOne(
          { ...courseRef(seen), number, state, revision },
          {
            $set: set,
            $inc: { revision: 1 },
            ...(Object.keys(push).length > 0 ? { $push: push } : {}),
            ...(OPEN.includes(set.state) ? {} : { $unset: { open: '' } }),
          },
        );
        return written.matchedCount === 1 ? 'decided' : 'changed';
      } catch (error) {
        if (isDuplicateKey(error)) return 'code-taken';
        throw error;
      }
    },
  };
}
