import type { Request, Response } from 'express';
import { courseById } from '../enrolment.js';
import { messagePage } from '../layout.js';
import type { Lms } from '../lms.js';
import { standingIn, visitorOf } from '../session.js';
import type { Course, Kind, Person } from '../types.js';

export interface CourseVisit {
  readonly person: Person;
  readonly course: Course;
  readonly role: Kind;
  /** A teacher who looks as a student. */
  readonly switched: boolean;
}

/** Whoever may see this course, or a page that says why not. */
export function courseVisit(lms: Lms, req: Request, res: Response): CourseVisit | undefined {
  const person = visitorOf(lms, req);
  const course = courseById(lms.world, String(req.params['id']));
  if (!course) {
    res
      .status(404)
      .type('html')
      .send(messagePage(lms, person, 'Not found', 'There is no such course.'));
    return undefined;
  }
  if (!person) {
    res.redirect(303, `/?return=${encodeURIComponent(req.originalUrl)}#people`);
    return undefined;
  }
  const standing = standingIn(lms, req, course.id);
  if (standing) return { person, course, role: standing.role, switched: standing.switched };
  res
    .status(403)
    .type('html')
    .send(messagePage(lms, person, 'Enrolment options', 'You cannot enrol yourself in this course.'));
  return undefined;
}

/** Site administration is for the administrator. */
export function administrator(lms: Lms, req: Request, res: Response): Person | undefined {
  const person = visitorOf(lms, req);
  if (person?.kind === 'administrator') return person;
  res
    .status(403)
    .type('html')
    .send(messagePage(lms, person, 'Access denied', 'Only the site administrator may open this page.'));
  return undefined;
}
