import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Connection } from 'mongoose';
import { createMaps, type Maps } from '../../src/integration-map/index.js';
import { parsePath, valueAt, type IntegrationMap } from '../../src/integration-map/map.js';
import { emptyMooc, newModule, newOutcome, templateHead, templateRows } from '../../src/integration-map/template.js';
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

const PATHS = [
  'rows.l1.topic',
  'rows.l1.tasks',
  'rows.l2.topic',
  'head.semester',
  'outcomes.o1.text',
  'modules.d1.title',
  'cells.o1-d1.note',
] as const;

const at = (map: IntegrationMap | null, path: string): string => {
  const parsed = parsePath(path);
  return (map && parsed && valueAt(map, parsed)) ?? '';
};

/** What one tutor does, one after the other, while the others do theirs. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('type' as const),
      path: fc.constantFrom(...PATHS),
      text: fc.constantFrom('a', 'b', 'c', 'd'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'restore' as const, 'up' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Accepted {
  readonly path: string;
  readonly base: string;
  readonly value: string;
  readonly revision: number;
  /** False where the same text stood there already: nothing was written, and somebody else's revision is named. */
  readonly written: boolean;
}

async function work(course: CourseRef, sub: string, steps: readonly Step[], accepted: Accepted[]): Promise<void> {
  const editor = { sub, name: sub, at: new Date(0) };
  const seen = new Map<string, string>(PATHS.map((path) => [path, '']));
  for (const doing of steps) {
    if (doing.do === 'type') {
      const base = seen.get(doing.path) ?? '';
      const answer = await maps.change(
        course,
        [{ path: doing.path, base: fingerprint(base), value: doing.text }],
        editor,
      );
      const outcome = answer?.outcomes[0];
      if (outcome?.kind === 'saved') {
        seen.set(doing.path, outcome.value);
        const edit = answer?.map.edits[doing.path];
        const revision = edit?.revision ?? 0;
        const written = edit?.by === sub && !accepted.some((save) => save.written && save.revision === revision);
        accepted.push({ path: doing.path, base, value: outcome.value, revision, written });
      } else if (outcome?.kind === 'conflict') expect(outcome.theirs).not.toBe(base);
    } else if (doing.do === 'look') {
      const map = await maps.find(course);
      for (const path of PATHS) seen.set(path, at(map, path));
    } else if (doing.do === 'up') await maps.act(course, { do: 'move-row', id: 'l2', by: -1 }, editor);
    else
      for (const [item, id] of [
        ['row', 'l1'],
        ['outcome', 'o1'],
      ] as const)
        await maps.act(course, { do: `${doing.do}-${item}`, id }, editor);
  }
}

test('no accepted text vanishes unless the one who wrote over it had seen it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 4 }),
      async (tutors) => {
        const course = { platform: 'p', deployment: '1', context: `property-${++courses}` };
        const head = templateHead({ title: 'Hotel', label: '' });
        await maps.create(
          course,
          {
            head,
            moocs: [emptyMooc('m1')],
            rows: templateRows(),
            outcomes: [newOutcome('o1', '')],
            modules: [newModule('d1', 'm1', '')],
          },
          { sub: 't0', name: '', at: new Date(0) },
        );
        const accepted: Accepted[] = [];
        await Promise.all(tutors.map((steps, index) => work(course, `t${index}`, steps, accepted)));
        const map = await maps.find(course);
        for (const path of PATHS) {
          // Answers overtake each other: of one revision, the writer's own comes first.
          const history = accepted
            .filter((save) => save.path === path)
            .sort((a, b) => a.revision - b.revision || Number(b.written) - Number(a.written));
          let standing = '';
          for (const save of history) {
            // Either the writer had seen what stood there, or it is the same text.
            expect([save.base, save.value]).toContain(standing);
            if (!save.written) expect(save.value).toBe(standing);
            standing = save.value;
          }
          expect(at(map, path)).toBe(standing);
        }
        const ids = map?.rows.map(({ id }) => id) ?? [];
        expect(new Set(ids).size).toBe(templateRows().length);
      },
    ),
    { numRuns: 40 },
  );
});
