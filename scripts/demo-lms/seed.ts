import { STUDENT_NAMES } from './students.js';
import type {
  Component,
  Course,
  Enrolment,
  Group,
  GroupSet,
  Kind,
  Locale,
  MannerName,
  Person,
  ResourceLink,
} from './types.js';
import { componentKey, courseKey, externalUserId } from './usage-keys.js';

const FIRST: Course = { id: '2', title: 'Hotel business management', shortName: 'HBM-2026' };
const SECOND: Course = { id: '3', title: 'Қонақүй қызметіндегі маркетинг', shortName: 'ҚҚМ-2026' };

/** Open edX names courses by keys of Latin letters. */
const COURSE_KEYS: Readonly<Record<string, string>> = {
  [FIRST.id]: courseKey('HBM', '2026'),
  [SECOND.id]: courseKey('QQM', '2026'),
};

const courseId = (manner: MannerName, id: string): string => (manner === 'open-edx' ? (COURSE_KEYS[id] ?? id) : id);
const userId = (manner: MannerName, id: string): string => (manner === 'open-edx' ? externalUserId(id) : id);

export const seedCourses = (manner: MannerName): Course[] =>
  [FIRST, SECOND].map((course) => ({ ...course, id: courseId(manner, course.id) }));

const MAIL = 'university.example';

const staff = (
  id: number,
  kind: Kind,
  locale: Locale,
  [givenName, familyName]: readonly [string, string],
  username: string,
): Person => ({
  id: String(id),
  kind,
  locale,
  givenName,
  familyName,
  name: `${givenName} ${familyName}`,
  username,
  email: `${username}@${MAIL}`,
});

const STAFF: readonly Person[] = [
  staff(2, 'administrator', 'en', ['Site', 'Administrator'], 'admin'),
  staff(11, 'tutor', 'kk', ['Гүлмира Қасымбекқызы', 'Нұрғалиева'], 'g.nurgalieva'),
  staff(12, 'tutor', 'ru', ['Ольга', 'Ли'], 'o.li'),
  staff(13, 'assistant', 'kk', ['Ерлан', 'Сәрсенбаев'], 'e.sarsenbaev'),
  staff(14, 'leader', 'ru', ['Татьяна', 'Воронцова'], 't.vorontsova'),
  staff(15, 'director', 'kk', ['Әсет', 'Қалиев'], 'a.kaliev'),
  staff(16, 'dean', 'en', ['Margaret', 'Hughes'], 'm.hughes'),
];

const FIRST_STUDENT = 101;
const WITHOUT_EMAIL = 17;
const IN_BOTH_COURSES = 18;

const STUDENTS: readonly Person[] = STUDENT_NAMES.map(({ locale, givenName, familyName }, index) => {
  const username = `student${String(index + 1).padStart(2, '0')}`;
  return {
    id: String(FIRST_STUDENT + index),
    kind: 'student',
    locale,
    givenName,
    familyName,
    name: `${givenName} ${familyName}`.trim(),
    username,
    ...(index === WITHOUT_EMAIL ? {} : { email: `${username}@${MAIL}` }),
  };
});

export const seedPeople = (manner: MannerName): readonly Person[] =>
  [...STAFF, ...STUDENTS].map((person) => ({ ...person, id: userId(manner, person.id) }));

const enrolled = (course: Course, people: readonly Person[]): Enrolment[] =>
  people.map(({ id, kind }) => ({ courseId: course.id, userId: id, role: kind }));

/** Leader, director, dean and administrator hold rights above the course and are enrolled in none. */
export const seedEnrolments = (manner: MannerName): Enrolment[] =>
  [
    ...enrolled(
      FIRST,
      STAFF.filter(({ kind }) => kind === 'tutor' || kind === 'assistant'),
    ),
    ...enrolled(FIRST, STUDENTS),
    // One tutor teaches both courses, the other one only the first: a stranger in the second.
    ...enrolled(
      SECOND,
      STAFF.filter(({ id }) => id === '11'),
    ),
    // Every third student, so that all three languages are among them.
    ...enrolled(SECOND, STUDENTS.filter((_, index) => index % 3 === 2).slice(-IN_BOTH_COURSES)),
  ].map((one) => ({ ...one, courseId: courseId(manner, one.courseId), userId: userId(manner, one.userId) }));

/** As Studio makes one: ungraded, of weight 1, and the LMS declares its line item. */
export const newComponent = (pk: string): Component => ({
  pk,
  graded: false,
  weight: 1,
  pastDue: false,
  agsMode: 'declarative',
  selection: [],
});

export const seedLinks = (manner: MannerName): ResourceLink[] =>
  seedCourses(manner).map(({ id }, index) => {
    const pk = String(index + 1);
    const link = {
      courseId: id,
      title: 'Serik',
      description: 'Tutoring: integration map, consultations, results',
      custom: {},
    };
    return manner === 'open-edx'
      ? { ...link, id: componentKey(id, pk), component: newComponent(pk) }
      : { ...link, id: pk };
  });

const SET: GroupSet = { id: 'set-1', courseId: FIRST.id, name: 'Seminar groups' };

export const seedGroupSets = (): GroupSet[] => [SET];

/** Two seminar groups that share out the students, and a team from both that belongs to no set. */
export const seedGroups = (): Group[] => {
  const ids = STUDENTS.map(({ id }) => id);
  const group = (number: number, name: string, userIds: readonly string[]) => ({
    id: `group-${number}`,
    courseId: FIRST.id,
    name,
    userIds,
  });
  return [
    { ...group(1, 'Seminar A', ids.slice(0, 30)), setId: SET.id },
    { ...group(2, 'Seminar B', ids.slice(30)), setId: SET.id },
    group(3, 'Project team', ids.slice(28, 32)),
  ];
};
