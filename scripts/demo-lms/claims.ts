import { courseById, launchRoles, personById, roleIn, siteRoles, TEST_STUDENT_ROLES } from './enrolment.js';
import { customClaims } from './custom.js';
import { returnUrlOf, type LaunchFacts } from './launch-facts.js';
import { deploymentOf, isMoodle, isOpenEdx, linkOf, secondsOf, type Lms } from './lms.js';
import { openEdxClaims } from './open-edx/claims.js';
import { isFrontPage, NO_COURSE, siteLink, type SitePlace } from './site.js';
import { isTestStudent } from './test-student.js';
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
  const moodleType = isFrontPage(lms.manner, course.id) ? 'Group' : 'CourseSection';
  const type = isMoodle(lms) ? moodleType : 'http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection';
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

/** Course Groups Service 1.0, of the standard manner only. */
const groupsClaim = (lms: Lms, course: Course) => ({
  'https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice': {
    scope: [SCOPE.groups],
    context_groups_url: lms.at.groups(course.id),
    context_group_sets_url: lms.at.groupSets(course.id),
    service_versions: ['1.0'],
  },
});

/** Every service is one of a course: without one there is none. */
function serviceClaims(lms: Lms, { tool, course, link, launch }: LaunchFacts): Record<string, unknown> {
  if (!course) return {};
  const gradeScopes = tool.scopes.filter((scope) => scope !== SCOPE.roster && scope !== SCOPE.groups);
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
    ...(tool.scopes.includes(SCOPE.groups) ? groupsClaim(lms, course) : {}),
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

function rolesOf(lms: Lms, { course, person, launch }: LaunchFacts): readonly string[] {
  if (isTestStudent(person)) return TEST_STUDENT_ROLES;
  if (!course) return siteRoles(person.kind);
  return launchRoles(lms.manner, launch.role ?? roleIn(lms.world, course.id, person) ?? person.kind);
}

/** The id_token's claims of one launch, without the nonce (LTI 1.3 core, section 5.3 and 5.4). */
export function claimsOf(lms: Lms, facts: LaunchFacts): Record<string, unknown> {
  if (isOpenEdx(lms)) return openEdxClaims(lms, facts);
  const { tool, course, person, link, launch } = facts;
  const iat = secondsOf(lms.now());
  const selecting = launch.message === 'LtiDeepLinkingRequest';
  return {
    iss: lms.url,
    aud: tool.clientId,
    sub: person.id,
    iat,
    exp: iat + (isMoodle(lms) ? MOODLE_TOKEN_LIVES : STANDARD_TOKEN_LIVES),
    [`${CLAIM}/message_type`]: launch.message,
    [`${CLAIM}/version`]: '1.3.0',
    [`${CLAIM}/deployment_id`]: deploymentOf(lms, tool, course),
    [`${CLAIM}/target_link_uri`]: targetOf(facts),
    [`${CLAIM}/roles`]: rolesOf(lms, facts),
    ...(course ? { [`${CLAIM}/context`]: contextClaim(lms, course) } : {}),
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
  const link = linkOf(lms, courseId, tool) ?? lms.world.links.find((one) => one.courseId === courseId);
  const launch = { message: 'LtiResourceLinkRequest' } as const;
  return claimsOf(lms, { tool, course, person, link, launch, returnUrl: returnUrlOf(lms, course) });
}

/** As site administration or the dashboard would launch it now. */
export function siteLaunchClaims(lms: Lms, place: SitePlace, personId: string, tool: Tool): Record<string, unknown> {
  const person = personById(lms.world, personId);
  const link = siteLink(lms.manner, place);
  if (!person || !link) throw new Error(`No person ${personId}, or this LMS has no launch outside a course`);
  const course = link.courseId === NO_COURSE ? undefined : courseById(lms.world, link.courseId);
  const launch = { message: 'LtiResourceLinkRequest' } as const;
  return claimsOf(lms, { tool, course, person, link, launch, returnUrl: returnUrlOf(lms, course) });
}
