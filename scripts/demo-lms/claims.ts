import { courseById, launchRoles, personById, roleIn } from './enrolment.js';
import { customClaims } from './custom.js';
import type { LaunchFacts } from './launch-facts.js';
import { isMoodle, secondsOf, type Lms } from './lms.js';
import { CLAIM, SCOPE, type Course, type Person, type ResourceLink, type Tool } from './types.js';

const MOODLE_TOKEN_LIVES = 60;
const STANDARD_TOKEN_LIVES = 300;

/** What privacy lets out; a name or address that the LMS does not have is "" in Moodle and absent by the standard. */
export function identity(lms: Lms, tool: Tool, person: Person): Record<string, string> {
  const { name, givenName, familyName, email = '' } = person;
  const facts = {
    ...(tool.sendsNames ? { name, given_name: givenName, family_name: familyName } : {}),
    ...(tool.sendsEmail ? { email } : {}),
  };
  return isMoodle(lms) ? facts : Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''));
}

function contextClaim(lms: Lms, course: Course) {
  // Moodle writes the short name where the standard asks for a URI.
  const type = isMoodle(lms) ? 'CourseSection' : 'http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection';
  return { id: course.id, label: course.shortName, title: course.title, type: [type] };
}

const STANDARD_LOCALES = { kk: 'kk-KZ', ru: 'ru-RU', en: 'en-GB' };

function presentation(lms: Lms, { person, launch, returnUrl }: LaunchFacts) {
  const locale = isMoodle(lms) ? person.locale : STANDARD_LOCALES[person.locale];
  if (launch.message === 'LtiDeepLinkingRequest' && isMoodle(lms)) return { locale };
  return { locale, document_target: 'iframe', return_url: returnUrl };
}

const platformClaim = (lms: Lms) =>
  isMoodle(lms)
    ? {
        guid: '6a3f1d5c0b9e',
        name: 'Moodle',
        description: 'Demo university',
        product_family_code: 'moodle',
        version: '2023112400',
      }
    : { guid: lms.url, name: 'Demo LMS', product_family_code: 'demo-lms', version: '1.0', url: lms.url };

/**
 * `lineitem` of a link: its own item or the single one that the tool made for it; with several none. In Moodle a
 * tool-made one gives the empty string, because that link has no grade of its own.
 */
function lineItemClaim(lms: Lms, tool: Tool, link: ResourceLink | undefined): { lineitem?: string } {
  const items = lms.world.lineItems.filter(
    (item) => link && item.courseId === link.courseId && item.resourceLinkId === link.id && item.toolId === tool.id,
  );
  const [item] = items;
  if (!item || items.length > 1) return {};
  return { lineitem: isMoodle(lms) && !item.own ? '' : lms.at.lineItem(item.courseId, item.id, tool.id) };
}

function serviceClaims(lms: Lms, { tool, course, link, launch }: LaunchFacts): Record<string, unknown> {
  const gradeScopes = tool.scopes.filter((scope) => scope !== SCOPE.roster);
  const selecting = launch.message === 'LtiDeepLinkingRequest';
  return {
    ...(gradeScopes.length === 0
      ? {}
      : {
          'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
            scope: gradeScopes,
            lineitems: lms.at.lineItems(course.id, tool.id),
            ...(selecting ? {} : lineItemClaim(lms, tool, link)),
          },
        }),
    ...(tool.scopes.includes(SCOPE.roster)
      ? {
          'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
            context_memberships_url: lms.at.memberships(course.id, tool.id),
            service_versions: isMoodle(lms) ? ['1.0', '2.0'] : ['2.0'],
          },
        }
      : {}),
  };
}

function selectionClaims(lms: Lms, { tool, returnUrl }: LaunchFacts): Record<string, unknown> {
  return {
    'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
      accept_types: ['ltiResourceLink'],
      accept_presentation_document_targets: ['frame', 'iframe', 'window'],
      accept_copy_advice: false,
      accept_multiple: true,
      accept_unsigned: false,
      auto_create: false,
      can_confirm: false,
      deep_link_return_url: returnUrl,
      title: tool.name,
      text: tool.description,
      ...(isMoodle(lms) ? {} : { accept_lineitem: true, data: `selection-${tool.id}` }),
    },
  };
}

function forUser(lms: Lms, userId: string | undefined): Record<string, unknown> {
  const person = personById(lms.world, userId);
  if (!person) return {};
  return {
    [`${CLAIM}/for_user`]: { user_id: person.id, name: person.name, roles: launchRoles(lms.manner, person.kind) },
  };
}

function moodleClaims({ person, tool }: LaunchFacts, legacyGuid: string): Record<string, unknown> {
  return {
    [`${CLAIM}/lis`]: { person_sourcedid: '', course_section_sourcedid: '' },
    [`${CLAIM}/ext`]: { user_username: person.username, lms: 'moodle-2' },
    [`${CLAIM}/lti1p1`]: { user_id: person.id, oauth_consumer_key: tool.clientId, guid: legacyGuid },
  };
}

const targetOf = ({ tool, link, launch }: LaunchFacts) =>
  launch.message === 'LtiDeepLinkingRequest'
    ? (tool.deepLinkingUri ?? tool.targetLinkUri)
    : (link?.url ?? tool.targetLinkUri);

/** The id_token's claims of one launch, without the nonce (LTI 1.3 core, section 5.3 and 5.4). */
export function claimsOf(lms: Lms, facts: LaunchFacts): Record<string, unknown> {
  const { tool, course, person, link, launch } = facts;
  const iat = secondsOf(lms.now());
  const kind = roleIn(lms.world, course.id, person) ?? person.kind;
  const selecting = launch.message === 'LtiDeepLinkingRequest';
  return {
    iss: lms.url,
    aud: tool.clientId,
    sub: person.id,
    iat,
    exp: iat + (isMoodle(lms) ? MOODLE_TOKEN_LIVES : STANDARD_TOKEN_LIVES),
    [`${CLAIM}/message_type`]: launch.message,
    [`${CLAIM}/version`]: '1.3.0',
    [`${CLAIM}/deployment_id`]: tool.deploymentId,
    [`${CLAIM}/target_link_uri`]: targetOf(facts),
    [`${CLAIM}/roles`]: launchRoles(lms.manner, kind),
    [`${CLAIM}/context`]: contextClaim(lms, course),
    ...(link && !selecting
      ? { [`${CLAIM}/resource_link`]: { id: link.id, title: link.title, description: link.description } }
      : {}),
    [`${CLAIM}/launch_presentation`]: presentation(lms, facts),
    [`${CLAIM}/tool_platform`]: platformClaim(lms),
    ...customClaims(lms, facts),
    ...identity(lms, tool, person),
    ...serviceClaims(lms, facts),
    ...(selecting ? selectionClaims(lms, facts) : {}),
    ...forUser(lms, launch.forUserId),
    ...(isMoodle(lms) ? moodleClaims(facts, '6a3f1d5c0b9e') : {}),
  };
}

/** As the course page would launch it now. */
export function launchClaims(lms: Lms, courseId: string, personId: string, tool: Tool): Record<string, unknown> {
  const course = courseById(lms.world, courseId);
  const person = personById(lms.world, personId);
  if (!course || !person) throw new Error(`No course ${courseId} or person ${personId}`);
  const link = lms.world.links.find((one) => one.courseId === courseId);
  const launch = { message: 'LtiResourceLinkRequest' } as const;
  return claimsOf(lms, { tool, course, person, link, launch, returnUrl: `${lms.url}/course/${courseId}/return` });
}
