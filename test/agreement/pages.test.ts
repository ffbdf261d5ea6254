import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { queueView } from '../../src/agreement/approvals-page.js';
import { createAgreement, type Agreement } from '../../src/agreement/index.js';
import { qrOf } from '../../src/agreement/qr.js';
import { agreementNote, agreementRoutes } from '../../src/agreement/routes.js';
import { createMaps, type Maps } from '../../src/integration-map/index.js';
import type { Visit } from '../../src/launch/visit.js';
import { loadCatalogues, LANGUAGES, type Translate } from '../../src/web/i18n.js';
import { filledMap } from '../integration-map/example-map.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { CSRF, roomApp, testCourse } from '../support/room-app.js';

const SUBMITTED = new Date('2026-10-09T11:20:00Z');
const LATER = new Date('2026-10-13T11:20:00Z');
const TUTOR = { sub: 'tutor-1', name: 'Гүлмира Нұрғалиева' };

describe('the pages of the agreement', () => {
  let database: TestDatabase;
  let maps: Maps;
  let agreement: Agreement;
  let app: Express;
  let t: Translate;

  beforeAll(async () => {
    database = await testDatabase();
    maps = createMaps(database.connection);
    agreement = createAgreement(database.connection, { maps });
    await Promise.all([maps.ready(), agreement.ready()]);
    await maps.create(testCourse, filledMap(), { ...TUTOR, at: SUBMITTED });
    await agreement.submit(testCourse, { revision: 1, reason: 'Points and week 14', by: TUTOR, at: SUBMITTED });
    app = await roomApp(
      ({ views }) =>
        agreementRoutes({ views, agreement, maps, timeZone: 'Asia/Almaty', publicUrl: 'https://serik.example' }),
      { now: () => LATER },
    );
    t = (await loadCatalogues()).translator('en');
  }, 60_000);
  afterAll(() => database.close());

  const get = (path: string, role: string, language = 'en') =>
    request(app)
      .get(`/c/${testCourse.id}${path}`)
      .set('x-test-role', role)
      .set('x-test-sub', 'tutor-1')
      .set('x-test-language', language);

  test.each(LANGUAGES)('say in %s where it stands', async (language) => {
    const words = (await loadCatalogues()).translator(language);
    for (const path of ['/agreement', '/agreement/versions/1', '/agreement?from=none&to=draft&notice=submitted']) {
      const { text } = await get(path, 'tutor', language).expect(200);
      expect(text).toContain(words('agreement:version', { number: 1 }));
      expect(text).not.toContain('{{');
    }
    const { text } = await get('/agreement', 'tutor', language);
    expect(text).toContain(words('agreement:waits', { count: 4 }));
    expect(text).toContain(words('agreement:role.programme-leader'));
    expect(text).toContain('Points and week 14');
  });

  test('say that nobody has the role yet', async () => {
    expect((await get('/agreement', 'tutor')).text).toContain('Nobody has this role yet.');
  });

  test('a tutor may withdraw, those who read may not, students see nothing', async () => {
    expect((await get('/agreement', 'tutor')).text).toContain('/agreement/withdraw');
    for (const role of ['assistant', 'observer'])
      expect((await get('/agreement', role).expect(200)).text).not.toContain('/agreement/withdraw');
    for (const path of ['/agreement', '/agreement/versions/1']) await get(path, 'student').expect(403);
    await request(app)
      .post(`/c/${testCourse.id}/agreement/withdraw`)
      .type('form')
      .set('x-test-role', 'student')
      .send({ _csrf: CSRF, version: '1', revision: '1' })
      .expect(403);
  });

  test('remind on the course’s first page, and of every map in one list', async () => {
    const visit: Visit = {
      person: TUTOR,
      course: testCourse,
      role: 'tutor',
      language: 'en',
      t,
      csrf: CSRF,
      preview: false,
      session: '',
      now: LATER,
      may: () => true,
    };
    expect(await agreementNote({ agreement }, visit)).toMatchObject({
      text: 'Map, version 1. Programme leader of the School: Waits for 4 days.',
      path: '/agreement',
    });
    expect(await agreementNote({ agreement }, { ...visit, may: () => false })).toBeNull();
    const waiting = (await agreement.open(testCourse.platform)).map((version) => ({ version, course: testCourse }));
    const reader = { sub: 'leader', t, language: 'en', timeZone: 'Asia/Almaty', now: LATER } as const;
    expect(queueView(reader, waiting, null)).toMatchObject([
      {
        what: 'Version 1, New map',
        who: TUTOR.name,
        waits: 'Waits for 4 days',
        tone: 'warn',
        href: '/my/approvals/c0ffee/1',
      },
    ]);
  });
});

test('the code’s picture is a QR code: three corners, dark on white, with an empty margin', () => {
  const { box, path } = qrOf('https://serik.example/v/7Q4M9F3A');
  const side = Number(box.split(' ')[2]);
  const dark = new Set(
    [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].flatMap(([, x, y, length]) =>
      Array.from({ length: Number(length) }, (_, step) => `${Number(x) + step} ${y ?? ''}`),
    ),
  );
  const FINDER = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
  const seen = (left: number, top: number) =>
    FINDER.map((line, y) =>
      Array.from(line)
        .map((_, x) => (dark.has(`${left + x} ${top + y}`) ? '#' : '.'))
        .join(''),
    );
  for (const [left, top] of [
    [4, 4],
    [side - 11, 4],
    [4, side - 11],
  ] as const)
    expect(seen(left, top)).toEqual(FINDER);
  for (const module of dark)
    for (const at of module.split(' ').map(Number)) {
      expect(at).toBeGreaterThanOrEqual(4);
      expect(at).toBeLessThan(side - 4);
    }
});
