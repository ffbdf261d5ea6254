import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { LIMITS } from '../../src/integration-map/map.js';
import { testDatabase } from '../support/database.js';
import { answerOf, mapApp } from './map-app.js';
import { fieldsOf } from './sent-form.js';

let database: { connection: Connection; close(): Promise<void> };
let room: Awaited<ReturnType<typeof mapApp>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  room = await mapApp(database.connection);
  await room.start();
});

const OLGA = { sub: 'tutor-2' };

const theMap = async () => {
  const map = await room.maps.find(room.course);
  if (!map) throw new Error('There is no map');
  return map;
};
const act = (change: object, matrix: string | null = 'm1') => room.act({ since: 1, matrix, act: change });
const change = (path: string, value: string, base = '') =>
  room.patch({ since: 1, matrix: 'm1', changes: [{ path, base, value }] });
const page = async (query = '?matrix=m1') => fieldsOf((await room.get(`/map${query}`).expect(200)).text);

/** Outcomes o10, o11, o12 and modules d10, d11 of the first MOOC. */
async function begin(): Promise<void> {
  await act({ do: 'add-outcomes', id: 'o1', text: 'One\nTwo\nThree' }).expect(200);
  await act({ do: 'add-modules', id: 'd1', mooc: 'm1', text: 'First\nSecond' }).expect(200);
}

describe('the matrix by script', () => {
  test('a list is as many outcomes as it has lines, without their numbers and bullets; a repeat adds nothing', async () => {
    const list = { do: 'add-outcomes', id: 'n1', text: '1. One\r\n\r\n2) Two\n\t•  Three – four\n5 stars' };
    expect(answerOf(await act(list).expect(200)).outcome).toBe('done');
    expect(answerOf(await act(list).expect(200)).outcome).toBe('already');
    expect((await theMap()).outcomes.map(({ id, text }) => [id, text])).toEqual([
      ['n10', 'One'],
      ['n11', 'Two'],
      ['n12', 'Three – four'],
      ['n13', '5 stars'],
    ]);
  });

  test('cells are saved by themselves, and the answer says what comes of them', async () => {
    await begin();
    await change('cells.o10-d10.level', 'fully').expect(200);
    const answer = answerOf(await change('cells.o11-d11.level', 'partly').expect(200));
    expect(answer.matches['m1']).toEqual({
      computed: '50',
      words: 'by the matrix: 1.5 of 3 outcomes',
      needsReason: false,
    });
    expect(answer.html.match).toContain('1 fully, 1 partly, 1 not at all');
    expect(answer.html.hint).toContain('The numbers suggest model 2.');
    expect(answer.html.checks).toContain('Outcome 3 is covered by no MOOC.');
    const typed = answerOf(await change('moocs.m1.match', '90').expect(200));
    expect(typed.matches['m1']).toMatchObject({ words: 'by hand; the matrix gives 50 %', needsReason: true });
    expect(typed.warnings['moocs.m1.reason']).toBe('Give the reason: the matrix gives another per cent');
  });

  test.each([
    ['cells.o10-d10.level', 'mostly'],
    ['cells.o10-d99.level', 'fully'],
    ['cells.o10-d10-d11.level', 'fully'],
    ['cells.o10.level', 'fully'],
    ['cells.__proto__-d10.level', 'fully'],
    ['modules.d10.mooc', 'm1'],
    ['outcomes.o10.deleted', 'x'],
  ])('%s = %s is refused and writes nothing', async (path, value) => {
    await begin();
    const before = await theMap();
    const answer = answerOf(await change(path, value).expect(409));
    expect(Object.keys(answer.refused)).toEqual([path]);
    expect((await theMap()).revision).toBe(before.revision);
  });

  test('a cell that two set at once is a choice, told by its outcome and module', async () => {
    await begin();
    await change('cells.o10-d11.level', 'fully').expect(200);
    const answer = answerOf(
      await room
        .patch({ since: 1, changes: [{ path: 'cells.o10-d11.level', base: '', value: 'partly' }] }, OLGA)
        .expect(409),
    );
    expect(answer.problems[0]?.html).toContain('Outcome 1 × MOOC 1, module 2, level');
    expect(answer.problems[0]?.html).toMatch(/data-yours>Partly[\s\S]*>Fully</);
  });

  test.each([
    ['delete-outcome', 'o10', 'outcomes.o10', 'restore-outcome'],
    ['delete-module', 'd10', 'modules.d10', 'restore-module'],
    ['delete-mooc', 'm1', 'moocs.m1', 'restore-mooc'],
  ])('%s keeps the cells; a text for one of them waits, and undo brings all back', async (name, id, key, back) => {
    await begin();
    await change('cells.o10-d10.level', 'fully').expect(200);
    const gone = answerOf(await act({ do: name, id }).expect(200));
    expect(gone.notice?.html).toContain(`value="${back}:${id}"`);
    expect((await theMap()).cells['o10-d10']?.level).toBe('fully');
    const lost = answerOf(await change('cells.o10-d10.note', 'Why').expect(409));
    expect(lost.problems.map((problem) => [problem.key, problem.lost])).toEqual([[key, ['cells.o10-d10.note']]]);
    expect((await room.get('/map')).text).toContain(`value="${back}:${id}"`);
    await act({ do: back, id }).expect(200);
    await change('cells.o10-d10.note', 'Why').expect(200);
    expect((await theMap()).cells['o10-d10']).toEqual({ level: 'fully', note: 'Why' });
  });

  test('more than fits is not added in part', async () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `Line ${index}`).join('\n');
    const outcomes = answerOf(
      await act({ do: 'add-outcomes', id: 'o1', text: lines(LIMITS.outcomes + 1) }).expect(200),
    );
    expect([outcomes.outcome, outcomes.notice?.text]).toEqual([
      'full',
      'A map has at most 20 outcomes. Nothing was added.',
    ]);
    const modules = answerOf(
      await act({ do: 'add-modules', id: 'd1', mooc: 'm1', text: lines(LIMITS.modulesOfMooc + 1) }).expect(200),
    );
    expect(modules.outcome).toBe('full');
    expect(answerOf(await act({ do: 'add-outcomes', id: 'o1', text: 'x'.repeat(501) }).expect(200)).outcome).toBe(
      'too-long',
    );
    expect(answerOf(await act({ do: 'add-modules', id: 'd1', mooc: 'm9', text: 'x' }).expect(200)).outcome).toBe(
      'not-there',
    );
    expect(await theMap()).toMatchObject({ outcomes: [], modules: [], revision: 1 });
  });

  test('only the open matrix is on the page, and opening one sends the MOOCs alone', async () => {
    await begin();
    expect((await room.get('/map')).text).not.toContain('cells.o10-d10.level');
    expect((await room.get('/map?matrix=m1')).text).toContain('name="cells.o10-d10.level"');
    const { revision } = await theMap();
    const answer = answerOf(await room.get(`/map/changes?since=${revision}&matrix=m1&opening=1`).expect(200));
    expect(answer.html.moocs).toContain('name="cells.o10-d10.level"');
    expect(answer.html.plan).toBeUndefined();
  });
});

describe('the matrix without script', () => {
  test('lists, cells and notes go by the form; a page that is sent back untouched changes nothing', async () => {
    await room.post({ ...(await page()), _outcomes: 'One\r\nTwo', do: 'add-outcomes' }).expect(303);
    const answer = await room
      .post({ ...(await page()), _modules: 'First\r\nSecond', do: 'add-modules:m1' })
      .expect(303);
    expect(answer.headers['location']).toMatch(/matrix=m1#mooc-m1$/);
    const { outcomes, modules } = await theMap();
    const id = `${outcomes[1]?.id ?? ''}-${modules[0]?.id ?? ''}`;
    const fields = { ...(await page()), [`cells.${id}.level`]: 'partly', [`cells.${id}.note`]: 'Half of it' };
    await room.post({ ...fields, do: 'save:s2' }).expect(303);
    const map = await theMap();
    expect(map.cells).toEqual({ [id]: { level: 'partly', note: 'Half of it' } });
    await room.post({ ...(await page()), do: 'save:s2' }).expect(303);
    expect((await theMap()).revision).toBe(map.revision);
    expect((await room.get('/map?matrix=m1')).text).toContain('by the matrix: 0.5 of 2 outcomes');
  });

  test('a list that does not fit comes back as it was typed', async () => {
    const list = Array.from({ length: 21 }, (_, index) => `Line ${index}`).join('\n');
    const { text } = await room.post({ ...(await page()), _outcomes: list, do: 'add-outcomes' }).expect(400);
    expect(text).toContain('A map has at most 20 outcomes. Nothing was added.');
    expect(fieldsOf(text)['_outcomes']?.replaceAll('\r\n', '\n')).toBe(list);
  });

  test('a list that was written and only saved is added', async () => {
    await room.post({ ...(await page()), _outcomes: 'One', do: 'save:s2' }).expect(303);
    expect((await theMap()).outcomes.map(({ text }) => text)).toEqual(['One']);
  });

  test('of two texts in one cell the chosen one is kept, and a cell of what was taken out may be left', async () => {
    await begin();
    const hers = await page();
    await change('cells.o10-d10.level', 'fully').expect(200);
    const conflict = await room.post({ ...hers, 'cells.o10-d10.level': 'partly', do: 'save:s2' }).expect(409);
    const keep = /name="keep" value="(yours:cells[^"]+)"/.exec(conflict.text)?.[1] ?? '';
    await room.post({ ...fieldsOf(conflict.text), keep }).expect(303);
    expect((await theMap()).cells['o10-d10']?.level).toBe('partly');

    const his = await page();
    await act({ do: 'delete-module', id: 'd10' }).expect(200);
    const lost = await room.post({ ...his, 'cells.o10-d10.note': 'Lost', do: 'save:s2' }).expect(409);
    expect(lost.text).toContain('value="leave:modules.d10"');
    await room.post({ ...fieldsOf(lost.text), keep: 'leave:modules.d10' }).expect(303);
    await room.post({ ...fieldsOf(lost.text), keep: 'restore:modules.d10' }).expect(303);
    expect((await theMap()).cells['o10-d10']).toEqual({ level: 'partly', note: 'Lost' });
  });
});

describe('the matrix elsewhere', () => {
  test('a map goes to another course with its matrix, and without what was taken out', async () => {
    await begin();
    await change('cells.o10-d10.level', 'fully').expect(200);
    await change('cells.o11-d10.level', 'partly').expect(200);
    await act({ do: 'delete-outcome', id: 'o11' }).expect(200);
    const to = { ...room.course, context: `${room.course.context}-copy` };
    await room.maps.copy(room.course, to, { sub: 't9', name: '', at: new Date(0) });
    const copy = await room.maps.find(to);
    expect(copy?.outcomes.map(({ text }) => text)).toEqual(['One', 'Three']);
    expect(copy?.modules.map(({ title, mooc }) => [title, mooc])).toEqual([
      ['First', 'm1'],
      ['Second', 'm1'],
    ]);
    expect(copy?.cells).toEqual({ 'o10-d10': { level: 'fully', note: '' } });
  });

  test('2.1 of the document and the file have what the matrix gives', async () => {
    await begin();
    await change('cells.o10-d10.level', 'fully').expect(200);
    const file = JSON.parse((await room.get('/map/document.json').expect(200)).text) as Record<string, unknown>;
    expect(file['outcomes']).toEqual(['One', 'Two', 'Three']);
    expect(file['moocs']).toMatchObject([
      {
        modules: [
          { title: 'First', cells: [{ outcome: 1, level: 'fully', note: '' }] },
          { title: 'Second', cells: [] },
        ],
      },
    ]);
  });

  test('those who only read see the matrix in words', async () => {
    await begin();
    await change('cells.o10-d10.level', 'fully').expect(200);
    await change('cells.o10-d10.note', 'Weeks 1–3').expect(200);
    const { text } = await room.get('/map', { role: 'observer' }).expect(200);
    expect(text).toMatch(/class="mc-full">Fully<\/span> · M1 First: Weeks 1–3/);
    expect(text).toContain('All MOOCs together cover 33 % of the outcomes');
  });
});
