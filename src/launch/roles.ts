import type { Role } from './permissions.js';

/**
 * LTI roles come as full context URIs (`…/membership#Instructor`), sub-roles (`…/membership/Instructor#TeachingAssistant`)
 * or short names (`Learner`), which Moodle's roster sends. Institution and system roles say nothing about this course:
 * Open edX gives every teacher `system/person#Administrator`.
 * LTI 1.3 core, appendix A.2.
 */
const SUB_ROLE = /\/membership\/(\w+)#(\w+)$/;
const CONTEXT_ROLE = /\/membership#(\w+)$/;
const WIDE_ROLE = /\/(?:institution|system)\/person#(\w+)$/;

function contextRole(role: string): string | undefined {
  const sub = SUB_ROLE.exec(role);
  // `TeachingAssistantSection`, `…Group` and their kind assist as well.
  if (sub) return sub[2]?.startsWith('TeachingAssistant') === true ? 'TeachingAssistant' : sub[1];
  return CONTEXT_ROLE.exec(role)?.[1] ?? (/^\w+$/.test(role) ? role : undefined);
}

/**
 * The role in this course, or nothing where the LMS names none that we serve. A teacher listed as a learner too (Open edX
 * does) is a teacher; an assistant listed as a learner (its community assistants) is an assistant.
 */
export function roleOf(ltiRoles: readonly string[]): Role | undefined {
  const names = new Set(ltiRoles.map(contextRole));
  if (names.has('Instructor') && !names.has('TeachingAssistant')) return 'tutor';
  if (names.has('TeachingAssistant')) return 'assistant';
  if (names.has('Learner') || names.has('Student')) return 'student';
  // Not Mentor: Canvas calls the parents of one student so.
  const observing = ['Administrator', 'Manager', 'ContentDeveloper'];
  return observing.some((name) => names.has(name)) ? 'observer' : undefined;
}

/** `system/person#TestUser`: Canvas' "student view" and its kin. LTI 1.3 core, appendix A.2.1. */
export const isTestUser = (ltiRoles: readonly string[]): boolean =>
  ltiRoles.some((role) => /\/system\/person#TestUser$/.test(role));

export type DeskRole = 'administrator' | 'staff';

/**
 * What somebody is at a place of the LMS as a whole. Only there: inside a course these roles prove nothing (Open edX gives
 * them to every teacher), and its launches always name a course.
 */
export function deskRoleOf(ltiRoles: readonly string[]): DeskRole | undefined {
  const wide = new Set(ltiRoles.map((role) => WIDE_ROLE.exec(role)?.[1]));
  if (['Administrator', 'SysAdmin', 'AccountAdmin'].some((name) => wide.has(name))) return 'administrator';
  const teaches = ['Faculty', 'Staff', 'Instructor'].some((name) => wide.has(name));
  const role = roleOf(ltiRoles);
  return teaches || (role !== undefined && role !== 'student') ? 'staff' : undefined;
}
