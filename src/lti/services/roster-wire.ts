import { decodeHTML } from 'entities';
import { z } from 'zod';

export const ROSTER_MEDIA = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

const text = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => {
    // Moodle escapes names for HTML here, and only here: `A & B` comes as `A &amp; B`.
    const plain = decodeHTML(value ?? '').trim();
    return plain === '' ? undefined : plain;
  });

/** Short or URI (`…/status#Inactive`); left out it is Active. Only these two words take a person out of the course. */
const away = z
  .string()
  .nullish()
  .transform((status) => /(^|[#/])(inactive|deleted)$/i.test(status?.trim() ?? ''));

/** A page of the membership container. Names and Roles 2.0, section 2.2; enrolments in groups: Course Groups 1.0. */
const MembershipPage = z.object({
  members: z.array(
    z.object({
      user_id: z.union([z.string().min(1), z.number().transform(String)]),
      status: away,
      roles: z
        .union([z.array(z.string()), z.string().transform((role) => [role])])
        .nullish()
        .transform((roles) => roles ?? []),
      name: text,
      given_name: text,
      family_name: text,
      email: text,
      group_enrollments: z
        .array(z.object({ group_id: z.union([z.string(), z.number()]).transform(String) }))
        .nullish()
        .catch(undefined)
        .transform((enrolments) => enrolments?.map(({ group_id: id }) => id)),
    }),
  ),
});

/** One entry of a page; a person may have several. */
export interface Entry {
  readonly sub: string;
  readonly away: boolean;
  readonly roles: readonly string[];
  readonly name?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
  /** Ids; nothing where the LMS did not say. */
  readonly groupIds?: readonly string[] | undefined;
}

/** Nothing where this is no page of a roster. */
export function entriesOf(body: string): Entry[] | undefined {
  try {
    return MembershipPage.parse(JSON.parse(body)).members.map((m) => ({
      sub: m.user_id,
      away: m.status,
      roles: m.roles,
      name: m.name,
      givenName: m.given_name,
      familyName: m.family_name,
      email: m.email,
      groupIds: m.group_enrollments,
    }));
  } catch {
    return undefined;
  }
}

/**
 * One entry per person. Some LMSs list a person once per section, and pages by offset repeat people when the roster changes
 * between them: roles and groups add up, and who is active anywhere is active.
 */
export function mergePeople(entries: readonly Entry[]): Map<string, Entry> {
  const people = new Map<string, Entry>();
  for (const entry of entries) {
    const known = people.get(entry.sub);
    people.set(entry.sub, known ? merge(known, entry) : entry);
  }
  return people;
}

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];

function merge(a: Entry, b: Entry): Entry {
  // Roles and groups of an enrolment that ended are none any more.
  if (a.away !== b.away) return a.away ? b : a;
  return {
    ...a,
    name: a.name ?? b.name,
    givenName: a.givenName ?? b.givenName,
    familyName: a.familyName ?? b.familyName,
    email: a.email ?? b.email,
    roles: union(a.roles, b.roles),
    groupIds: a.groupIds || b.groupIds ? union(a.groupIds ?? [], b.groupIds ?? []) : undefined,
  };
}
