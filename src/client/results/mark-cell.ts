import type { StoredMark } from './answer.js';

const EMPTY: StoredMark = { state: 'none', base: '', text: '' };

/** One cell of the sheet: what is stored, what is typed, and the words under it. */
export class MarkCell {
  readonly input: HTMLInputElement;
  readonly key: string;
  readonly field: string;
  readonly column: string;
  readonly sub: string;
  readonly #cell: HTMLElement;
  readonly #baseField: HTMLInputElement | null;
  #base: string;
  #stored: string;
  /** Waits for a person: another text than the one that was refused, or a choice between two marks. */
  held = false;
  /** Half a number is not saved: the moment from which the typing counts as over. */
  ripeAt = 0;

  constructor(cell: HTMLElement, input: HTMLInputElement) {
    this.#cell = cell;
    this.input = input;
    this.key = cell.dataset['key'] ?? '';
    const cut = this.key.indexOf(' ');
    this.column = this.key.slice(0, cut);
    this.sub = this.key.slice(cut + 1);
    this.field = input.name.replace(/^mark\./, '');
    this.#baseField = cell.querySelector<HTMLInputElement>('input[type="hidden"]');
    this.#base = this.#baseField?.value ?? '';
    this.#stored = input.dataset['stored'] ?? '';
    this.held = cell.classList.contains('warned');
  }

  get base(): string {
    return this.#base;
  }

  get text(): string {
    return this.input.value.trim();
  }

  get isDirty(): boolean {
    return this.text !== this.#stored;
  }

  /** What is stored now. A text that is being typed stays as it is. */
  take(mark: StoredMark = EMPTY, { over = false } = {}): void {
    const dirty = this.isDirty && !over;
    if (dirty) return;
    if (this.input.value.trim() !== mark.text) this.input.value = mark.text;
    this.#stored = mark.text;
    this.learn(mark.base);
    this.#showState(mark.state);
  }

  /** The mark that the person has seen and may write over. */
  learn(base: string): void {
    this.#base = base;
    if (this.#baseField) this.#baseField.value = base;
  }

  #showState(state: string): void {
    const template = document.querySelector<HTMLTemplateElement>(`template#ms-${state}`);
    this.#cell.querySelector('[data-ms]')?.remove();
    for (const name of [...this.#cell.classList]) if (name.startsWith('s-')) this.#cell.classList.remove(name);
    if (!template) return;
    this.#cell.classList.add(template.dataset['cell'] ?? '');
    this.#cell.append(template.content.cloneNode(true));
  }

  say(message: string): void {
    this.#cell.querySelector('.cell-msg')?.remove();
    this.#cell.classList.toggle('warned', message !== '');
    this.input.removeAttribute('aria-invalid');
    this.input.removeAttribute('aria-describedby');
    const template = document.querySelector<HTMLTemplateElement>('#res-message');
    if (message === '' || !template) return;
    const made = template.content.firstElementChild?.cloneNode(true);
    if (!(made instanceof HTMLElement)) return;
    made.id = `e.${this.field}`;
    const words = made.querySelector('span');
    if (words) words.textContent = message;
    this.input.after(made);
    this.input.setAttribute('aria-invalid', 'true');
    this.input.setAttribute('aria-describedby', made.id);
  }
}
