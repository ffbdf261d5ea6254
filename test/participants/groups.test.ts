import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, textOf } from '../../scripts/driver/browser.js';
import { launch } from '../../scripts/driver/launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

/** An LMS with the course groups service: groups come with the roster, and the list can be narrowed to one. */
describe('groups of the LMS', () => {
  let tool: TestTool;
  beforeAll(async () => {
    tool = await startTestTool('standard');
  }, 60_000);
  afterAll(() => tool.close());

  test('are offered as a filter, and each shows its own members', async () => {
    const tutor = tool.lms.people.find(({ kind }) => kind === 'tutor')?.id ?? '';
    const browser = createBrowser();
    const home = (await launch(tool.lms, tutor, '2', browser)).url.replace(/\/$/, '');
    const group = tool.lms.groups.find(({ courseId }) => courseId === '2');
    if (!group) throw new Error('The demo LMS has no group in course 2');
    const page = async (query = '') => browser.get(`${home}/students?lang=en${query}`);
    for (let tries = 0; tries < 100 && !(await page()).html.includes(group.name); tries += 1)
      await new Promise((go) => setTimeout(go, 100));
    const all = await page();
    expect(all.html).toContain(`<option value="${group.name}">`);
    const narrowed = textOf(await page(`&group=${encodeURIComponent(group.name)}`));
    const names = tool.lms.people.filter(({ kind, name }) => kind === 'student' && name !== '');
    // Whoever is not in the group is not in the list.
    const outside = names.find(({ id }) => !group.userIds.includes(id));
    const inside = names.find(({ id }) => group.userIds.includes(id));
    expect(narrowed).not.toContain(outside?.name);
    expect(narrowed).toContain(inside?.name);
  }, 60_000);
});
