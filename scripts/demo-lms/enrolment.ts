import { FRONT_PAGE, isFrontPage } from './site.js';
import { testStudentById } from './test-student.js';
import type { Course, Kind, MannerName, Person } from './types.js';
import type { World } from './world.js';

const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const INSTITUTION = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#';
const SYSTEM = 'http://purl.imsglobal.org/vocab/lis/v2/system/person#';

/** Their rights come from above the course: they open every course and stand in no roster. */
const ABOVE_COURSES: readonly Kind[] = ['leader', 'director', 'dean', 'administrator'];

export const personById = (world: World, id: string | undefined): Person | undefined =>
  world.people.find((person) => person.id === id) ?? (id === undefined ? undefined : testStudentById(id));

export const courseById = (world: World, id: string | undefined): Course | undefined =>
  world.courses.find((course) => course.id === id) ??
  (id !== undefined && isFrontPage(world.manner, id) ? FRONT_PAGE : undefined);

const enrolmentOf = (world: World, courseId: string, userId: string) =>
  world.enrolments.find((one) => one.courseId === courseId && one.userId === userId);

const isAboveCourses = ({ kind }: Person) => ABOVE_COURSES.includes(kind);

/** In what role this person may open this course, or nothing. */
export function roleIn(world: World, courseId: string, person: Person): Kind | undefined {
  // Everybody has a part in Moodle's front page, and only managers a teacher's.
  if (isFrontPage(world.manner, courseId)) return isAboveCourses(person) ? person.kind : 'student';
  const enrolled = enrolmentOf(world, courseId, person.id);
  if (enrolled?.suspended === true) return undefined;
  return enrolled?.role ?? (isAboveCourses(person) ? person.kind : undefined);
}

export const mayTeach = (kind: Kind | undefined): boolean => kind !== undefined && kind !== 'student';

/** Only people whom the gradebook lists can be given a score. */
export const isGradable = (world: World, courseId: string, userId: string): boolean =>
  enrolmentOf(world, courseId, userId)?.role === 'student';

export interface Membership {
  readonly person: Person;
  readonly role: Kind;
  readonly suspended: boolean;
}

function enrolledIn(world: World, courseId: string): Membership[] {
  if (isFrontPage(world.manner, courseId))
    return world.people.map((person) => ({
      person,
      role: roleIn(world, courseId, person) ?? 'student',
      suspended: false,
    }));
  return world.enrolments
    .filter((one) => one.courseId === courseId)
    .flatMap(({ userId, role, suspended = false }) => {
      const person = personById(world, userId);
      return person ? [{ person, role, suspended }] : [];
    });
}

/** Members by name, as a roster lists them. */
export function membersOf(world: World, courseId: string): Membership[] {
  const order = new Intl.Collator('kk');
  return enrolledIn(world, courseId).sort(
    (a, b) => order.compare(a.person.familyName, b.person.familyName) || order.compare(a.person.id, b.person.id),
  );
}

/** What a roster's `differences` are made of: only the last change of each person counts. */
function noteChange(world: World, courseId: string, userId: string, role: Kind): void {
  world.rosterVersion += 1;
  world.rosterChanges = world.rosterChanges.filter((one) => one.courseId !== courseId || one.userId !== userId);
  world.rosterChanges.push({ courseId, userId, role, version: world.rosterVersion });
}

export function enrol(world: World, courseId: string, userId: string, role: Kind): void {
  if (!courseById(world, courseId) || !personById(world, userId))
    throw new Error(`No course ${courseId} or person ${userId}`);
  unenrol(world, courseId, userId);
  world.enrolments.push({ courseId, userId, role });
  noteChange(world, courseId, userId, role);
  world.changed();
}

export function unenrol(world: World, courseId: string, userId: string): void {
  const left = enrolmentOf(world, courseId, userId);
  if (!left) return;
  world.enrolments = world.enrolments.filter((one) => one !== left);
  noteChange(world, courseId, userId, left.role);
  world.changed();
}

/** The person stays listed and keeps the marks, but does not get in any more. */
export function suspend(world: World, courseId: string, userId: string, suspended: boolean): void {
  const enrolled = enrolmentOf(world, courseId, userId);
  if (!enrolled) return;
  world.enrolments = world.enrolments.map((one) => (one === enrolled ? { ...one, suspended } : one));
  noteChange(world, courseId, userId, enrolled.role);
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

/** The roles of the two manners that make a launch from one table; Open edX has its own. */
export const launchRoles = (manner: MannerName, kind: Kind): readonly string[] =>
  manner === 'moodle' ? moodleLaunchRoles(kind) : STANDARD_ROLES[kind];

/** LTI's own role for a made-up person, beside the role of the view. */
export const TEST_STUDENT_ROLES: readonly string[] = [
  context('Learner'),
  'http://purl.imsglobal.org/vocab/lti/system/person#TestUser',
];

/** Outside a course a context role would say nothing. */
const SITE_ROLES: Record<Kind, readonly string[]> = {
  tutor: [`${INSTITUTION}Faculty`],
  assistant: [`${INSTITUTION}Staff`],
  leader: [`${INSTITUTION}Staff`],
  director: [`${INSTITUTION}Staff`],
  dean: [`${INSTITUTION}Staff`],
  administrator: [`${INSTITUTION}Administrator`, `${SYSTEM}Administrator`],
  student: [`${INSTITUTION}Student`],
};

export const siteRoles = (kind: Kind): readonly string[] => SITE_ROLES[kind];

/** For the roster Moodle asks for `moodle/course:manageactivities`, which a non-editing teacher lacks. */
export const rosterRoles = (manner: MannerName, kind: Kind): readonly string[] => {
  if (manner !== 'moodle') return STANDARD_ROLES[kind];
  return kind === 'student' || kind === 'assistant' ? ['Learner'] : ['Instructor'];
};
