import { STUDENT_NAMES } from './students.js';
import type { Course, Enrolment, Kind, Locale, Person, ResourceLink } from './types.js';

export const COURSES: readonly Course[] = [
  { id: '2', title: 'Hotel business management', shortName: 'HBM-2026' },
  { id: '3', title: 'Қонақүй қызметіндегі маркетинг', shortName: 'ҚҚМ-2026' },
];

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

export const PEOPLE: readonly Person[] = [...STAFF, ...STUDENTS];

const enrolled = (courseId: string, people: readonly Person[]): Enrolment[] =>
  people.map(({ id, kind }) => ({ courseId, userId: id, role: kind }));

/** Leader, director, dean and administrator hold rights above the course and are enrolled in none. */
export const seedEnrolments = (): Enrolment[] => [
  ...enrolled(
    '2',
    STAFF.filter(({ kind }) => kind === 'tutor' || kind === 'assistant'),
  ),
  ...enrolled('2', STUDENTS),
  // One tutor teaches both courses, the other one only the first: a stranger in the second.
  ...enrolled(
    '3',
    STAFF.filter(({ id }) => id === '11'),
  ),
  // Every third student, so that all three languages are among them.
  ...enrolled('3', STUDENTS.filter((_, index) => index % 3 === 2).slice(-IN_BOTH_COURSES)),
];

export const seedLinks = (): ResourceLink[] =>
  COURSES.map(({ id }, index) => ({
    id: String(index + 1),
    courseId: id,
    title: 'Serik',
    description: 'Tutoring: integration map, consultations, results',
    custom: {},
  }));
