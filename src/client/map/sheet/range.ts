import { COLUMNS, cellAt, columnOf, idOfRow, isCell, rowElements, rowIdOf, shownText, type Cell } from './grid.js';

interface Corner {
  readonly row: string;
  readonly column: number;
}

const cornerOf = (cell: Cell): Corner => ({
  row: rowIdOf(cell),
  column: COLUMNS.findIndex((column) => column === columnOf(cell)),
});

/** The cells that are selected together: from the one that has the focus to another. */
export class Range {
  #head: Corner | null = null;

  /** Nothing, or more than one cell. */
  get isThere(): boolean {
    return this.#head !== null;
  }

  clear(): void {
    if (!this.#head) return;
    this.#head = null;
    this.paint();
  }

  /** To that cell; a cell alone is no range. */
  reach(cell: Cell): void {
    const focused = document.activeElement;
    if (!isCell(focused)) return;
    this.#head = cell === focused ? null : cornerOf(cell);
    this.paint();
  }

  /** One row or column further, whatever stands there. */
  extend(rows: number, columns: number): void {
    const focused = document.activeElement;
    if (!isCell(focused)) return;
    const head = this.#head ?? cornerOf(focused);
    const ids = rowElements().map(idOfRow);
    const row = ids[Math.min(ids.length - 1, Math.max(0, ids.indexOf(head.row) + rows))] ?? head.row;
    const column = Math.min(COLUMNS.length - 1, Math.max(0, head.column + columns));
    const home = cornerOf(focused);
    this.#head = row === home.row && column === home.column ? null : { row, column };
    this.paint();
  }

  /** The rows and columns from corner to corner; of one cell, where that alone is chosen. */
  area(focused: Cell): { rows: HTMLElement[]; columns: readonly (typeof COLUMNS)[number][] } {
    const all = rowElements();
    const ids = all.map(idOfRow);
    const home = cornerOf(focused);
    const head = this.#head ?? home;
    const [top, bottom] = [ids.indexOf(home.row), ids.indexOf(head.row)].sort((a, b) => a - b);
    const [left, right] = [home.column, head.column].sort((a, b) => a - b);
    return { rows: all.slice(top, (bottom ?? 0) + 1), columns: COLUMNS.slice(left, (right ?? 0) + 1) };
  }

  cells(focused: Cell): Cell[] {
    const { rows, columns } = this.area(focused);
    return rows.flatMap((row) => columns.flatMap((column) => cellAt(idOfRow(row), column) ?? []));
  }

  /** As a table: a row that has no topic of its own shows its name there. */
  texts(focused: Cell): string[][] {
    const { rows, columns } = this.area(focused);
    return rows.map((row) => columns.map((column) => textAt(row, column)));
  }

  paint(): void {
    for (const cell of document.querySelectorAll('#map-plan .picked')) cell.classList.remove('picked');
    const focused = document.activeElement;
    if (this.#head && isCell(focused)) for (const cell of this.cells(focused)) cell.classList.add('picked');
  }
}

function textAt(row: HTMLElement, column: (typeof COLUMNS)[number]): string {
  const cell = cellAt(idOfRow(row), column);
  const text = cell ? shownText(cell) : '';
  const named = column === 'topic' && (row.classList.contains('cons') || row.classList.contains('ctrl'));
  return named ? [row.dataset['name'] ?? '', text].filter((part) => part !== '').join('\n') : text;
}
