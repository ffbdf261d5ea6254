import type { Page } from 'playwright-core';

export interface Typed {
  /** From the key to the frame that shows it. */
  readonly paintedMs: readonly number[];
  /** Of each save request: its line and headers and body. */
  readonly saveBytes: readonly number[];
}

/**
 * `keydown` carries the time at which the browser got the key. A message that is posted in the frame's callback comes
 * right after that frame was painted.
 */
const MEASURE = `(() => {
  window.benchPainted = [];
  let pressed = 0;
  addEventListener('keydown', (event) => { pressed = event.timeStamp; }, true);
  addEventListener('input', () => {
    const began = pressed;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.benchPainted.push(performance.now() - began);
      channel.port2.postMessage(null);
    });
  }, true);
})()`;

/** In the letters that a plain keyboard has: what a key does is the same for all. */
const WORDS = 'Revenue and prices of a hotel, read chapter two; ';
const ROWS = ['l1', 'l8', 'l15', 'b3', 'b20', 'b38'];
const FIELDS = ['topic', 'tasks', 'assessment', 'platform'];
/** A quick hand; then a breath, in which the text is saved and the answer comes. */
const BETWEEN_KEYS_MS = 45;
const BREATH_MS = 650;
const WORD = 12;

/** Types into cells all over the table, with the saves of real use going on. */
export async function typeInto(page: Page, keys: number): Promise<Typed> {
  const saves: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.method() !== 'PATCH') return;
    saves.push(request.sizes().then(({ requestBodySize, requestHeadersSize }) => requestBodySize + requestHeadersSize));
  });
  await page.evaluate(MEASURE);
  for (let pressed = 0, place = 0; pressed < keys; place++) {
    const field = FIELDS[place % FIELDS.length] ?? '';
    const cell = page.locator(`[name="rows.${ROWS[place % ROWS.length] ?? ''}.${field}"]`);
    await cell.focus();
    await page.keyboard.press('End');
    const from = (place * WORD) % WORDS.length;
    const text = WORDS.repeat(2).slice(from, from + Math.min(WORD, keys - pressed));
    for (const letter of text.split('')) await page.keyboard.press(letter, { delay: BETWEEN_KEYS_MS });
    pressed += text.length;
    await page.waitForTimeout(BREATH_MS);
  }
  await page.locator('#map-state [data-state="saved"]:not([hidden])').waitFor();
  const paintedMs = await page.evaluate<number[]>('window.benchPainted');
  return { paintedMs, saveBytes: await Promise.all(saves) };
}
