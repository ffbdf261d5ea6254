import { randomBytes } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../database/duplicate.js';
import type { Course, CourseRef } from './course.js';

interface Row extends Omit<Course, 'id'> {
  _id: string;
  launchedAt: Date;
}

const courseOf = ({ _id, launchedAt: _launchedAt, ...rest }: Row): Course => ({ id: _id, ...rest });

/** The courses that were opened here, each known by platform, deployment and context together. */
export function createCourseStore(connection: Connection) {
  const text = { type: String, required: true };
  const schema = new Schema<Row>(
    {
      _id: text,
      platform: text,
      deployment: text,
      context: text,
      title: String,
      label: String,
      lmsName: text,
      services: { membershipsUrl: String, lineItemsUrl: String, gradeScopes: [String], resourceLinkId: String },
      launchedAt: { type: Date, required: true },
    },
    { versionKey: false, collection: 'courses' },
  );
  schema.index({ platform: 1, deployment: 1, context: 1 }, { unique: true });
  const model = connection.model<Row>('Course', schema);

  return {
    async ready() {
      await model.init();
    },
    /** What the last launch says of a course holds: its title and its services' addresses may change. */
    async remember(course: Omit<Course, 'id'>, now: Date): Promise<Course> {
      const { platform, deployment, context, ...facts } = course;
      const key = { platform, deployment, context };
      const set = { $set: { ...facts, launchedAt: now } };
      const known = await model.findOneAndUpdate(key, set, { returnDocument: 'after' }).lean<Row | null>();
      if (known) return courseOf(known);
      // Insert-or-lose: of two first launches at once one makes the course, the other finds it.
      await model
        .create({ _id: randomBytes(9).toString('base64url'), ...key, ...facts, launchedAt: now })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
        });
      const made = await model.findOne(key).lean<Row>();
      if (!made) throw new Error('A course that was just made is not there');
      return courseOf(made);
    },
    async byId(id: string): Promise<Course | undefined> {
      const row = await model.findOne({ _id: id }).lean<Row | null>();
      return row ? courseOf(row) : undefined;
    },
    async byRef({ platform, deployment, context }: CourseRef): Promise<Course | undefined> {
      const row = await model.findOne({ platform, deployment, context }).lean<Row | null>();
      return row ? courseOf(row) : undefined;
    },
  };
}

export type CourseStore = ReturnType<typeof createCourseStore>;
