import { planOf, type Maps } from '../integration-map/index.js';
import type { CourseRef } from '../launch/course.js';
import { sourceOf, type SourceDeps } from './source.js';

/** The maps as the course follows them, for students: the version in force where there is one. */
export function followedMaps(deps: SourceDeps): Pick<Maps, 'find' | 'plan'> {
  const find = async (course: CourseRef) => (await sourceOf(deps, course))?.map ?? null;
  return {
    find,
    async plan(course) {
      const map = await find(course);
      return map ? planOf(map) : [];
    },
  };
}
