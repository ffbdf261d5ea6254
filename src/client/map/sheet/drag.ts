import { idOfRow, rowElements } from './grid.js';

/** The row before this one, for the place it has now. */
export function rowBefore(id: string): string | null {
  const ids = rowElements().map(idOfRow);
  return ids[ids.indexOf(id) - 1] ?? null;
}

const rowUnder = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>('#map-plan tbody tr[id^="row-"]') : null;

/** Rows are dragged by their names; the buttons of their menus do the same for the keyboard and for fingers. */
export function watchDrags(form: HTMLFormElement, place: (id: string, after: string | null) => void): void {
  let dragged: string | null = null;
  const arm = () => {
    for (const name of form.querySelectorAll<HTMLElement>('#map-plan [data-drag]')) name.draggable = true;
  };
  const mark = (row: HTMLElement | null, where = '') => {
    for (const old of form.querySelectorAll('.drop-before, .drop-after'))
      old.classList.remove('drop-before', 'drop-after');
    row?.classList.add(`drop-${where}`);
  };
  const isUpper = (row: HTMLElement, { clientY }: DragEvent) => {
    const { top, height } = row.getBoundingClientRect();
    return clientY < top + height / 2;
  };

  form.addEventListener('dragstart', (event) => {
    const name = event.target instanceof HTMLElement ? event.target.closest('[data-drag]') : null;
    const row = rowUnder(name);
    if (!row || !event.dataTransfer) return;
    dragged = idOfRow(row);
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', row.dataset['name'] ?? '');
    event.dataTransfer.setDragImage(row, 0, 0);
  });
  form.addEventListener('dragover', (event) => {
    const row = rowUnder(event.target);
    if (dragged === null || !row) return;
    event.preventDefault();
    mark(row, isUpper(row, event) ? 'before' : 'after');
  });
  form.addEventListener('drop', (event) => {
    const row = rowUnder(event.target);
    if (dragged === null || !row) return;
    event.preventDefault();
    const [id, over] = [dragged, idOfRow(row)];
    mark(null);
    dragged = null;
    const after = isUpper(row, event) ? rowBefore(over) : over;
    if (over !== id && after !== id) place(id, after);
  });
  form.addEventListener('dragend', () => {
    dragged = null;
    mark(null);
  });
  form.addEventListener('map:redrawn', arm);
  arm();
}
