import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';
import { mayTeach, personById, roleIn } from './enrolment.js';
import { isOpenEdx, type Lms } from './lms.js';
import { testStudent } from './test-student.js';
import type { Kind, Person } from './types.js';

const COOKIE = 'demo_lms';
const ROLE_COOKIE = 'demo_lms_role';
const IMPERSONATOR_COOKIE = 'demo_lms_as';

const cookieOf = (req: Request, name: string): string | undefined => parseCookie(req.get('cookie') ?? '')[name];

/** Who looks at the pages. Nobody proves anything here: the LMS is made up, and so are its people. */
export function visitorOf(lms: Lms, req: Request): Person | undefined {
  return personById(lms.world, cookieOf(req, COOKIE));
}

/** Open edX takes a selection only with its own session, which has to come along from the tool's site. */
function keep(lms: Lms, res: Response, name: string, value: string): void {
  const site = isOpenEdx(lms) ? ({ sameSite: 'none', secure: true } as const) : ({ sameSite: 'lax' } as const);
  res.cookie(name, value, { ...site, httpOnly: true, path: '/' });
}

/** Another person looks, in their own role and for themselves. */
export function become(lms: Lms, res: Response, person: Person): void {
  keep(lms, res, COOKIE, person.id);
  res.clearCookie(ROLE_COOKIE, { path: '/' });
  res.clearCookie(IMPERSONATOR_COOKIE, { path: '/' });
}

/** "Log in as": the administrator sees and launches what the other one would, and can come back. */
export function impersonate(lms: Lms, res: Response, administrator: Person, person: Person): void {
  become(lms, res, person);
  keep(lms, res, IMPERSONATOR_COOKIE, administrator.id);
}

export const impersonatorOf = (lms: Lms, req: Request): Person | undefined =>
  personById(lms.world, cookieOf(req, IMPERSONATOR_COOKIE));

/** Moodle's "Switch role to", the standard's "Student view": this course only, until it is ended. */
export function switchRole(lms: Lms, res: Response, courseId: string | undefined): void {
  if (courseId === undefined) res.clearCookie(ROLE_COOKIE, { path: '/' });
  else keep(lms, res, ROLE_COOKIE, courseId);
}

/** How someone stands in a course: in whose name and in what role a launch goes out. */
export interface Standing {
  readonly visitor: Person;
  readonly launched: Person;
  readonly role: Kind;
  readonly switched: boolean;
}

export function standingIn(lms: Lms, req: Request, courseId: string): Standing | undefined {
  const visitor = visitorOf(lms, req);
  const role = visitor && roleIn(lms.world, courseId, visitor);
  if (!visitor || role === undefined) return undefined;
  if (!mayTeach(role) || cookieOf(req, ROLE_COOKIE) !== courseId)
    return { visitor, launched: visitor, role, switched: false };
  const launched = lms.manner === 'standard' ? testStudent(courseId) : visitor;
  return { visitor, launched, role: 'student', switched: true };
}
