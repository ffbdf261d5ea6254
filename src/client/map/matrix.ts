/** The matrix of one MOOC: a cell is a list of three levels, gone through like a sheet. */
const NEXT: Readonly<Record<string, string>> = { '': 'partly', partly: 'fully', fully: '' };
const KEYS: Readonly<Record<string, string>> = { '1': '', '2': 'partly', '3': 'fully', Delete: '', Backspace: '' };
const LOOKS: Readonly<Record<string, string>> = { partly: 'mc-part', fully: 'mc-full' };
const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** The id of the MOOC whose matrix is on the page; empty for none. */
export const openedMatrix = (): string =>
  document.querySelector<HTMLInputElement>('input[name="_matrix"]')?.value ?? '';

const isLevel = (target: unknown): target is HTMLSelectElement =>
  target instanceof HTMLSelectElement && target.matches('.matrix .mc');

const rows = () =>
  [...document.querySelectorAll('.matrix tbody tr')].map((row) => [...row.querySelectorAll<HTMLSelectElement>('.mc')]);

const held = (value: number, most: number) => Math.min(Math.max(value, 0), most);

function neighbour(from: HTMLSelectElement, [down, right]: readonly [number, number]): HTMLSelectElement | undefined {
  const cells = rows();
  const row = cells.findIndex((one) => one.includes(from));
  const there = cells[held(row + down, cells.length - 1)] ?? [];
  return there[held((cells[row]?.indexOf(from) ?? 0) + right, there.length - 1)];
}

/** One stop for the Tab key in the whole table. */
function stopAt(cell: HTMLSelectElement | undefined): void {
  for (const other of document.querySelectorAll<HTMLSelectElement>('.matrix .mc'))
    other.tabIndex = other === cell ? 0 : -1;
}

function paint(cell: HTMLSelectElement): void {
  const place = cell.closest('td');
  place?.classList.remove('mc-none', 'mc-part', 'mc-full');
  place?.classList.add(LOOKS[cell.value] ?? 'mc-none');
}

function show(): void {
  const cells = rows().flat();
  for (const cell of cells) paint(cell);
  for (const note of document.querySelectorAll<HTMLElement>('.mc-note'))
    note.classList.toggle('has-note', note.querySelector('textarea')?.value !== '');
  for (const summary of document.querySelectorAll<HTMLElement>('.mc-note > summary')) summary.tabIndex = -1;
  if (!cells.some(({ tabIndex }) => tabIndex === 0) || cells.every(({ tabIndex }) => tabIndex === 0))
    stopAt(cells.find((cell) => cell === document.activeElement) ?? cells[0]);
}

function openNote(cell: HTMLSelectElement): void {
  const note = cell.closest('td')?.querySelector('details');
  note?.setAttribute('open', '');
  note?.querySelector('textarea')?.focus();
}

function set(cell: HTMLSelectElement, level: string): void {
  cell.value = level;
  cell.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Alt and an arrow open the list itself, as everywhere. */
function pressed(event: KeyboardEvent, cell: HTMLSelectElement): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const step = STEPS[event.key];
  const level = event.key === ' ' ? NEXT[cell.value] : KEYS[event.key];
  if (step) neighbour(cell, step)?.focus();
  else if (level !== undefined) set(cell, level);
  else if (event.key === 'Enter') openNote(cell);
  else return;
  event.preventDefault();
}

/** Escape goes back from a note to its cell; an empty one closes. */
function leaveNote(note: HTMLTextAreaElement): void {
  if (note.value === '') note.closest('details')?.removeAttribute('open');
  note.closest('td')?.querySelector<HTMLSelectElement>('.mc')?.focus();
}

export function watchMatrix(form: HTMLFormElement): void {
  form.addEventListener('keydown', (event) => {
    const { target } = event;
    if (isLevel(target)) pressed(event, target);
    else if (event.key === 'Escape' && target instanceof HTMLTextAreaElement && target.closest('.mc-note'))
      leaveNote(target);
  });
  form.addEventListener('change', ({ target }) => {
    if (isLevel(target)) paint(target);
  });
  form.addEventListener('focusin', ({ target }) => {
    if (isLevel(target)) stopAt(target);
  });
  form.addEventListener('focusout', ({ target }) => {
    if (target instanceof Element && target.closest('.mc-note')) show();
  });
  form.addEventListener('map:redrawn', show);
  form.addEventListener('map:shown', (event) => {
    const { detail } = event as CustomEvent<unknown>;
    if (detail === null || (typeof detail === 'string' && detail.startsWith('cells.'))) show();
  });
  show();
}
