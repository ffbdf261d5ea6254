import { courseById, personById } from './enrolment.js';
import { linkById, type Lms, type PendingLaunch } from './lms.js';
import type { Course, Person, ResourceLink, Tool } from './types.js';

/** All that an id_token is made of. */
export interface LaunchFacts {
  readonly tool: Tool;
  /** Absent where the launch belongs to no course. */
  readonly course: Course | undefined;
  readonly person: Person;
  readonly link?: ResourceLink | undefined;
  readonly launch: Pick<PendingLaunch, 'message' | 'forUserId' | 'role' | 'item'>;
  /** Where the tool returns to: the course, or the place that takes its selection. */
  readonly returnUrl: string;
}

const HOUR = 3600;

/** Open edX knows the component by the address and the author by the session; Moodle hands out a key for the form. */
function selectionUrl(lms: Lms, { courseId = '', visitorId, linkId }: PendingLaunch, tool: Tool): string {
  const component = linkById(lms, linkId)?.component;
  if (component) return `${lms.at.lineItems(component.pk, tool.id).replace(/lti-ags$/, 'lti-dl')}/response`;
  const url = new URL('/mod/lti/contentitem_return.php', lms.url);
  const sesskey = lms.selections.issue({ toolId: tool.id, courseId, personId: visitorId }, HOUR);
  url.search = new URLSearchParams({ course: courseId, id: tool.id, sesskey }).toString();
  return url.href;
}

export const returnUrlOf = (lms: Lms, course: Course | undefined): string =>
  course ? `${lms.url}/course/${course.id}/return` : `${lms.url}/return`;

/** What the authorisation endpoint makes of a launch under way. */
export function factsOf(lms: Lms, launch: PendingLaunch, tool: Tool): LaunchFacts {
  const course = courseById(lms.world, launch.courseId);
  const person = personById(lms.world, launch.personId);
  if (!person) throw new Error('The launch names nobody');
  const selecting = launch.message === 'LtiDeepLinkingRequest';
  const returnUrl = selecting ? selectionUrl(lms, launch, tool) : returnUrlOf(lms, course);
  return { tool, course, person, link: linkById(lms, launch.linkId), launch, returnUrl };
}
