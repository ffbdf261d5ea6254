import { randomBytes } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import { courseRef, type CourseRef } from '../launch/course.js';
import type { SelectionRequest } from '../lti/index.js';

/** A teacher's choice under way: who was asked, in which course, and where the answer goes. */
export interface Selection {
  readonly id: string;
  readonly sub: string;
  readonly request: SelectionRequest;
}

interface SelectionRow extends CourseRef {
  _id: string;
  sub: string;
  request: SelectionRequest;
  expiresAt: Date;
}

interface CopyRow extends CourseRef {
  /** The courses that launches named as what this one was copied from: of them a tutor may choose. */
  offered: string[];
  from: string;
  choice: CopyChoice | 'open';
  by: string;
  at: Date;
}

export type CopyChoice = 'copied' | 'empty';

/** The teacher may look around first; the LMS's own form lives about as long. */
const SELECTION_MS = 3_600_000;

export function createPlacementStore(connection: Connection, now: () => Date) {
  const text = { type: String, required: true } as const;
  const course = { platform: text, deployment: text, context: text };
  const selections = connection.model<SelectionRow>(
    'Selection',
    new Schema<SelectionRow>(
      {
        _id: text,
        ...course,
        sub: text,
        request: { type: Schema.Types.Mixed, required: true },
        expiresAt: { type: Date, required: true, expires: 0 },
      },
      { versionKey: false, collection: 'selections' },
    ),
  );
  const copies = connection.model<CopyRow>(
    'CourseCopy',
    new Schema<CopyRow>(
      {
        ...course,
        offered: [String],
        from: { type: String, default: '' },
        choice: text,
        by: { type: String, default: '' },
        at: { type: Date, required: true },
      },
      { versionKey: false, collection: 'course_copies' },
    ).index({ platform: 1, deployment: 1, context: 1 }, { unique: true }),
  );

  return {
    async ready() {
      await Promise.all([selections.init(), copies.init()]);
    },
    async beginSelection(ref: CourseRef, sub: string, request: SelectionRequest): Promise<string> {
      const _id = randomBytes(18).toString('base64url');
      const expiresAt = new Date(now().getTime() + SELECTION_MS);
      await selections.create({ _id, ...courseRef(ref), sub, request, expiresAt });
      return _id;
    },
    /** Only for the person who was asked, in the course that it is for. */
    async selection(ref: CourseRef, sub: string, id: string): Promise<Selection | undefined> {
      const row = await selections
        .findOne({ _id: id, ...courseRef(ref), sub, expiresAt: { $gt: now() } })
        .lean<SelectionRow | null>();
      return row ? { id: row._id, sub: row.sub, request: row.request } : undefined;
    },
    /** What was decided about this course being a copy; nothing while it is open. */
    async copyChoice(ref: CourseRef): Promise<CopyChoice | undefined> {
      const choice = (await copies.findOne(courseRef(ref)).lean<CopyRow | null>())?.choice;
      return choice === 'open' ? undefined : choice;
    },
    /** A launch named this course as the one that the map may come from. */
    async offerCopy(ref: CourseRef, from: string): Promise<void> {
      const fresh = { from: '', choice: 'open', by: '', at: now() };
      await copies
        .updateOne(courseRef(ref), { $addToSet: { offered: from }, $setOnInsert: fresh }, { upsert: true })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
          // Of two first offers at once the other one made the row.
          return copies.updateOne(courseRef(ref), { $addToSet: { offered: from } });
        });
    },
    async offeredOrigins(ref: CourseRef): Promise<readonly string[]> {
      return (await copies.findOne(courseRef(ref)).lean<CopyRow | null>())?.offered ?? [];
    },
    async decideCopy(ref: CourseRef, from: string, choice: CopyChoice, by: string): Promise<void> {
      await copies.updateOne(courseRef(ref), { $set: { from, choice, by, at: now() } });
    },
  };
}

export type PlacementStore = ReturnType<typeof createPlacementStore>;
