import { parseCookie } from 'cookie';
import type { Request, Response } from 'express';
import { personById } from './enrolment.js';
import type { Lms } from './lms.js';
import type { Person } from './types.js';

const COOKIE = 'demo_lms';

/** Who looks at the pages. Nobody proves anything here: the LMS is made up, and so are its people. */
export function visitorOf(lms: Lms, req: Request): Person | undefined {
  return personById(lms.world, parseCookie(req.get('cookie') ?? '')[COOKIE]);
}

export const become = (res: Response, person: Person): void =>
  void res.cookie(COOKIE, person.id, { sameSite: 'lax', httpOnly: true, path: '/' });
