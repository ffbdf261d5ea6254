import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MANNERS, startBench, type Bench } from './bench.js';
import { initiationOf, visitAs } from './walk.js';

describe.each([...MANNERS, 'open-edx'] as const)('Platform storage in the %s manner', (manner) => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench(manner);
  });
  afterAll(() => bench.close());

  async function offered() {
    const { browser, page } = await visitAs(bench.lms, bench.tutor, `/course/${bench.course}/serik`);
    const beside = /<iframe\s+name="lti_storage"[^>]*src="([^"]+)"/.exec(page.html)?.[1];
    return {
      script: page.html.includes('src="/static/storage.js"'),
      beside,
      // The tool's own frame is the last one.
      target: (await initiationOf(browser, { ...page, html: page.html.slice(page.html.lastIndexOf('<iframe')) }))
        .fields['lti_storage_target'],
    };
  }

  test('is offered at first by the standard only', async () => {
    expect(await offered()).toEqual(
      manner === 'standard'
        ? { script: true, beside: undefined, target: '_parent' }
        : { script: false, beside: undefined, target: undefined },
    );
  });

  test('can be offered in the page or in a frame beside the tool, and taken away', async () => {
    bench.lms.offerStorage(true);
    expect((await offered()).target).toBe('_parent');
    bench.lms.offerStorage(true, 'lti_storage');
    const { beside, target } = await offered();
    expect([target, beside]).toEqual(['lti_storage', `/lti/storage/${bench.lms.tools()[0]?.id ?? ''}`]);
    const frame = await fetch(bench.lms.url + (beside ?? ''));
    expect(await frame.text()).toContain(`data-tool-origins="${bench.tool.url}"`);
    bench.lms.offerStorage(false);
    expect(await offered()).toEqual({ script: false, beside: undefined, target: undefined });
    expect((await fetch(bench.lms.url + (beside ?? ''))).status).toBe(404);
  });
});
