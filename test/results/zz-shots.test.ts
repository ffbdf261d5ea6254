import { AxeBuilder } from '@axe-core/playwright';
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
    for (const lang of ['kk'])
      for (const width of [360]) {
        process.env['LANG2'] = lang;
        const page = await (await browser.newContext({ viewport: { width, height: 900 } })).newPage();
        page.on('pageerror', (e) => console.log('PAGEERROR', e.message));
        page.setDefaultTimeout(5000);
        await page.goto(`${base}/results`);
        await page.waitForTimeout(300);
        console.log(lang, width, 'scrollWidth', await page.evaluate('document.documentElement.scrollWidth'));
        await page.screenshot({ path: `/tmp/shots/${lang}-${width}.png`, fullPage: true });
        if (width === 360) {
          const h = (await page.evaluate('document.documentElement.scrollHeight')) as number;
          await page.screenshot({
            path: `/tmp/shots/${lang}-top.png`,
            fullPage: true,
            clip: { x: 0, y: 0, width: 360, height: 900 },
          });
          await page.screenshot({
            path: `/tmp/shots/${lang}-end.png`,
            fullPage: true,
            clip: { x: 0, y: h - 1700, width: 360, height: 1000 },
          });
        }
        const axe = await new AxeBuilder({ page } as never).analyze();
        console.log(
          'axe',
          JSON.stringify(axe.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200)).slice(0, 2)])),
        );
        await page.close();
      }
  } finally {
    await browser.close();
    server.close();
    await room.outbox.stop();
    await db.close();
  }
}, 120000);
