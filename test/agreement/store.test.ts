import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Agreement } from '../../src/agreement/index.js';
import type { Version } from '../../src/agreement/version.js';
import type { Maps } from '../../src/integration-map/index.js';
import { fingerprint } from '../../src/integration-map/text.js';
import type { Course } from '../../src/launch/course.js';
import { filledMap } from '../integration-map/example-map.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { agreementRooms, AT, DIRECTOR, LEADER, TUTOR } from './rooms.js';

type Rooms = Awaited<ReturnType<typeof agreementRooms>>;

describe('versions of a map', () => {
  let database: TestDatabase;
  let maps: Maps;
  let agreement: Agreement;
  let courseWithMap: Rooms['courseWithMap'];
  let mapOf: Rooms['mapOf'];

  beforeAll(async () => {
    database = await testDatabase();
    ({ maps, agreement, courseWithMap, mapOf } = await agreementRooms(database.connection));
  }, 60_000);
  afterAll(() => database.close());

  const revisionOf = async (course: Course) => (await mapOf(course)).revision;
  const submit = async (course: Course, reason = 'First') =>
    agreement.submit(course, { revision: await revisionOf(course), reason, by: TUTOR, at: AT });
  const change = async (course: Course, path: string, value: string, sub = 'tutor') => {
    const map = await maps.find(course);
    const [, id = '', field = ''] = path.split('.');
    const base = map?.rows.find((row) => row.id === id)?.[field as 'topic'] ?? '';
    await maps.change(course, [{ path, base: fingerprint(base), value }], { sub, name: sub, at: AT });
  };
  const newest = async (course: Course): Promise<Version> => {
    const [version] = await agreement.versions(course);
    if (!version) throw new Error('No version');
    return version;
  };
  const agree = async (course: Course, role: 'programme-leader' | 'director', by = LEADER) =>
    agreement.answer(await newest(course), { act: 'agree', role, by, at: AT, comment: '', comments: [] });
  const bringIntoForce = async (course: Course, reason?: string) => {
    await submit(course, reason);
    expect(await agree(course, 'programme-leader')).toBe('decided');
    expect(await agree(course, 'director', DIRECTOR)).toBe('decided');
  };

  test('a submission keeps what the map said, whatever is edited later', async () => {
    const course = await courseWithMap();
    expect(await submit(course)).toEqual({ outcome: 'submitted', number: 1 });
    await change(course, 'rows.l1.topic', 'Something else');
    const version = await agreement.version(course, 1);
    expect(version).toMatchObject({
      state: 'submitted',
      reason: 'First',
      submittedBy: TUTOR,
      submittedAt: AT,
      basedOn: null,
    });
    expect(version?.content.rows.find(({ id }) => id === 'l1')?.topic).toBe('Topic 1');
    expect(version?.editors).toEqual(['tutor']);
  });

  test('of ten submissions at once one is made', async () => {
    const course = await courseWithMap();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => submit(course)));
    expect(outcomes.filter(({ outcome }) => outcome === 'submitted')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'open')).toHaveLength(9);
    expect(await agreement.versions(course)).toHaveLength(1);
  });

  test('a map that changed since it was looked at is not submitted', async () => {
    const course = await courseWithMap();
    const seen = await revisionOf(course);
    await change(course, 'rows.l1.topic', 'Meanwhile');
    const asked = { revision: seen, reason: 'x', by: TUTOR, at: AT };
    expect(await agreement.submit(course, asked)).toEqual({ outcome: 'changed' });
    expect(await agreement.versions(course)).toEqual([]);
  });

  test.each([
    ['no MOOC', { moocs: [] }, 'no-moocs'],
    ['no model', { head: { ...filledMap().head, model: '' } }, 'model-missing'],
    ['no lecture', { rows: filledMap().rows.filter(({ kind }) => kind !== 'lecture') }, 'no-lectures'],
    ['no topic', { rows: filledMap().rows.map((row) => ({ ...row, topic: '' })) }, 'topics-missing'],
  ])('a map with %s is not submitted', async (_name, part, fault) => {
    const course = await courseWithMap(part);
    const outcome = await submit(course);
    expect(outcome.outcome === 'faults' ? outcome.faults : []).toContain(fault);
    expect(await agreement.versions(course)).toEqual([]);
  });

  test('warnings do not stop a submission', async () => {
    const course = await courseWithMap();
    await change(course, 'rows.l2.topic', '');
    await change(course, 'rows.l3.link', 'http://insecure.example');
    expect(await submit(course)).toEqual({ outcome: 'submitted', number: 1 });
  });

  test('of twenty who decide at once one decides, and the others are told', async () => {
    const course = await courseWithMap();
    await submit(course);
    const seen = await newest(course);
    const answers = Array.from({ length: 20 }, (_, index) =>
      agreement.answer(seen, {
        act: index % 2 === 0 ? 'agree' : 'return',
        role: 'programme-leader',
        by: { sub: `leader-${index}`, name: '' },
        at: AT,
        comment: '',
        comments: index % 2 === 0 ? [] : [{ place: 'map', text: 'No' }],
      }),
    );
    const outcomes = await Promise.all([...answers, agreement.withdraw(seen, TUTOR, AT)]);
    expect(outcomes.filter((outcome) => outcome === 'decided' || outcome === 'withdrawn')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(20);
    expect((await newest(course)).revision).toBe(2);
  });

  test('a version in force stays in force until the next one is, and each has a code of its own', async () => {
    const course = await courseWithMap();
    await bringIntoForce(course);
    const first = await newest(course);
    expect(first.code).toMatch(/^\w{8}$/);
    expect(await submit(course)).toEqual({ outcome: 'same' });

    await change(course, 'rows.l5.tasks', 'Video lectures of module 3');
    expect(await submit(course, 'Week 5')).toEqual({ outcome: 'submitted', number: 2 });
    expect(await newest(course)).toMatchObject({ basedOn: 1, changes: 1, code: null });
    expect(await agreement.inForce(course)).toMatchObject({ number: 1, code: first.code });
    await agree(course, 'programme-leader');
    expect((await agreement.byCode(first.code ?? ''))?.current.number).toBe(1);
    await agree(course, 'director', DIRECTOR);

    const second = await newest(course);
    expect(second.code).not.toBe(first.code);
    const found = await agreement.byCode(first.code ?? '');
    expect([found?.version.number, found?.current.number]).toEqual([1, 2]);
    expect((await agreement.version(course, 1))?.state).toBe('in-force');
  });

  test('only the submitter withdraws, and only while it waits; the next submission has the next number', async () => {
    const course = await courseWithMap();
    await submit(course);
    expect(await agreement.withdraw(await newest(course), LEADER, AT)).toBe('refused');
    expect(await agreement.withdraw(await newest(course), TUTOR, AT)).toBe('withdrawn');
    expect(await agreement.withdraw(await newest(course), TUTOR, AT)).toBe('refused');
    expect(await agree(course, 'programme-leader')).toBe('refused');
    expect(await submit(course)).toEqual({ outcome: 'submitted', number: 2 });
  });

  test('everybody whose words stand in it is an editor, also where somebody else submits', async () => {
    const course = await courseWithMap();
    await change(course, 'rows.l1.topic', 'By a colleague', 'colleague');
    await change(course, 'rows.l2.topic', 'By another', 'another');
    await submit(course);
    expect([...(await newest(course)).editors].sort()).toEqual(['another', 'colleague']);
  });

  test('another course, deployment or LMS with equal ids has versions of its own', async () => {
    const course = await courseWithMap();
    await submit(course);
    for (const other of [{ platform: 'https://other client' }, { deployment: '2' }, { context: 'elsewhere' }]) {
      expect(await agreement.versions({ ...course, ...other })).toEqual([]);
      expect(await agreement.version({ ...course, ...other }, 1)).toBeUndefined();
      expect(await agreement.inForce({ ...course, ...other })).toBeUndefined();
    }
    expect(await agreement.open('https://other client')).toEqual([]);
  });

  test('roles are of one LMS: there they are given, listed and taken', async () => {
    const role = { role: 'programme-leader', scope: 'HBM' } as const;
    await agreement.remember('lms-a', { sub: 'p1', name: 'Елена (Сон)' }, AT);
    await Promise.all([1, 2, 3].map(() => agreement.give('lms-a', 'p1', role, 'admin', AT)));
    expect(await agreement.rolesOf('lms-a', 'p1')).toEqual([role]);
    expect(await agreement.rolesOf('lms-b', 'p1')).toEqual([]);
    expect((await agreement.people('lms-a', 'елена (', 10)).map(({ sub }) => sub)).toEqual(['p1']);
    expect(await agreement.people('lms-b', '', 10)).toEqual([]);
    const [holder] = await agreement.holders('lms-a');
    expect(holder).toMatchObject({ sub: 'p1', name: 'Елена (Сон)', ...role });
    expect(await agreement.take('lms-b', holder?.id ?? '')).toBe(false);
    expect(await agreement.take('lms-a', 'nonsense')).toBe(false);
    expect(await agreement.take('lms-a', holder?.id ?? '')).toBe(true);
    expect(await agreement.rolesOf('lms-a', 'p1')).toEqual([]);
  });
});
