import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differencesOf, NOTHING, sameCells } from '../../src/agreement/differences.js';
import { contentOf, wholeContent, type MapContent, type Mooc } from '../../src/integration-map/index.js';
import { emptyMooc, emptyRow } from '../../src/integration-map/template.js';
import { filledMap } from '../integration-map/example-map.js';
import { matchMap } from '../integration-map/match-map.js';

const map = contentOf(filledMap());

const withRow = (id: string, change: object): MapContent => ({
  ...map,
  rows: map.rows.map((row) => (row.id === id ? { ...row, ...change } : row)),
});

describe('differences between two versions', () => {
  test('a map does not differ from itself', () => {
    expect(differencesOf(map, map)).toEqual([]);
    expect(sameCells(NOTHING, map)).toBe(0);
  });

  test('a changed cell of the head, of a MOOC and of a row, each by its path', () => {
    const after: MapContent = {
      ...map,
      head: { ...map.head, semester: 'Spring 2027' },
      moocs: map.moocs.map((mooc) => ({ ...mooc, match: '60' })),
      rows: withRow('l6', { assessment: 'Case study, 10 points' }).rows,
    };
    expect(differencesOf(map, after)).toEqual([
      { kind: 'changed', path: 'head.semester', before: 'Autumn 2026', after: 'Spring 2027' },
      { kind: 'changed', path: 'moocs.m1.match', before: '80', after: '60' },
      { kind: 'changed', path: 'rows.l6.assessment', before: 'Online test', after: 'Case study, 10 points' },
    ]);
  });

  test('rows are known by their id, so one above more changes nothing below', () => {
    const after = { ...map, rows: [emptyRow('n1', 'lecture'), ...map.rows] };
    expect(differencesOf(map, after)).toEqual([{ kind: 'added', group: 'rows', id: 'n1' }]);
    expect(differencesOf(after, map)).toEqual([{ kind: 'removed', group: 'rows', id: 'n1' }]);
  });

  test('one row that goes from the first place to the last has moved, and no other', () => {
    const [first, ...rest] = map.rows;
    if (!first) throw new Error('No rows');
    expect(differencesOf(map, { ...map, rows: [...rest, first] })).toEqual([
      { kind: 'moved', group: 'rows', id: 'l1' },
    ]);
  });

  test('a row that moved and changed is both', () => {
    const [first, second, ...rest] = withRow('l1', { topic: 'New' }).rows;
    if (!first || !second) throw new Error('No rows');
    const kinds = differencesOf(map, { ...map, rows: [second, first, ...rest] });
    expect(kinds).toContainEqual({ kind: 'changed', path: 'rows.l1.topic', before: 'Topic 1', after: 'New' });
    expect(kinds.filter(({ kind }) => kind === 'moved')).toHaveLength(1);
  });

  test('a MOOC that came and one that went', () => {
    const after = { ...map, moocs: [emptyMooc('m2')] };
    expect(differencesOf(map, after)).toEqual([
      { kind: 'added', group: 'moocs', id: 'm2' },
      { kind: 'removed', group: 'moocs', id: 'm1' },
    ]);
  });

  test('a first version differs from nothing in all that it holds', () => {
    const differences = differencesOf(NOTHING, map);
    expect(differences.filter(({ kind }) => kind === 'added')).toHaveLength(map.rows.length + map.moocs.length);
    expect(differences.filter(({ kind }) => kind === 'changed').map((one) => 'path' in one && one.path)).toContain(
      'head.model',
    );
  });

  test('equal cells are counted where something stands in them', () => {
    const cells = sameCells(map, map);
    expect(sameCells(map, withRow('l6', { topic: 'Other' }))).toBe(cells - 1);
    expect(sameCells(map, withRow('l6', { tasks: 'Not empty any more' }))).toBe(cells);
  });

  test('outcomes, modules and cells by their paths; cells of what went are gone with it', () => {
    const before = contentOf(matchMap(['F-', '-P']));
    const after = contentOf({
      ...matchMap(['P-', '-P', 'F-']),
      modules: before.modules.filter(({ id }) => id !== 'm1d2'),
    });
    expect(differencesOf(before, after)).toEqual([
      { kind: 'added', group: 'outcomes', id: 'o3' },
      { kind: 'removed', group: 'modules', id: 'm1d2' },
      { kind: 'changed', path: 'cells.o1-m1d1.level', before: 'fully', after: 'partly' },
      { kind: 'changed', path: 'cells.o3-m1d1.level', before: '', after: 'fully' },
    ]);
    expect(differencesOf(before, before)).toEqual([]);
    expect(sameCells(before, before) - sameCells(before, { ...before, cells: {} })).toBe(2);
  });

  test('a version that was kept before there was a matrix differs in nothing but what was added', () => {
    const { outcomes: _outcomes, modules: _modules, cells: _cells, ...older } = map;
    const moocs = older.moocs.map(({ licence: _licence, reason: _reason, ...mooc }) => mooc as Mooc);
    expect(differencesOf(wholeContent({ ...older, moocs }), map)).toEqual([]);
  });

  test('of any two orders: what is named makes one of the other', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 14 });
    const rowsOf = (numbers: readonly number[]) => numbers.map((number) => emptyRow(`r${number}`, 'lecture'));
    fc.assert(
      fc.property(ids, ids, (before, after) => {
        const found = differencesOf({ ...map, rows: rowsOf(before) }, { ...map, rows: rowsOf(after) });
        const named = (kind: string) => found.flatMap((one) => (one.kind === kind && 'id' in one ? [one.id] : []));
        const [added, removed, moved] = [named('added'), named('removed'), named('moved')];
        expect([...added].sort()).toEqual(
          after
            .filter((n) => !before.includes(n))
            .map((n) => `r${n}`)
            .sort(),
        );
        expect([...removed].sort()).toEqual(
          before
            .filter((n) => !after.includes(n))
            .map((n) => `r${n}`)
            .sort(),
        );
        // Whoever is not named keeps its order.
        const still = (numbers: readonly number[]) =>
          numbers.map((n) => `r${n}`).filter((id) => ![...added, ...removed, ...moved].includes(id));
        expect(still(after)).toEqual(still(before));
      }),
    );
  });
});
