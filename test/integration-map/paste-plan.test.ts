import { describe, expect, test } from '@jest/globals';
import { laidOut, ownCell, type ClipCell } from '../../src/integration-map/table/clip.js';
import { COLUMNS, type SheetRow } from '../../src/client/map/sheet/grid.js';
import { isPlain, planPaste } from '../../src/client/map/sheet/paste-plan.js';

const WORDS = {
  maxRows: 60,
  max: { week: 10, topic: 2000, hours: 20, tasks: 2000, assessment: 2000, delivery: 40, platform: 500, link: 2000 },
  choices: { synchronous: ['синхрон', 'synchron'], asynchronous: ['асинхрон', 'asynchron'], 'in-class': ['in class'] },
  names: [
    ['Консультация по РК 1', 'Consultation for midterm 1'],
    ['Рубежный контроль 1', 'Midterm 1'],
  ],
} as const;

const lesson = (id: string, kind: 'lecture' | 'practical' = 'lecture'): SheetRow => ({
  id,
  kind,
  name: id,
  columns: kind === 'lecture' ? COLUMNS : COLUMNS.filter((column) => column !== 'week'),
});
const consultation: SheetRow = {
  id: 'c1',
  kind: 'consultation',
  name: 'Consultation for midterm 1',
  columns: ['hours', 'tasks', 'delivery', 'platform', 'link'],
};
const control: SheetRow = { id: 'k1', kind: 'control', name: 'Midterm 1', columns: ['topic'] };
const ROWS = [lesson('l1'), lesson('l2'), consultation, control, lesson('l3')];

let made = 0;
const plan = (rows: readonly SheetRow[], row: number, column: number, cells: readonly (readonly ClipCell[])[]) => {
  made = 0;
  return planPaste({ rows, row, column }, cells, WORDS, () => `n${++made}`);
};
const plainCells = (rows: readonly (readonly string[])[]) => rows.map((row) => row.map(ownCell));
const written = ({ texts }: ReturnType<typeof plan>) =>
  texts.map(({ row, column, text }) => `${row}.${column}=${text}`);

test('a range goes from the chosen cell on, and lessons stand in no consultation', () => {
  const made = plan(
    ROWS,
    0,
    1,
    plainCells([
      ['A', '1'],
      ['B', '2'],
      ['C', '3'],
    ]),
  );
  expect(written(made)).toEqual(['l1.topic=A', 'l1.hours=1', 'l2.topic=B', 'l2.hours=2', 'l3.topic=C', 'l3.hours=3']);
  expect(isPlain(made)).toBe(true);
});

test('consultations and controls of a Word table find their rows by their names in any language', () => {
  const cells = plainCells([
    ['A', '1', 'read'],
    ['Консультация по РК 1', '2', 'questions'],
    ['РУБЕЖНЫЙ КОНТРОЛЬ 1. 17 октября', '', ''],
    ['B', '1', 'write'],
  ]);
  const made = plan(ROWS, 1, 1, cells);
  expect(written(made)).toEqual([
    'l2.topic=A',
    'l2.hours=1',
    'l2.tasks=read',
    'c1.hours=2',
    'c1.tasks=questions',
    'k1.topic=17 октября',
    'l3.topic=B',
    'l3.hours=1',
    'l3.tasks=write',
  ]);
  expect(isPlain(made)).toBe(true);
});

test('rows beyond the last are added: practical ones where the week is merged or empty', () => {
  const span = (text: string, rowSpan = 1) => ({ text, link: null, rowSpan, colSpan: 1 });
  const cells = laidOut([
    [span('3'), span('C')],
    [span('4', 2), span('D')],
    [span('Practice')],
    [span('5'), span('E')],
  ]);
  const made = plan(ROWS, 4, 0, cells);
  expect(made.added).toEqual([
    { id: 'n1', kind: 'lecture' },
    { id: 'n2', kind: 'practical' },
    { id: 'n3', kind: 'lecture' },
  ]);
  expect(written(made)).toEqual([
    'l3.week=3',
    'l3.topic=C',
    'n1.week=4',
    'n1.topic=D',
    'n2.topic=Practice',
    'n3.week=5',
    'n3.topic=E',
  ]);
});

describe('what does not fit is told', () => {
  test('rows beyond the table’s limit', () => {
    const rows = Array.from({ length: 59 }, (_, index) => lesson(`r${index}`));
    const made = plan(rows, 58, 1, plainCells([['a'], ['b'], ['c'], ['d'], ['']]));
    expect([made.added.length, made.noRoom]).toEqual([1, 2]);
  });

  test('columns beyond the last, unless they are empty', () => {
    expect(plan(ROWS, 0, 6, plainCells([['Zoom', '', 'x', '']])).noColumn).toBe(1);
  });

  test('texts without a cell in their row, texts that are too long, and unknown forms', () => {
    const made = plan(ROWS, 0, 0, plainCells([['1', 'a'.repeat(2001), '1', '', '', 'mixed']]));
    expect([made.tooLong, made.notChoices]).toEqual([1, ['mixed']]);
    expect(plan([lesson('p1', 'practical')], 0, 0, plainCells([['7', 'Topic']])).noPlace).toBe(1);
    expect(
      plan(ROWS, 0, 1, plainCells([['Consultation for midterm 2'], ['Консультация по РК 1'], ['Консультация по РК 1']]))
        .noPlace,
    ).toBe(1);
  });
});

test('forms of delivery are read in three languages, and an empty cell empties the choice', () => {
  const made = plan(ROWS, 0, 5, plainCells([['Синхронно'], ['асинхронды'], ['']]));
  expect(written(made)).toEqual(['l1.delivery=synchronous', 'l2.delivery=asynchronous', 'l3.delivery=']);
});

test('an address beside the platform’s name goes to the link', () => {
  const cell = (text: string, link: string | null = null): ClipCell => ({ text, link, part: 'own' });
  const cells = [
    [cell('Coursera\nhttps://coursera.org/learn/x')],
    [cell('Moodle, module 2', 'https://moodle.example/2')],
    [cell('MS Teams')],
  ];
  expect(written(plan(ROWS, 0, 6, cells))).toEqual([
    'l1.platform=Coursera',
    'l1.link=https://coursera.org/learn/x',
    'l2.platform=Moodle, module 2',
    'l2.link=https://moodle.example/2',
    'l3.platform=MS Teams',
  ]);
});

test('the first row goes to the cell that was chosen, whatever it is', () => {
  expect(written(plan(ROWS, 2, 3, plainCells([['Questions'], ['Read']])))).toEqual([
    'c1.tasks=Questions',
    'l3.tasks=Read',
  ]);
});
