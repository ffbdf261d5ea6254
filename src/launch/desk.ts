import type { Request } from 'express';
import { AppError } from '../web/errors.js';
import type { Language, Translate } from '../web/i18n.js';
import type { DeskRole } from './roles.js';
import type { Person } from './visit.js';

/** One request of a person who came from a place of the LMS as a whole: no course, a desk. */
export interface DeskVisit {
  readonly person: Person;
  /** The LMS that the person came from, and whether its administrators look after all platforms or their own. */
  readonly platform: { readonly key: string; readonly lmsName: string; readonly desk: 'all' | 'own' };
  readonly role: DeskRole;
  /** The desk's own address: `/desk` or `/my`. */
  readonly home: string;
  readonly language: Language;
  readonly t: Translate;
  readonly csrf: string;
  readonly session: string;
  /** Courses that this session entered: they open without another launch. */
  readonly entered: readonly string[];
  readonly now: Date;
}

const visits = new WeakMap<Request, DeskVisit>();

export const deskVisitIfAny = (req: Request): DeskVisit | undefined => visits.get(req);

export const beginDeskVisit = (req: Request, visit: DeskVisit): void => void visits.set(req, visit);

export function deskVisitOf(req: Request): DeskVisit {
  const visit = visits.get(req);
  if (!visit) throw new AppError('session_ended', 'session-ended');
  return visit;
}
