import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { askedOf } from '../../src/course-plan/asked.js';
import {
  changesSince,
  previewOf,
  type Asked,
  type CourseStanding,
  type PreviewLine,
} from '../../src/course-plan/rules.js';
import type { IntegrationMap } from '../../src/integration-map/map.js';
import { filledMap } from '../integration-map/example-map.js';

/** Monday 31 August; the second week of December is nothing but holiday. */
const dated = (change: (map: IntegrationMap) => Partial<IntegrationMap> = () => ({})): IntegrationMap => {
  const map = filledMap();
  const head = { ...map.head, semesterStart: '2026-09-01', holidays: '2026-12-07 – 2026-12-13 Break' };
  return { ...map, head, ...change({ ...map, head }) };
};
const without = (...ids: string[]) => dated(({ rows }) => ({ rows: rows.filter(({ id }) => !ids.includes(id)) }));

describe('what a map asks of its course', () => {
  test('days come from the weeks: a consultation lies before its control, and holidays are left out', () => {
    const { stages, columns } = askedOf(dated());
    expect(stages.map(({ stage, window }) => [stage, window])).toEqual([
      ['midterm-1', { first: '2026-10-12', last: '2026-10-18' }],
      // Midterm 2 is a week later, so until the Sunday before; week 15 comes after the holidays.
      ['midterm-2', { first: '2026-11-30', last: '2026-12-13' }],
      ['exam', { first: '2026-12-14', last: '2026-12-20' }],
    ]);
    expect(columns).toEqual([
      { column: 'midterm-1', due: '2026-10-18' },
      { column: 'midterm-2', due: '2026-12-20' },
      { column: 'exam', due: '2026-12-20' },
    ]);
  });

  test('hours, delivery, platform and link are those of the consultation’s row', () => {
    const map = dated(({ rows }) => ({
      rows: rows.map((row) => (row.id === 'c1' ? { ...row, hours: '1,5', link: 'https://teams.example/x' } : row)),
    }));
    expect(askedOf(map).stages[0]).toMatchObject({
      hours: 1.5,
      delivery: 'synchronous',
      platform: 'MS Teams',
      link: 'https://teams.example/x',
    });
  });

  test('two consultations of one stage are one plan from the first to the last', () => {
    const map = dated(({ rows }) => {
      const c1 = rows.find(({ id }) => id === 'c1');
      const at = rows.findIndex(({ id }) => id === 'l6');
      return { rows: c1 ? rows.toSpliced(at, 0, { ...c1, id: 'c9', hours: '2' }) : [] };
    });
    expect(askedOf(map).stages[0]).toMatchObject({ window: { first: '2026-09-28', last: '2026-10-18' }, hours: 3 });
  });

  test('without the semester’s start there are no days, and the rest is there', () => {
    const { stages, columns } = askedOf(filledMap());
    expect(stages.map(({ window, hours }) => [window, hours])).toEqual([
      [null, 1],
      [null, 1],
      [null, 1],
    ]);
    expect(columns.map(({ due }) => due)).toEqual([null, null, null]);
  });

  test('the MOOC has a column where model 3 or an assessment lets it count', () => {
    const columns = (map: IntegrationMap) => askedOf(map).columns.map(({ column }) => column);
    expect(columns(dated())).not.toContain('mooc');
    expect(columns(dated(({ head }) => ({ head: { ...head, model: '3' } })))).toContain('mooc');
    const named = dated(({ rows }) => ({
      rows: rows.map((row) => (row.id === 'l3' ? { ...row, assessment: 'Сертификат МООК' } : row)),
    }));
    expect(askedOf(named).columns.at(-1)).toEqual({ column: 'mooc', due: '2026-12-20' });
  });

  test('a row that was taken out asks for nothing', () => {
    const { stages, columns } = askedOf(without('c2', 'k2'));
    expect(stages.map(({ stage }) => stage)).toEqual(['midterm-1', 'exam']);
    expect(columns.map(({ column }) => column)).toEqual(['midterm-1', 'exam']);
  });
});

const fresh: CourseStanding = {
  asked: null,
  stages: (['midterm-1', 'midterm-2', 'exam'] as const).map((stage) => ({ stage, slots: 0, booked: 0 })),
  columns: [
    ...(['midterm-1', 'midterm-2', 'exam'] as const).map((column) => ({ column, shown: true, hold: null })),
    { column: 'mooc', shown: false, hold: null },
  ],
};
const words = (lines: readonly PreviewLine[]) => lines.map(({ what, id, act, todo }) => `${what} ${id} ${act} ${todo}`);

/** The course after applying, as the stores make it: the plan is what was asked, and the columns follow. */
const after = (asked: Asked, standing: CourseStanding): CourseStanding => {
  const lines = previewOf(asked, standing);
  const act = (column: string) => lines.find(({ what, id }) => what === 'column' && id === column)?.act;
  return {
    ...standing,
    asked,
    columns: standing.columns.map((one) => ({
      ...one,
      shown: act(one.column) === 'create' || (one.shown && act(one.column) !== 'remove'),
    })),
  };
};

describe('the preview', () => {
  test('of a first map: stages get their plan, columns their last day', () => {
    expect(words(previewOf(askedOf(dated()), fresh))).toEqual([
      'stage midterm-1 create true',
      'stage midterm-2 create true',
      'stage exam create true',
      'column midterm-1 change true',
      'column midterm-2 change true',
      'column exam change true',
    ]);
  });

  test('what the map has no longer goes only where nobody is booked and nothing is marked', () => {
    const before = after(askedOf(dated()), fresh);
    const busy: CourseStanding = {
      ...before,
      stages: before.stages.map((one) => (one.stage === 'midterm-1' ? { ...one, slots: 1, booked: 5 } : one)),
      columns: before.columns.map((one) => (one.column === 'midterm-1' ? { ...one, hold: 'marks' } : one)),
    };
    const lines = previewOf(askedOf(without('c1', 'k1', 'c2', 'k2')), busy);
    expect(words(lines)).toEqual([
      'stage midterm-1 keep true',
      'stage midterm-2 remove true',
      'stage exam same false',
      'column midterm-1 keep true',
      'column midterm-2 remove true',
      'column exam same false',
    ]);
    expect(lines[0]).toMatchObject({ booked: 5 });
    expect(lines[3]).toMatchObject({ hold: 'marks' });
  });

  test('a stage that was taken out and got a slot since stays', () => {
    const standing = after(askedOf(without('c2')), fresh);
    const stages = standing.stages.map((one) => (one.stage === 'midterm-2' ? { ...one, slots: 1 } : one));
    expect(words(previewOf(askedOf(without('c2')), { ...standing, stages }))[1]).toBe('stage midterm-2 keep false');
  });

  test('says which of a stage’s days changed when the start is moved', () => {
    const moved = dated(({ head }) => ({ head: { ...head, semesterStart: '2026-09-08' } }));
    const standing = after(askedOf(dated()), fresh);
    expect(words(previewOf(askedOf(moved), standing)).filter((line) => !line.endsWith('change true'))).toEqual([]);
    expect(changesSince(askedOf(dated()), askedOf(moved))).toBe(6);
    expect(changesSince(askedOf(dated()), askedOf(without('c1', 'k3')))).toBe(2);
    expect(changesSince(askedOf(dated()), askedOf(dated()))).toBe(0);
  });

  const day = fc.constantFrom('2026-10-12', '2026-10-19', '2026-12-14');
  const stage = fc.constantFrom('midterm-1' as const, 'midterm-2' as const, 'exam' as const);
  const asked: fc.Arbitrary<Asked> = fc.record({
    stages: fc.uniqueArray(
      fc.record({
        stage,
        window: fc.option(fc.record({ first: day, last: day })),
        hours: fc.option(fc.integer({ min: 0, max: 3 })),
        delivery: fc.constantFrom('synchronous' as const, 'in-class' as const, null),
        platform: fc.constantFrom('', 'Zoom'),
        link: fc.constantFrom(null, 'https://zoom.example/1'),
      }),
      { selector: (one) => one.stage },
    ),
    columns: fc.uniqueArray(fc.record({ column: fc.oneof(stage, fc.constant('mooc' as const)), due: fc.option(day) }), {
      selector: (one) => one.column,
    }),
  });
  const standing: fc.Arbitrary<CourseStanding> = fc.record({
    asked: fc.option(asked),
    stages: fc
      .tuple(fc.nat(2), fc.nat(2), fc.nat(2))
      .map((slots) => fresh.stages.map((one, index) => ({ ...one, slots: slots[index] ?? 0 }))),
    columns: fc
      .array(fc.record({ shown: fc.boolean(), hold: fc.constantFrom('marks' as const, 'sent' as const, null) }), {
        minLength: 4,
        maxLength: 4,
      })
      .map((states) =>
        fresh.columns.map(({ column }, index) => {
          const { shown = true, hold = null } = states[index] ?? {};
          return { column, shown, hold: shown ? hold : null };
        }),
      ),
  });

  test('after applying there is nothing more to do', () => {
    fc.assert(
      fc.property(asked, standing, (wish, course) => {
        expect(previewOf(wish, after(wish, course)).filter(({ todo }) => todo)).toEqual([]);
      }),
    );
  });

  test('nothing that is held is ever removed', () => {
    fc.assert(
      fc.property(asked, standing, (wish, course) => {
        const removed = previewOf(wish, course).filter(({ act }) => act === 'remove');
        for (const line of removed) {
          if (line.what === 'stage') expect(line.slots).toBe(0);
          else expect(course.columns.find(({ column }) => column === line.id)?.hold).toBeNull();
        }
      }),
    );
  });
});
