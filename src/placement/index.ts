import type { Connection } from 'mongoose';
import type { Maps } from '../integration-map/index.js';
import type { Arrival } from '../launch/arrive.js';
import type { Course } from '../launch/course.js';
import type { CourseStore } from '../launch/course-store.js';
import { may } from '../launch/permissions.js';
import { AppError } from '../web/errors.js';
import { ancestorsOf, PARAMETER, pathOf } from './places.js';
import { createPlacementStore, type PlacementStore } from './store.js';

export { PARAMETER } from './places.js';

export interface Placement extends PlacementStore {
  /** The page that a launch asks for, below the course's address. */
  landing(arrival: Arrival): Promise<string>;
  /** The course that this one is a copy of, if there is a map to be taken over and nobody decided yet. */
  originOf(course: Course, custom: Readonly<Record<string, string>>): Promise<Course | undefined>;
}

export function createPlacement(
  connection: Connection,
  { maps, courses, now }: { maps: Maps; courses: CourseStore; now: () => Date },
): Placement {
  const store = createPlacementStore(connection, now);

  /** By the id that the link was placed with, else by what the LMS says of the course's past; of this LMS only. */
  async function candidate(course: Course, custom: Readonly<Record<string, string>>): Promise<Course | undefined> {
    const named = custom[PARAMETER.course];
    const { platform, deployment } = course;
    const first = named === undefined || named === course.id ? undefined : await courses.byId(named);
    if (first?.platform === platform) return first;
    for (const context of ancestorsOf(custom)) {
      const older = context === course.context ? undefined : await courses.byRef({ platform, deployment, context });
      if (older) return older;
    }
    return undefined;
  }

  async function originOf(course: Course, custom: Readonly<Record<string, string>>): Promise<Course | undefined> {
    const origin = await candidate(course, custom);
    if (!origin || (await store.copyChoice(course)) !== undefined) return undefined;
    const [here, there] = await Promise.all([maps.find(course), maps.find(origin)]);
    return here === null && there !== null ? origin : undefined;
  }

  return {
    ...store,
    originOf,
    async landing({ launch, course, role }) {
      const { message, custom, person } = launch;
      if (message.kind === 'select') {
        if (!may(role, 'content:place'))
          throw new AppError('forbidden', role === 'student' ? 'for-tutors' : 'not-allowed');
        return `/place/${await store.beginSelection(course, person.sub, message.request)}`;
      }
      if (message.kind === 'review' && role !== 'student')
        return message.userId === undefined ? '/results' : `/results?who=${encodeURIComponent(message.userId)}`;
      if (may(role, 'map:edit')) {
        const origin = await originOf(course, custom);
        if (origin) {
          await store.offerCopy(course, origin.id);
          return `/copied?from=${origin.id}`;
        }
      }
      return pathOf(custom[PARAMETER.place], role);
    },
  };
}
