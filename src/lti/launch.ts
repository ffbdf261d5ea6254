import { z } from 'zod';
import type { CourseServices } from '../launch/course.js';
import type { Platform } from './platforms.js';

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const GRADES_CLAIM = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const ROSTER_CLAIM = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';

/** Optional text that some LMSs send empty: Moodle's `lineitem` is "" where a link has no grade item of its own. */
const text = z
  .string()
  .optional()
  .transform((value) => (value?.trim() === '' ? undefined : value));

export const MESSAGE_TYPES = ['LtiResourceLinkRequest', 'LtiSubmissionReviewRequest'] as const;

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
  [`${CLAIM}/deployment_id`]: z.string().min(1),
  [`${CLAIM}/target_link_uri`]: text,
  [`${CLAIM}/roles`]: z.array(z.string()),
  [`${CLAIM}/context`]: z.object({ id: z.string().min(1), title: text, label: text }).optional(),
  [`${CLAIM}/resource_link`]: z.object({ id: z.string().min(1) }).optional(),
  [`${CLAIM}/launch_presentation`]: z.object({ locale: text, return_url: text }).optional(),
  [`${CLAIM}/tool_platform`]: z.object({ product_family_code: text, name: text }).optional(),
  [GRADES_CLAIM]: z.object({ scope: z.array(z.string()), lineitems: text, lineitem: text }).optional(),
  [ROSTER_CLAIM]: z.object({ context_memberships_url: text }).optional(),
});

/** A launch in the product's own words; LTI's vocabulary ends here. */
export interface Launch {
  readonly platform: Platform;
  readonly deployment: string;
  readonly person: {
    readonly sub: string;
    readonly name?: string | undefined;
    readonly givenName?: string | undefined;
    readonly email?: string | undefined;
  };
  readonly roles: readonly string[];
  readonly context: { readonly id: string; readonly title: string; readonly label: string };
  readonly services: CourseServices;
  readonly locale?: string | undefined;
  readonly returnUrl?: string | undefined;
}

const httpUrl = (value: string | undefined): string | undefined =>
  value !== undefined && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value : undefined;

/** Puts checked claims into the product's words. The caller has seen that there is a context. */
export function launchOf(
  claims: z.output<typeof LaunchClaims>,
  context: { id: string; title?: string | undefined; label?: string | undefined },
  platform: Platform,
): Launch {
  const grades = claims[GRADES_CLAIM];
  const presentation = claims[`${CLAIM}/launch_presentation`];
  return {
    platform,
    deployment: claims[`${CLAIM}/deployment_id`],
    person: { sub: claims.sub, name: claims.name, givenName: claims.given_name, email: claims.email },
    roles: claims[`${CLAIM}/roles`],
    context: { id: context.id, title: context.title ?? context.label ?? '', label: context.label ?? '' },
    services: {
      membershipsUrl: httpUrl(claims[ROSTER_CLAIM]?.context_memberships_url),
      lineItemsUrl: httpUrl(grades?.lineitems),
      gradeScopes: grades?.scope ?? [],
      resourceLinkId: claims[`${CLAIM}/resource_link`]?.id,
    },
    locale: presentation?.locale,
    returnUrl: httpUrl(presentation?.return_url),
  };
}

export const contextOf = (claims: z.output<typeof LaunchClaims>) => claims[`${CLAIM}/context`];
export const deploymentOf = (claims: z.output<typeof LaunchClaims>) => claims[`${CLAIM}/deployment_id`];
export const targetOf = (claims: z.output<typeof LaunchClaims>) => claims[`${CLAIM}/target_link_uri`];
export const messageTypeOf = (claims: z.output<typeof LaunchClaims>) => claims[`${CLAIM}/message_type`];
