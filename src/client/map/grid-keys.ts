/** The plan as a sheet: Enter and arrows go from cell to cell. On a narrow page it is cards, and keys do as always. */
const wide = window.matchMedia('(min-width: 641px)');

type Cell = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const isCell = (element: EventTarget | null): element is Cell =>
  element instanceof HTMLElement && element.matches('#map-plan .gin');

const cellsOf = (row: Element): Cell[] =>
  [...row.querySelectorAll<Cell>('.gin')].filter((cell) => cell.offsetParent !== null);

const columnOf = ({ name }: Cell) => name.split('.')[2] ?? '';

/** The cell of that column in the next row that has one; consultations have no topic, controls nothing but one. */
function vertical(from: Cell, step: 1 | -1): Cell | undefined {
  const rows = [...document.querySelectorAll('#map-plan tbody tr')];
  const here = from.closest('tr');
  const at = here ? rows.indexOf(here) : -1;
  for (let index = at + step; index >= 0 && index < rows.length; index += step) {
    const row = rows[index];
    const cells = row ? cellsOf(row) : [];
    const below = cells.find((cell) => columnOf(cell) === columnOf(from));
    if (below) return below;
  }
  return undefined;
}

function horizontal(from: Cell, step: 1 | -1): Cell | undefined {
  const cells = [...document.querySelectorAll<Cell>('#map-plan .gin')].filter((cell) => cell.offsetParent !== null);
  return cells[cells.indexOf(from) + step];
}

function go(cell: Cell | undefined, event: KeyboardEvent, caret: 'all' | 'start' | 'end' = 'all'): void {
  if (!cell) return;
  event.preventDefault();
  cell.focus();
  if (cell instanceof HTMLSelectElement) return;
  const end = cell.value.length;
  if (caret === 'all') cell.select();
  else cell.setSelectionRange(caret === 'start' ? 0 : end, caret === 'start' ? 0 : end);
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

function arrow(cell: Cell, event: KeyboardEvent): void {
  const jump = event.altKey || (event.ctrlKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown'));
  if (event.shiftKey || event.metaKey || (event.ctrlKey && !jump)) return;
  const choice = cell instanceof HTMLSelectElement;
  switch (event.key) {
    case 'ArrowUp':
      // A list of choices keeps its own arrows up and down.
      if (jump || (!choice && (isOneLine(cell) || atStart(cell)))) go(vertical(cell, -1), event);
      break;
    case 'ArrowDown':
      if (jump || (!choice && (isOneLine(cell) || atEnd(cell)))) go(vertical(cell, 1), event);
      break;
    case 'ArrowLeft':
      if (jump || atStart(cell)) go(horizontal(cell, -1), event, 'end');
      break;
    case 'ArrowRight':
      if (jump || atEnd(cell)) go(horizontal(cell, 1), event, 'start');
      break;
  }
}

export function watchKeys(form: HTMLFormElement, restore: (cell: Cell, text: string) => void): void {
  let entered: { cell: Cell; text: string } | null = null;
  form.addEventListener('focusin', ({ target }) => {
    entered = isCell(target) ? { cell: target, text: target.value } : null;
  });
  form.addEventListener('keydown', (event) => {
    const { target } = event;
    if (event.isComposing || !(target instanceof HTMLElement)) return;
    // Enter would send the whole form; what is typed saves itself.
    if (event.key === 'Enter' && target instanceof HTMLInputElement) event.preventDefault();
    if (!isCell(target) || !wide.matches) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      go(vertical(target, 1), event);
    } else if (event.key === 'Escape') {
      if (entered?.cell === target && target.value !== entered.text) restore(target, entered.text);
    } else arrow(target, event);
  });
}
