import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, formsOf, textOf, type Browser } from '../../scripts/driver/browser.js';
import { buildMap, publishSlots } from '../../scripts/driver/main-job.js';
import {
  beginLogin,
  CLAIM,
  contextRole,
  csrfOf,
  expectRefused,
  goodClaims,
  hasSession,
  inContext,
  institutionRole,
  languageOf,
  open,
  personOf,
  postAnswer,
  systemRole,
  until,
  without,
  type Claims,
  type Opened,
} from '../support/crafted-launch.js';
import { launchAtSite, ROLE } from '../support/site-launch.js';
import { startTestTool, type TestTool } from '../support/tool.js';

const NAMES = ['name', 'given_name', 'family_name'];

/** 1EdTech LTI 1.3 tool certification: "Valid Student Launches". */
describe.each(['standard', 'moodle'] as const)('valid student launches of a %s LMS', (manner) => {
  let tool: TestTool;
  let student: string;
  let tutor: Opened;
  beforeAll(async () => {
    tool = await startTestTool(manner);
    student = personOf(tool.lms, 'student');
    tutor = await open(tool);
    await buildMap(tutor.browser, tutor.home);
    await publishSlots(tutor.browser, tutor.home, { capacity: 1, howMany: 6 });
  }, 60_000);
  afterAll(() => tool.close());

  const changed = (change: (claims: Claims) => Claims, browser?: Browser) =>
    open(tool, { person: student, change, ...(browser ? { browser } : {}) });
  const withRoles = (...roles: readonly string[]) => changed((claims) => ({ ...claims, [`${CLAIM}/roles`]: roles }));

  const freeSlot = async ({ browser, home }: Pick<Opened, 'browser' | 'home'>) =>
    formsOf(await browser.get(`${home}/consultations`)).find(({ action }) => action.endsWith('/consultations/bookings'))
      ?.fields['slot'];

  /** The student's own pages, and none of the tutor's. */
  async function expectStudent({ page, browser, home, courseId }: Opened): Promise<void> {
    expect(page.status).toBe(200);
    expect(courseId).toBe(tutor.courseId);
    expect(page.html).not.toMatch(/undefined|\[object Object\]/);
    expect((await browser.get(`${home}/plan`)).status).toBe(200);
    for (const path of ['/map', '/students', '/results', '/results.csv'])
      expect((await browser.get(`${home}${path}`)).status).toBe(403);
    expect(textOf(await browser.get(`${home}/results`))).toContain('This page is for tutors');
  }

  describe('the data', () => {
    test('launch as a student with all data', async () => {
      await expectStudent(await changed((claims) => claims));
    });
    test('launch as a student with only the e-mail', async () => {
      await expectStudent(await changed((claims) => without(claims, ...NAMES)));
    });
    test('launch as a student with only names', async () => {
      await expectStudent(await changed((claims) => without(claims, 'email')));
    });
    test('launch as a student without any personal data', async () => {
      await expectStudent(await changed((claims) => without(claims, ...NAMES, 'email')));
    });
    test('names that are empty, as Moodle sends them of somebody without one', async () => {
      await expectStudent(
        await changed((claims) => ({ ...claims, ...Object.fromEntries(NAMES.map((name) => [name, ''])) })),
      );
    });
  });

  describe('roles', () => {
    test.each([
      ['the full context name', [contextRole('Learner')]],
      ['the short name', ['Learner']],
      ['the name of old, Student', ['Student']],
      ['several at once', [contextRole('Learner'), institutionRole('Student'), systemRole('User')]],
      ['unknown ones besides', ['urn:lti:role:ims/lis/Wizard', contextRole('Learner'), '']],
      ['Open edX: with None of the site', [systemRole('None'), institutionRole('None'), contextRole('Learner')]],
      ['a teacher of the institution who learns here', [institutionRole('Instructor'), contextRole('Learner')]],
      ['an administrator of the site who learns here', [systemRole('Administrator'), contextRole('Learner')]],
    ])('launch with %s', async (_title, roles) => {
      await expectStudent(await withRoles(...roles));
    });

    test.each([
      ['no role', []],
      ['an institution role only', [institutionRole('Student')]],
      ['an unknown role only', ['urn:lti:role:ims/lis/Wizard']],
    ])('launch with %s opens nothing and says why', async (_title, roles) => {
      const { page, browser } = await withRoles(...roles);
      expect(page.status).toBe(403);
      expect(textOf(page)).toContain('Your role in this course is not served here');
      expect(hasSession(tool, browser)).toBe(false);
    });
  });

  test.each([
    ['kk', 'kk'],
    ['kz', 'kk'],
    ['ru-RU', 'ru'],
    ['en-GB', 'en'],
    ['pt_br', 'ru'],
    ['???', 'ru'],
  ])('locale %s, with a browser in Russian, gives pages in %s', async (locale, expected) => {
    const { page } = await changed(
      (claims) => ({ ...claims, sub: `of ${locale}`, [`${CLAIM}/launch_presentation`]: { locale } }),
      createBrowser('ru'),
    );
    expect(languageOf(page)).toBe(expected);
  });

  test('login by GET and by POST', async () => {
    for (const method of ['get', 'post'] as const) await expectStudent(await open(tool, { person: student, method }));
  });

  test('submission review is for teachers: a student who sends it gets the own home', async () => {
    const opened = await changed((claims) => ({
      ...claims,
      [`${CLAIM}/message_type`]: 'LtiSubmissionReviewRequest',
      [`${CLAIM}/for_user`]: { user_id: personOf(tool.lms, 'student', 5) },
    }));
    expect(opened.page.url).toBe(`${opened.home}/`);
    await expectStudent(opened);
  });

  test('a place without a course is not for students', async () => {
    for (const roles of [[ROLE.learner], [institutionRole('Student')], ['Learner', 'urn:x']]) {
      const { page, browser } = await launchAtSite(tool, { roles, sub: student });
      expect(page.status).toBe(403);
      expect(textOf(page)).toContain('Open Serik inside a course');
      expect(hasSession(tool, browser)).toBe(false);
    }
  });

  if (manner === 'moodle')
    test('Moodle’s front page has a context too: it is no course', async () => {
      const { page } = await changed(inContext({ id: '1', type: ['Group'] }));
      expect(page.status).toBe(403);
      expect(textOf(page)).toContain('Open Serik inside a course');
    });

  describe('who looks with a student’s eyes', () => {
    /** Sees the times, and books none of them. */
    async function expectPreview({ page, browser, home }: Opened): Promise<void> {
      expect(page.status).toBe(200);
      expect(textOf(page)).toContain('You see the course as a student. Nothing that you do here is saved.');
      expect((await browser.get(`${home}/plan`)).html).toContain('Topic 3');
      expect((await browser.get(`${home}/students`)).status).toBe(403);
      const form = { _csrf: csrfOf(page), slot: (await freeSlot(await open(tool, { person: student }))) ?? '' };
      expect(form.slot).not.toBe('');
      const booked = await browser.post(`${home}/consultations/bookings`, form, { Origin: tool.url });
      expect(booked.status).toBe(403);
      expect(textOf(booked)).toContain('In this view nothing is booked or saved');
    }

    test('the test student looks and cannot book', async () => {
      await expectPreview(
        await changed((claims) => ({
          ...claims,
          sub: 'test-student',
          [`${CLAIM}/roles`]: [contextRole('Learner'), systemRole('TestUser')],
        })),
      );
    });

    test('a teacher whom Moodle shows the course as a student looks and cannot book; back in the own role all is as before', async () => {
      const teacher = personOf(tool.lms, 'tutor', 1);
      const browser = createBrowser();
      expect((await open(tool, { browser, person: teacher })).page.status).toBe(200);
      const asStudent = (claims: Claims) => ({ ...claims, [`${CLAIM}/roles`]: [contextRole('Learner')] });
      const preview = await open(tool, { browser, person: teacher, change: asStudent });
      await expectPreview(preview);
      const again = await open(tool, { browser, person: teacher });
      expect(textOf(again.page)).not.toContain('You see the course as a student');
      expect((await browser.get(`${again.home}/students`)).status).toBe(200);
      // In a course where the same person really learns, it is a student.
      const learning = await open(tool, {
        person: teacher,
        change: (claims) => asStudent(inContext({ id: 'teacher-learns' })(claims)),
      });
      expect(textOf(learning.page)).not.toContain('You see the course as a student');
    });

    test('a real student books', async () => {
      const { browser, home, page } = await open(tool, { person: student });
      const form = { _csrf: csrfOf(page), slot: (await freeSlot({ browser, home })) ?? '' };
      const booked = await browser.post(`${home}/consultations/bookings`, form, { Origin: tool.url });
      expect(booked.status).toBe(200);
      expect(new URL(booked.url).searchParams.get('notice')).toBe('booked');
    });
  });

  describe('several people in one browser', () => {
    test('another person gets a new session, and the old page’s form is refused as stale', async () => {
      const browser = createBrowser();
      const first = await open(tool, { browser, person: personOf(tool.lms, 'student', 7) });
      const { host } = new URL(tool.url);
      const cookie = browser.cookies(host)['serik'];
      const slot = (await freeSlot(first)) ?? '';
      const second = await open(tool, { browser, person: personOf(tool.lms, 'student', 8) });
      expect(browser.cookies(host)['serik']).not.toBe(cookie);
      const stale = await browser.post(
        `${first.home}/consultations/bookings`,
        { _csrf: csrfOf(first.page), slot },
        { Origin: tool.url },
      );
      expect(stale.status).toBe(409);
      expect(textOf(stale)).toContain('This page is out of date');
      expect(await freeSlot(second)).toBe(slot);
    });

    test('the same person again keeps the session, so that pages in other tabs work on', async () => {
      const browser = createBrowser();
      const first = await open(tool, { browser, person: personOf(tool.lms, 'student', 9) });
      const second = await open(tool, { browser, person: personOf(tool.lms, 'student', 9) });
      expect(csrfOf(second.page)).toBe(csrfOf(first.page));
    });

    test('the same sub of another client is another person', async () => {
      const browser = createBrowser();
      const other = await startTestTool(manner);
      try {
        const first = await open(tool, { browser, person: student });
        const second = await open(other, { browser, person: student });
        expect(csrfOf(second.page)).not.toBe(csrfOf(first.page));
        expect((await browser.get(`${first.home}/`)).status).toBe(404);
      } finally {
        await other.close();
      }
    }, 60_000);
  });

  describe('many at once', () => {
    test('100 parallel posts of one token: exactly one launch', async () => {
      const login = await beginLogin(tool);
      const claims = goodClaims(tool, login, { person: student });
      const form = { id_token: await tool.lms.signIdToken(claims), state: login.state };
      const pages = await Promise.all(Array.from({ length: 100 }, () => postAnswer(tool, login.browser, form)));
      expect(pages.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(pages.filter(({ status }) => status !== 200).map(({ status }) => status)).toEqual(
        Array.from({ length: 99 }, () => 401),
      );
    }, 60_000);

    test('sixty students at once, all of them new in the tool, are sixty sessions in one course', async () => {
      const students = tool.lms.people.filter(({ kind }) => kind === 'student');
      const opened = await Promise.all(students.map(({ id }) => open(tool, { person: id })));
      expect(opened.map(({ page }) => page.status)).toEqual(students.map(() => 200));
      expect(new Set(opened.map(({ courseId }) => courseId))).toEqual(new Set([tutor.courseId]));
      expect(new Set(opened.map(({ page }) => csrfOf(page))).size).toBe(students.length);
    }, 60_000);

    test('the first launches of a course, at once, make one course', async () => {
      const change = inContext({ id: 'brand new' });
      const opened = await Promise.all(Array.from({ length: 20 }, () => open(tool, { change })));
      expect(opened.map(({ page }) => page.status)).toEqual(opened.map(() => 200));
      expect(new Set(opened.map(({ courseId }) => courseId)).size).toBe(1);
    }, 60_000);
  });

  test('nobody who was unenrolled or is unknown to the LMS is in: a state without a token opens nothing', async () => {
    const login = await beginLogin(tool);
    const page = await postAnswer(tool, login.browser, { state: login.state });
    expectRefused(tool, { page, browser: login.browser }, 'came without a sign-in message');
    await until(() => !hasSession(tool, login.browser));
  });
});
