import { cellsOfHtml } from './map/sheet/html-table.js';
import { toTsv } from './map/sheet/copy-out.js';

const choose = document.querySelector<HTMLFormElement>('#table-choose');
if (choose) watchChoice(choose);
if (document.querySelector('#table-preview')) watchPreview();

function watchChoice(form: HTMLFormElement): void {
  const file = form.querySelector<HTMLInputElement>('#table-file');
  const text = form.querySelector<HTMLTextAreaElement>('#table-text');
  const tables = form.querySelector<HTMLInputElement>('[name="tables"]');
  const drop = form.querySelector<HTMLElement>('#table-drop');
  const problem = form.querySelector<HTMLElement>('#table-problem');
  const pasted = form.querySelector<HTMLElement>('#table-pasted');
  if (!file || !text || !tables || !drop || !problem || !pasted) return;

  const tell = (sentence: string) => {
    problem.hidden = sentence === '';
    problem.querySelector('[data-text]')?.replaceChildren(sentence);
  };
  for (const hint of form.querySelectorAll<HTMLElement>('[data-with-script]')) hint.hidden = false;

  /** A file that is too large stays here: sending it would only take time. */
  const isTooLarge = () => (file.files?.[0]?.size ?? 0) > Number(form.dataset['most']);
  file.addEventListener('change', () => tell(isTooLarge() ? (form.dataset['tooLarge'] ?? '') : ''));
  form.addEventListener('submit', (event) => {
    if (!isTooLarge()) return;
    event.preventDefault();
    tell(form.dataset['tooLarge'] ?? '');
  });

  // A table on the clipboard is more than its text: merged cells and addresses.
  text.addEventListener('paste', (event) => {
    const cells = cellsOfHtml(event.clipboardData?.getData('text/html') ?? '');
    if (!cells) return;
    event.preventDefault();
    text.value = toTsv(cells.map((row) => row.map((cell) => cell.text)));
    tables.value = JSON.stringify([
      { name: '', rows: cells.map((row) => row.map((cell) => [cell.text, cell.link, cell.part])) },
    ]);
    const size = { rows: cells.length, columns: cells[0]?.length ?? 0 };
    pasted.textContent = (form.dataset['pasted'] ?? '')
      .replace('{rows}', String(size.rows))
      .replace('{columns}', String(size.columns));
  });
  text.addEventListener('input', () => {
    tables.value = '';
    pasted.textContent = '';
  });

  const over = (event: DragEvent, on: boolean) => {
    event.preventDefault();
    drop.classList.toggle('is-over', on);
  };
  form.addEventListener('dragover', (event) => over(event, true));
  form.addEventListener('dragleave', (event) => over(event, false));
  form.addEventListener('drop', (event) => {
    over(event, false);
    if (!event.dataTransfer?.files.length) return;
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event('change'));
  });
}

/** Each choice is shown at once, and the person stays where they are. */
function watchPreview(): void {
  let last = 0;
  document.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLSelectElement || target instanceof HTMLInputElement) void update();
  });

  async function update(): Promise<void> {
    const form = document.querySelector<HTMLFormElement>('#table-preview');
    if (!form) return;
    const mine = ++last;
    const body = new FormData(form);
    body.set('do', 'preview');
    const page = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' } })
      .then(async (response) => (response.ok ? await response.text() : ''))
      .catch(() => '');
    const fresh = new DOMParser().parseFromString(page, 'text/html').querySelector('#table-preview');
    // Without an answer the page keeps what it shows, and its button does the same.
    if (!fresh || mine !== last) return;
    const focused = document.activeElement?.id ?? '';
    form.replaceWith(document.adoptNode(fresh));
    if (focused !== '') document.getElementById(focused)?.focus();
  }
}
