import { decodeHTML } from 'entities';
import { z } from 'zod';
import type { Course } from '../../launch/course.js';
import { SCOPES, type CallLms, type LmsAnswer } from './call.js';
import { nextPage, sameOrigin } from './next-page.js';

const MEDIA_TYPE = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

const text = z
  .string()
  .nullish()
  .transform((value) => {
    // Moodle escapes names for HTML here, and only here: `A & B` comes as `A &amp; B`.
    const plain = decodeHTML(value ?? '').trim();
    return plain === '' ? undefined : plain;
  });

/** A page of the membership container. Names and Roles 2.0, section 2.2. */
const MembershipPage = z.object({
  members: z.array(
    z.object({
      user_id: z.string().min(1),
      status: z.string().default('Active'),
      roles: z.array(z.string()).default([]),
      name: text,
      given_name: text,
      family_name: text,
      email: text,
    }),
  ),
});

export interface Member {
  readonly sub: string;
  readonly roles: readonly string[];
  readonly name?: string | undefined;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly email?: string | undefined;
}

export type RosterFailure = 'not-offered' | 'no-token' | 'not-allowed' | 'unreachable' | 'bad-answer' | 'endless';
export type RosterOutcome =
  | { readonly read: 'all'; readonly members: readonly Member[]; readonly pages: number }
  /** Nothing of a partial read is used: people missing from it would look as if they had left. */
  | { readonly read: 'failed'; readonly reason: RosterFailure; readonly pages: number };

const MAX_PAGES = 500;

const failureOf = ({ status, stage }: LmsAnswer): RosterFailure => {
  if (status === 0 || status >= 500 || status === 429) return 'unreachable';
  if (stage === 'token') return 'no-token';
  return status === 401 || status === 403 ? 'not-allowed' : 'bad-answer';
};

function membersOf(body: string): Member[] | undefined {
  try {
    return MembershipPage.parse(JSON.parse(body))
      .members.filter(({ status }) => status === 'Active')
      .map((m) => ({
        sub: m.user_id,
        roles: m.roles,
        name: m.name,
        givenName: m.given_name,
        familyName: m.family_name,
        email: m.email,
      }));
  } catch {
    return undefined;
  }
}

/**
 * Reads every page of the course's roster (Names and Roles Provisioning 2.0). No role filter and no limit: Moodle drops
 * the filter from page two on, and sends all at once without a limit.
 */
export async function readRoster(callLms: CallLms, course: Course): Promise<RosterOutcome> {
  const first = course.services.membershipsUrl;
  if (first === undefined) return { read: 'failed', reason: 'not-offered', pages: 0 };
  const members = new Map<string, Member>();
  const seen = new Set<string>();
  let url: string | undefined = first;
  while (url !== undefined) {
    if (seen.has(url) || seen.size >= MAX_PAGES) return { read: 'failed', reason: 'endless', pages: seen.size };
    seen.add(url);
    const answer = await pageAt(callLms, course.platform, url);
    if (answer.status !== 200) return { read: 'failed', reason: failureOf(answer), pages: seen.size - 1 };
    const page = membersOf(answer.body);
    if (!page) return { read: 'failed', reason: 'bad-answer', pages: seen.size - 1 };
    for (const member of page) members.set(member.sub, member);
    url = nextPage(answer.headers['link'], url);
    if (url !== undefined && !sameOrigin(url, first)) return { read: 'failed', reason: 'bad-answer', pages: seen.size };
  }
  return { read: 'all', members: [...members.values()], pages: seen.size };
}

async function pageAt(callLms: CallLms, platform: string, url: string): Promise<LmsAnswer> {
  const request = { method: 'GET', url, accept: MEDIA_TYPE } as const;
  const answer = await callLms(platform, [SCOPES.roster], request);
  // A dead token is 401 in most LMSs and 403 in Open edX; one fresh token tells it from a real refusal.
  const dead = answer.stage === 'service' && (answer.status === 401 || answer.status === 403);
  return dead ? callLms(platform, [SCOPES.roster], request, { freshToken: true }) : answer;
}
