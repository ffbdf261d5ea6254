import { Router, type Request, type Response } from 'express';
import { identity } from './claims.js';
import { courseById, membersOf, rosterRoles } from './enrolment.js';
import { groupsOf } from './groups.js';
import { isMoodle, toolById, type Lms } from './lms.js';
import { refuseService, sendJson, wrongMethod } from './refusals.js';
import { accepts, allowed, faulty, recorded, tokenOf } from './service-door.js';
import { linkHeader, numberIn, queryOf } from './paging.js';
import { deletedSince, differencesUrl, hasChanged, sinceOf } from './roster-differences.js';
import { MEDIA, SCOPE, type Course, type Person, type ResourceLink, type Tool } from './types.js';

const STANDARD_PAGE = 25;

interface Member {
  readonly person: Person;
  readonly suspended: boolean;
  readonly roles: readonly string[];
}

/** As Moodle's `format_string`: tags go, `&` and stray brackets become entities, quotes stay. */
export const formatString = (text: string): string =>
  text
    .replace(/<[^>]*>/g, '')
    .replace(/&(?![a-z0-9#]{1,8};)/gi, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');

function memberOf(
  lms: Lms,
  tool: Tool,
  { person, roles, suspended }: Member,
  link: ResourceLink | undefined,
): Record<string, unknown> {
  const shown = identity(lms, tool, person);
  const message = link
    ? { message: [{ 'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest' }] }
    : {};
  if (!isMoodle(lms))
    return { status: suspended ? 'Inactive' : 'Active', ...shown, user_id: person.id, roles, ...message };
  const names = Object.fromEntries(
    Object.entries(shown).map(([key, value]) => [key, key === 'email' ? value : formatString(value)]),
  );
  return {
    status: 'Active',
    roles,
    user_id: person.id,
    lis_person_sourcedid: '',
    ...names,
    ...(tool.sendsNames ? { ext_user_username: person.username } : {}),
    ...message,
  };
}

const shortRole = (role: string) => /#(\w+)$/.exec(role)?.[1] ?? role;

/** Moodle knows two roles here and ignores a filter by any other. */
function filtered(lms: Lms, members: readonly Member[], role: string): readonly Member[] {
  if (role === '' || (isMoodle(lms) && !['Instructor', 'Learner'].includes(shortRole(role)))) return members;
  const wanted = (one: string) =>
    one === role || (/#membership#|\/membership#/.test(one) && shortRole(one) === role) || shortRole(role) === one;
  return members.filter(({ roles }) => roles.some(wanted));
}

interface Page {
  readonly from: number;
  readonly limit: number;
}

function pageOf(lms: Lms, query: URLSearchParams): Page {
  const limit = numberIn(query, 'limit');
  // Without a limit Moodle sends everyone, and does not look at `from`.
  if (isMoodle(lms)) return limit > 0 ? { from: numberIn(query, 'from'), limit } : { from: 0, limit: Infinity };
  return { from: numberIn(query, 'from'), limit: limit > 0 ? Math.min(limit, STANDARD_PAGE) : STANDARD_PAGE };
}

function nextQuery(lms: Lms, query: URLSearchParams, { from, limit }: Page): string {
  const next = new URLSearchParams(query);
  next.set('limit', String(limit));
  next.set('from', String(from + limit));
  // Moodle forgets the filter from page two on.
  if (isMoodle(lms)) next.delete('role');
  else next.set('as_of', query.get('as_of') ?? String(lms.world.rosterVersion));
  return next.toString();
}

const container = (lms: Lms, tool: Tool, course: Course, members: readonly Record<string, unknown>[]) => ({
  id: lms.at.memberships(course.id, tool.id),
  context: { id: course.id, label: course.shortName, title: course.title },
  members,
});

/** Moodle leaves suspended people out; the standard calls them inactive. */
const listed = (lms: Lms, courseId: string): Member[] =>
  membersOf(lms.world, courseId)
    .filter(({ suspended }) => !suspended || !isMoodle(lms))
    .map(({ person, role, suspended }) => ({ person, suspended, roles: rosterRoles(lms.manner, role) }));

/** `?groups=true` (Course Groups Service 1.0), where the tool may know the groups. */
function groupsAsked(
  lms: Lms,
  tool: Tool,
  courseId: string,
  query: URLSearchParams,
): (userId: string) => Record<string, unknown> {
  if (isMoodle(lms) || query.get('groups') !== 'true' || !tool.scopes.includes(SCOPE.groups)) return () => ({});
  return (userId) => ({ group_enrollments: groupsOf(lms, courseId, userId).map(({ id }) => ({ group_id: id })) });
}

function sendRoster(lms: Lms, req: Request, res: Response): void {
  const course = courseById(lms.world, String(req.params['course']));
  const tool = toolById(lms, tokenOf(req).toolId);
  if (!course || !tool) return refuseService(lms, req, res, 404, 'Not Found: Course does not exist');
  const query = queryOf(req);
  const rlid = query.get('rlid');
  const link = lms.world.links.find((one) => one.courseId === course.id && one.id === rlid);
  if (rlid !== null && !link) return refuseService(lms, req, res, 404, 'Not Found: No such resource link');
  const since = sinceOf(lms, query);
  const all = filtered(lms, listed(lms, course.id), query.get('role') ?? '');
  const present = Number.isNaN(since) ? all : all.filter(({ person }) => hasChanged(lms, course.id, since, person.id));
  const groups = groupsAsked(lms, tool, course.id, query);
  const members = [
    ...present.map((member) => ({ ...memberOf(lms, tool, member, link), ...groups(member.person.id) })),
    ...(Number.isNaN(since) ? [] : deletedSince(lms, course.id, since)),
  ];
  const page = pageOf(lms, query);
  const base = lms.at.memberships(course.id, tool.id);
  if (members.length > page.from + page.limit) res.set('Link', linkHeader(`${base}?${nextQuery(lms, query, page)}`));
  else if (!isMoodle(lms)) res.set('Link', linkHeader(differencesUrl(lms, base, query), 'differences'));
  const shown = members.slice(page.from, page.from + page.limit);
  sendJson(res, MEDIA.roster, container(lms, tool, course, shown));
}

/** Names and Role Provisioning Services 2.0. */
export function rosterRoutes(lms: Lms): Router {
  const route = lms.at.routes.memberships;
  const door = [allowed(lms, [SCOPE.roster]), accepts(lms, MEDIA.roster)];
  return Router()
    .all(route, recorded(lms, 'roster'), faulty(lms, 'roster'))
    .get(route, ...(isMoodle(lms) ? door.reverse() : door), (req, res) => sendRoster(lms, req, res))
    .all(route, wrongMethod(lms));
}
