import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Connection } from 'mongoose';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { publicFolder } from '../../src/web/assets.js';
import { mapApp } from './map-app.js';

/** One course's map at an address that a browser can open, with the built scripts. */
export async function mapSite(connection: Connection, browser: Browser) {
  const room = await mapApp(connection);
  await room.start();
  const app = express();
  app.use('/assets', express.static(publicFolder));
  app.use((req, _res, next) => {
    // The room's app knows another port than the one that this site was given.
    delete req.headers.origin;
    next();
  });
  app.use(room.app);
  const server: Server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const contexts: BrowserContext[] = [];

  return {
    room,
    async open(sub: string, { width = 1280, language = 'en' } = {}): Promise<Page> {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        extraHTTPHeaders: { 'x-test-sub': sub, 'x-test-language': language },
      });
      contexts.push(context);
      context.setDefaultTimeout(25_000);
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
      const page = await context.newPage();
      await page.goto(`${origin}/c/${room.course.id}/map`);
      await page.waitForSelector('#map-form.is-live');
      return page;
    },
    async row(id: string) {
      return (await room.maps.find(room.course))?.rows.find((row) => row.id === id);
    },
    async close() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type MapSite = Awaited<ReturnType<typeof mapSite>>;

export const saved = (page: Page) => page.locator('#map-state [data-state="saved"]:not([hidden])').waitFor();

/** What the browser does for Ctrl+V when another program put this on the clipboard. */
export async function paste(page: Page, contents: { html?: string; text?: string }): Promise<void> {
  await page.evaluate(({ html, text }) => {
    const clipboardData = new DataTransfer();
    if (html !== undefined) clipboardData.setData('text/html', html);
    clipboardData.setData('text/plain', text ?? '');
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
    );
  }, contents);
}
