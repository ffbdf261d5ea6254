import { expect, test } from '@jest/globals';
import { launch, startTestTool } from '../support/tool.js';
test.each(['standard', 'moodle'] as const)('launch %s', async (manner) => {
  const tool = await startTestTool(manner);
  try {
    const page = await launch(tool.lms, '11', '2');
    expect([page.status, page.url, page.html.slice(0, 300)]).toEqual([]);
  } finally { await tool.close(); }
});
