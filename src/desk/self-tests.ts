import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { CourseStore } from '../launch/course-store.js';
import type { Platform } from '../lti/index.js';
import { runSelfTest, type SelfTestDeps } from './self-test.js';
import { createSelfTestStore, type SelfTestReport } from './self-test-store.js';

export interface SelfTests {
  ready(): Promise<void>;
  get(platform: Platform): Promise<SelfTestReport>;
  /** Begins one, outside the request: an LMS that does not answer takes its time. */
  start(platform: Platform): Promise<void>;
}

export function createSelfTests(
  connection: Connection,
  deps: SelfTestDeps & { readonly courses: CourseStore; readonly logger: Logger },
): SelfTests {
  const store = createSelfTestStore(connection, deps.now);
  async function run(platform: Platform): Promise<void> {
    const [course] = await deps.courses.ofPlatform(platform.key, 1);
    await store.finish(platform.key, await runSelfTest(deps, platform, course));
  }
  return {
    ready: () => store.ready(),
    get: (platform) => store.get(platform.key),
    async start(platform) {
      if (!(await store.start(platform.key))) return;
      run(platform).catch((error: unknown) => deps.logger.error({ err: error }, 'a self-test broke off'));
    },
  };
}
