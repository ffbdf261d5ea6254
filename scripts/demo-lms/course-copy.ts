import { courseById, mayTeach } from './enrolment.js';
import { addOwnItem, ownItemOf } from './own-items.js';
import type { Lms } from './lms.js';
import type { Course, ResourceLink } from './types.js';
import { componentKey } from './usage-keys.js';

/** Moodle's "copy 1" and "_1"; Open edX calls it a re-run and names it in the course key. */
function copied({ world }: Lms, course: Course): Course {
  const number = world.courses.filter(({ copyOf }) => copyOf === course.id).length + 1;
  return {
    id: world.manner === 'open-edx' ? `${course.id}_${number}` : world.nextId(),
    title: `${course.title} copy ${number}`,
    shortName: `${course.shortName}_${number}`,
    copyOf: course.id,
  };
}

/** What an activity says to its tool goes along; a component keeps its settings and what was selected for it. */
function copiedLink({ world }: Lms, link: ResourceLink, courseId: string): ResourceLink {
  const id = world.nextId();
  if (!link.component) return { ...link, id, courseId };
  const component = { ...link.component, pk: id };
  return { ...link, id: componentKey(courseId, id), courseId, component };
}

/**
 * A copy of a course without its students and grades: staff, and activities with new resource link ids. Of the line items
 * only those go along that deep linking asked for, because they are part of the activity.
 */
export function copyCourse(lms: Lms, courseId: string): Course {
  const { world } = lms;
  const source = courseById(world, courseId);
  if (!source || !world.courses.includes(source)) throw new Error(`No course ${courseId}`);
  const course = copied(lms, source);
  world.courses.push(course);
  const staff = world.enrolments.filter((one) => one.courseId === courseId && mayTeach(one.role));
  world.enrolments.push(...staff.map((one) => ({ ...one, courseId: course.id })));
  const deployments = world.deployedIn.filter((one) => one.courseId === courseId);
  world.deployedIn.push(...deployments.map((one) => ({ ...one, courseId: course.id })));
  for (const link of world.links.filter((one) => one.courseId === courseId)) {
    const copy = copiedLink(lms, link, course.id);
    world.links.push(copy);
    const item = ownItemOf(world, link);
    if (item?.declared === true) addOwnItem(world, copy, item.toolId, item);
  }
  world.changed();
  return course;
}
