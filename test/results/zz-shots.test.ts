import { test } from '@jest/globals';
import express from 'express';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { publicFolder } from '../../src/web/assets.js';
import { testDatabase } from '../support/database.js';
import { resultsApp } from './results-app.js';
const NAMES = [
  'Айдана Серікқызы',
  'Ақбота Серікбайқызы',
  'Анастасия Цой',
  'Әлихан Төлегенұлы',
  'Бекзат Ермекұлы',
  'Данияр Ахметов',
  'Жанерке Мұхамедиярова',
  'Кирилл Воронцов',
  'Қарлығаш Сәрсенбайқызы',
  'Мөлдір Қайратқызы',
  'Нұрсұлтан Жақсылықов',
  'Ольга Ким',
];
test('shots', async () => {
  const db = await testDatabase();
  const room = await resultsApp(
    db.connection,
    Array.from({ length: 60 }, (_, n) => ({
      sub: `u${n}`,
      name: (NAMES[n % 12] ?? '') + (n >= 12 ? ' ' + n : ''),
      email: `u${n}@x.kz`,
    })),
  );
  const marks: [string, string, number][] = [];
  for (let n = 0; n < 40; n++) {
    await room.enter(`u${n}`, 50 + n);
    marks.push(['midterm-1', `u${n}`, 50 + n]);
  }
  for (let n = 0; n < 8; n++) {
    await room.enter(`u${n}`, 60.5 + n, 'midterm-2');
  }
  await room.send(marks, ({ sub }) =>
    sub === 'u3'
      ? { then: 'refused', reason: 'not-enrolled' }
      : sub === 'u4'
        ? { then: 'refused', reason: 'newer-in-lms', detail: { theirs: 21 } }
        : sub === 'u9'
          ? { then: 'retry', reason: 'unreachable', afterMs: 60000 }
          : { then: 'done' },
  );
  // pretend that the LMS confirmed
  for (let n = 0; n < 40; n++)
    if (![3, 4, 9].includes(n))
      await db.connection
        .collection('marks')
        .updateOne(
          { sub: `u${n}`, column: 'midterm-1', context: room.course.context },
          { $set: { inLms: { points: (50 + n) * 100, at: new Date(), stamp: 1 } } },
        );
  await room.enter('u1', 77);
  await room.enter('u60'.replace('60', '20'), 99, 'exam');
  const outer = express();
  outer.use((req, _r, next) => {
    req.headers['x-test-language'] = process.env['LANG2'] ?? 'en';
    delete req.headers['origin'];
    next();
  });
  outer.use('/assets', express.static(publicFolder));
  outer.use(room.app);
  const server = createServer(outer);
  await new Promise<void>((d) => server.listen(0, '127.0.0.1', d));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/c/${room.course.id}`;
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  try {
    for (const lang of ['en', 'kk', 'ru'])
      for (const width of [1180, 360]) {
        process.env['LANG2'] = lang;
        const page = await browser.newPage({ viewport: { width, height: 900 } });
        page.on('pageerror', (e) => console.log('PAGEERROR', e.message));
        page.setDefaultTimeout(5000);
        await page.goto(`${base}/results`);
        await page.waitForTimeout(300);
        console.log(lang, width, 'scrollWidth', await page.evaluate('document.documentElement.scrollWidth'));
        await page.screenshot({ path: `/tmp/shots/${lang}-${width}.png`, fullPage: true });
        if (lang === 'en' && width === 1180) {
          // typing
          await page.locator('[name="mark.0.midterm-1"]').fill('88,5');
          await page.keyboard.press('Enter');
          await page.keyboard.type('500');
          await page.keyboard.press('ArrowDown');
          await page.waitForTimeout(1200);
          await room.enter('u24', 33);
          await page.locator('[name="mark.2.midterm-1"]').fill('44');
          await page.keyboard.press('Enter');
          await page.waitForTimeout(1200);
          await page.screenshot({ path: `/tmp/shots/typed.png`, fullPage: false });
          await page.locator('#res-conflicts button').last().click();
          await page.waitForTimeout(900);
          await page.locator('[name="mark.1.midterm-1"]').fill('50');
          await page.waitForTimeout(900);
          await page.locator('#before button').click();
          await page.waitForTimeout(1500);
          console.log('live:', await page.locator('#live').textContent());
          await page.screenshot({ path: `/tmp/shots/sent.png`, fullPage: false });
        }
        await page.close();
      }
  } finally {
    await browser.close();
    server.close();
    await room.outbox.stop();
    await db.close();
  }
}, 120000);
