import { ROLES, type Role } from '../launch/permissions.js';
import type { Participant } from './roster.js';

/** Somebody whom a read of the roster found, now or earlier. */
export interface RosterPerson extends Participant {
  /** The first complete read that did not find this person any more. */
  readonly leftAt?: Date | undefined;
}

/** What a read found otherwise than the one before. Whoever was never on the roster is in none of these. */
export interface RosterChange {
  readonly left: readonly string[];
  /** Everybody with another role than before. */
  readonly changed: readonly string[];
  /** Of these, who may do less now. */
  readonly fell: readonly string[];
}

export interface NextRoster {
  readonly people: readonly RosterPerson[];
  readonly change: RosterChange;
}

/** An academic year and some: marks and attendance of somebody who left are still asked for. */
const LEFT_KEPT_MS = 400 * 86_400_000;

const rank = (role: Role | undefined) => (role === undefined ? ROLES.length : ROLES.indexOf(role));

/** The roster after a complete read. Who is missing from it has left, and is kept as such. */
export function nextRoster(before: readonly RosterPerson[], members: readonly Participant[], at: Date): NextRoster {
  const known = new Map(before.map((person) => [person.sub, person]));
  const here = new Set(members.map(({ sub }) => sub));
  const gone = before.filter(({ sub }) => !here.has(sub));
  const kept = gone.filter(({ leftAt }) => !leftAt || at.getTime() - leftAt.getTime() < LEFT_KEPT_MS);
  const changed = members.filter(({ sub, role }) => {
    const was = known.get(sub);
    return was !== undefined && !was.leftAt && was.role !== role;
  });
  return {
    people: [
      // Groups that this read could not name are the ones of before.
      ...members.map((member) => ({ ...member, groups: member.groups ?? known.get(member.sub)?.groups })),
      ...kept.map((person) => ({ ...person, leftAt: person.leftAt ?? at })),
    ],
    change: {
      left: gone.filter(({ leftAt }) => !leftAt).map(({ sub }) => sub),
      changed: changed.map(({ sub }) => sub),
      fell: changed.filter(({ sub, role }) => rank(role) > rank(known.get(sub)?.role)).map(({ sub }) => sub),
    },
  };
}

/** The roster after a read of what changed only: everybody else is where they were. */
export function amendedRoster(
  before: readonly RosterPerson[],
  { members, gone }: { readonly members: readonly Participant[]; readonly gone: readonly string[] },
  at: Date,
): NextRoster {
  const touched = new Set([...gone, ...members.map(({ sub }) => sub)]);
  const untouched = before.filter(({ sub, leftAt }) => !leftAt && !touched.has(sub));
  return nextRoster(before, [...untouched, ...members], at);
}
