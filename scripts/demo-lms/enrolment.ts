import type { Kind, MannerName, Person } from './types.js';
import type { World } from './world.js';

const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const INSTITUTION = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';
const SYSTEM = 'http://purl.imsglobal.org/vocab/lis/v2/system/person#';

/** Their rights come from above the course: they open every course and stand in no roster. */
const ABOVE_COURSES: readonly Kind[] = ['leader', 'director', 'dean', 'administrator'];

export const personById = (world: World, id: string | undefined): Person | undefined =>
  world.people.find((person) => person.id === id);

export const courseById = (world: World, id: string | undefined) => world.courses.find((course) => course.id === id);

const enrolmentOf = (world: World, courseId: string, userId: string) =>
  world.enrolments.find((one) => one.courseId === courseId && one.userId === userId);

/** In what role this person may open this course, or nothing. */
export function roleIn(world: World, courseId: string, person: Person): Kind | undefined {
  const enrolled = enrolmentOf(world, courseId, person.id);
  if (enrolled?.suspended === true) return undefined;
  return enrolled?.role ?? (ABOVE_COURSES.includes(person.kind) ? person.kind : undefined);
}

export const mayTeach = (kind: Kind | undefined): boolean => kind !== undefined && kind !== 'student';

/** Only people whom the gradebook lists can be given a score. */
export const isGradable = (world: World, courseId: string, userId: string): boolean =>
  enrolmentOf(world, courseId, userId)?.role === 'student';

/** Members by name, as a roster lists them. */
export function membersOf(world: World, courseId: string): { person: Person; role: Kind; suspended: boolean }[] {
  const order = new Intl.Collator('kk');
  return world.enrolments
    .filter((one) => one.courseId === courseId)
    .flatMap(({ userId, role, suspended = false }) => {
      const person = personById(world, userId);
      return person ? [{ person, role, suspended }] : [];
    })
    .sort((a, b) => order.compare(a.person.familyName, b.person.familyName) || order.compare(a.person.id, b.person.id));
}

export function enrol(world: World, courseId: string, userId: string, role: Kind): void {
  if (!courseById(world, courseId) || !personById(world, userId))
    throw new Error(`No course ${courseId} or person ${userId}`);
  unenrol(world, courseId, userId);
  world.enrolments.push({ courseId, userId, role });
  world.changed();
}

export function unenrol(world: World, courseId: string, userId: string): void {
  world.enrolments = world.enrolments.filter((one) => one.courseId !== courseId || one.userId !== userId);
  world.changed();
}

/** The person stays listed and keeps the marks, but does not get in any more. */
export function suspend(world: World, courseId: string, userId: string, suspended: boolean): void {
  world.enrolments = world.enrolments.map((one) =>
    one.courseId === courseId && one.userId === userId ? { ...one, suspended } : one,
  );
  world.changed();
}

const context = (name: string) => `${MEMBERSHIP}#${name}`;

const STANDARD_ROLES: Record<Kind, readonly string[]> = {
  tutor: [context('Instructor'), `${INSTITUTION}Faculty`],
  assistant: [context('Instructor'), `${MEMBERSHIP}/Instructor#TeachingAssistant`],
  leader: [context('Manager'), `${INSTITUTION}Staff`],
  director: [context('Manager'), `${INSTITUTION}Staff`],
  dean: [context('Manager'), `${INSTITUTION}Staff`],
  administrator: [context('Administrator'), `${INSTITUTION}Administrator`, `${SYSTEM}Administrator`],
  student: [context('Learner'), `${INSTITUTION}Student`],
};

/** Moodle asks for `mod/lti:manage` at the launch: even a non-editing teacher has it. */
function moodleLaunchRoles(kind: Kind): readonly string[] {
  if (kind === 'student') return [context('Learner')];
  if (kind !== 'administrator') return [context('Instructor')];
  return [`${INSTITUTION}Administrator`, `${SYSTEM}Administrator`, context('Instructor')];
}

export const launchRoles = (manner: MannerName, kind: Kind): readonly string[] =>
  manner === 'moodle' ? moodleLaunchRoles(kind) : STANDARD_ROLES[kind];

/** For the roster Moodle asks for `moodle/course:manageactivities`, which a non-editing teacher lacks. */
export const rosterRoles = (manner: MannerName, kind: Kind): readonly string[] => {
  if (manner === 'standard') return STANDARD_ROLES[kind];
  return kind === 'student' || kind === 'assistant' ? ['Learner'] : ['Instructor'];
};
