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
  const all = [...map.rows, ...(patch.newRows ?? [])];
  const order = patch.rowOrder ?? all.map(({ id }) => id);
  const rows = order.flatMap((id) => all.find((row) => row.id === id) ?? []);
  const written = rows.map((row) => ({ ...row, week: patch.values?.[`rows.${row.id}.week`] ?? row.week }));
  const { deleted } = patch;
  return {
    ...map,
    rows: written.map((row) => (deleted?.ids.includes(row.id) === true ? { ...row, deleted: deleted.edit } : row)),
  };
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

test('a row is duplicated with its texts right behind itself; a lecture’s copy comes behind its practical classes', () => {
  const map = after(templateMap(), add('p1', 'practical', 'l2'));
  const filled = { ...map, rows: map.rows.map((row) => ({ ...row, topic: `Topic ${row.id}`, delivery: 'in-class' })) };
  const copied = after(after(filled, { do: 'duplicate-row', id: 'n1', of: 'l2' }), {
    do: 'duplicate-row',
    id: 'n2',
    of: 'p1',
  });
  expect(ids(copied).slice(0, 6)).toEqual(['l1', 'l2', 'p1', 'n2', 'n1', 'l3']);
  expect(copied.rows.find(({ id }) => id === 'n1')).toMatchObject({
    kind: 'lecture',
    week: '2',
    topic: 'Topic l2',
    delivery: 'in-class',
  });
  expect(copied.rows.find(({ id }) => id === 'n2')).toMatchObject({ kind: 'practical', topic: 'Topic p1' });
});

test('a copy keeps the stage, and a repeat of the act adds nothing', () => {
  const act: Act = { do: 'duplicate-row', id: 'n1', of: 'c2' };
  const copied = after(templateMap(), act);
  expect(copied.rows.find(({ id }) => id === 'n1')).toMatchObject({ kind: 'consultation', stage: 'midterm-2' });
  expect(perform(copied, act, edit)).toEqual({ outcome: 'already', patch: null });
  expect(perform(templateMap(), { do: 'duplicate-row', id: 'n1', of: 'n9' }, edit).outcome).toBe('not-there');
});

test('a lecture that is dragged takes its practical classes along and leaves the weeks where they are', () => {
  const start = after(templateMap(), add('p1', 'practical', 'l2'));
  const moved = after(start, { do: 'place-row', id: 'l2', after: 'l4' });
  expect(ids(moved).slice(0, 5)).toEqual(['l1', 'l3', 'l4', 'l2', 'p1']);
  expect(liveRows(moved).flatMap(({ kind, week }) => (kind === 'lecture' ? [week] : []))).toEqual(
    Array.from({ length: 15 }, (_, index) => String(index + 1)),
  );
  expect(perform(moved, { do: 'place-row', id: 'l2', after: 'l4' }, edit).outcome).toBe('already');
  const back = after(moved, { do: 'place-row', id: 'l2', after: 'l1' });
  expect(liveRows(back)).toEqual(liveRows(start));
});

test('a lecture dropped among another’s practical classes comes behind them; a practical class goes where it is dropped', () => {
  const map = after(after(templateMap(), add('p1', 'practical', 'l2')), add('p2', 'practical', 'p1'));
  expect(ids(after(map, { do: 'place-row', id: 'l5', after: 'l2' })).slice(0, 6)).toEqual([
    'l1',
    'l2',
    'p1',
    'p2',
    'l5',
    'l3',
  ]);
  expect(ids(after(map, { do: 'place-row', id: 'p2', after: 'l3' })).slice(0, 5)).toEqual([
    'l1',
    'l2',
    'p1',
    'l3',
    'p2',
  ]);
  expect(ids(after(map, { do: 'place-row', id: 'l3', after: null })).slice(0, 2)).toEqual(['l3', 'l1']);
});

test('a row goes nowhere behind itself, its own practical class or a row that is gone', () => {
  const map = after(templateMap(), add('p1', 'practical', 'l2'));
  expect(perform(map, { do: 'place-row', id: 'l2', after: 'l2' }, edit).outcome).toBe('already');
  expect(perform(map, { do: 'place-row', id: 'l2', after: 'p1' }, edit).outcome).toBe('already');
  expect(perform(map, { do: 'place-row', id: 'l2', after: 'n9' }, edit).outcome).toBe('not-there');
});

test('rows of a pasted range come behind the last lesson and count the weeks on; a repeat adds nothing', () => {
  const act: Act = {
    do: 'add-rows',
    rows: [
      { id: 'n1', kind: 'lecture' },
      { id: 'n2', kind: 'practical' },
      { id: 'n3', kind: 'lecture' },
    ],
  };
  const map = after(templateMap(), act);
  expect(ids(map).slice(17, 22)).toEqual(['l15', 'n1', 'n2', 'n3', 'c3']);
  expect(['n1', 'n2', 'n3'].map((id) => map.rows.find((row) => row.id === id)?.week)).toEqual(['16', '', '17']);
  expect(perform(map, act, edit).outcome).toBe('already');
  const many = Array.from({ length: 41 }, (_, index) => ({ id: `x${index}`, kind: 'practical' as const }));
  expect(perform(templateMap(), { do: 'add-rows', rows: many }, edit).outcome).toBe('full');
});

test('rows go and come back together', () => {
  const without = after(templateMap(), { do: 'delete-rows', ids: ['l5', 'l6', 'n9'] });
  expect(ids(without)).toEqual(ids(templateMap()).filter((id) => id !== 'l5' && id !== 'l6'));
  expect(perform(without, { do: 'delete-rows', ids: ['l5', 'l6'] }, edit).outcome).toBe('already');
  expect(ids(after(without, { do: 'restore-rows', ids: ['l5', 'l6'] }))).toEqual(ids(templateMap()));
});
