import type { MannerName } from './types.js';

/** Where this LMS answers. `routes` are Express patterns, the rest whole URLs. */
export interface Addresses {
  readonly routes: Readonly<
    Record<
      'configuration' | 'authorize' | 'token' | 'jwks' | 'register' | 'memberships' | 'lineItems' | 'lineItem',
      string
    >
  >;
  readonly configuration: string;
  readonly authorize: string;
  readonly token: string;
  readonly jwks: string;
  readonly register: string;
  memberships(courseId: string, toolId: string): string;
  lineItems(courseId: string, toolId: string): string;
  lineItem(courseId: string, itemId: string, toolId: string): string;
}

const STANDARD = {
  configuration: '/.well-known/openid-configuration',
  authorize: '/lti/authorize',
  token: '/lti/token',
  jwks: '/lti/jwks.json',
  register: '/lti/registrations',
  memberships: '/lti/courses/:course/memberships',
  lineItems: '/lti/courses/:course/line-items',
  lineItem: '/lti/courses/:course/line-items/:item',
};

const MOODLE = {
  configuration: '/mod/lti/openid-configuration.php',
  authorize: '/mod/lti/auth.php',
  token: '/mod/lti/token.php',
  jwks: '/mod/lti/certs.php',
  register: '/mod/lti/openid-registration.php',
  memberships: '/mod/lti/services.php/CourseSection/:course/bindings/:tool/memberships',
  lineItems: '/mod/lti/services.php/:course/lineitems',
  lineItem: '/mod/lti/services.php/:course/lineitems/:item/lineitem',
};

export function addressesOf(manner: MannerName, base: string): Addresses {
  const routes = manner === 'moodle' ? MOODLE : STANDARD;
  const fill = (pattern: string, values: Record<string, string>) =>
    base + pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  // Moodle's service addresses carry the tool in their query, which a tool must keep at the end.
  const typed = (toolId: string) => (manner === 'moodle' ? `?type_id=${toolId}` : '');
  return {
    routes,
    configuration: base + routes.configuration,
    authorize: base + routes.authorize,
    token: base + routes.token,
    jwks: base + routes.jwks,
    register: base + routes.register,
    memberships: (course, tool) => fill(routes.memberships, { course, tool }),
    lineItems: (course, tool) => fill(routes.lineItems, { course }) + typed(tool),
    lineItem: (course, item, tool) => fill(routes.lineItem, { course, item }) + typed(tool),
  };
}
