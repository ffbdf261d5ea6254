import type { PendingLaunch } from './lms.js';
import type { Course, Person, ResourceLink, Tool } from './types.js';

/** All that an id_token is made of. */
export interface LaunchFacts {
  readonly tool: Tool;
  readonly course: Course;
  readonly person: Person;
  readonly link?: ResourceLink | undefined;
  readonly launch: Pick<PendingLaunch, 'message' | 'forUserId'>;
  /** Where the tool returns to: the course, or the place that takes its selection. */
  readonly returnUrl: string;
}
