import { announce } from '../shared/live.js';
import { sendJson, type Answer } from '../shared/request.js';
import { isSheetAnswer, refusalOf, type SheetAnswer } from './answer.js';
import { MarkCell } from './mark-cell.js';
import { showState, showStuck, timeNow } from './state-line.js';

const TYPING_MS = 500;
const FIRST_LOOK_MS = 1000;
const LONGEST_LOOK_MS = 5000;
/** About four minutes; then only what the person does wakes it again. */
const LOOKS = 60;

const isTransient = (status: number) => status === 0 || status === 429 || status >= 500;
const backoff = (failures: number) => Math.min(30_000, 1000 * 2 ** Math.min(failures, 6));

interface Flight {
  readonly cell: MarkCell;
  readonly base: string;
  readonly value: string;
}

/** Saves each mark by itself while it is typed, and shows how the marks go to the LMS. */
export class SheetEditor {
  readonly cells: ReadonlyMap<string, MarkCell>;
  readonly #form: HTMLFormElement;
  readonly #conflictText: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #flight: Flight | undefined;
  #saving: Promise<void> | undefined;
  #failures = 0;
  #looks = 0;
  #stuck = false;
  #shown = { legend: '', aside: '' };
  #said = '';

  constructor(form: HTMLFormElement) {
    this.#form = form;
    this.#conflictText = (JSON.parse(form.dataset['texts'] ?? '{}') as { conflict: string }).conflict;
    const cells = [...form.querySelectorAll<HTMLElement>('td[data-key]')].flatMap((td) => {
      const input = td.querySelector<HTMLInputElement>('.cellin');
      return input ? [new MarkCell(td, input)] : [];
    });
    this.cells = new Map(cells.map((cell) => [cell.key, cell]));
  }

  get hasUnsaved(): boolean {
    return this.#flight !== undefined || [...this.cells.values()].some((cell) => cell.isDirty);
  }

  cellOf(target: EventTarget | null): MarkCell | undefined {
    const td = target instanceof Element ? target.closest<HTMLElement>('td[data-key]') : null;
    return this.cells.get(td?.dataset['key'] ?? '');
  }

  start(waiting: boolean): void {
    this.#form.addEventListener('input', ({ target }) => this.#typed(this.cellOf(target), TYPING_MS));
    this.#form.addEventListener('change', ({ target }) => this.#typed(this.cellOf(target), 0));
    window.addEventListener('online', () => this.#soon(0));
    document.addEventListener('visibilitychange', () => {
      this.#soon(0);
      if (document.visibilityState === 'visible') this.look();
    });
    // A browser may have kept what was typed before a reload.
    this.#soon(TYPING_MS);
    if (waiting) this.look();
  }

  #typed(cell: MarkCell | undefined, delay: number): void {
    if (!cell) return;
    cell.ripeAt = performance.now() + delay;
    if (delay > 0 && cell.held && !this.#conflictOf(cell)) {
      cell.held = false;
      cell.say('');
    }
    this.#soon(delay);
  }

  #next(): Flight | undefined {
    const cell = [...this.cells.values()].find((one) => one.isDirty && !one.held && one.ripeAt <= performance.now());
    return cell && { cell, base: cell.base, value: cell.text };
  }

  #soon(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#stuck) return;
    if (!this.#flight && ![...this.cells.values()].some((cell) => cell.isDirty && !cell.held)) return;
    if (this.#failures === 0) showState('saving');
    this.#timer = setTimeout(() => void this.save(), delay);
  }

  /** Sends what waits, one mark at a time; true when nothing is left that could be saved. */
  async save(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#saving ??= this.#saveAll().finally(() => {
      this.#saving = undefined;
      // What was still being typed goes when the typing pauses.
      if (this.#failures === 0) this.#soon(TYPING_MS / 2);
    });
    await this.#saving;
    return !this.hasUnsaved;
  }

  #isSaving(): boolean {
    return this.#saving !== undefined;
  }

  async #saveAll(): Promise<void> {
    let last: SheetAnswer | undefined;
    while (!this.#stuck) {
      // An answer that was lost may have been a save: the same text goes again before a newer one.
      const flight = this.#flight ?? this.#next();
      if (!flight) break;
      this.#flight = flight;
      const { cell, base, value } = flight;
      const { status, body } = await sendJson('PATCH', '/results', {
        column: cell.column,
        sub: cell.sub,
        base: base === '' ? null : Number(base),
        value,
      });
      if (!isSheetAnswer(body)) {
        this.#failed(status, body);
        return;
      }
      this.#flight = undefined;
      this.#failures = 0;
      last = body;
      this.#saved(flight, body);
    }
    if (last) this.take(last);
    if (last && !this.#stuck) this.#showOutcome();
  }

  #saved({ cell, value }: Flight, answer: SheetAnswer): void {
    if (answer.conflict) {
      cell.held = true;
      cell.say(this.#conflictText);
      this.#conflictOf(cell)?.remove();
      document.querySelector('#res-conflicts')?.insertAdjacentHTML('beforeend', answer.conflict.html);
      const note = this.#conflictOf(cell);
      // The server numbers no rows; the buttons name this page's own.
      for (const button of note?.querySelectorAll<HTMLButtonElement>('button[name="take"]') ?? [])
        button.value = button.value.replace(cell.key, cell.field);
      announce(note?.querySelector('p')?.textContent ?? '');
    } else if (answer.fault !== undefined) {
      if (cell.text !== value) return;
      cell.held = true;
      cell.say(answer.fault);
      announce(answer.fault);
    } else {
      cell.say('');
      const stored = answer.cells[cell.key];
      if (cell.text === value) cell.take(stored, { over: true });
      else cell.learn(stored?.base ?? '');
    }
  }

  #conflictOf(cell: MarkCell): HTMLElement | null {
    return document.querySelector<HTMLElement>(`#res-conflicts [data-conflict="${CSS.escape(cell.key)}"]`);
  }

  /** The person chose one of two marks. */
  async choose(button: HTMLButtonElement): Promise<void> {
    const note = button.closest<HTMLElement>('[data-conflict]');
    const cell = this.cells.get(note?.dataset['conflict'] ?? '');
    if (!note || !cell) return;
    const [choice, , base = ''] = button.value.split(' ');
    note.remove();
    cell.say('');
    cell.held = false;
    cell.learn(base);
    cell.input.focus();
    cell.ripeAt = 0;
    if (choice === 'mine') await this.save();
    else {
      const { body } = await sendJson('GET', '/results/state.json');
      if (!isSheetAnswer(body)) return;
      cell.take(body.cells[cell.key], { over: true });
      this.take(body);
      this.#showOutcome();
    }
  }

  #showOutcome(): void {
    const dirty = [...this.cells.values()].filter((cell) => cell.isDirty);
    if (dirty.length > 0) showState(dirty.some((cell) => !cell.held) ? 'saving' : 'stuck');
    else showState('saved', timeNow(this.#form));
  }

  #failed(status: number, body: unknown): void {
    if (isTransient(status)) {
      this.#failures += 1;
      showState('waiting');
      this.#timer = setTimeout(() => void this.save(), backoff(this.#failures));
      return;
    }
    this.#stuck = true;
    showState('stuck');
    showStuck(refusalOf(body));
  }

  /** Brings the page to the state that the answer tells of. */
  take(answer: SheetAnswer, { act = false } = {}): void {
    for (const cell of this.cells.values()) if (!cell.held) cell.take(answer.cells[cell.key]);
    replace('#res-legend', answer.html.legend, this.#shown.legend);
    this.#shown.legend = answer.html.legend;
    const aside = document.querySelector('#res-aside');
    const inUse = !act && aside?.contains(document.activeElement) === true;
    if (!inUse) {
      replace('#res-aside', answer.html.aside, this.#shown.aside);
      this.#shown.aside = answer.html.aside;
    }
    const before = document.querySelector<HTMLElement>('#before');
    const jump = document.querySelector<HTMLElement>('#res-jump');
    if (jump) {
      jump.hidden = !before?.querySelector('button');
      jump.textContent = before?.dataset['jump'] ?? '';
    }
    for (const column of answer.fixed) fixMaximum(column);
  }

  /** Asks how the marks are going, for a while. */
  look(): void {
    this.#looks = 0;
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => void this.#look(), FIRST_LOOK_MS);
  }

  async #look(): Promise<void> {
    this.#looks += 1;
    const again = () => {
      if (this.#looks < LOOKS && document.visibilityState === 'visible')
        this.#looking = setTimeout(
          () => void this.#look(),
          Math.min(LONGEST_LOOK_MS, FIRST_LOOK_MS + this.#looks * 250),
        );
    };
    // An answer from before a save would show what was there before it.
    if (this.#isSaving()) {
      again();
      return;
    }
    const { body }: Answer = await sendJson('GET', '/results/state.json');
    if (isSheetAnswer(body) && !this.#isSaving()) {
      this.take(body);
      if (body.sentence !== this.#said) announce(body.sentence);
      this.#said = body.sentence;
      if (!body.waiting) return;
    }
    again();
  }

  /** Sends a form of the page as JSON, after what is typed is saved. */
  async act(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    for (const cell of this.cells.values()) cell.ripeAt = 0;
    await this.save();
    const path = form.dataset['act'] ?? '';
    // Saving may have put a newer panel in the place of this one: what it shows is what goes.
    const current = form.isConnected ? form : document.querySelector<HTMLFormElement>(`form[data-act="${path}"]`);
    if (!current) return;
    const data = Object.fromEntries(new FormData(current));
    const chosen = submitter instanceof HTMLButtonElement && submitter.name !== '' ? submitter : null;
    const { status, body } = await sendJson('POST', path, {
      ...data,
      ...(chosen ? { [chosen.name]: chosen.value } : {}),
    });
    if (!isSheetAnswer(body)) {
      // The plain form does the same, and its page says what is wrong.
      if (isTransient(status)) showState('waiting');
      else showStuck(refusalOf(body));
      return;
    }
    this.take(body, { act: true });
    if (body.said !== undefined) announce(body.said);
    document.querySelector<HTMLElement>('#before')?.focus();
    this.look();
  }
}

function replace(selector: string, html: string, shown: string): void {
  const place = document.querySelector(selector);
  if (place && html !== shown) place.innerHTML = html;
}

/** The first sending settles a control's maximum: the field shows so, and the page says it in words when it is reloaded. */
function fixMaximum(column: string): void {
  for (const field of document.querySelectorAll<HTMLInputElement | HTMLButtonElement>(
    `[data-max="${column}"] input:not([type="hidden"]), [data-max="${column}"] button`,
  ))
    field.disabled = true;
}
