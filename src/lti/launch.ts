import { z } from 'zod';
import type { CourseServices } from '../launch/course.js';
import type { Platform } from './platforms.js';

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const GRADES_CLAIM = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const ROSTER_CLAIM = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const GROUPS_CLAIM = 'https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice';
const SELECTION_CLAIM = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';

/** Optional text that some LMSs send empty (Moodle's `lineitem` is "" where a link has no grade of its own) or as null. */
const text = z
  .string()
  .max(2000)
  .optional()
  .catch(undefined)
  .transform((value) => (value?.trim() === '' ? undefined : value));

const texts = z
  .array(z.unknown())
  .catch([])
  .transform((items) => items.filter((item): item is string => typeof item === 'string'));

/** Moodle sends strings only, Open edX numbers and objects too; a parameter that is no plain value is none of ours. */
const custom = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((entries) =>
    Object.fromEntries(
      Object.entries(entries)
        .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
        .map(([name, value]) => [name, String(value)]),
    ),
  );

const MESSAGE_TYPES = ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiSubmissionReviewRequest'] as const;

/** LTI Deep Linking 2.0, section 4.4.1. */
const Selection = z.object({
  deep_link_return_url: z.url({ protocol: /^https?$/ }).max(4000),
  accept_types: z.array(z.string()),
  accept_multiple: z.boolean().catch(false),
  accept_lineitem: z.boolean().optional().catch(undefined),
  data: z.string().max(20_000).optional(),
});

/** A launch as LTI names it. LTI 1.3 core, section 5.3 and 5.4; unknown claims are ignored. */
export const LaunchClaims = z.object({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  name: text,
  given_name: text,
  family_name: text,
  email: text,
  [`${CLAIM}/version`]: z.literal('1.3.0'),
  [`${CLAIM}/message_type`]: z.string(),
  [`${CLAIM}/deployment_id`]: z.string().min(1).max(255),
  [`${CLAIM}/target_link_uri`]: text,
  [`${CLAIM}/roles`]: z.array(z.string()).max(200),
  [`${CLAIM}/context`]: z
    .object({ id: z.string().min(1).max(255), title: text, label: text, type: texts.optional() })
    .optional(),
  [`${CLAIM}/resource_link`]: z.object({ id: z.string().min(1).max(255) }).optional(),
  [`${CLAIM}/launch_presentation`]: z.object({ locale: text, return_url: text }).optional().catch(undefined),
  [`${CLAIM}/tool_platform`]: z.object({ product_family_code: text, name: text }).optional().catch(undefined),
  [`${CLAIM}/custom`]: custom.optional(),
  [`${CLAIM}/for_user`]: z
    .object({ user_id: z.string().min(1).max(255) })
    .optional()
    .catch(undefined),
  [GRADES_CLAIM]: z.object({ scope: texts, lineitems: text, lineitem: text }).optional().catch(undefined),
  [ROSTER_CLAIM]: z.object({ context_memberships_url: text }).optional().catch(undefined),
  [GROUPS_CLAIM]: z.object({ context_groups_url: text, context_group_sets_url: text }).optional().catch(undefined),
  [SELECTION_CLAIM]: Selection.optional(),
});
type Claims = z.output<typeof LaunchClaims>;

/** What the teacher is asked to choose, and where the choice goes. */
export interface SelectionRequest {
  readonly returnUrl: string;
  readonly acceptsMultiple: boolean;
  /** False only where the LMS says that it makes no grade column of a choice. */
  readonly acceptsLineItem: boolean;
  readonly data?: string | undefined;
}

export type LaunchMessage =
  | { readonly kind: 'open' }
  | { readonly kind: 'select'; readonly request: SelectionRequest }
  /** Moodle's "Grade analysis": whose work is to be seen. */
  | { readonly kind: 'review'; readonly userId: string | undefined };

export interface CoursePlace {
  readonly id: string;
  readonly title: string;
  readonly label: string;
}

/** A launch in the product's own words; LTI's vocabulary ends here. */
export interface Launch {
  readonly platform: Platform;
  readonly deployment: string;
  readonly message: LaunchMessage;
  readonly person: {
    readonly sub: string;
    readonly name?: string | undefined;
    readonly givenName?: string | undefined;
    readonly email?: string | undefined;
  };
  readonly roles: readonly string[];
  /** Nothing: a place of the LMS as a whole (site administration, dashboard). */
  readonly course: CoursePlace | undefined;
  /** What the link carries since it was placed. */
  readonly custom: Readonly<Record<string, string>>;
  readonly services: CourseServices;
  readonly locale?: string | undefined;
  readonly returnUrl?: string | undefined;
  /**
   * Good once, for `LOGIN_SECONDS`: whoever lets the person in uses it up in the same write, so that of many answers with
   * one state a single one gets in, on any number of processes.
   */
  readonly ticket: string;
  /** The browser brought our cookie along in this very frame or tab: it will bring the session's too. */
  readonly keepsCookies: boolean;
}

const httpUrl = (value: string | undefined): string | undefined =>
  value !== undefined && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value : undefined;

/**
 * Moodle's front page has a context too, of the type `Group` (measured: lti-platforms, section 2), and so has a Canvas account
 * (`Account`): they are no courses.
 */
function courseOf(claims: Claims): CoursePlace | undefined {
  const context = claims[`${CLAIM}/context`];
  if (!context) return undefined;
  const moodle = claims[`${CLAIM}/tool_platform`]?.product_family_code === 'moodle';
  const types = context.type ?? [];
  if (types.includes('Account') || (moodle && types.includes('Group'))) return undefined;
  return { id: context.id, title: context.title ?? context.label ?? '', label: context.label ?? '' };
}

function messageOf(claims: Claims): LaunchMessage | 'no-settings' | 'unknown' {
  const type = MESSAGE_TYPES.find((known) => known === claims[`${CLAIM}/message_type`]);
  if (type === undefined) return 'unknown';
  if (type === 'LtiSubmissionReviewRequest') return { kind: 'review', userId: claims[`${CLAIM}/for_user`]?.user_id };
  if (type === 'LtiResourceLinkRequest') return { kind: 'open' };
  const asked = claims[SELECTION_CLAIM];
  if (!asked?.accept_types.includes('ltiResourceLink')) return 'no-settings';
  return {
    kind: 'select',
    request: {
      returnUrl: asked.deep_link_return_url,
      acceptsMultiple: asked.accept_multiple,
      acceptsLineItem: asked.accept_lineitem ?? true,
      data: asked.data,
    },
  };
}

/** Puts checked claims into the product's words; a word where the message itself cannot be used. */
export function launchOf(
  claims: Claims,
  platform: Platform,
): Omit<Launch, 'ticket' | 'keepsCookies'> | 'message-type' | 'claims' {
  const message = messageOf(claims);
  if (message === 'unknown') return 'message-type';
  if (message === 'no-settings') return 'claims';
  const grades = claims[GRADES_CLAIM];
  const presentation = claims[`${CLAIM}/launch_presentation`];
  return {
    platform,
    deployment: deploymentOf(claims),
    message,
    person: { sub: claims.sub, name: claims.name, givenName: claims.given_name, email: claims.email },
    roles: claims[`${CLAIM}/roles`],
    course: courseOf(claims),
    custom: claims[`${CLAIM}/custom`] ?? {},
    services: {
      membershipsUrl: httpUrl(claims[ROSTER_CLAIM]?.context_memberships_url),
      lineItemsUrl: httpUrl(grades?.lineitems),
      gradeScopes: grades?.scope ?? [],
      resourceLinkId: claims[`${CLAIM}/resource_link`]?.id,
      groupsUrl: httpUrl(claims[GROUPS_CLAIM]?.context_groups_url),
      groupSetsUrl: httpUrl(claims[GROUPS_CLAIM]?.context_group_sets_url),
    },
    locale: presentation?.locale,
    returnUrl: httpUrl(presentation?.return_url),
  };
}

export const deploymentOf = (claims: Claims) => claims[`${CLAIM}/deployment_id`];
export const targetOf = (claims: Claims) => claims[`${CLAIM}/target_link_uri`];
/** By what an administrator recognises an unknown deployment: the LMS's own name and the course. */
export const hintOf = (claims: Claims): string =>
  [claims[`${CLAIM}/tool_platform`]?.name, claims[`${CLAIM}/context`]?.title]
    .filter((part) => part !== undefined)
    .join(': ')
    .slice(0, 200);
