import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isOutside, plannedPlace } from '../../src/consultations/planned.js';
import { stagesOf } from '../../src/consultations/rules.js';
import type { PlannedStage } from '../../src/consultations/slot.js';
import { loadCatalogues } from '../../src/web/i18n.js';
import { datedMap, planApp, type PlanApp } from '../course-plan/plan-app.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { asStudent, at, NOW } from './consultation-app.js';

const planned: PlannedStage = {
  stage: 'midterm-1',
  window: { first: '2026-10-12', last: '2026-10-18' },
  hours: 1,
  delivery: 'synchronous',
  platform: 'MS Teams',
  link: null,
};

test('a slot lies in the window by the day of the place, not of UTC', async () => {
  const reader = {
    t: (await loadCatalogues()).translator('en'),
    language: 'en',
    now: NOW,
    timeZone: 'Asia/Almaty',
  } as const;
  const outside = (start: string, plan: PlannedStage | undefined = planned) =>
    isOutside({ startsAt: at(start) }, plan, reader);
  expect(outside('2026-10-11T18:59:00Z')).toBe(true);
  expect(outside('2026-10-11T19:00:00Z')).toBe(false);
  expect(outside('2026-10-18T18:59:00Z')).toBe(false);
  expect(outside('2026-10-18T19:00:00Z')).toBe(true);
  expect(outside('2026-12-01T19:00:00Z', { ...planned, window: null })).toBe(false);
  expect(isOutside({ startsAt: at('2026-12-01T19:00:00Z') }, undefined, reader)).toBe(false);
});

test.each<[Partial<PlannedStage>, ReturnType<typeof plannedPlace>]>([
  [{}, { kind: 'teams', detail: '' }],
  [
    { platform: 'ZOOM', link: 'https://zoom.us/j/1' },
    { kind: 'zoom', detail: 'https://zoom.us/j/1' },
  ],
  [
    { platform: '', link: 'https://teams.microsoft.com/l/1' },
    { kind: 'teams', detail: 'https://teams.microsoft.com/l/1' },
  ],
  [
    { platform: 'BigBlueButton', link: 'https://bbb.example/1' },
    { kind: 'link', detail: 'https://bbb.example/1' },
  ],
  [
    { platform: 'Zoom', link: 'http://zoom.us/j/1' },
    { kind: 'zoom', detail: '' },
  ],
  [
    { delivery: 'in-class', platform: '304' },
    { kind: 'room', detail: '304' },
  ],
  [{ platform: 'e-mail' }, undefined],
])('the place that the map names: %j', (change, place) => {
  expect(plannedPlace({ ...planned, ...change })).toEqual(place);
});

test('all stages until a map is applied; then those of the map, and whatever has slots', () => {
  expect(stagesOf(null, [])).toEqual(['midterm-1', 'midterm-2', 'exam']);
  expect(stagesOf([planned], [])).toEqual(['midterm-1']);
  expect(stagesOf([planned], [{ stage: 'exam' }])).toEqual(['midterm-1', 'exam']);
  expect(stagesOf([], [])).toEqual([]);
});

describe('the pages after a map was applied', () => {
  let database: TestDatabase;
  let room: PlanApp;
  const text = (html: string) =>
    html
      .replace(/<[^>]+>/g, ' ')
      .replace(/\u00a0/g, ' ')
      .replace(/\s+/g, ' ');

  beforeAll(async () => {
    database = await testDatabase();
    const map = datedMap();
    const link = 'https://teams.microsoft.com/l/meeting';
    room = await planApp(database.connection, {
      map: { ...map, rows: map.rows.map((row) => (row.id === 'c1' ? { ...row, link } : row)) },
    });
    expect((await room.apply()).status).toBe(303);
  }, 60_000);
  afterAll(() => database.close());

  test('the form for new slots begins with the map’s day and place, but not with a day that has passed', async () => {
    const { text: html } = await room.get('/consultations?stage=midterm-1&add=1').expect(200);
    expect(html).toMatch(/id="add-date"[^>]* value="2026-10-13"/);
    expect(html).toMatch(/id="add-place-teams"[^>]* checked/);
    expect(html).toMatch(/id="add-link"[^>]* value="https:\/\/teams.microsoft.com\/l\/meeting"/);
    const later = await room.get('/consultations?stage=midterm-2&add=1').expect(200);
    expect(later.text).toMatch(/id="add-date"[^>]* value="2026-11-30"/);
    expect(later.text).toMatch(/id="add-link"[^>]* value=""/);
    expect(text(html)).toContain('Planned by the map: 12–18 Oct · 1 h · Synchronous · MS Teams');
  });

  test('students see the days of a stage without times, and never the address to join by', async () => {
    for (const path of ['/consultations', '/plan']) {
      const { text: html } = await room.get(path, asStudent('s1')).expect(200);
      expect([path, text(html)]).toEqual([path, expect.stringContaining('Planned for 12–18 Oct · 1 h · Synchronous')]);
      const own = /<section[^>]*id="my-consultations"[\s\S]*?<\/section>/.exec(html)?.[0] ?? html;
      expect([path, own.includes('teams.microsoft.com')]).toEqual([path, false]);
    }
  });

  test('a student’s plan says what is booked, what can be booked, and that the tutor cancelled', async () => {
    const mine = async (language: 'en' | 'ru' | 'kk' = 'en') => {
      const { text: html } = await room.get('/plan', asStudent('s2', language)).expect(200);
      return text(/<section[^>]*id="my-consultations"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '');
    };
    const slot = await room.slot('midterm-1', '2026-10-14T09:00:00Z');
    expect(await mine()).toContain('1 time to choose from Choose a time');
    expect(await mine('ru')).toContain('1 вариант времени Выбрать время');
    await room.consultations.book(room.course, { slot, sub: 's2', name: '' }, NOW);
    expect(await mine()).toContain('Tomorrow, Wed 14 Oct, 14:00–14:30 · Room: 304 Booked Change or cancel');
    await room.consultations.cancelSlot(room.course, slot, 'tutor-1', NOW);
    expect(await mine()).toContain('Cancelled by the tutor');
    expect(await mine()).not.toContain('Change or cancel');
  });

  test('a slot outside the map’s days gets a note, and nothing else', async () => {
    const inside = await room.slot('midterm-2', '2026-12-02T09:00:00Z');
    const outside = await room.slot('midterm-2', '2026-12-16T09:00:00Z');
    const { text: html } = await room.get('/consultations?stage=midterm-2').expect(200);
    const row = (id: string) => html.split('<li id="slot-').find((part) => part.startsWith(id)) ?? '';
    expect(row(outside)).toContain('Not in the days that the map plans');
    expect(row(inside)).not.toContain('Not in the days');
    expect(row(inside)).not.toBe('');
  });
});
