import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';

export interface Opened {
  readonly html: number;
  readonly css: number;
  readonly js: number;
  /** Whether the server itself compressed what it sent; else it is counted as gzip of level 6 would send it. */
  readonly compressedByServer: boolean;
}

const KINDS: ReadonlyMap<string, 'html' | 'css' | 'js'> = new Map([
  ['document', 'html'],
  ['stylesheet', 'css'],
  ['script', 'js'],
]);

const kindOf = (response: Response) => KINDS.get(response.request().resourceType());

async function sizeOf(response: Response): Promise<{ bytes: number; compressed: boolean }> {
  if (response.headers()['content-encoding'] === undefined)
    return { bytes: gzipSync(await response.body(), { level: 6 }).length, compressed: false };
  return { bytes: (await response.request().sizes()).responseBodySize, compressed: true };
}

/** Opens the page with an empty cache; gives the compressed bytes of its HTML, style sheets and scripts. */
export async function openMap(page: Page, url: string): Promise<Opened> {
  const answers: Response[] = [];
  page.on('response', (response) => {
    if (response.status() === 200 && kindOf(response)) answers.push(response);
  });
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForSelector('#map-form.is-live');
  const sum = { html: 0, css: 0, js: 0 };
  let compressedByServer = false;
  for (const answer of answers.splice(0)) {
    const { bytes, compressed } = await sizeOf(answer);
    const kind = kindOf(answer);
    if (kind) sum[kind] += bytes;
    compressedByServer ||= compressed;
  }
  page.removeAllListeners('response');
  return { ...sum, compressedByServer };
}
