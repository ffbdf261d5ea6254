import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { startBench, type Bench } from './bench.js';
import { addedByHand } from './fake-tool.js';

const SLOW = 90_000;

/** A second origin of the same tool, and one of nobody's; both are answered by the test itself. */
const SECOND = 'https://second.test';
const STRANGER = 'https://stranger.test';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser({ log: () => undefined });
}, SLOW);
afterAll(() => browser.close());

describe('Platform storage in Chromium', () => {
  let bench: Bench;
  let page: Page;
  let activity: string;

  beforeAll(async () => {
    bench = await startBench('standard');
    addedByHand(bench.lms, bench.tool, { redirectUris: [`${bench.tool.url}/lti/launch`, `${SECOND}/launch`] });
    const link = bench.lms.addActivity(bench.course, bench.lms.tools()[1]?.id ?? '');
    activity = `/course/${bench.course}/serik?cm=${Number(link.id) + 2}`;
    page = await (await browser.newContext()).newPage();
    for (const origin of [bench.tool.url, SECOND, STRANGER])
      await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Tool</h1>' }));
    await page.goto(`${bench.lms.url}/switch?to=${bench.tutor}&return=/`);
  }, SLOW);
  afterAll(async () => {
    await page.context().close();
    await bench.close();
  });

  /** The tool's frame, once it is at this address. */
  async function toolAt(url: string): Promise<Frame> {
    const frame = await (await page.waitForSelector('#contentframe')).contentFrame();
    if (!frame) throw new Error('No frame');
    if (!frame.url().startsWith(url)) {
      if (frame.url().startsWith(bench.lms.url))
        await frame.waitForURL((address) => !address.href.startsWith(bench.lms.url));
      await frame.goto(url);
    }
    return frame;
  }

  async function openTool(url = `${bench.tool.url}/lti/login`): Promise<Frame> {
    await page.goto(bench.lms.url + activity);
    return toolAt(url);
  }

  /** What the tool hears after it said this; `undefined` when it hears nothing for a while. */
  const say = (frame: Frame, message: Record<string, unknown>, to = bench.lms.url, target = 'parent') =>
    frame.evaluate<Record<string, unknown> | undefined>(`new Promise((resolve) => {
      addEventListener('message', ({ data, origin }) => resolve({ ...data, from: origin }), { once: true });
      setTimeout(resolve, 700);
      ${target}.postMessage(${JSON.stringify({ message_id: 'm-1', ...message })}, ${JSON.stringify(to)});
    })`);

  const put = (frame: Frame, key: unknown, value: unknown) => say(frame, { subject: 'lti.put_data', key, value });
  const get = (frame: Frame, key: string) => say(frame, { subject: 'lti.get_data', key });

  test(
    'capabilities are told to the tool, to * as well, with the subject of an answer and the message’s id',
    async () => {
      const frame = await openTool();
      for (const to of [bench.lms.url, '*'])
        expect(await say(frame, { subject: 'lti.capabilities', message_id: 'abc' }, to)).toEqual({
          from: bench.lms.url,
          subject: 'lti.capabilities.response',
          message_id: 'abc',
          supported_messages: [
            { subject: 'lti.capabilities' },
            { subject: 'lti.put_data' },
            { subject: 'lti.get_data' },
            { subject: 'lti.frameResize' },
          ],
        });
    },
    SLOW,
  );

  test(
    'what is put at the login is got at the launch, and an empty value takes it away',
    async () => {
      const login = await openTool();
      expect(await put(login, 'state', 'x1')).toMatchObject({
        subject: 'lti.put_data.response',
        message_id: 'm-1',
        key: 'state',
        value: 'x1',
      });
      const launch = await toolAt(`${bench.tool.url}/lti/launch`);
      expect(await get(launch, 'state')).toMatchObject({ subject: 'lti.get_data.response', key: 'state', value: 'x1' });
      await put(launch, 'state', null);
      expect(await get(launch, 'state')).toMatchObject({ key: 'state', value: null });
    },
    SLOW,
  );

  test(
    'each origin of the tool has data of its own, and a stranger none',
    async () => {
      await put(await openTool(), 'state', 'first');
      const second = await toolAt(`${SECOND}/launch`);
      expect(await get(second, 'state')).toMatchObject({ value: null });
      await put(second, 'state', 'second');
      const stranger = await toolAt(`${STRANGER}/`);
      for (const subject of ['lti.get_data', 'lti.put_data', 'lti.capabilities'])
        expect(await say(stranger, { subject, key: 'state', value: 'stolen' })).toMatchObject({
          subject: `${subject}.response`,
          error: { code: 'wrong_origin' },
        });
      expect(await get(await toolAt(`${bench.tool.url}/lti/launch`), 'state')).toMatchObject({ value: 'first' });
    },
    SLOW,
  );

  test(
    'what is addressed to another origin than that of the authorisation endpoint is not heard',
    async () => {
      const frame = await openTool();
      expect(
        await say(frame, { subject: 'lti.put_data', key: 'k', value: 'v' }, 'https://elsewhere.test'),
      ).toBeUndefined();
      expect(await get(frame, 'k')).toMatchObject({ value: null });
    },
    SLOW,
  );

  test(
    'faults have codes, and what is not LTI’s is not answered',
    async () => {
      const frame = await openTool();
      const codeOf = async (message: Record<string, unknown>) =>
        ((await say(frame, message)) as { error?: { code: string } } | undefined)?.error?.code;
      expect([
        await codeOf({ subject: 'lti.put_data', value: 'v' }),
        await codeOf({ subject: 'lti.put_data', key: 'k', value: 5 }),
        await codeOf({ subject: 'lti.get_data', key: 'k', message_id: null }),
        await codeOf({ subject: 'lti.put_data', key: 'k', value: 'x'.repeat(5000) }),
        await codeOf({ subject: 'lti.close' }),
      ]).toEqual(['bad_request', 'bad_request', 'bad_request', 'storage_exhaustion', 'unsupported_subject']);
      expect(await say(frame, { subject: 'something' })).toBeUndefined();
    },
    SLOW,
  );

  test(
    'the frame beside the tool keeps the data where it is named, and the page around says so',
    async () => {
      bench.lms.offerStorage(true, 'lti_storage');
      const frame = await openTool();
      const capabilities = (await say(frame, { subject: 'lti.capabilities' })) as { supported_messages: unknown[] };
      expect(capabilities.supported_messages).toContainEqual({ subject: 'lti.put_data', frame: 'lti_storage' });
      expect(await put(frame, 'k', 'v')).toMatchObject({ error: { code: 'unsupported_subject' } });
      const beside = `parent.frames['lti_storage']`;
      const value = { key: 'k', value: 'v' };
      expect(await say(frame, { subject: 'lti.put_data', ...value }, bench.lms.url, beside)).toMatchObject(value);
      expect(await say(frame, { subject: 'lti.get_data', key: 'k' }, bench.lms.url, beside)).toMatchObject(value);
      bench.lms.offerStorage(false);
      expect(await say(await openTool(), { subject: 'lti.capabilities' })).toBeUndefined();
      bench.lms.offerStorage(true);
    },
    SLOW,
  );
});
