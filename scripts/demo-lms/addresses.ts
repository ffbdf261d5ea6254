import { isFrontPage } from './site.js';
import type { MannerName } from './types.js';

/** Where this LMS answers. `routes` are Express patterns, the rest whole URLs. */
export interface Addresses {
  readonly routes: Readonly<
    Record<
      | 'configuration'
      | 'authorize'
      | 'token'
      | 'jwks'
      | 'register'
      | 'memberships'
      | 'lineItems'
      | 'lineItem'
      | 'groups'
      | 'groupSets',
      string
    >
  >;
  readonly configuration: string;
  readonly authorize: string;
  readonly register: string;
  token(toolId: string): string;
  jwks(toolId: string): string;
  /** `place` is a course, and in Open edX the number of a component. */
  memberships(place: string, toolId: string): string;
  lineItems(place: string, toolId: string): string;
  lineItem(place: string, itemId: string, toolId: string): string;
  groups(courseId: string): string;
  groupSets(courseId: string): string;
}

const STANDARD: Addresses['routes'] = {
  configuration: '/.well-known/openid-configuration',
  authorize: '/lti/authorize',
  token: '/lti/token',
  jwks: '/lti/jwks.json',
  register: '/lti/registrations',
  memberships: '/lti/courses/:course/memberships',
  lineItems: '/lti/courses/:course/line-items',
  lineItem: '/lti/courses/:course/line-items/:item',
  groups: '/lti/courses/:course/groups',
  groupSets: '/lti/courses/:course/group-sets',
};

const MOODLE: Addresses['routes'] = {
  ...STANDARD,
  configuration: '/mod/lti/openid-configuration.php',
  authorize: '/mod/lti/auth.php',
  token: '/mod/lti/token.php',
  jwks: '/mod/lti/certs.php',
  register: '/mod/lti/openid-registration.php',
  memberships: '/mod/lti/services.php/:kind/:course/bindings/:tool/memberships',
  lineItems: '/mod/lti/services.php/:course/lineitems',
  lineItem: '/mod/lti/services.php/:course/lineitems/:item/lineitem',
};

/** Keys and tokens belong to a tool's "passport", the services to a component. There is no registration. */
const OPEN_EDX: Addresses['routes'] = {
  ...STANDARD,
  authorize: '/api/lti_consumer/v1/launch/',
  token: '/api/lti_consumer/v1/token/:tool',
  jwks: '/api/lti_consumer/v1/public_keysets/:tool',
  memberships: '/api/lti_consumer/v1/lti/:course/memberships',
  lineItems: '/api/lti_consumer/v1/lti/:course/lti-ags',
  lineItem: '/api/lti_consumer/v1/lti/:course/lti-ags/:item',
};

const ROUTES: Record<MannerName, Addresses['routes']> = { standard: STANDARD, moodle: MOODLE, 'open-edx': OPEN_EDX };

export function addressesOf(manner: MannerName, base: string): Addresses {
  const routes = ROUTES[manner];
  const fill = (pattern: string, values: Record<string, string>) =>
    base + pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  // Moodle's service addresses carry the tool in their query, which a tool must keep at the end.
  const typed = (toolId: string) => (manner === 'moodle' ? `?type_id=${toolId}` : '');
  const kindOf = (course: string) => (isFrontPage(manner, course) ? 'Group' : 'CourseSection');
  return {
    routes,
    configuration: base + routes.configuration,
    authorize: base + routes.authorize,
    register: base + routes.register,
    token: (tool) => fill(routes.token, { tool }),
    jwks: (tool) => fill(routes.jwks, { tool }),
    memberships: (course, tool) => fill(routes.memberships, { kind: kindOf(course), course, tool }),
    lineItems: (course, tool) => fill(routes.lineItems, { course }) + typed(tool),
    lineItem: (course, item, tool) => fill(routes.lineItem, { course, item }) + typed(tool),
    groups: (course) => fill(routes.groups, { course }),
    groupSets: (course) => fill(routes.groupSets, { course }),
  };
}
