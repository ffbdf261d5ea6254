import type { Request, RequestHandler } from 'express';
import { AppError } from '../web/errors.js';
import type { Language, Translate } from '../web/i18n.js';
import type { Course } from './course.js';
import { may, type Action, type Role } from './permissions.js';

export interface Person {
  /** The LMS's stable id of the person; the only key. Names and addresses may be missing or change. */
  readonly sub: string;
  readonly name?: string | undefined;
  readonly givenName?: string | undefined;
  readonly email?: string | undefined;
}

/** One request of a person who is signed in to one course. Rooms read this and nothing else about who is there. */
export interface Visit {
  readonly person: Person;
  readonly course: Course;
  readonly role: Role;
  readonly language: Language;
  readonly t: Translate;
  /** Goes into every form as `_csrf`, and into scripts' requests as the header `X-CSRF-Token`. */
  readonly csrf: string;
  /** Where the LMS wants the person back. */
  readonly returnUrl?: string | undefined;
  /** Looks with a student's eyes (Canvas' test student, Moodle's role switch): nothing is changed. */
  readonly preview: boolean;
  /** The session's id, to end it. */
  readonly session: string;
  /** The moment of the request; pure rules take it as an argument. */
  readonly now: Date;
  may(action: Action): boolean;
}

const visits = new WeakMap<Request, Visit>();

type NewVisit = Omit<Visit, 'may' | 'preview' | 'session'> & Partial<Pick<Visit, 'preview' | 'session'>>;

export function beginVisit(req: Request, visit: NewVisit): void {
  visits.set(req, { preview: false, session: '', ...visit, may: (action) => may(visit.role, action) });
}

export function visitOf(req: Request): Visit {
  const visit = visits.get(req);
  if (!visit) throw new AppError('session_ended', 'session-ended');
  return visit;
}

/** Who changes something, and when, as it is kept beside the change. */
export const editorOf = ({ person, now }: Visit) => ({ sub: person.sub, name: person.name ?? '', at: now });

export const visitIfAny = (req: Request): Visit | undefined => visits.get(req);

/** Names the action of a route. Students are sent to their own pages in words; what does not exist for a role is a 403. */
export const allow =
  (action: Action): RequestHandler =>
  (req, _res, next) => {
    const visit = visitOf(req);
    if (visit.preview && req.method !== 'GET' && req.method !== 'HEAD') throw new AppError('forbidden', 'preview');
    if (visit.may(action)) {
      next();
      return;
    }
    throw new AppError('forbidden', visit.role === 'student' ? 'for-tutors' : 'not-allowed');
  };
