import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { createMaps, type Maps } from '../../src/integration-map/index.js';
import { liveRows } from '../../src/integration-map/map.js';
import type { Editor } from '../../src/integration-map/store.js';
import { emptyMooc, templateHead, templateRows } from '../../src/integration-map/template.js';
import { fingerprint } from '../../src/integration-map/text.js';
import type { CourseRef } from '../../src/launch/course.js';
import { testDatabase } from '../support/database.js';

let database: { connection: Connection; close(): Promise<void> };
let maps: Maps;
let courses = 0;

beforeAll(async () => {
  database = await testDatabase();
  maps = createMaps(database.connection);
  await maps.ready();
});
afterAll(() => database.close());

const gulmira: Editor = { sub: 't1', name: 'Гүлмира', at: new Date('2026-10-13T05:40:00Z') };
const olga: Editor = { sub: 't2', name: 'Ольга Ли', at: new Date('2026-10-13T05:41:00Z') };

const seed = () => ({
  head: templateHead({ title: 'Hotel', label: '' }),
  moocs: [emptyMooc('m1')],
  rows: templateRows(),
});

async function newCourse(): Promise<CourseRef> {
  const course = { platform: 'https://lms.example client', deployment: '1', context: `course-${++courses}` };
  await maps.create(course, seed(), gulmira);
  return course;
}

const change = (path: string, base: string, value: string) => ({ path, base: fingerprint(base), value });

async function theMap(course: CourseRef) {
  const map = await maps.find(course);
  if (!map) throw new Error('There is no map');
  return map;
}

const topicOf = async (course: CourseRef, id: string) =>
  (await theMap(course)).rows.find((row) => row.id === id)?.topic;

test('two tutors who start at once make one map', async () => {
  const course = { platform: 'p', deployment: '1', context: 'started-twice' };
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => maps.create(course, seed(), gulmira)));
  expect(outcomes.filter((outcome) => outcome === 'created')).toEqual(['created']);
  expect(await database.connection.collection('integrationMaps').countDocuments({ context: 'started-twice' })).toBe(1);
});

test('a map of the same course id on another platform or deployment is another map', async () => {
  const course = await newCourse();
  expect(await maps.find({ ...course, platform: 'https://other.example client' })).toBeNull();
  expect(await maps.find({ ...course, deployment: '2' })).toBeNull();
  expect(await maps.change({ ...course, deployment: '2' }, [change('head.semester', '', 'x')], gulmira)).toBeNull();
});

test('edits of different fields at the same moment all stay, with who and when', async () => {
  const course = await newCourse();
  await Promise.all([
    ...templateRows()
      .filter(({ kind }) => kind === 'lecture')
      .map(({ id }) => maps.change(course, [change(`rows.${id}.topic`, '', `Topic of ${id}`)], gulmira)),
    maps.change(course, [change('rows.l1.tasks', '', 'Read'), change('head.semester', '', 'Autumn')], olga),
  ]);
  const map = await theMap(course);
  expect(
    map.rows.filter(({ kind }) => kind === 'lecture').map(({ id, topic }) => topic === `Topic of ${id}`),
  ).not.toContain(false);
  expect(map.rows[0]?.tasks).toBe('Read');
  expect(map.revision).toBe(17);
  expect(map.edits['rows.l1.tasks']).toMatchObject({ by: 't2', byName: 'Ольга Ли', at: olga.at });
});

test('edits of one field at the same moment end in one save and one conflict with both texts', async () => {
  const course = await newCourse();
  const answers = await Promise.all([
    maps.change(course, [change('rows.l1.topic', '', 'Hers')], gulmira),
    maps.change(course, [change('rows.l1.topic', '', 'Olga’s')], olga),
  ]);
  const outcomes = answers.map((answer) => answer?.outcomes[0]);
  const conflict = outcomes.find((outcome) => outcome?.kind === 'conflict');
  expect(outcomes.map((outcome) => outcome?.kind).sort()).toEqual(['conflict', 'saved']);
  if (conflict?.kind !== 'conflict') throw new Error('no conflict');
  expect([conflict.yours, conflict.theirs].sort()).toEqual(['Hers', 'Olga’s']);
  expect(await topicOf(course, 'l1')).toBe(conflict.theirs);
  expect(conflict.edit?.byName).toBe(conflict.theirs === 'Hers' ? 'Гүлмира' : 'Ольга Ли');
});

test('the same text from both is no conflict, and a repeated save is none either', async () => {
  const course = await newCourse();
  const wanted = [change('rows.l1.topic', '', 'Same')];
  await maps.change(course, wanted, gulmira);
  const again = await maps.change(course, wanted, olga);
  expect(again?.outcomes).toEqual([{ kind: 'saved', path: 'rows.l1.topic', value: 'Same' }]);
  expect(again?.map.revision).toBe(2);
  expect(again?.map.edits['rows.l1.topic']?.by).toBe('t1');
});

test('one conflict does not keep the other fields of the batch from being saved', async () => {
  const course = await newCourse();
  await maps.change(course, [change('rows.l1.topic', '', 'First')], olga);
  const answer = await maps.change(
    course,
    [change('rows.l1.topic', '', 'Second'), change('rows.l2.topic', '', 'Fine')],
    gulmira,
  );
  expect(answer?.outcomes.map(({ kind }) => kind)).toEqual(['conflict', 'saved']);
  expect(await topicOf(course, 'l2')).toBe('Fine');
});

test('an edit of a row that another tutor deleted is told, and the row comes back with all its texts', async () => {
  const course = await newCourse();
  await maps.change(course, [change('rows.l4.topic', '', 'Law'), change('rows.l4.tasks', '', 'Read')], gulmira);
  await maps.act(course, { do: 'delete-row', id: 'l4' }, olga);
  const late = await maps.change(course, [change('rows.l4.topic', 'Law', 'Law of tourism')], gulmira);
  expect(late?.outcomes[0]).toMatchObject({
    kind: 'deleted',
    yours: 'Law of tourism',
    deleted: { byName: 'Ольга Ли' },
  });
  expect(liveRows(await theMap(course)).map(({ id }) => id)).not.toContain('l4');
  await maps.act(course, { do: 'restore-row', id: 'l4' }, gulmira);
  await maps.change(course, [change('rows.l4.topic', 'Law', 'Law of tourism')], gulmira);
  const row = liveRows(await theMap(course))[3];
  expect(row).toMatchObject({ id: 'l4', topic: 'Law of tourism', tasks: 'Read' });
});

test('an edit and a delete of one row at the same moment lose nothing', async () => {
  const course = await newCourse();
  const [edited] = await Promise.all([
    maps.change(course, [change('rows.l4.topic', '', 'Law')], gulmira),
    maps.act(course, { do: 'delete-row', id: 'l4' }, olga),
  ]);
  const row = (await theMap(course)).rows.find(({ id }) => id === 'l4');
  expect(row?.deleted?.byName).toBe('Ольга Ли');
  const outcome = edited?.outcomes[0];
  if (outcome?.kind === 'saved') expect(row?.topic).toBe('Law');
  else expect(outcome).toMatchObject({ kind: 'deleted', yours: 'Law' });
});

test('rows that many add and move at once are all there, each once', async () => {
  const course = await newCourse();
  await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const id = `n${index}`;
      await maps.act(
        course,
        { do: 'add-row', id, kind: 'practical', stage: null, after: 'l3' },
        index % 2 ? gulmira : olga,
      );
      await maps.act(course, { do: 'move-row', id, by: index % 3 ? 1 : -1 }, olga);
    }),
  );
  const ids = liveRows(await theMap(course)).map(({ id }) => id);
  expect(ids.length).toBe(21 + 12);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a change that nobody may make is told with its fault and changes nothing', async () => {
  const course = await newCourse();
  const answer = await maps.change(
    course,
    [
      change('rows.l1.topic', '', 'a'.repeat(3000)),
      change('rows.n404.topic', '', 'x'),
      change('rows.k1.tasks', '', 'controls have none'),
      change('head.model', '', '4'),
    ],
    gulmira,
  );
  expect(answer?.outcomes.map((outcome) => 'fault' in outcome && outcome.fault)).toEqual([
    'too-long',
    'no-such-field',
    'no-such-field',
    'not-a-choice',
  ]);
  expect(answer?.map.revision).toBe(1);
});

test('other rooms are told the progress and the plan in its order', async () => {
  const none = { platform: 'p', deployment: '1', context: 'without' };
  expect((await maps.glance(none)).progress).toEqual({
    exists: false,
    sections: [],
    updatedAt: null,
    lastEditorName: null,
  });
  expect(await maps.plan(none)).toEqual([]);
  const course = await newCourse();
  await maps.change(course, [change('rows.l1.link', '', 'javascript:alert(1)'), change('head.model', '', '2')], olga);
  const { progress } = await maps.glance(course);
  expect(progress.sections.map(({ missing }) => missing)).toEqual([8, 1, 0, 33]);
  expect(progress).toMatchObject({ exists: true, lastEditorName: 'Ольга Ли', updatedAt: olga.at });
  const plan = await maps.plan(course);
  expect(plan.slice(6, 9).map(({ kind, stage, number, week }) => [kind, stage, number, week])).toEqual([
    ['lecture', null, 7, 7],
    ['consultation', 'midterm-1', null, 7],
    ['control', 'midterm-1', null, 7],
  ]);
  expect(plan[0]).toMatchObject({ hours: 1, delivery: null, link: null });
});
