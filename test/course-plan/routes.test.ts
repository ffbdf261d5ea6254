import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asStudent } from '../consultations/consultation-app.js';
import { filledMap } from '../integration-map/example-map.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { NOW, planApp, TUTOR, datedMap } from './plan-app.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
}, 60_000);
afterAll(() => database.close());

const open = (map = datedMap()) => planApp(database.connection, { map });
const text = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/&nbsp;|\u00a0/g, ' ')
    .replace(/\s+/g, ' ');
const other = { sub: 'tutor-2' };

describe('the preview', () => {
  test('is for tutors', async () => {
    const room = await open();
    for (const role of ['assistant', 'observer', 'student'] as const) {
      await room.get('/map/apply', { role }).expect(403);
      await room.post('/map/apply', { shown: 'x' }, { role }).expect(403);
    }
    expect((await room.plan()).applied).toBeNull();
  });

  test('says what it is made from, and each change with what is there and what comes', async () => {
    const room = await open();
    const page = text((await room.get('/map/apply').expect(200)).text);
    expect(page).toContain('From the map as it stands now (revision 1)');
    expect(page).toContain('Consultation for midterm 1 New Gets the days, hours and place that the map plans.');
    expect(page).toContain('12–18 Oct 1 h · Synchronous · MS Teams');
    expect(page).toContain('Grade column “Midterm 1” Changes Gets the last day of its week. – until Sun 18 Oct');
    expect(page).toContain('Apply 6 changes');
    expect(page).not.toContain('MOOC result');
  });

  test('is not there without a map', async () => {
    const room = await planApp(database.connection, { map: null });
    await room.get('/map/apply').expect(404);
    await room.post('/map/apply', { shown: 'x' }).expect(404);
  });

  test('shows nothing typed as markup', async () => {
    const room = await open();
    await room.type('rows.c1.platform', '<b>Teams</b>');
    const { text: html } = await room.get('/map/apply').expect(200);
    expect(html).toContain('&lt;b&gt;Teams&lt;/b&gt;');
    expect(html).not.toContain('<b>Teams');
  });

  test('without the semester’s start leads to its cell, and applies the rest', async () => {
    const room = await open(filledMap());
    const page = await room.get('/map/apply').expect(200);
    expect(page.text).toContain(`href="/c/${room.course.id}/map#f-head-semesterStart"`);
    expect(text(page.text)).toContain('The map does not say when the semester starts');
    expect((await room.get('/map').expect(200)).text).toContain('id="f-head-semesterStart"');
    await room.apply().then((res) => expect(res.status).toBe(303));
    const { asked } = await room.plan();
    expect(asked?.map(({ window, hours, platform }) => [window, hours, platform])).toEqual([
      [null, 1, 'MS Teams'],
      [null, 1, 'MS Teams'],
      [null, 1, 'MS Teams'],
    ]);
    await room.type('head.semesterStart', '2026-09-01');
    const again = text((await room.get('/map/apply')).text);
    expect(again).not.toContain('does not say when');
    expect(again).toContain('Changes: days.');
  });
});

describe('applying', () => {
  test('makes the stages and the columns, says so, and then there is nothing more', async () => {
    const room = await open();
    await room.type('head.model', '3');
    const answer = await room.apply();
    expect([answer.status, answer.headers['location']]).toEqual([303, `/c/${room.course.id}/map/apply?notice=applied`]);
    const page = text((await room.get('/map/apply?notice=applied')).text);
    expect(page).toContain('The map is applied to the course. created: 4 · changed: 3');
    expect(page).toContain('There is nothing to apply.');
    expect(page).toContain('Applied earlier 13 Oct 2026, 10:41 , Person tutor-1 · map, revision 2');
    expect(await room.shown()).toBe('');
    expect(await room.results.hasColumn(room.course, 'mooc')).toBe(true);
    expect([...(await room.results.dueDays(room.course))]).toEqual([
      ['midterm-1', '2026-10-18'],
      ['midterm-2', '2026-12-13'],
      ['exam', '2026-12-13'],
      ['mooc', '2026-12-13'],
    ]);
    const { applied } = await room.plan();
    expect(applied?.records).toHaveLength(1);
    expect(applied?.records[0]).toMatchObject({ number: 1, by: TUTOR, version: null, mapRevision: 2 });
    expect(text((await room.get('/results')).text)).toContain('Midterm 1 of 100 until Sun 18 Oct');
  });

  test('what was not previewed is not applied: the new preview comes with a sentence', async () => {
    const room = await open();
    const shown = await room.shown();
    await room.type('head.semesterStart', '2026-09-08');
    const stale = await room.post('/map/apply', { shown });
    expect(stale.status).toBe(409);
    expect(text(stale.text)).toContain(
      'Nothing was applied. The map or the course changed after you opened this page.',
    );
    expect(text(stale.text)).toContain('19–25 Oct');
    expect((await room.plan()).applied).toBeNull();
  });

  test('a change in the course since the preview stops it as well', async () => {
    const room = await open();
    await room.takeOut('k2');
    const shown = await room.shown();
    await room.results.enter(room.course, { column: 'midterm-2', sub: 's1' }, null, 70, TUTOR);
    const stale = await room.post('/map/apply', { shown });
    expect(stale.status).toBe(409);
    expect(text(stale.text)).toContain('it stays, because it holds marks');
    expect((await room.plan()).applied).toBeNull();
  });

  test('students who book meanwhile do not stop it', async () => {
    const room = await open();
    const slot = await room.slot('midterm-1', '2026-10-14T05:00:00Z');
    await room.takeOut('c1');
    const shown = await room.shown();
    await room.consultations.book(room.course, { slot, sub: 's1', name: '' }, NOW);
    await room.post('/map/apply', { shown }).expect(303);
    expect((await room.consultations.own(room.course, 's1', NOW)).map(({ slot: id }) => id)).toEqual([slot]);
  });

  test('a form that is sent twice is applied once', async () => {
    const room = await open();
    const shown = await room.shown();
    await room.post('/map/apply', { shown }).expect(303);
    const again = await room.post('/map/apply', { shown });
    expect(again.headers['location']).toMatch(/notice=applied$/);
    expect((await room.plan()).applied?.records).toHaveLength(1);
  });

  test('of ten at once one is taken, and all are told of one result', async () => {
    const room = await open();
    await room.type('head.model', '3');
    const shown = await room.shown();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => room.post('/map/apply', { shown }, { sub: `tutor-${n}` })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    const { applied } = await room.plan();
    expect(applied?.records.map(({ number }) => number)).toEqual([1]);
    expect((await room.get('/map/apply')).text).toContain('There is nothing to apply.');
  });

  test('of two who saw different maps only what is current is applied', async () => {
    const room = await open();
    const first = await room.shown();
    await room.type('rows.c1.hours', '2');
    const second = await room.shown(other);
    const [one, two] = await Promise.all([
      room.post('/map/apply', { shown: first }),
      room.post('/map/apply', { shown: second }, other),
    ]);
    expect([one.status, two.status]).toEqual([409, 303]);
    expect((await room.plan()).asked?.[0]?.hours).toBe(2);
  });
});

describe('what stays', () => {
  test('a stage with bookings and a column with marks, whatever the map says; empty ones go', async () => {
    const room = await open();
    await room.apply();
    const slot = await room.slot('midterm-1', '2026-10-14T05:00:00Z', ['s1', 's2']);
    await room.results.enter(room.course, { column: 'midterm-1', sub: 's1' }, null, 81, TUTOR);
    for (const row of ['c1', 'k1', 'c2', 'k2']) await room.takeOut(row);
    const page = text((await room.get('/map/apply')).text);
    expect(page).toContain('it stays, because 2 students are booked');
    expect(page).toContain('it stays, because it holds marks');
    expect((await room.apply()).status).toBe(303);

    const stages = await room.consultations.coverage(room.course, [], NOW);
    expect(stages.map(({ stage }) => stage)).toEqual(['midterm-1', 'exam']);
    expect((await room.results.sheet(room.course)).columns.map(({ id }) => id)).toEqual(['midterm-1', 'exam']);
    expect((await room.consultations.own(room.course, 's2', NOW)).map(({ slot: id }) => id)).toEqual([slot]);
    expect((await room.results.sheet(room.course)).cell('midterm-1', 's1').value).toBe(81);
    const after = text((await room.get('/map/apply')).text);
    expect(after).toContain('There is nothing to apply.');
    expect(after).toContain('it stays, because 2 students are booked');
    expect(after).toContain('kept without days: 2');

    const stagesShown = text((await room.get('/consultations')).text);
    expect(stagesShown).not.toContain('Midterm 2');
    // Whoever knows the address may still plan there, and then it is a stage again.
    await room.get('/consultations?stage=midterm-2').expect(200);
    await room.slot('midterm-2', '2026-12-01T05:00:00Z');
    expect(text((await room.get('/consultations')).text)).toContain('Midterm 2');
  });

  test('a mark that comes for a column that was taken out brings it back', async () => {
    const room = await open();
    await room.takeOut('k2');
    await room.apply();
    expect(await room.results.hasColumn(room.course, 'midterm-2')).toBe(false);
    await room.results.enter(room.course, { column: 'midterm-2', sub: 's1' }, null, 55, TUTOR);
    expect(await room.results.hasColumn(room.course, 'midterm-2')).toBe(true);
    expect(await room.results.removeColumn(room.course, 'midterm-2')).toBe('marks');
    expect((await room.results.sheet(room.course)).cell('midterm-2', 's1').value).toBe(55);
  });

  test('a column that was sent to the LMS, or that a link there leads to', async () => {
    const room = await open();
    await room.type('head.model', '3');
    await room.apply();
    await room.results.enter(room.course, { column: 'midterm-2', sub: 's1' }, null, 55, TUTOR);
    await room.results.send(room.course, [{ column: 'midterm-2', sub: 's1', value: 55 }], () => 'Midterm 2');
    await room.results.enter(room.course, { column: 'midterm-2', sub: 's1' }, 55, null, TUTOR);
    await room.results.addColumn(room.course, 'mooc');
    await room.takeOut('k2');
    await room.type('head.model', '2');
    const page = text((await room.get('/map/apply')).text);
    expect(page).toContain('it stays, because it was sent to Moodle');
    expect(page).toContain('it stays, because a link in Moodle leads to it');
    await room.apply();
    expect((await room.results.sheet(room.course)).columns.map(({ id }) => id)).toEqual([
      'midterm-1',
      'midterm-2',
      'exam',
      'mooc',
    ]);
  });

  test('the MOOC’s column goes with the model that brought it, and comes back with it', async () => {
    const room = await open();
    const has = () => room.results.hasColumn(room.course, 'mooc');
    for (const [model, there] of [
      ['3', true],
      ['1', false],
      ['3', true],
    ] as const) {
      await room.type('head.model', model);
      await room.apply();
      expect([model, await has()]).toEqual([model, there]);
    }
  });
});

describe('the version in force', () => {
  test('is what is applied and what students see, not the map that is being edited', async () => {
    const room = await open();
    const { course, agreement, maps } = room;
    const signer = { sub: 'tutor-1', name: 'Tutor' };
    const revision = (await maps.find(course))?.revision ?? 0;
    await agreement.submit(course, { revision, reason: 'First', by: signer, at: NOW });
    for (const role of ['programme-leader', 'director'] as const) {
      const [version] = await agreement.versions(course);
      if (!version) throw new Error('No version');
      const by = { sub: role, name: role };
      await agreement.answer(version, { act: 'agree', role, by, at: NOW, comment: '', comments: [] });
    }
    await room.type('rows.c1.hours', '2');
    await room.type('rows.l7.topic', 'A topic that nobody agreed');
    const page = text((await room.get('/map/apply')).text);
    expect(page).toContain('From version 1 of the map, in force since 13 Oct 2026.');
    await room.apply();
    const { asked, applied } = await room.plan();
    expect(asked?.[0]?.hours).toBe(1);
    expect(applied?.records[0]).toMatchObject({ version: 1, mapRevision: 3 });
    expect(await room.coursePlan.changed(course)).toBeNull();
    const plan = text((await room.get('/plan', asStudent('s1'))).text);
    expect(plan).toContain('Topic 7');
    expect(plan).not.toContain('nobody agreed');
  });
});

test('that the plan changed since it was applied is known, and how much', async () => {
  const room = await open();
  expect(await room.coursePlan.changed(room.course)).toBeNull();
  await room.apply();
  expect(await room.coursePlan.changed(room.course)).toBeNull();
  await room.type('rows.l1.topic', 'Only a topic');
  expect(await room.coursePlan.changed(room.course)).toBeNull();
  await room.type('rows.c1.hours', '2');
  await room.takeOut('k3');
  await room.takeOut('c3');
  expect(await room.coursePlan.changed(room.course)).toEqual({ at: NOW, count: 3 });
  await room.apply();
  expect(await room.coursePlan.changed(room.course)).toBeNull();
  expect((await room.plan()).applied?.records.map(({ number }) => number)).toEqual([1, 2]);
});
