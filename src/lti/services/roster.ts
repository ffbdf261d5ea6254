import type { Course } from '../../launch/course.js';
import { SCOPES, type CallLms, type LmsAnswer } from './call.js';
import { readGroups } from './groups.js';
import { linkTo, sameOrigin } from './next-page.js';
import { readPages, type PageLimits, type Pages } from './read-pages.js';
import { entriesOf, mergePeople, ROSTER_MEDIA, type Entry } from './roster-wire.js';

export interface Member {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly name?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
  /** Names of the groups in the LMS; nothing where this read does not know them. */
  readonly groups?: readonly string[] | undefined;
}

export type RosterFailure =
  | 'not-offered'
  | 'no-token'
  | 'not-allowed'
  | 'unreachable'
  /** The LMS told us to wait. */
  | 'too-many'
  | 'bad-answer'
  | 'endless'
  | 'too-slow'
  | 'too-large'
  /** Open edX gives no list of a course with more than a thousand people. */
  | 'above-limit';

export interface RosterFailed {
  readonly read: 'failed';
  readonly reason: RosterFailure;
  /** How many came before it failed; nothing of them is used. */
  readonly pages: number;
  readonly retryAfterMs?: number | undefined;
}

export interface WholeRoster {
  readonly read: 'all';
  /** Who is in the course; people with the status Inactive or Deleted are not. */
  readonly members: readonly Member[];
  readonly pages: number;
  /** Where the LMS will tell what changed since this read, if it does. */
  readonly differencesUrl?: string | undefined;
}

export interface RosterChanges {
  readonly read: 'changes';
  /** Who came or whose facts changed. */
  readonly members: readonly Member[];
  /** Who left. */
  readonly gone: readonly string[];
  readonly pages: number;
  readonly differencesUrl?: string | undefined;
}

export type RosterOutcome = WholeRoster | RosterChanges | RosterFailed;

export interface RosterReading {
  /** The address that the last read named: what changed since is enough then. */
  readonly since?: string | undefined;
  readonly limits?: Partial<PageLimits> | undefined;
}

const LIMITS: PageLimits = { pages: 500, items: 20_000, bytes: 50_000_000, ms: 3 * 60_000 };

function failureOf({ status, stage, body }: LmsAnswer): RosterFailure {
  if (status === 429) return 'too-many';
  if (status === 0 || status >= 500) return 'unreachable';
  if (stage === 'token') return 'no-token';
  if (status === 403 && body.includes('above_response_limit')) return 'above-limit';
  return status === 401 || status === 403 ? 'not-allowed' : 'bad-answer';
}

const failedOf = ({ why, pages, answer }: Extract<Pages<Entry>, { read: 'failed' }>): RosterFailed => ({
  read: 'failed',
  reason: why !== 'refused' ? why : answer ? failureOf(answer) : 'unreachable',
  pages,
  retryAfterMs: answer?.retryAfterMs,
});

const pagesAt = (callLms: CallLms, { platform }: Course, first: string, limits: PageLimits) =>
  readPages({
    first,
    get: (url, signal) => callLms(platform, [SCOPES.roster], { method: 'GET', url, accept: ROSTER_MEDIA, signal }),
    read: entriesOf,
    limits,
  });

type GroupNames = ReadonlyMap<string, string> | undefined;

const named = (names: GroupNames, ids: readonly string[] | undefined) =>
  names && ids ? ids.flatMap((id) => names.get(id) ?? []) : undefined;

const memberOf = ({ away: _away, groupIds: _ids, ...facts }: Entry, groups: Member['groups']): Member => ({
  ...facts,
  groups,
});

/**
 * Where to ask next time. The first page's link counts: what changes while later pages are read lies after it.
 * Names and Roles 2.0, section 2.4. Our token goes to no other host.
 */
function differencesOf({ headers }: Extract<Pages<Entry>, { read: 'all' }>, base: string): string | undefined {
  const links = headers.map(({ link }) => linkTo('differences', link, base));
  const url = links.find((link) => link !== undefined);
  return url !== undefined && sameOrigin(url, base) ? url : undefined;
}

/** Groups come with the roster only where they are asked for. Course Groups 1.0. */
function rosterUrl(membershipsUrl: string, withGroups: boolean): string {
  const url = new URL(membershipsUrl);
  if (withGroups) url.searchParams.set('groups', 'true');
  return url.href;
}

async function readWhole(
  callLms: CallLms,
  course: Course,
  first: string,
  limits: PageLimits,
): Promise<WholeRoster | RosterFailed> {
  const pages = await pagesAt(callLms, course, first, limits);
  if (pages.read === 'failed') return failedOf(pages);
  const names = await readGroups(callLms, course);
  const here = [...mergePeople(pages.items).values()].filter(({ away }) => !away);
  return {
    read: 'all',
    // Asked for, groups that are not said are none.
    members: here.map((person) => memberOf(person, named(names, person.groupIds ?? []))),
    pages: pages.headers.length,
    differencesUrl: differencesOf(pages, first),
  };
}

/**
 * What changed since an earlier read. Nothing on any doubt: a call that failed, an address of another host, a person who
 * is said to be here and gone at once.
 */
async function readChanges(
  callLms: CallLms,
  course: Course,
  since: string,
  limits: PageLimits,
): Promise<RosterChanges | undefined> {
  const pages = await pagesAt(callLms, course, since, limits);
  if (pages.read === 'failed') return undefined;
  const here = pages.items.filter(({ away }) => !away);
  const gone = new Set(pages.items.filter(({ away }) => away).map(({ sub }) => sub));
  if (here.some(({ sub }) => gone.has(sub))) return undefined;
  const names = await readGroups(callLms, course);
  return {
    read: 'changes',
    members: [...mergePeople(here).values()].map((person) => memberOf(person, named(names, person.groupIds))),
    gone: [...gone],
    pages: pages.headers.length,
    differencesUrl: differencesOf(pages, since),
  };
}

/**
 * Reads the course's roster (Names and Roles Provisioning 2.0), and the names of its groups where the LMS offers them:
 * every page, or what changed since an earlier read. No role filter and no limit: Moodle drops the filter from page two
 * on, and sends all at once without a limit.
 */
export async function readRoster(
  callLms: CallLms,
  course: Course,
  { since, limits: some = {} }: RosterReading = {},
): Promise<RosterOutcome> {
  const { membershipsUrl, groupsUrl } = course.services;
  if (membershipsUrl === undefined) return { read: 'failed', reason: 'not-offered', pages: 0 };
  const limits = { ...LIMITS, ...some };
  const changes =
    since !== undefined && sameOrigin(since, membershipsUrl)
      ? await readChanges(callLms, course, since, limits)
      : undefined;
  return changes ?? readWhole(callLms, course, rosterUrl(membershipsUrl, groupsUrl !== undefined), limits);
}
