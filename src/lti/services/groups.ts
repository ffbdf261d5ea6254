import { decodeHTML } from 'entities';
import { z } from 'zod';
import type { Course } from '../../launch/course.js';
import { SCOPES, type CallLms } from './call.js';
import { readPages, type PageLimits } from './read-pages.js';

const MEDIA_TYPE = 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json';

/** A page of the context group container. Course Groups 1.0; a group that cannot be read is left out. */
const GroupPage = z.object({ groups: z.array(z.unknown()) });
const Group = z.object({
  id: z.union([z.string().min(1), z.number().transform(String)]),
  name: z.string().transform((name) => decodeHTML(name).trim()),
  hidden: z.boolean().nullish().catch(false),
});

const LIMITS: PageLimits = { pages: 100, items: 5_000, bytes: 10_000_000, ms: 60_000 };

function groupsOf(body: string): z.output<typeof Group>[] | undefined {
  try {
    return GroupPage.parse(JSON.parse(body)).groups.flatMap((group) => {
      const read = Group.safeParse(group);
      return read.success ? [read.data] : [];
    });
  } catch {
    return undefined;
  }
}

/**
 * The names of the course's groups by id, or nothing where the LMS offers none or does not give them now: a roster without
 * groups is better than none. Hidden groups are the LMS's own affair.
 */
export async function readGroups(callLms: CallLms, course: Course): Promise<ReadonlyMap<string, string> | undefined> {
  const { groupsUrl } = course.services;
  if (groupsUrl === undefined) return undefined;
  const pages = await readPages({
    first: groupsUrl,
    get: (url, signal) => callLms(course.platform, [SCOPES.groups], { method: 'GET', url, accept: MEDIA_TYPE, signal }),
    read: groupsOf,
    limits: LIMITS,
  });
  if (pages.read === 'failed') return undefined;
  const shown = pages.items.filter(({ name, hidden }) => name !== '' && hidden !== true);
  return new Map(shown.map(({ id, name }) => [id, name]));
}
