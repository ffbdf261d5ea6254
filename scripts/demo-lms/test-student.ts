import type { Person } from './types.js';

const PREFIX = 'test-student-';

/** "Student view", as in Canvas: a made-up learner of one course with a `sub` of its own, whom no roster lists. */
export const testStudent = (courseId: string): Person => ({
  id: PREFIX + courseId,
  name: 'Test Student',
  givenName: 'Test',
  familyName: 'Student',
  username: PREFIX + courseId,
  kind: 'student',
  locale: 'en',
});

export const isTestStudent = ({ id }: Person): boolean => id.startsWith(PREFIX);

export const testStudentById = (id: string): Person | undefined =>
  id.startsWith(PREFIX) ? testStudent(id.slice(PREFIX.length)) : undefined;
