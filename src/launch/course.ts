/**
 * The tenancy key of everything that belongs to a course. Every stored document carries it and every query names it, so
 * that one course seen through two deployments, or two LMSs with equal ids, are never mixed.
 */
export interface CourseRef {
  /** The tenant: issuer and client id, joined by a space (neither may hold one). */
  readonly platform: string;
  readonly deployment: string;
  /** The LMS's `context.id`. */
  readonly context: string;
}

/** One platform is one issuer *and* client: hosted LMSs share an issuer. */
export const platformKey = (issuer: string, clientId: string): string => `${issuer} ${clientId}`;

export const courseRef = ({ platform, deployment, context }: CourseRef): CourseRef => ({
  platform,
  deployment,
  context,
});

/** Where the LMS's services for this course are, as the last launch said. Jobs run long after a launch, so it is kept. */
export interface CourseServices {
  /** Names and Roles: `context_memberships_url`; absent where the LMS does not offer it. */
  readonly membershipsUrl?: string | undefined;
  /** Assignment and Grade Services: the line item collection; may hold a query, as Moodle's does. */
  readonly lineItemsUrl?: string | undefined;
  /** AGS scopes that the launch offered. */
  readonly gradeScopes: readonly string[];
  /** The LTI link by which the course is opened; Open edX publishes only scores of items bound to it. */
  readonly resourceLinkId?: string | undefined;
  /** Course Groups Service: `context_groups_url` and the URL of the sets; absent where the LMS does not offer it. */
  readonly groupsUrl?: string | undefined;
  readonly groupSetsUrl?: string | undefined;
}

export interface Course extends CourseRef {
  /** Random, in our URLs: `/c/<id>/…`. */
  readonly id: string;
  readonly title: string;
  /** The short name; may be empty. */
  readonly label: string;
  /** How the LMS calls itself ("Moodle"); for sentences such as "Back to Moodle". */
  readonly lmsName: string;
  readonly services: CourseServices;
}
