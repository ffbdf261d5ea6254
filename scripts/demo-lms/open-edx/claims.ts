import { randomInt } from 'node:crypto';
import { mayTeach, roleIn } from '../enrolment.js';
import type { LaunchFacts } from '../launch-facts.js';
import { secondsOf, type Lms } from '../lms.js';
import { CLAIM, SCOPE, type Component, type Kind, type Person, type ResourceLink, type Tool } from '../types.js';
import { organisation } from '../usage-keys.js';
import { declaredItem, itemsOfComponent } from './component.js';

const TOKEN_LIVES = 3600;
const LIS = 'http://purl.imsglobal.org/vocab/lis/v2';

const membership = (name: string) => `${LIS}/membership#${name}`;
const institution = (name: string) => `${LIS}/institution/person#${name}`;
const system = (name: string) => `${LIS}/system/person#${name}`;

const NO_OTHER_ROLES = [system('None'), institution('None')];

/** Course staff launch as administrators of the whole site (fact 0.16). */
const STAFF_ROLES = [
  membership('Administrator'),
  membership('Instructor'),
  system('Administrator'),
  ...['Administrator', 'Staff', 'Faculty', 'Instructor'].map(institution),
];

/** Studio knows authors only. */
const AUTHOR_ROLES = [membership('Administrator'), membership('Instructor'), ...NO_OTHER_ROLES];

const LEARNER_ROLES = [membership('Learner'), ...NO_OTHER_ROLES];

/** The roster calls the same person a Learner too (fact 0.17). */
export const rosterRolesOf = (kind: Kind): readonly string[] =>
  shuffled(kind === 'student' ? [membership('Learner')] : ['Learner', 'Instructor', 'Administrator'].map(membership));

/** Roles are a Python set: their order says nothing. */
function shuffled(roles: readonly string[]): readonly string[] {
  const mixed = [...roles];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [mixed[last], mixed[other]] = [mixed[other] ?? '', mixed[last] ?? ''];
  }
  return mixed;
}

function launchRolesOf(lms: Lms, { course, person, launch }: LaunchFacts): readonly string[] {
  if (launch.message === 'LtiDeepLinkingRequest') return shuffled(AUTHOR_ROLES);
  const kind = (course && roleIn(lms.world, course.id, person)) ?? person.kind;
  return shuffled(mayTeach(kind) ? STAFF_ROLES : LEARNER_ROLES);
}

/** Only what the component shares, and never `given_name`, `family_name` or `locale` (fact 0.15). */
function sharedNames(lms: Lms, { name, username, email = '' }: Person): Record<string, string> {
  return lms.world.switches.launchNames ? { name, email, preferred_username: username } : {};
}

/** In the declarative mode the LMS makes the line item, and tells the tool that it may only read it. */
function gradeClaim(lms: Lms, tool: Tool, link: ResourceLink, component: Component) {
  const declarative = component.agsMode === 'declarative';
  if (declarative) declaredItem(lms, tool, link, component);
  // The first one, whatever link it stands for (fact 0.18).
  const [first] = itemsOfComponent(lms, component);
  return {
    scope: [declarative ? SCOPE.lineItemReadOnly : SCOPE.lineItem, SCOPE.resultReadOnly, SCOPE.score],
    lineitems: lms.at.lineItems(component.pk, tool.id),
    ...(first ? { lineitem: lms.at.lineItem(component.pk, first.id, tool.id) } : {}),
  };
}

function serviceClaims(lms: Lms, { tool, link }: LaunchFacts): Record<string, unknown> {
  if (!link?.component) return {};
  return {
    ...(tool.scopes.includes(SCOPE.score)
      ? { 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': gradeClaim(lms, tool, link, link.component) }
      : {}),
    ...(tool.scopes.includes(SCOPE.roster)
      ? {
          'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
            context_memberships_url: lms.at.memberships(link.component.pk, tool.id),
            service_versions: ['2.0'],
          },
        }
      : {}),
  };
}

/** A selected item replaces what the component itself says, its custom values as they are (facts 0.11 to 0.14). */
function linkClaims(lms: Lms, facts: LaunchFacts): Record<string, unknown> {
  const { tool, link, launch } = facts;
  const item = link?.component?.selection[launch.item ?? 0];
  const custom = item?.custom ?? link?.custom ?? {};
  return {
    [`${CLAIM}/target_link_uri`]: item?.url ?? tool.targetLinkUri,
    ...(link ? { [`${CLAIM}/resource_link`]: { id: link.id } } : {}),
    [`${CLAIM}/launch_presentation`]: { document_target: 'iframe' },
    [`${CLAIM}/tool_platform`]: { guid: 'open-edx-demo', name: 'Demo university' },
    ...(Object.keys(custom).length === 0 ? {} : { [`${CLAIM}/custom`]: custom }),
    ...serviceClaims(lms, facts),
  };
}

const selectionClaims = ({ tool, returnUrl }: LaunchFacts): Record<string, unknown> => ({
  [`${CLAIM}/target_link_uri`]: tool.deepLinkingUri ?? tool.targetLinkUri,
  'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
    accept_types: ['ltiResourceLink', 'link', 'html', 'image'],
    accept_presentation_document_targets: ['iframe', 'window', 'embed'],
    accept_multiple: true,
    auto_create: true,
    title: '',
    text: '',
    deep_link_return_url: returnUrl,
  },
});

/** The id_token of `lti-consumer-xblock` 11.4, without the nonce. */
export function openEdxClaims(lms: Lms, facts: LaunchFacts): Record<string, unknown> {
  const { tool, course, person, launch } = facts;
  const iat = secondsOf(lms.now());
  return {
    iss: lms.url,
    aud: tool.clientId,
    azp: tool.clientId,
    sub: person.id,
    iat,
    exp: iat + TOKEN_LIVES,
    [`${CLAIM}/message_type`]: launch.message,
    [`${CLAIM}/version`]: '1.3.0',
    [`${CLAIM}/deployment_id`]: tool.deploymentId,
    [`${CLAIM}/roles`]: launchRolesOf(lms, facts),
    ...(course
      ? {
          [`${CLAIM}/context`]: {
            id: course.id,
            type: [`${LIS}/course#CourseOffering`],
            title: `${course.title} - ${organisation}`,
            label: course.id,
          },
        }
      : {}),
    ...sharedNames(lms, person),
    ...(launch.message === 'LtiDeepLinkingRequest' ? selectionClaims(facts) : linkClaims(lms, facts)),
  };
}
