import type { Browser, Page } from '../../scripts/driver/browser.js';
import { answer, begin, CLAIM } from './hand-made-launch.js';
import type { TestTool } from './tool.js';

export const ROLE = {
  administrator: 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator',
  faculty: 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty',
  instructor: 'http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor',
  learner: 'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner',
} as const;

/** A launch from a place of the LMS as a whole: no context, no link, no services. */
export async function launchAtSite(
  tool: TestTool,
  { browser, sub, roles }: { browser?: Browser; sub?: string; roles: readonly string[] },
): Promise<{ page: Page; browser: Browser }> {
  const begun = await begin(tool, browser);
  const gone = [`${CLAIM}/context`, `${CLAIM}/resource_link`];
  const kept = Object.entries(begun.claims).filter(
    ([name]) => !gone.includes(name) && !name.includes('/claim/endpoint'),
  );
  const claims = {
    ...Object.fromEntries(kept),
    ...(sub === undefined ? {} : { sub }),
    [`${CLAIM}/roles`]: roles,
    [`${CLAIM}/launch_presentation`]: { locale: 'en' },
  };
  const page = await answer(tool, begun.browser, { id_token: await tool.lms.signIdToken(claims), state: begun.state });
  return { page, browser: begun.browser };
}
