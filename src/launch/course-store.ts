import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Schema, type Connection } from 'mongoose';
import { isStoredAlike } from '../database/as-stored.js';
import { isDuplicateKey } from '../database/duplicate.js';
import type { Course, CourseRef } from './course.js';

interface Row extends Omit<Course, 'id'> {
  _id: string;
  launchedAt: Date;
  /** Whoever was launched here as staff. Moodle shows a teacher the course as a student under the same id. */
  taughtBy: string[];
}

const courseOf = ({ _id, launchedAt: _launchedAt, taughtBy: _taughtBy, ...rest }: Row): Course => ({
  id: _id,
  ...rest,
});

/** "Last launched" needs no finer grain, and most launches then only read. */
const NOTED_MS = 10 * 60_000;
const SEEN_MS = 5_000;
const MOST_SEEN = 2_000;

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
      services: {
        membershipsUrl: String,
        lineItemsUrl: String,
        gradeScopes: [String],
        resourceLinkId: String,
        groupsUrl: String,
        groupSetsUrl: String,
      },
      launchedAt: { type: Date, required: true },
      taughtBy: [String],
    },
    { versionKey: false, collection: 'courses' },
  );
  schema.index({ platform: 1, deployment: 1, context: 1 }, { unique: true });
  const model = connection.model<Row>('Course', schema);

  /**
   * Courses as this process read them last. Others may have written since; a title or an address may be seconds old, and no
   * more: being written here again does not make an entry younger.
   */
  const seen = new LRUCache<string, Row>({ max: MOST_SEEN, ttl: SEEN_MS, noUpdateTTL: true });
  const keyOf = ({ platform, deployment, context }: CourseRef) => JSON.stringify([platform, deployment, context]);
  function see(row: Row): void {
    for (const key of [row._id, keyOf(row)]) seen.set(key, row);
  }

  function isNews(row: Row, facts: object, now: Date, teaching: string | undefined): boolean {
    const { title, label, lmsName, services } = row;
    if (!isStoredAlike({ title, label, lmsName, services }, facts)) return true;
    if (teaching !== undefined && !row.taughtBy.includes(teaching)) return true;
    return now.getTime() - row.launchedAt.getTime() > NOTED_MS;
  }

  return {
    async ready() {
      await model.init();
    },
    /** What the last launch says of a course holds: its title and its services' addresses may change. */
    async remember(
      course: Omit<Course, 'id'>,
      { now, teaching }: { now: Date; teaching?: string },
    ): Promise<{ course: Course; taughtBy: readonly string[] }> {
      const { platform, deployment, context, ...facts } = course;
      const key = { platform, deployment, context };
      let row = seen.get(keyOf(key)) ?? (await model.findOne(key).lean<Row | null>());
      if (!row) {
        // Insert-or-lose: of two first launches at once one makes the course, the other finds it.
        await model
          .create({
            _id: randomBytes(9).toString('base64url'),
            ...key,
            ...facts,
            launchedAt: new Date(0),
            taughtBy: [],
          })
          .catch((error: unknown) => {
            if (!isDuplicateKey(error)) throw error;
          });
        row = await model.findOne(key).lean<Row | null>();
        if (!row) throw new Error('A course that was just made is not there');
      }
      if (isNews(row, facts, now, teaching)) {
        const add = teaching === undefined ? {} : { $addToSet: { taughtBy: teaching } };
        await model.updateOne({ _id: row._id }, { $set: { ...facts, launchedAt: now }, ...add });
        const taughtBy = teaching === undefined ? row.taughtBy : [...new Set([...row.taughtBy, teaching])];
        see({ ...row, ...facts, launchedAt: now, taughtBy });
      } else see(row);
      return { course: { id: row._id, ...course }, taughtBy: row.taughtBy };
    },
    async byId(id: string): Promise<Course | undefined> {
      const lately = seen.get(id);
      if (lately) return courseOf(lately);
      const row = await model.findOne({ _id: id }).lean<Row | null>();
      return row ? courseOf(row) : undefined;
    },
    async byRef({ platform, deployment, context }: CourseRef): Promise<Course | undefined> {
      const row = await model.findOne({ platform, deployment, context }).lean<Row | null>();
      return row ? courseOf(row) : undefined;
    },
    /** These people left, or teach no more: if they come back as students, they are students. */
    async teachNoMore(id: string, subs: readonly string[]): Promise<void> {
      seen.clear();
      await model.updateOne({ _id: id }, { $pull: { taughtBy: { $in: [...subs] } } });
    },
    /** A platform's courses, the last launched first. */
    async ofPlatform(platform: string, limit: number): Promise<readonly Course[]> {
      const rows = await model.find({ platform }).sort({ launchedAt: -1 }).limit(limit).lean<Row[]>();
      return rows.map(courseOf);
    },
    /** The courses in which this person was launched as staff, the last launched first. */
    async taughtBy(platform: string, sub: string, limit: number): Promise<readonly Course[]> {
      const rows = await model.find({ platform, taughtBy: sub }).sort({ launchedAt: -1 }).limit(limit).lean<Row[]>();
      return rows.map(courseOf);
    },
  };
}

export type CourseStore = ReturnType<typeof createCourseStore>;
