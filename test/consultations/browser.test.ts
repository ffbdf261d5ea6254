import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import express from 'express';
import type { Connection } from 'mongoose';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/chromium.js';
import { publicFolder } from '../../src/web/assets.js';
import { testDatabase } from '../support/database.js';
import { addSlot, consultationApp, people } from './consultation-app.js';

describe('the consultations in a browser', () => {
  let database: { connection: Connection; close(): Promise<void> };
  let browser: Browser;
  let server: Server;
  let room: Awaited<ReturnType<typeof consultationApp>>;
  let address: string;

  beforeAll(async () => {
    database = await testDatabase();
    browser = await launchBrowser({ log: console.log });
  });
  afterAll(async () => {
    await browser.close();
    await database.close();
  });
  beforeEach(async () => {
    room = await consultationApp(database.connection, people(60));
    const outer = express();
    outer.use('/assets', express.static(publicFolder));
    outer.use((req, _res, next) => {
      // The room's app knows another port than the one that this test was given.
      delete req.headers.origin;
      next();
    });
    outer.use(room.app);
    server = outer.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/c/${room.course.id}/consultations`;
  });
  afterEach(async () => {
    // The first context is the browser's own: it ends with it.
    await Promise.all(
      browser
        .contexts()
        .slice(1)
        .map((context) => context.close()),
    );
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function open(role: string, sub: string, width: number, language: string): Promise<Page> {
    const extraHTTPHeaders = { 'x-test-role': role, 'x-test-sub': sub, 'x-test-language': language };
    const context = await browser.newContext({ viewport: { width, height: 900 }, extraHTTPHeaders });
    const page = await context.newPage();
    await page.goto(address);
    return page;
  }

  /** Seven slots of eight seats, 48 of them taken, as in a course before midterm 1. */
  async function busyCourse(): Promise<string[]> {
    const starts = ['13T09:00', '13T09:40', '14T13:00', '14T13:40', '15T07:00', '15T07:40', '16T05:00'];
    const ids: string[] = [];
    for (const [index, start] of starts.entries()) {
      const place = index === 6 ? ({ kind: 'room', detail: '304' } as const) : {};
      const { id } = await addSlot(room.consultations, room.course, { start: `2026-10-${start}:00Z`, ...place });
      ids.push(id);
      const seats = index < 5 ? 8 : index === 5 ? 5 : 3;
      const subs = people(60).slice(index * 8, index * 8 + seats);
      for (const { sub, name = '' } of subs)
        await room.consultations.book(room.course, { slot: id, sub, name }, room.clock.now);
    }
    await addSlot(room.consultations, room.course, { start: '2026-10-16T06:00:00Z', state: 'draft', kind: 'zoom' });
    return ids;
  }

  async function expectFit(page: Page, name: string): Promise<void> {
    // A page that a button sent for may still be without its style.
    await page.waitForLoadState();
    const [width, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect([name, width]).toEqual([name, inner]);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect([name, violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)]).toEqual([
      name,
      [],
    ]);
  }

  test.each([
    [1280, 'en'],
    [320, 'kk'],
  ])(
    'at %i px in %s nothing scrolls sideways and axe finds nothing',
    async (width, language) => {
      const at = (name: string) => `${name}-${width}-${language}`;
      const tutor = await open('tutor', 'tutor-1', width, language);
      await tutor.goto(`${address}?add=1`);
      await expectFit(tutor, at('tutor-add'));
      const none = await open('student', 's60', width, language);
      await expectFit(none, at('student-none'));
      const [, , , , , five = ''] = await busyCourse();
      await tutor.goto(address);
      await expectFit(tutor, at('tutor-busy'));
      await tutor.goto(`${address}?cancel=${five}`);
      await expectFit(tutor, at('tutor-cancel'));
      await tutor.goto(`${address}?edit=${five}`);
      await tutor.getByRole('radio').nth(3).check();
      await tutor.locator('#edit .btn-primary').click();
      await expectFit(tutor, at('tutor-wrong'));
      const booked = await open('student', 's41', width, language);
      await expectFit(booked, at('student-booked'));
      await booked.goto(`${address}?cancel=${five}`);
      await expectFit(booked, at('student-cancel'));
      await none.goto(address);
      await expectFit(none, at('student-free'));
      await room.consultations.cancelSlot(room.course, five, 'tutor-1', room.clock.now);
      await booked.goto(address);
      await expectFit(booked, at('student-cancelled'));
    },
    120_000,
  );

  test('a tutor adds and publishes slots, a student books, moves and gives the seat back, all by the keyboard', async () => {
    const tutor = await open('tutor', 'tutor-1', 1280, 'en');
    const press = async (page: Page, role: 'link' | 'button', name: string | RegExp) => {
      await page.getByRole(role, { name }).first().focus();
      await page.keyboard.press('Enter');
      await page.waitForLoadState();
    };
    await press(tutor, 'link', /Add slots/);
    await tutor.getByLabel('Date').fill('2026-10-15');
    await tutor.getByLabel('Start').fill('12:00');
    await tutor.getByLabel('How many in a row').fill('2');
    await tutor.getByLabel('Link to the meeting').fill('https://teams.microsoft.com/l/x');
    await tutor.keyboard.press('Enter');
    await tutor.getByText('2 slots added as drafts.').waitFor();
    await press(tutor, 'button', 'Publish 2 slots');
    await tutor.getByText('2 slots published.').waitFor();

    const student = await open('student', 's1', 1280, 'en');
    await press(student, 'button', /^Book.*12:00/);
    await student.getByText('Midterm 1: Thu 15 Oct, 12:00.').waitFor();
    await press(student, 'button', /^Move here.*12:40/);
    await student.getByText('Midterm 1: Thu 15 Oct, 12:40.').waitFor();
    await press(student, 'link', /^Cancel/);
    await press(student, 'button', 'Cancel my booking');
    await student.getByText('Your booking is cancelled.').waitFor();
    const { slots } = await room.consultations.board(room.course, room.clock.now);
    expect(slots.map(({ free }) => free)).toEqual([8, 8]);
  }, 60_000);
});
