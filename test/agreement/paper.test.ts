import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { paperOf, plannedBy, type Agreement } from '../../src/agreement/index.js';
import type { Maps } from '../../src/integration-map/index.js';
import { fingerprint } from '../../src/integration-map/text.js';
import type { Course } from '../../src/launch/course.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { agreementRooms, AT, DIRECTOR, LEADER, TUTOR } from './rooms.js';

const PUBLIC_URL = 'https://serik.example';

type Rooms = Awaited<ReturnType<typeof agreementRooms>>;

describe('a version on paper', () => {
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

  const submit = async (course: Course) =>
    agreement.submit(course, { revision: (await mapOf(course)).revision, reason: 'First', by: TUTOR, at: AT });
  const retitle = async (course: Course, topic: string) => {
    const before = (await mapOf(course)).rows.find(({ id }) => id === 'l1')?.topic ?? '';
    await maps.change(course, [{ path: 'rows.l1.topic', base: fingerprint(before), value: topic }], {
      ...TUTOR,
      at: AT,
    });
  };
  const answer = async (course: Course, act: 'agree' | 'return', role: 'programme-leader' | 'director') => {
    const [version] = await agreement.versions(course);
    if (!version) throw new Error('No version');
    const by = role === 'director' ? DIRECTOR : LEADER;
    const comments = act === 'return' ? [{ place: 'map', text: 'Hours?' }] : [];
    expect(await agreement.answer(version, { act, role, by, at: AT, comment: '', comments })).toBe('decided');
  };
  const agree = async (course: Course) => {
    await submit(course);
    await answer(course, 'agree', 'programme-leader');
    await answer(course, 'agree', 'director');
  };
  const paper = (course: Course, asked: Parameters<typeof paperOf>[2]) =>
    paperOf({ agreement, publicUrl: PUBLIC_URL }, course, asked);

  test('a map that was never submitted is none', async () => {
    const course = await courseWithMap();
    expect(await paper(course, await mapOf(course))).toBeUndefined();
    expect(await paper(course, 1)).toBeUndefined();
    expect((await plannedBy(agreement, maps)(course))?.inForce).toBeNull();
  });

  test('half agreed: who signed, in the order of Appendix 1, and no code', async () => {
    const course = await courseWithMap();
    await submit(course);
    await answer(course, 'agree', 'programme-leader');
    expect((await paper(course, await mapOf(course)))?.agreed).toEqual({
      version: 1,
      standing: 'waiting',
      since: null,
      check: null,
      signatures: [
        { role: 'teacher', name: TUTOR.name, at: AT, state: 'compiled' },
        { role: 'programme-leader', name: LEADER.name, at: AT, state: 'agreed' },
      ],
    });
    expect((await plannedBy(agreement, maps)(course))?.inForce).toBeNull();
  });

  test('in force: all three names, the code, its address, and a PNG of it', async () => {
    const course = await courseWithMap();
    await agree(course);
    const [version] = await agreement.versions(course);
    const found = await paper(course, await mapOf(course));
    expect(found?.agreed).toMatchObject({ version: 1, standing: 'in-force', since: AT });
    expect(found?.agreed.signatures.map(({ name }) => name)).toEqual([TUTOR.name, LEADER.name, DIRECTOR.name]);
    expect(found?.agreed.check?.url).toBe(`${PUBLIC_URL}/v/${version?.code}`);
    expect(found?.agreed.check?.code.replace('-', '')).toBe(version?.code);
    expect([...(found?.agreed.check?.qr.subarray(0, 4) ?? [])]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });

  test('a change after it makes a draft of the map; the version stays in force, for paper and for students', async () => {
    const course = await courseWithMap();
    await agree(course);
    await retitle(course, 'Another topic');
    expect(await paper(course, await mapOf(course))).toBeUndefined();
    expect((await paper(course, 1))?.map.rows.find(({ id }) => id === 'l1')?.topic).toBe('Topic 1');
    const plan = await plannedBy(agreement, maps)(course);
    expect(plan?.inForce).toEqual({ version: 1, since: AT });
    expect(plan?.map.rows.find(({ id }) => id === 'l1')?.topic).toBe('Topic 1');
    await agree(course);
    expect((await paper(course, 1))?.agreed.standing).toBe('replaced');
    expect((await paper(course, await mapOf(course)))?.agreed).toMatchObject({ version: 2, standing: 'in-force' });
    expect((await plannedBy(agreement, maps)(course))?.inForce?.version).toBe(2);
  });

  test('returned: by whom, and no name in the line of whoever did not sign', async () => {
    const course = await courseWithMap();
    await submit(course);
    await answer(course, 'return', 'programme-leader');
    const found = await paper(course, await mapOf(course));
    expect(found?.agreed.standing).toBe('returned');
    expect(found?.agreed.signatures[1]).toEqual({ role: 'programme-leader', name: '', at: null, state: 'returned' });
  });

  test('withdrawn: only by its number', async () => {
    const course = await courseWithMap();
    await submit(course);
    const [version] = await agreement.versions(course);
    if (version) await agreement.withdraw(version, TUTOR, AT);
    expect(await paper(course, await mapOf(course))).toBeUndefined();
    expect((await paper(course, 1))?.agreed.standing).toBe('withdrawn');
  });

  test('a version of another course is not found', async () => {
    const [course, other] = [await courseWithMap(), await courseWithMap()];
    await agree(course);
    expect(await paper(other, 1)).toBeUndefined();
  });
});
