import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checksOf } from '../../src/integration-map/checks.js';
import type { IntegrationMap, Mooc } from '../../src/integration-map/map.js';
import { coverageOf, isOverridden, matrixMatch, percentOf } from '../../src/integration-map/match.js';
import { hintFor, modelHint, type HintFigures } from '../../src/integration-map/model-hint.js';
import { USUAL_NORMS } from '../../src/integration-map/norms.js';
import { progressOf } from '../../src/integration-map/rules.js';
import { matchMap } from './match-map.js';

const edit = { by: 't1', byName: '', at: new Date(0), revision: 2 };
const withMooc = (map: IntegrationMap, change: Partial<Mooc>): IntegrationMap => ({
  ...map,
  moocs: map.moocs.map((mooc, index) => (index === 0 ? { ...mooc, ...change } : mooc)),
});
const first = (map: IntegrationMap) => map.moocs[0] as Mooc;
const codes = (map: IntegrationMap) => checksOf(map).map(({ code }) => code);

describe('the per cent of a matrix', () => {
  // The example of the rule: fully, fully, fully, partly, not at all.
  const example = matchMap(['FP---', '-FP--', '---F-', '----P', '-----']);

  test('is the mean over the outcomes of their best cells', () => {
    expect(matrixMatch(example, 'm1')).toMatchObject({ percent: 70, worth: 3.5 });
  });

  test('is rounded to whole per cents, and nothing before the matrix is begun', () => {
    expect(matrixMatch(matchMap(['F', '-', '-']), 'm1')?.percent).toBe(33);
    expect(matrixMatch(matchMap(['F', 'F', '-']), 'm1')?.percent).toBe(67);
    expect(matrixMatch(matchMap(['--', '--']), 'm1')).toBeNull();
    expect(matrixMatch(matchMap([]), 'm1')).toBeNull();
    const noted = { ...matchMap(['-', '-']), cells: { 'o1-m1d1': { level: '', note: 'Other topic' } } };
    expect(matrixMatch(noted, 'm1')?.percent).toBe(0);
  });

  test('what was taken out does not count', () => {
    const map = matchMap(['F-', '-P']);
    expect(matrixMatch(map, 'm1')?.percent).toBe(75);
    const outcomes = map.outcomes.map((one) => (one.id === 'o2' ? { ...one, deleted: edit } : one));
    expect(matrixMatch({ ...map, outcomes }, 'm1')?.percent).toBe(100);
    const modules = map.modules.map((one) => (one.id === 'm1d1' ? { ...one, deleted: edit } : one));
    expect(matrixMatch({ ...map, modules }, 'm1')?.percent).toBe(25);
  });

  const matrix = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.constantFrom('F', 'P', '-'), { minLength: columns, maxLength: columns }).map((row) => row.join('')),
      { minLength: rows, maxLength: rows },
    ),
  );

  test('lies between 0 and 100, does not fall when a cell rises, and does not ask for the order', () => {
    fc.assert(
      fc.property(matrix, fc.nat(), fc.nat(), (rows, y, x) => {
        const percent = (drawn: readonly string[]) => matrixMatch(matchMap(drawn), 'm1')?.percent ?? 0;
        const before = percent(rows);
        expect(before).toBeGreaterThanOrEqual(0);
        expect(before).toBeLessThanOrEqual(100);
        expect(Number.isInteger(before)).toBe(true);
        const raised = rows.map((row, at) =>
          at === y % rows.length
            ? Array.from(row)
                .map((one, i) => (i === x % row.length ? 'F' : one))
                .join('')
            : row,
        );
        expect(percent(raised)).toBeGreaterThanOrEqual(before);
        expect(percent([...rows].reverse())).toBe(before);
        expect(percent(rows.map((row) => Array.from(row).reverse().join('')))).toBe(before);
      }),
    );
  });

  test('all MOOCs together cover at least what the best of them does, and no more than their sum', () => {
    fc.assert(
      fc.property(matrix, fc.array(fc.constantFrom('F', 'P', '-'), { minLength: 6, maxLength: 6 }), (rows, other) => {
        const map = matchMap(
          rows,
          rows.map((_, index) => other[index] ?? '-'),
        );
        const each = ['m1', 'm2'].map((mooc) => matrixMatch(map, mooc)?.percent ?? 0);
        const all = coverageOf(map)?.percent ?? 0;
        expect(all).toBeGreaterThanOrEqual(Math.max(...each));
        expect(all).toBeLessThanOrEqual(
          Math.min(
            100,
            each.reduce((sum, one) => sum + one + 1, 0),
          ),
        );
      }),
    );
  });
});

describe('a per cent that was typed', () => {
  const map = matchMap(['F', '-']);

  test('stands over the one of the matrix, and needs a reason where they differ', () => {
    expect(percentOf(map, first(map))).toBe(50);
    const typed = withMooc(map, { match: '80 %' });
    expect(percentOf(typed, first(typed))).toBe(80);
    expect(isOverridden(typed, first(typed))).toBe(true);
    expect(checksOf(typed)).toContainEqual({
      code: 'match-reason-missing',
      level: 'warning',
      cells: ['moocs.m1.reason'],
    });
    expect(codes(withMooc(map, { match: '80', reason: 'Two modules are read in class' }))).not.toContain(
      'match-reason-missing',
    );
  });

  test('needs none where it is the same, or where there is no matrix', () => {
    expect(codes(withMooc(map, { match: '50' }))).not.toContain('match-reason-missing');
    expect(codes(withMooc(matchMap(['-', '-']), { match: '80' }))).not.toContain('match-reason-missing');
  });

  test('is told to be no per cent, whatever the matrix says', () => {
    const typed = withMooc(map, { match: 'most' });
    expect(percentOf(typed, first(typed))).toBeNull();
    expect(codes(typed)).toContain('match-range');
  });

  test('section 2 is complete with either of them', () => {
    const missing = (one: IntegrationMap) => progressOf(one).find(({ section }) => section === 2)?.missing;
    expect(missing(map)).toBe(0);
    expect(missing(withMooc(matchMap(['-']), { match: '70' }))).toBe(0);
    expect(missing(matchMap(['-']))).toBe(1);
  });
});

describe('gaps', () => {
  test('outcomes that no module of any MOOC serves are one warning that leads to the first of them', () => {
    expect(checksOf(matchMap(['F-', '--', 'P-', '--'], ['-', '-', '-', 'P']))).toContainEqual({
      code: 'outcomes-uncovered',
      level: 'warning',
      outcomes: [2],
      cells: ['outcomes.o2.text'],
    });
    expect(codes(matchMap(['F', 'P']))).not.toContain('outcomes-uncovered');
    expect(codes(matchMap(['-', '-']))).not.toContain('outcomes-uncovered');
  });

  test('a match below the norm is told of the matrix too', () => {
    expect(checksOf(matchMap(['P', '-']))).toContainEqual({
      code: 'match-low',
      level: 'warning',
      match: 25,
      threshold: 50,
      cells: ['moocs.m1.match'],
    });
  });
});

describe('the hint about the model', () => {
  const figures: HintFigures = { coverage: 90, moocs: 1, best: 90, moocHours: 80, hours: 150 };
  const hint = (change: Partial<HintFigures>) => hintFor({ ...figures, ...change }, USUAL_NORMS);

  test.each([
    [{ coverage: 49, best: 49 }, '1', 'low'],
    [{ coverage: 50, best: 50 }, '2', 'part'],
    [{ coverage: 79, best: 79 }, '2', 'part'],
    [{ coverage: 90, best: 70, moocs: 2 }, '2', 'together'],
    [{ moocHours: null }, '2', 'no-hours'],
    [{ hours: null }, '2', 'no-hours'],
    [{ moocHours: 74 }, '2', 'few-hours'],
    [{ moocHours: 75 }, '3', 'carries'],
    [{}, '3', 'carries'],
  ])('%j: model %s, %s', (change, model, reason) => {
    expect(hint(change)).toMatchObject({ model, reason });
  });

  test('is read from the map, and there is none before a matrix is begun', () => {
    expect(modelHint(matchMap(['-']), USUAL_NORMS)).toBeNull();
    const map = withMooc(matchMap(['F', 'F'], ['-', 'F']), { hours: '120 h' });
    expect(modelHint(map, USUAL_NORMS)).toEqual({
      coverage: 100,
      moocs: 2,
      best: 100,
      moocHours: 120,
      hours: 150,
      share: 80,
      model: '3',
      reason: 'carries',
    });
    expect(modelHint(map, { ...USUAL_NORMS, carryingHoursShare: 90 })).toMatchObject({ model: '2', share: 80 });
  });

  test('more coverage never speaks for less of the MOOC', () => {
    const percent = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(percent, percent, percent, (a, b, best) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const of = (coverage: number) => Number(hint({ coverage, best: Math.min(best, coverage) }).model);
        expect(of(low)).toBeLessThanOrEqual(of(high));
      }),
    );
  });
});
