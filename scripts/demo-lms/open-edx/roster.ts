import { Router, type Request, type Response } from 'express';
import { membersOf, type Membership } from '../enrolment.js';
import type { Lms } from '../lms.js';
import { linkHeader, numberIn, queryOf } from '../paging.js';
import { sendJson } from '../refusals.js';
import { faulty, recorded } from '../service-door.js';
import { MEDIA, SCOPE } from '../types.js';
import { rosterRolesOf } from './claims.js';
import { accepts, allowed, guestAt, wrongMethod } from './service-door.js';

/** The course's own switch shares names here, whatever the launch does (fact 0.15). */
const memberOf = (lms: Lms, { person, role }: Membership): Record<string, unknown> => ({
  status: 'Active',
  user_id: person.id,
  roles: rosterRolesOf(role),
  ...(lms.world.switches.rosterNames ? { name: person.name, email: person.email ?? '' } : {}),
});

const enrolledIn = (lms: Lms, courseId: string): Membership[] =>
  membersOf(lms.world, courseId)
    .filter(({ suspended }) => !suspended)
    .sort((a, b) => (a.person.id < b.person.id ? -1 : 1));

/** `role` and `rlid` are ignored, and stand in the next address all the same. */
function sendRoster(lms: Lms, req: Request, res: Response): void {
  if (lms.world.switches.rosterTooLong) return void res.status(403).json({ error: 'above_response_limit' });
  const courseId = guestAt(req).link.courseId;
  const query = queryOf(req);
  const limit = numberIn(query, 'limit') || Infinity;
  const page = numberIn(query, 'page') || 1;
  const members = enrolledIn(lms, courseId);
  const from = page > 1 ? (page - 1) * limit : 0;
  if (members.length > from + limit) {
    query.set('page', String(page + 1));
    res.set('Link', linkHeader(`${lms.url}${req.path}?${query.toString()}`));
  }
  const shown = members.slice(from, from + limit).map((member) => memberOf(lms, member));
  sendJson(res, MEDIA.roster, { id: lms.url + req.originalUrl, context: { id: courseId }, members: shown });
}

export function rosterRoutes(lms: Lms): Router {
  const route = lms.at.routes.memberships;
  return Router({ strict: true })
    .all(route, recorded(lms, 'roster'), faulty(lms, 'roster'))
    .get(route, allowed(lms, [SCOPE.roster]), accepts([MEDIA.roster]), (req, res) => sendRoster(lms, req, res))
    .all(route, wrongMethod);
}
