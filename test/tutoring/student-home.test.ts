import { beforeAll, describe, expect, test } from '@jest/globals';
import type { OwnBooking, StageCoverage } from '../../src/consultations/index.js';
import type { PlanRow } from '../../src/integration-map/index.js';
import { may } from '../../src/launch/permissions.js';
import type { Visit } from '../../src/launch/visit.js';
import { studentHome } from '../../src/tutoring/student-home.js';
import { loadCatalogues, type Catalogues, type Language } from '../../src/web/i18n.js';
import { testCourse } from '../support/room-app.js';

const now = new Date('2026-10-13T04:00:00Z');
const booking: OwnBooking = {
  slot: 's1',
  stage: 'midterm-1',
  state: 'booked',
  startsAt: new Date('2026-10-14T09:00:00Z'),
  endsAt: new Date('2026-10-14T09:30:00Z'),
  placeKind: 'teams',
  room: '',
  joinUrl: 'https://teams.microsoft.com/l/x',
  hostName: 'Гүлмира Нұрғалиева',
};
const coverage = (stage: StageCoverage['stage'], freeSeats: number): StageCoverage => ({
  stage,
  students: 0,
  slots: 1,
  seats: 8,
  booked: 0,
  taken: 8 - freeSeats,
  freeSeats,
  missingSeats: 0,
  drafts: 0,
  draftSeats: 0,
});
const row = (kind: PlanRow['kind'], week: number, topic: string): PlanRow => ({
  id: `r${week}`,
  kind,
  stage: null,
  number: week,
  week,
  dates: null,
  topic,
  hours: 1,
  tasks: '',
  assessment: '',
  delivery: null,
  platform: '',
  link: null,
});

describe('the student’s first page', () => {
  let catalogues: Catalogues;
  beforeAll(async () => {
    catalogues = await loadCatalogues();
  });
  const visit = (language: Language = 'en', givenName?: string): Visit => ({
    person: { sub: '101', givenName },
    course: testCourse,
    role: 'student',
    preview: false,
    session: 'session',
    language,
    t: catalogues.translator(language),
    csrf: '',
    now,
    may: (action) => may('student', action),
  });
  const home = (change: Partial<Parameters<typeof studentHome>[0]> = {}) =>
    studentHome({ visit: visit(), own: [], stages: [], plan: [], timeZone: 'Asia/Almaty', ...change });

  test.each([
    ['en', 'Hello, Айдана', 'Tuesday 13 October'],
    ['ru', 'Здравствуйте, Айдана', 'вторник, 13 октября'],
    ['kk', 'Сәлеметсіз бе, Айдана', '13 қазан, сейсенбі'],
  ] as const)('greets by name and says the day in %s', (language, greeting, today) => {
    expect(home({ visit: visit(language, 'Айдана') })).toMatchObject({ greeting, today });
  });

  test('a person whose name the LMS keeps to itself is greeted all the same', () => {
    expect(home().greeting).toBe('Hello');
  });

  test('the next consultation comes first, with its time in the university’s zone and the way in', () => {
    expect(home({ own: [booking] }).next).toMatchObject({
      title: 'Your next consultation',
      when: 'Tomorrow, Wed 14 Oct, 14:00–14:30',
      host: 'Гүлмира Нұрғалиева',
      joinUrl: 'https://teams.microsoft.com/l/x',
    });
  });

  test('one that the tutor cancelled is told before all others, without a way in', () => {
    const cancelled: OwnBooking = { ...booking, slot: 's0', stage: 'midterm-2', state: 'cancelled' };
    expect(home({ own: [booking, cancelled] }).next).toMatchObject({
      title: 'Your consultation was cancelled',
      joinUrl: null,
    });
  });

  test('stages with free seats are offered, except where this student has one', () => {
    const stages = [coverage('midterm-1', 3), coverage('midterm-2', 1), coverage('exam', 0)];
    expect(home({ own: [booking], stages }).toBook).toEqual([
      { name: 'Consultation for midterm 2', seats: '1 free seat' },
    ]);
    expect(home({ stages }).toBook.map(({ name }) => name)).toEqual([
      'Consultation for midterm 1',
      'Consultation for midterm 2',
    ]);
    expect(home({ stages: [coverage('exam', 0)] }).noTimes).toBe(true);
  });

  test('the plan shows the first topics that there are', () => {
    const plan = [
      row('lecture', 1, 'Hotels'),
      row('lecture', 2, ''),
      row('consultation', 3, ''),
      row('practical', 4, 'Check-in'),
    ];
    const { plan: shown, weeks } = home({ plan });
    expect(shown.map(({ line, topic }) => `${line}: ${topic}`)).toEqual([
      'Week 1 · Lecture 1: Hotels',
      'Week 4 · Practical 4: Check-in',
    ]);
    expect(weeks).toBe(2);
  });

  describe('with a dated plan', () => {
    const dated = (week: number, topic: string, first: string, last: string): PlanRow => ({
      ...row('lecture', week, topic),
      dates: { first, last, holidays: [] },
    });
    const plan = [
      dated(6, 'Past', '2026-10-05', '2026-10-11'),
      dated(7, 'Front office', '2026-10-12', '2026-10-18'),
      dated(8, 'Next', '2026-10-19', '2026-10-25'),
    ];

    test('begins at this week and says which one it is', () => {
      expect(home({ plan })).toMatchObject({
        today: 'Tuesday 13 October · week 7 of 8',
        planTitle: 'This week',
        over: false,
        plan: [{ line: 'Week 7 · 12–18\u00a0Oct · Lecture 7', topic: 'Front office' }],
      });
    });

    test('goes on with the next ones where this week has no topic', () => {
      const bare = plan.map((one) => (one.week === 7 ? { ...one, topic: '' } : one));
      expect(home({ plan: bare })).toMatchObject({ planTitle: 'The plan', plan: [{ topic: 'Next' }] });
    });

    test('is over when its weeks are, and says so', () => {
      expect(home({ plan: plan.slice(0, 1) })).toMatchObject({ plan: [], over: true, planTitle: 'The plan' });
    });

    test('on Monday at midnight in Almaty the new week has begun', () => {
      const monday = { ...visit(), now: new Date('2026-10-18T19:00:00Z') };
      expect(home({ visit: monday, plan }).plan.map(({ topic }) => topic)).toEqual(['Next']);
      const sunday = { ...visit(), now: new Date('2026-10-18T18:59:59Z') };
      expect(home({ visit: sunday, plan }).plan.map(({ topic }) => topic)).toEqual(['Front office']);
    });
  });
});
