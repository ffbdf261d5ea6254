import { expect, test } from '@jest/globals';
import { LIMITS, liveRows, type Edit, type IntegrationMap } from '../../src/integration-map/map.js';
import { perform, type Act } from '../../src/integration-map/structure.js';
import { emptyMooc, emptyRow } from '../../src/integration-map/template.js';
import { templateMap } from './example-map.js';

const edit: Edit = { by: 't1', byName: 'Гүлмира', at: new Date(0), revision: 2 };

/** What the store makes of a patch, in memory. */
function after(map: IntegrationMap, act: Act): IntegrationMap {
  const { patch } = perform(map, act, edit);
  if (!patch) return map;
  const all = patch.newRow ? [...map.rows, patch.newRow] : map.rows;
  const order = patch.rowOrder ?? all.map(({ id }) => id);
  const rows = order.flatMap((id) => all.find((row) => row.id === id) ?? []);
  const written = rows.map((row) => ({ ...row, week: patch.values?.[`rows.${row.id}.week`] ?? row.week }));
  const { deleted } = patch;
  return { ...map, rows: written.map((row) => (row.id === deleted?.id ? { ...row, deleted: deleted.edit } : row)) };
}

const ids = (map: IntegrationMap) => liveRows(map).map(({ id }) => id);

const add = (id: string, kind: 'lecture' | 'practical', place: string | null): Act => ({
  do: 'add-row',
  id,
  kind,
  stage: null,
  after: place,
});

test('a practical class goes under its lecture, a second one under the first', () => {
  const map = after(after(templateMap(), add('p1', 'practical', 'l2')), add('p2', 'practical', 'p1'));
  expect(ids(map).slice(0, 5)).toEqual(['l1', 'l2', 'p1', 'p2', 'l3']);
});

test('a lecture between others is a second one in its week; one behind the last opens the next week', () => {
  const map = after(templateMap(), add('n1', 'lecture', 'l3'));
  expect(map.rows.find(({ id }) => id === 'n1')).toMatchObject({ week: '3', hours: '1' });
  const last = after(templateMap(), add('n1', 'lecture', null));
  expect(ids(last).slice(17, 20)).toEqual(['l15', 'n1', 'c3']);
  expect(last.rows.find(({ id }) => id === 'n1')?.week).toBe('16');
});

test('a lecture moves with its practical classes, and the two lectures change weeks', () => {
  const map = after(after(templateMap(), add('p1', 'practical', 'l2')), { do: 'move-row', id: 'l2', by: 1 });
  expect(ids(map).slice(0, 5)).toEqual(['l1', 'l3', 'l2', 'p1', 'l4']);
  expect(map.rows.find(({ id }) => id === 'l3')?.week).toBe('2');
  expect(map.rows.find(({ id }) => id === 'l2')?.week).toBe('3');
});

test('a lecture that passes a consultation keeps its week, and moving back brings the same order', () => {
  const moved = after(templateMap(), { do: 'move-row', id: 'l7', by: 1 });
  expect(ids(moved).slice(5, 9)).toEqual(['l6', 'c1', 'l7', 'k1']);
  expect(moved.rows.find(({ id }) => id === 'l7')?.week).toBe('7');
  expect(ids(after(moved, { do: 'move-row', id: 'l7', by: -1 }))).toEqual(ids(templateMap()));
});

test('a practical class moves by single rows, into the neighbouring week', () => {
  const map = after(templateMap(), add('p1', 'practical', 'l2'));
  expect(ids(after(map, { do: 'move-row', id: 'p1', by: -1 })).slice(0, 3)).toEqual(['l1', 'p1', 'l2']);
});

test.each([
  ['l1', -1],
  ['k3', 1],
] as const)('row %s cannot move by %i', (id, by) => {
  expect(perform(templateMap(), { do: 'move-row', id, by }, edit)).toEqual({ outcome: 'at-the-edge', patch: null });
});

test('a row comes back where it was, also after others moved', () => {
  const without = after(templateMap(), { do: 'delete-row', id: 'l5' });
  expect(ids(without)).not.toContain('l5');
  const moved = after(without, { do: 'move-row', id: 'l4', by: -1 });
  expect(ids(after(moved, { do: 'restore-row', id: 'l5' })).slice(1, 6)).toEqual(['l2', 'l4', 'l5', 'l3', 'l6']);
});

test('deleting twice, restoring twice and adding the same row twice change nothing', () => {
  const without = after(templateMap(), { do: 'delete-row', id: 'l5' });
  expect(perform(without, { do: 'delete-row', id: 'l5' }, edit).outcome).toBe('already');
  expect(perform(templateMap(), { do: 'restore-row', id: 'l5' }, edit).outcome).toBe('already');
  expect(perform(templateMap(), add('l5', 'lecture', null), edit).outcome).toBe('already');
  expect(perform(templateMap(), { do: 'delete-row', id: 'n99' }, edit).outcome).toBe('not-there');
});

test('the table is full at 60 rows and the map at 12 MOOCs, also for what would come back', () => {
  const rows = Array.from({ length: LIMITS.rows }, (_, index) => emptyRow(`r${index}`, 'practical'));
  const gone = { ...emptyRow('r99', 'practical'), deleted: edit };
  const full = templateMap({ rows: [...rows, gone] });
  expect(perform(full, add('n1', 'lecture', null), edit).outcome).toBe('full');
  expect(perform(full, { do: 'restore-row', id: 'r99' }, edit).outcome).toBe('full');
  const moocs = Array.from({ length: LIMITS.moocs }, (_, index) => emptyMooc(`m${index}`));
  expect(perform(templateMap({ moocs }), { do: 'add-mooc', id: 'm99' }, edit).outcome).toBe('full');
});

test('only so many deleted rows are kept: the oldest makes room', () => {
  const gone = Array.from({ length: LIMITS.deleted }, (_, index) => ({
    ...emptyRow(`d${index}`, 'practical'),
    deleted: { ...edit, revision: 100 - index },
  }));
  const map = templateMap({ rows: [...templateMap().rows, ...gone] });
  const { patch } = perform(map, { do: 'delete-row', id: 'l1' }, edit);
  expect(patch?.purgedRows).toEqual([`d${LIMITS.deleted - 1}`]);
  expect(patch?.rowOrder).not.toContain(`d${LIMITS.deleted - 1}`);
});
