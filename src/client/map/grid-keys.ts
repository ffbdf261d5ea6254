import { columnOf, isCell, isWhole, select, type Cell } from './sheet/grid.js';
import type { Sheet } from './sheet/sheet.js';

/** The plan as a sheet: Enter and arrows go from cell to cell. On a narrow page it is cards, and keys do as always. */
const wide = window.matchMedia('(min-width: 641px)');

const isSeen = (cell: Cell) => cell.offsetParent !== null;

/** The cell of that column in the next row that has one; consultations have no topic, controls nothing but one. */
function vertical(from: Cell, step: 1 | -1): Cell | undefined {
  const rows = [...document.querySelectorAll('#map-plan tbody tr')];
  const here = from.closest('tr');
  const at = here ? rows.indexOf(here) : -1;
  for (let index = at + step; index >= 0 && index < rows.length; index += step) {
    const cells = [...(rows[index]?.querySelectorAll<Cell>('.gin') ?? [])];
    const below = cells.find((cell) => columnOf(cell) === columnOf(from) && isSeen(cell));
    if (below) return below;
  }
  return undefined;
}

function horizontal(from: Cell, step: 1 | -1): Cell | undefined {
  const cells = [...document.querySelectorAll<Cell>('#map-plan .gin')].filter(isSeen);
  return cells[cells.indexOf(from) + step];
}

function go(cell: Cell | undefined, event: KeyboardEvent): void {
  if (!cell) return;
  event.preventDefault();
  select(cell);
}

const atStart = (cell: Cell) =>
  cell instanceof HTMLSelectElement || (cell.selectionStart === 0 && cell.selectionEnd === 0);

const atEnd = (cell: Cell) =>
  cell instanceof HTMLSelectElement ||
  (cell.selectionStart === cell.value.length && cell.selectionEnd === cell.value.length);

/** In a text of one line, up and down have nowhere else to go. */
function isOneLine(cell: Cell): boolean {
  if (!(cell instanceof HTMLTextAreaElement)) return true;
  const line = Number.parseFloat(getComputedStyle(cell).lineHeight);
  return !cell.value.includes('\n') && cell.scrollHeight < line * 2 + 8;
}

type Arrow = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';

const STEPS: Readonly<Record<Arrow, readonly [rows: 1 | 0 | -1, columns: 1 | 0 | -1]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const isArrow = (key: string): key is Arrow => Object.hasOwn(STEPS, key);

/** Does this arrow leave the cell? With Alt always; from a text that is being edited only at its edge. */
function leaves(cell: Cell, key: Arrow): boolean {
  const choice = cell instanceof HTMLSelectElement;
  if (key === 'ArrowLeft') return isWhole(cell) || atStart(cell);
  if (key === 'ArrowRight') return isWhole(cell) || atEnd(cell);
  // A list of choices keeps its own arrows up and down.
  if (choice) return false;
  return isWhole(cell) || isOneLine(cell) || (key === 'ArrowUp' ? atStart(cell) : atEnd(cell));
}

function arrow(cell: Cell, key: Arrow, event: KeyboardEvent, sheet: Sheet): void {
  const [rows, columns] = STEPS[key];
  if (event.shiftKey) {
    if (event.altKey || event.ctrlKey || event.metaKey || !(isWhole(cell) || sheet.range.isThere)) return;
    event.preventDefault();
    sheet.range.extend(rows, columns);
    sheet.sayRange(cell);
    return;
  }
  const jump = event.altKey || (event.ctrlKey && columns === 0);
  if (event.metaKey || (event.ctrlKey && !jump)) return;
  if (!jump && !leaves(cell, key)) return;
  go(rows !== 0 ? vertical(cell, rows) : columns !== 0 ? horizontal(cell, columns) : undefined, event);
}

/** As in a sheet: from "the cell is chosen" to "the text is edited" and back. */
function toggleEditing(cell: Cell): void {
  if (cell instanceof HTMLSelectElement) {
    if ('showPicker' in cell) cell.showPicker();
  } else if (isWhole(cell)) cell.setSelectionRange(cell.value.length, cell.value.length);
  else cell.select();
}

function breakLine(cell: Cell, event: KeyboardEvent): void {
  event.preventDefault();
  if (!(cell instanceof HTMLTextAreaElement)) return;
  // In a cell whose whole text is chosen, a line more, not the text gone.
  const [from, to] = isWhole(cell) ? [cell.value.length, cell.value.length] : [cell.selectionStart, cell.selectionEnd];
  cell.setRangeText('\n', from, to, 'end');
  cell.dispatchEvent(new Event('input', { bubbles: true }));
}

function step(direction: 'undo' | 'redo', event: KeyboardEvent, sheet: Sheet): void {
  if (sheet.isNative(direction)) return;
  event.preventDefault();
  void sheet.step(direction);
}

/** Keys that work on cards too; true where it was one of them. */
function isCommand(event: KeyboardEvent, cell: Cell, sheet: Sheet): boolean {
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  const key = event.key.toLowerCase();
  if (command && (key === 'y' || (key === 'z' && event.shiftKey))) step('redo', event, sheet);
  else if (command && key === 'z') step('undo', event, sheet);
  else if ((key === 'delete' || key === 'backspace') && sheet.range.isThere) {
    event.preventDefault();
    sheet.clear(cell);
  } else return false;
  return true;
}

export function watchKeys(form: HTMLFormElement, sheet: Sheet, restore: (cell: Cell, text: string) => void): void {
  let entered: { name: string; text: string } | null = null;
  form.addEventListener('focusin', ({ target }) => {
    if (!isCell(target)) entered = null;
    else if (entered?.name !== target.name) entered = { name: target.name, text: target.value };
  });
  form.addEventListener('keydown', (event) => {
    const { target } = event;
    if (event.isComposing || !(target instanceof HTMLElement)) return;
    // Enter would send the whole form; what is typed saves itself.
    if (event.key === 'Enter' && target instanceof HTMLInputElement) event.preventDefault();
    if (!isCell(target) || isCommand(event, target, sheet) || !wide.matches) return;
    if (event.key === 'Enter') {
      if (event.shiftKey || event.altKey) breakLine(target, event);
      else if (!event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        go(vertical(target, 1), event);
      }
    } else if (event.key === 'F2') {
      event.preventDefault();
      toggleEditing(target);
    } else if (event.key === 'Escape') {
      if (sheet.range.isThere) sheet.range.clear();
      else if (entered?.name === target.name && target.value !== entered.text) restore(target, entered.text);
      if (!(target instanceof HTMLSelectElement)) target.select();
    } else if (isArrow(event.key)) arrow(target, event.key, event, sheet);
  });
}
