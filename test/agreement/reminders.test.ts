import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createAgreement, type Agreement } from '../../src/agreement/index.js';
import { createReminders, REMINDER } from '../../src/agreement/reminder-jobs.js';
import { createMaps, type Maps } from '../../src/integration-map/index.js';
import type { Course } from '../../src/launch/course.js';
import type { Platform } from '../../src/lti/index.js';
import { createMail, type Mail } from '../../src/mail/index.js';
import { createOutbox, type Outbox } from '../../src/outbox/index.js';
import { loadCatalogues, type Catalogues, type Language } from '../../src/web/i18n.js';
import { filledMap } from '../integration-map/example-map.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { openMailbox, readLetter, type Mailbox } from '../support/mailbox.js';
import { testCourse } from '../support/room-app.js';

const TUTOR = { sub: 'tutor', name: 'Гүлмира Нұрғалиева' };
const LEADER = { sub: 'leader', name: 'Нұрлан Әбішев', email: 'leader@university.example' };
const DIRECTOR = { sub: 'director', name: 'Елена Сон', email: 'director@university.example' };
/** Ten in the morning in Almaty. */
const at = (day: string, hour = 10) => new Date(`${day}T${String(hour - 5).padStart(2, '0')}:00:00Z`);
const FRIDAY = '2026-10-09';
const MONDAY = '2026-10-12';

describe('those who owe an answer get one letter a working day', () => {
  let database: TestDatabase;
  let catalogues: Catalogues;
  let maps: Maps;
  let agreement: Agreement;
  let outbox: Outbox;
  let mailbox: Mailbox;
  let mail: Mail;
  let now: Date;
  let courses: Map<string, Course>;
  let languages: Map<string, Language>;
  let platform: string;
  let active: boolean;
  let tests = 0;

  beforeAll(async () => {
    database = await testDatabase();
    catalogues = await loadCatalogues();
    maps = createMaps(database.connection);
    agreement = createAgreement(database.connection, { maps });
    outbox = createOutbox(database.connection, { logger: pino({ level: 'silent' }), now: () => now });
    await Promise.all([maps.ready(), agreement.ready(), outbox.ready()]);
  }, 60_000);
  afterAll(() => database.close());

  beforeEach(async () => {
    platform = `https://lms-${++tests}.example client`;
    active = true;
    now = at(FRIDAY);
    courses = new Map();
    languages = new Map();
    mailbox = await openMailbox();
    mail = createMail({ url: mailbox.url, from: 'serik@university.example' });
    for (const person of [LEADER, DIRECTOR]) await agreement.remember(platform, person, now);
    await agreement.give(platform, LEADER.sub, { role: 'programme-leader', scope: '' }, 'admin', now);
    await agreement.give(platform, DIRECTOR.sub, { role: 'director', scope: '' }, 'admin', now);
  });
  afterEach(async () => {
    await outbox.stop();
    mail.close();
    await mailbox.close();
  });

  const known = (): Platform =>
    ({
      key: platform,
      active,
      deployments: [testCourse.deployment],
      lmsName: 'Moodle',
      issuer: 'https://lms.example',
    }) as unknown as Platform;
  const reminders = (using: Mail | undefined = mail) =>
    createReminders({
      agreement,
      courses: { byId: (id) => Promise.resolve(courses.get(id)) },
      platforms: { byKey: () => Promise.resolve(known()), list: () => Promise.resolve([known()]) },
      agreeOwnMap: false,
      preferences: { languageOf: (_, sub) => Promise.resolve(languages.get(sub)) },
      catalogues,
      defaultLanguage: 'en',
      outbox,
      mail: using,
      afterDays: 2,
      timeZone: 'Asia/Almaty',
      now: () => now,
    });

  async function submitted(title: string): Promise<Course> {
    const id = `${title}-${tests}`;
    const course = { ...testCourse, platform, id, context: id, title, label: '' };
    courses.set(id, course);
    await maps.create(
      course,
      { ...filledMap(), head: { ...filledMap().head, discipline: title } },
      { ...TUTOR, at: now },
    );
    const revision = (await maps.find(course))?.revision ?? 0;
    expect(await agreement.submit(course, { revision, reason: 'First', by: TUTOR, at: now })).toMatchObject({
      outcome: 'submitted',
    });
    return course;
  }
  /** Asks at this moment, and waits until everything that was asked for is settled. */
  async function remindAt(moment: Date, using?: Mail): Promise<void> {
    now = moment;
    const jobs = using === undefined ? reminders() : reminders(using);
    outbox.start(jobs.handlers, {});
    await jobs.remind();
    for (let tries = 0; tries < 200; tries++) {
      const states = (await Promise.all([...courses.values()].map((course) => outbox.states(course, REMINDER)))).flat();
      if (
        states.every(
          ({ state, attempts }) => state === 'done' || state === 'refused' || (state === 'waiting' && attempts > 0),
        )
      )
        break;
      await sleep(20);
    }
    await outbox.stop();
  }
  const letters = () => mailbox.letters.map((letter) => ({ to: letter.to, ...readLetter(letter) }));

  test('all that waits for one person is in one letter, the longest first; nobody else gets one', async () => {
    await submitted('Hotel management');
    now = at(FRIDAY, 12);
    await submitted('Қонақүй құқығы');
    await remindAt(at(MONDAY));
    const [letter, ...more] = letters();
    expect(more).toEqual([]);
    expect(letter?.to).toEqual([LEADER.email]);
    expect(letter?.subject).toBe('2 integration maps wait for your answer');
    expect(letter?.text).toContain('Good day, Нұрлан Әбішев!');
    expect(letter?.text).toMatch(/Hotel management[\s\S]*Waits for 3 days[\s\S]*Қонақүй құқығы/);
    expect(letter?.text).toContain('Version 1, submitted by Гүлмира Нұрғалиева on 9 October 2026');
    expect(letter?.text).toContain('Open Serik from Moodle to answer: https://lms.example');
  });

  test.each([
    ['kk', '1 интеграция картасы жауабыңызды күтіп тұр', 'Сәлеметсіз бе, Нұрлан Әбішев!'],
    ['ru', '1 карта интеграции ждёт вашего ответа', 'Здравствуйте, Нұрлан Әбішев!'],
  ] as const)('in the language of whoever reads it: %s', async (language, subject, hello) => {
    languages.set(LEADER.sub, language);
    await submitted('Hotel management');
    await remindAt(at(MONDAY));
    expect(letters().map((letter) => [letter.subject, letter.text.includes(hello)])).toEqual([[subject, true]]);
  });

  test('once a day, however often and from however many processes it is asked; again the next day', async () => {
    await submitted('Hotel management');
    await remindAt(at(MONDAY));
    await remindAt(at(MONDAY, 11));
    await Promise.all([reminders().remind(), reminders().remind()]);
    await remindAt(at(MONDAY, 17));
    expect(letters()).toHaveLength(1);
    await remindAt(at('2026-10-13'));
    expect(letters()).toHaveLength(2);
    expect(new Set(letters().map(({ id }) => id)).size).toBe(2);
  });

  test('the agreement’s page knows when', async () => {
    const course = await submitted('Hotel management');
    await remindAt(at(MONDAY));
    expect(await agreement.whoMay(course, 'programme-leader')).toEqual([
      { sub: LEADER.sub, name: LEADER.name, remindedAt: at(MONDAY) },
    ]);
  });

  test.each([
    ['before its time', at('2026-10-10', 12), FRIDAY],
    ['on a Saturday', at('2026-10-17'), FRIDAY],
    ['on a Sunday', at('2026-10-18'), FRIDAY],
    ['at eight', at(MONDAY, 8), FRIDAY],
    ['at six in the evening', at(MONDAY, 18), FRIDAY],
  ])('not %s', async (_when, moment, from) => {
    now = at(from);
    await submitted('Hotel management');
    await remindAt(moment);
    expect(letters()).toEqual([]);
  });

  test('not for what was answered meanwhile, and then the next one in the row is asked', async () => {
    const course = await submitted('Hotel management');
    const [version] = await agreement.versions(course);
    if (!version) throw new Error('No version');
    now = at(MONDAY);
    await reminders().remind();
    await agreement.answer(version, {
      act: 'agree',
      role: 'programme-leader',
      by: LEADER,
      at: now,
      comment: '',
      comments: [],
    });
    await remindAt(at(MONDAY, 11));
    expect(letters()).toEqual([]);
    await remindAt(at('2026-10-14', 12));
    expect(letters().map(({ to }) => to)).toEqual([[DIRECTOR.email]]);
  });

  test('not to somebody whose role was taken, of an LMS that is switched off, or without an address', async () => {
    await submitted('Hotel management');
    active = false;
    await remindAt(at(MONDAY));
    active = true;
    await agreement.remember(platform, { sub: LEADER.sub, name: LEADER.name }, at(MONDAY));
    await remindAt(at(MONDAY, 11));
    await agreement.remember(platform, LEADER, at(MONDAY));
    for (const { id, sub } of await agreement.holders(platform))
      if (sub === LEADER.sub) await agreement.take(platform, id);
    await remindAt(at(MONDAY, 12));
    expect(letters()).toEqual([]);
  });

  test('a server that says "later" is tried again, one that says "no" is not', async () => {
    const course = await submitted('Hotel management');
    mailbox.refuse = 451;
    await remindAt(at(MONDAY));
    const [waits] = await outbox.states(course, REMINDER);
    expect(waits).toMatchObject({ state: 'waiting', reason: 'mail-451' });
    mailbox.refuse = undefined;
    await remindAt(new Date((waits?.nextTryAt.getTime() ?? 0) + 1));
    expect(letters()).toHaveLength(1);
    mailbox.refuse = 550;
    await remindAt(at('2026-10-13'));
    expect(await outbox.states(course, REMINDER)).toMatchObject([{ state: 'refused', reason: 'mail-550' }]);
  });

  test('a server that is away costs an attempt and nothing else', async () => {
    const course = await submitted('Hotel management');
    const away = createMail({ url: 'smtp://127.0.0.1:1', from: 'serik@university.example' });
    await remindAt(at(MONDAY), away);
    expect(await outbox.states(course, REMINDER)).toMatchObject([{ state: 'waiting', reason: 'mail-unreachable' }]);
  });

  test('what names a course stays one line of the text, and no header', async () => {
    await submitted('Hotel\r\nBcc: everybody@university.example\r\n\r\nEvil');
    await remindAt(at(MONDAY));
    expect(mailbox.letters.map(({ to }) => to)).toEqual([[LEADER.email]]);
    const [head = ''] = mailbox.letters[0]?.raw.split('\r\n\r\n') ?? [];
    expect(head).not.toMatch(/^bcc:/im);
    expect(letters()[0]?.text).toContain('- Hotel Bcc: everybody@university.example Evil');
  });
});
