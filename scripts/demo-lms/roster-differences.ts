import { membersOf, rosterRoles } from './enrolment.js';
import { isMoodle, type Lms } from './lms.js';

/** Up to which change of the course the reader knows the roster; `NaN` where all is asked for. */
export const sinceOf = (lms: Lms, query: URLSearchParams): number =>
  isMoodle(lms) || !query.has('since') ? Number.NaN : Number(query.get('since'));

/** People who left after that change, as the membership differences of Names and Role Provisioning Services 2.0 want them. */
export function deletedSince(lms: Lms, courseId: string, since: number): Record<string, unknown>[] {
  const present = new Set(membersOf(lms.world, courseId).map(({ person }) => person.id));
  return lms.world.rosterChanges
    .filter((one) => one.courseId === courseId && one.version > since && !present.has(one.userId))
    .map(({ userId, role }) => ({ status: 'Deleted', user_id: userId, roles: rosterRoles(lms.manner, role) }));
}

export const hasChanged = ({ world }: Lms, courseId: string, since: number, userId: string): boolean =>
  world.rosterChanges.some((one) => one.courseId === courseId && one.userId === userId && one.version > since);

/** The last page says where the changes after the first page will be. */
export function differencesUrl(lms: Lms, base: string, query: URLSearchParams): string {
  const kept = new URLSearchParams(query);
  for (const name of ['from', 'limit', 'as_of']) kept.delete(name);
  kept.set('since', query.get('as_of') ?? String(lms.world.rosterVersion));
  return `${base}?${kept.toString()}`;
}
