import type { Course } from '../launch/course.js';
import type { CourseStore } from '../launch/course-store.js';
import type { Platforms } from '../lti/index.js';
import type { Agreement } from './index.js';
import { mayAnswer, type GivenRole } from './rules.js';
import type { Version } from './version.js';

export interface Waiting {
  readonly version: Version;
  readonly course: Course;
}

export interface WaitingDeps {
  readonly agreement: Pick<Agreement, 'rolesOf' | 'open'>;
  readonly courses: Pick<CourseStore, 'byId'>;
  readonly platforms: Pick<Platforms, 'byKey'>;
  readonly agreeOwnMap: boolean;
}

/** Of this LMS, and through a deployment that is let in. */
export async function courseOf(
  { courses, platforms }: Pick<WaitingDeps, 'courses' | 'platforms'>,
  platform: string,
  id: string,
): Promise<Course | undefined> {
  const [course, known] = await Promise.all([courses.byId(id), platforms.byKey(platform)]);
  return course?.platform === platform && known?.deployments.includes(course.deployment) === true ? course : undefined;
}

/** Of these versions, those that wait for somebody with these roles. */
export async function waitingAmong(
  deps: Omit<WaitingDeps, 'agreement'>,
  open: readonly Version[],
  { sub, roles }: { readonly sub: string; readonly roles: readonly GivenRole[] },
): Promise<readonly Waiting[]> {
  const found = await Promise.all(
    open.map(async (version): Promise<Waiting[]> => {
      const course = await courseOf(deps, version.platform, version.courseId);
      if (!course) return [];
      const answer = mayAnswer({ version, course, sub, roles }, deps.agreeOwnMap);
      return 'role' in answer ? [{ version, course }] : [];
    }),
  );
  return found.flat();
}

/** What waits for this person's answer; nothing at all for somebody without an agreeing role. */
export async function waitingFor(
  deps: WaitingDeps,
  platform: string,
  sub: string,
): Promise<readonly Waiting[] | undefined> {
  const roles = await deps.agreement.rolesOf(platform, sub);
  return roles.length === 0 ? undefined : waitingAmong(deps, await deps.agreement.open(platform), { sub, roles });
}
