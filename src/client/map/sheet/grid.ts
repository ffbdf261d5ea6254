/** The columns of the sheet, by the field that they hold; platform and link share a cell of the table. */
export const COLUMNS = ['week', 'topic', 'hours', 'tasks', 'assessment', 'delivery', 'platform', 'link'] as const;
export type Column = (typeof COLUMNS)[number];

export type Cell = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
export type Kind = 'lecture' | 'practical' | 'consultation' | 'control';

export interface SheetRow {
  readonly id: string;
  readonly kind: Kind;
  /** "Lecture 3", "Consultation for midterm 1". */
  readonly name: string;
  readonly columns: readonly Column[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  lec: 'lecture',
  prac: 'practical',
  cons: 'consultation',
  ctrl: 'control',
};

export const isCell = (element: unknown): element is Cell =>
  element instanceof HTMLElement && element.matches('#map-plan .gin');

export const columnOf = ({ name }: Pick<Cell, 'name'>): Column | undefined =>
  COLUMNS.find((column) => column === name.split('.')[2]);

export const rowIdOf = ({ name }: Pick<Cell, 'name'>): string => name.split('.')[1] ?? '';

export const pathOf = (row: string, column: string): string => `rows.${row}.${column}`;

export const rowElements = (): HTMLElement[] => [
  ...document.querySelectorAll<HTMLElement>('#map-plan tbody tr[id^="row-"]'),
];

export const idOfRow = (row: Element): string => row.id.slice(4);

export const cellAt = (row: string, column: string): Cell | null =>
  document.querySelector<Cell>(`#${CSS.escape(`f-rows-${row}-${column}`)}`);

export const readRows = (): SheetRow[] =>
  rowElements().map((row) => ({
    id: idOfRow(row),
    kind: KINDS[row.className.split(' ')[0] ?? ''] ?? 'lecture',
    name: row.dataset['name'] ?? '',
    columns: [...row.querySelectorAll<Cell>('.gin')].flatMap((cell) => columnOf(cell) ?? []),
  }));

/** As people read it: a choice by its name. */
export function shownText(cell: Cell): string {
  if (!(cell instanceof HTMLSelectElement)) return cell.value;
  return cell.value === '' ? '' : (cell.selectedOptions[0]?.text ?? '');
}

export function select(cell: Cell): void {
  cell.focus();
  if (!(cell instanceof HTMLSelectElement)) cell.select();
}

/** Is the whole text selected, or is there none? Then keys move between cells, as in a sheet before F2 is pressed. */
export const isWhole = (cell: Cell): boolean =>
  cell instanceof HTMLSelectElement || (cell.selectionStart === 0 && cell.selectionEnd === cell.value.length);
