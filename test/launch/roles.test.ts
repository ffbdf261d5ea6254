import { describe, expect, test } from '@jest/globals';
import { ACTIONS, may, ROLES } from '../../src/launch/permissions.js';
import { roleOf } from '../../src/launch/roles.js';

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const system = 'http://purl.imsglobal.org/vocab/lis/v2/system/person';
const institution = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';

describe('roles of a launch', () => {
  test.each([
    ['a teacher', [`${membership}#Instructor`], 'tutor'],
    ['a student', [`${membership}#Learner`], 'student'],
    ['a short name, as in a Moodle roster', ['Learner'], 'student'],
    [
      'a Moodle site administrator in a course',
      [`${institution}#Administrator`, `${membership}#Instructor`, `${system}#Administrator`],
      'tutor',
    ],
    [
      'an Open edX teacher listed as learner too',
      [`${membership}#Learner`, `${membership}#Instructor`, `${membership}#Administrator`],
      'tutor',
    ],
    ['a teaching assistant', [`${membership}/Instructor#TeachingAssistant`], 'assistant'],
    [
      'a teaching assistant listed with the main role',
      [`${membership}#Instructor`, `${membership}/Instructor#TeachingAssistant`],
      'assistant',
    ],
    [
      'an Open edX community assistant',
      [`${membership}#Learner`, `${membership}/Instructor#TeachingAssistant`],
      'assistant',
    ],
    ['an Open edX learner', [`${membership}#Learner`, `${system}#None`, `${institution}#None`], 'student'],
    ['a manager', [`${membership}#Manager`], 'observer'],
    ['a section’s assistant', [`${membership}/Instructor#TeachingAssistantSection`], 'assistant'],
    ['a parent, whom Canvas calls a mentor', [`${membership}#Mentor`], undefined],
    ['a guest', [`${membership}#Member`], undefined],
    ['nobody of this course', [`${system}#Administrator`, `${institution}#Faculty`], undefined],
    ['no role at all', [], undefined],
    ['an invented role', ['Superuser'], undefined],
  ])('%s', (_name, roles, expected) => {
    expect(roleOf(roles)).toBe(expected);
  });
});

describe('permissions', () => {
  test('a student may look and book, and nothing else', () => {
    expect(ACTIONS.filter((action) => may('student', action))).toEqual(['home:view', 'plan:view', 'slots:book']);
  });

  test('only a tutor edits the map and sends results', () => {
    for (const action of ['map:edit', 'results:edit', 'results:send', 'roster:read'] as const)
      expect(ROLES.filter((role) => may(role, action))).toEqual(['tutor']);
  });
});
