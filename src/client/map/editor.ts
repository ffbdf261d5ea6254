import { announce } from '../shared/live.js';
import { sendJson } from '../shared/request.js';
import { isMapAnswer, isUnchanged, refusalOf, type MapAnswer } from './answer.js';
import { fieldsByName, fieldsIn, isField, put, storedTexts, textOf, type Field } from './fields.js';
import { growAreas } from './grow.js';
import { showLive, showMatches, showMessages } from './live-view.js';
import { openedMatrix } from './matrix.js';
import { caretOf, replace, replaceChanged, restoreFocus, unsentParts } from './page-parts.js';
import { ProblemNotes } from './problems.js';
import { backoff, ChangeQueue, type Change } from './queue.js';
import { showState, showStuck } from './state-line.js';
import type { SheetTexts } from './sheet/texts.js';
import { showWeek } from './week-choice.js';

const TYPING_MS = 500;
const LOOK_MS = 10_000;

/** No answer, or one that says "later". Everything else has to be told to a person. */
const isTransient = (status: number) => status === 0 || status === 429 || status >= 500;

export interface Texts {
  readonly hours: string;
  readonly untitled: string;
  /** A matrix could not be opened without a connection. */
  readonly notOpened: string;
  readonly sheet: SheetTexts;
}

export interface Written {
  readonly path: string;
  readonly text: string;
  /** The text that this one was meant to replace, where that is not simply what stands there now. */
  readonly over?: string;
}

/** A key in the table must not read the whole form: its cells stand on the page once, and only hours are added up. */
const isPlanCell = ({ name }: Field) => name.startsWith('rows.');
const isCounted = (field: Field) => !isPlanCell(field) || field.name.endsWith('.hours');

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** So long, or until the browser says that there is a connection again. */
const chance = (ms: number) =>
  new Promise<void>((resolve) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener('online', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    window.addEventListener('online', over);
  });

/** Moving by one place twice moves by two; everything else may be asked for again until an answer comes. */
const isRepeatable = (act: Readonly<Record<string, unknown>>) => act['do'] !== 'move-row';

/** Saves each field by itself while it is typed, and shows what others wrote. */
export class MapEditor {
  readonly #form: HTMLFormElement;
  readonly #texts: Texts;
  readonly #queue = new ChangeQueue();
  readonly #notes = new ProblemNotes();
  readonly #refused = new Map<string, string>();
  #warnings: Readonly<Record<string, string>> = {};
  #revision: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #failures = 0;
  #stuck = false;
  #acting: Promise<unknown> = Promise.resolve();
  #acts = 0;

  constructor(form: HTMLFormElement, texts: Texts) {
    this.#form = form;
    this.#texts = texts;
    this.#revision = Number(form.dataset['revision']);
    for (const [path, text] of storedTexts(form)) this.#queue.learn(path, text);
    this.#adoptNotes();
    this.#warnings = this.#shownMessages();
  }

  get hasUnsaved(): boolean {
    return this.#queue.unsaved.size > 0 || this.#queue.isWaiting || this.#acts > 0;
  }

  start(): void {
    this.#form.addEventListener('input', ({ target }) => {
      if (isField(target)) this.typed(target, TYPING_MS);
    });
    this.#form.addEventListener('change', ({ target }) => {
      if (isField(target)) this.typed(target, 0);
    });
    window.addEventListener('online', () => this.#soon(0));
    document.addEventListener('visibilitychange', () => {
      this.#soon(0);
      void this.#look();
    });
    setInterval(() => void this.#look(), LOOK_MS);
    // A browser may have kept what was typed before a reload.
    for (const field of fieldsIn(this.#form)) if (!this.#queue.isHeld(field.name)) this.typed(field, TYPING_MS);
    showLive(this.#form, this.#texts);
  }

  typed(field: Field, delay: number): void {
    const text = textOf(field);
    if (text === null || this.#queue.wanted(field.name) === text) return this.#soon(delay);
    this.#want({ path: field.name, text });
    if (!isPlanCell(field))
      for (const twin of fieldsIn(this.#form))
        if (twin !== field && twin.name === field.name && twin.type !== 'radio') twin.value = text;
    if (isCounted(field)) showLive(this.#form, this.#texts);
    this.#soon(delay);
  }

  /** What the page holds at this place: the text that waits, or the stored one. */
  text(path: string): string {
    return this.#queue.wanted(path) ?? this.#queue.base(path) ?? '';
  }

  /** Several texts at once that nobody typed: of a paste, or taken back. */
  write(texts: readonly Written[]): void {
    const fields = fieldsByName(this.#form);
    for (const written of texts) {
      for (const field of fields.get(written.path) ?? []) field.value = written.text;
      this.#want(written);
    }
    this.#form.dispatchEvent(new CustomEvent('map:shown'));
    showLive(this.#form, this.#texts);
    this.#soon(0);
  }

  #want({ path, text, over }: Written): void {
    if (over === undefined) this.#queue.typed(path, text);
    else this.#queue.typedOver(path, text, over);
    this.#notes.typed(path, text);
    if (!this.#refused.delete(path)) return;
    this.#queue.release(path, this.#queue.base(path) ?? '');
    this.#showMessages();
  }

  #soon(delay: number): void {
    if (this.#stuck) return;
    if (!this.#queue.isWaiting) {
      // What was typed was taken back before it went out.
      if (!this.#busy && this.#failures === 0) this.#showStateAfter();
      return;
    }
    if (this.#failures === 0) showState('saving');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), delay);
  }

  /** Sends what waits, until nothing does; one request at a time. */
  async save(): Promise<void> {
    if (this.#busy || this.#stuck) return;
    const batch = this.#queue.next();
    if (!batch) return;
    this.#busy = true;
    const { status, body } = await sendJson('PATCH', '/map', {
      since: this.#revision,
      matrix: openedMatrix(),
      changes: batch,
    });
    this.#busy = false;
    if (isMapAnswer(body)) this.#answered(batch, body);
    else this.#failed(status, body);
  }

  #answered(batch: readonly Change[], answer: MapAnswer): void {
    this.#failures = 0;
    showStuck({ title: '', text: '' });
    this.#queue.landed();
    for (const { path, value } of batch) {
      const stored = answer.saved[path];
      if (stored !== undefined) this.#queue.saved(path, value, stored);
    }
    for (const [path, message] of Object.entries(answer.refused)) {
      this.#queue.hold(path);
      this.#refused.set(path, message);
    }
    this.#take(answer);
    for (const problem of answer.problems) {
      for (const path of [problem.key, ...problem.lost]) this.#queue.hold(path);
      this.#notes.add(problem);
    }
    this.#notes.show();
    this.#showStateAfter(answer.savedText);
    if (this.#queue.isWaiting) this.#soon(0);
  }

  #showStateAfter(savedText?: string): void {
    if (this.#queue.isWaiting || this.#acts > 0) showState('saving', savedText);
    else showState(this.#queue.unsaved.size > 0 ? 'stuck' : 'saved', savedText);
  }

  #failed(status: number, body: unknown): void {
    if (isTransient(status)) {
      this.#failures += 1;
      showState('waiting');
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.save(), backoff(this.#failures));
      return;
    }
    this.#stuck = true;
    showState('stuck');
    showStuck(refusalOf(body));
  }

  /** Brings the page to the state that the answer tells of; what the person is typing stays under their hands. */
  #take(answer: MapAnswer): void {
    if (answer.revision < this.#revision) return;
    this.#revision = answer.revision;
    this.#warnings = answer.warnings;
    this.#replaceParts(answer);
    showMatches(this.#form, answer.matches);
    for (const [path, text] of Object.entries(answer.values)) {
      if (this.#queue.isDirty(path)) continue;
      this.#queue.learn(path, text);
      // A blank at the end of a word that is being typed must not vanish under the cursor.
      const active = document.activeElement;
      if (!(isField(active) && active.name === path && active.value.trim() === text)) put(this.#form, path, text);
    }
    const lead = document.querySelector('#map-lead');
    if (lead) lead.textContent = answer.lead;
    this.#showMessages();
    showLive(this.#form, this.#texts);
    if (answer.others !== null) announce(answer.others);
  }

  #replaceParts({ html }: MapAnswer): void {
    for (const part of ['rail', 'checks', 'totals', 'match', 'hint'] as const)
      replaceChanged(`#map-${part}`, html[part]);
    if (html.moocs === undefined) return;
    const active = document.activeElement;
    const focus = active instanceof HTMLElement ? { id: active.id, caret: caretOf(active) } : null;
    const putBack = unsentParts();
    for (const part of ['plan', 'moocs', 'links', 'outcomes'] as const) replace(`#map-${part}`, html[part]);
    putBack();
    for (const [path, stored] of storedTexts(this.#form)) {
      const typed = this.#queue.wanted(path);
      if (typed === undefined) this.#queue.learn(path, stored);
      else put(this.#form, path, typed);
    }
    growAreas(this.#form);
    showWeek();
    this.#notes.show();
    if (focus && focus.id !== '') restoreFocus(focus.id, focus.caret);
    this.#form.dispatchEvent(new CustomEvent('map:redrawn'));
  }

  #showMessages(): void {
    showMessages(this.#form, { ...this.#warnings, ...Object.fromEntries(this.#refused) });
    growAreas(this.#form);
  }

  /** What others did, while the page is in view. */
  async #look(): Promise<void> {
    if (document.visibilityState !== 'visible' || this.#busy || this.#stuck) return;
    if (this.#queue.isWaiting) {
      this.#soon(0);
      return;
    }
    this.#busy = true;
    const { status, body } = await sendJson('GET', `/map/changes?since=${this.#revision}&matrix=${openedMatrix()}`);
    this.#busy = false;
    if (isMapAnswer(body)) this.#take(body);
    else if (!isUnchanged(body) && !isTransient(status)) this.#failed(status, body);
    if (this.#failures > 0 && status === 200) {
      this.#failures = 0;
      this.#showStateAfter();
    }
    this.#soon(0);
  }

  /** Shows the matrix of this MOOC, or none. */
  async openMatrix(mooc: string): Promise<boolean> {
    await this.#textsFirst();
    this.#busy = true;
    const { body } = await sendJson('GET', `/map/changes?since=${this.#revision}&matrix=${mooc}&opening=1`);
    this.#busy = false;
    if (isMapAnswer(body)) this.#take(body);
    else showStuck({ title: this.#texts.notOpened, text: '' });
    this.#soon(0);
    return isMapAnswer(body);
  }

  /**
   * Adds, moves, takes out or brings back rows or a MOOC; what was typed goes first. One after the other, and without a
   * connection again until there is an answer.
   */
  act(act: Readonly<Record<string, unknown>>): Promise<boolean> {
    this.#acts += 1;
    const turn = this.#acting.then(() => this.#untilActed(act));
    this.#acting = turn;
    return turn;
  }

  async #untilActed(act: Readonly<Record<string, unknown>>): Promise<boolean> {
    try {
      for (;;) {
        await this.#textsFirst();
        const answer = this.#can === 'ask' ? await this.#ask(act) : null;
        if (answer) return this.#acted(answer);
        if (this.#can === 'nothing') return false;
        if (!isRepeatable(act)) {
          showStuck({ title: this.#texts.sheet.notMoved, text: '' });
          announce(this.#texts.sheet.notMoved);
          return false;
        }
        await chance(backoff(this.#failures));
        this.#failures = 0;
      }
    } finally {
      this.#acts -= 1;
      if (this.#failures === 0 && !this.#stuck) this.#showStateAfter();
    }
  }

  async #textsFirst(): Promise<void> {
    do {
      while (!this.#isIdle()) await pause(50);
      await this.save();
    } while (!this.#isIdle() || this.#hasMore());
  }

  #isIdle(): boolean {
    return !this.#busy;
  }

  #hasMore(): boolean {
    return this.#queue.isWaiting && this.#failures === 0 && !this.#stuck;
  }

  get #can(): 'ask' | 'wait' | 'nothing' {
    if (this.#stuck) return 'nothing';
    return this.#failures > 0 && this.#queue.isWaiting ? 'wait' : 'ask';
  }

  async #ask(act: Readonly<Record<string, unknown>>): Promise<MapAnswer | null> {
    this.#busy = true;
    showState('saving');
    const { status, body } = await sendJson('POST', '/map/act', { since: this.#revision, matrix: openedMatrix(), act });
    this.#busy = false;
    if (isMapAnswer(body)) return body;
    this.#failed(status, body);
    return null;
  }

  #acted(answer: MapAnswer): boolean {
    this.#failures = 0;
    showStuck({ title: '', text: '' });
    this.#take(answer);
    const notices = document.querySelector('#map-notices');
    if (notices) replace('#map-notices', answer.notice ? answer.notice.html : '');
    if (answer.notice) announce(answer.notice.text);
    this.#showStateAfter(answer.savedText);
    this.#soon(0);
    return answer.outcome === 'done' || answer.outcome === 'already';
  }

  /** The answer to a note: `yours` and `theirs` for two texts, `restore` and `leave` for what was taken out. */
  async choose(choice: string, key: string): Promise<void> {
    const problem = this.#notes.get(key);
    if (!problem) return;
    if (choice === 'yours') this.#queue.release(key, problem.theirs);
    if (choice === 'theirs') {
      this.#queue.drop(key);
      this.#queue.learn(key, problem.theirs);
      put(this.#form, key, problem.theirs);
    }
    if (choice === 'leave') for (const path of problem.lost) this.#queue.drop(path);
    if (choice === 'restore') {
      const [group = '', id = ''] = key.split('.');
      if (!(await this.act({ do: `restore-${group.slice(0, -1)}`, id }))) return;
      for (const path of problem.lost) this.#queue.release(path, this.#queue.base(path) ?? '');
    }
    this.#notes.remove(key);
    document.querySelector<HTMLElement>(`#map-form [name="${CSS.escape(problem.lost[0] ?? key)}"]`)?.focus();
    showLive(this.#form, this.#texts);
    if (this.#queue.isWaiting) this.#soon(0);
    else this.#showStateAfter();
  }

  /** A page that came back from a form without script has its notes already. */
  #adoptNotes(): void {
    for (const note of this.#form.querySelectorAll<HTMLElement>('[data-problem]')) {
      const key = note.dataset['problem'] ?? '';
      const theirs = note.dataset['theirs'] ?? '';
      const texts = [...note.querySelectorAll<HTMLTextAreaElement>('textarea[data-lost]')];
      const row = /^rows\.([a-z0-9]+)\./.exec(key)?.[1] ?? null;
      this.#notes.add({ key, row, theirs, lost: texts.map(({ name }) => name), html: note.outerHTML });
      for (const { name, value } of texts) this.#adopt(name, value, '');
      const field = fieldsIn(this.#form).find(({ name }) => name === key);
      if (field) this.#adopt(key, textOf(field) ?? '', theirs);
    }
  }

  #adopt(path: string, text: string, stored: string): void {
    this.#queue.learn(path, stored);
    this.#queue.typed(path, text);
    this.#queue.hold(path);
  }

  #shownMessages(): Record<string, string> {
    const shown = fieldsIn(this.#form).flatMap((field): [string, string][] => {
      const message = document.querySelector(`#${CSS.escape(`${field.id}-m`)} span`)?.textContent;
      return message ? [[field.name, message]] : [];
    });
    return Object.fromEntries(shown);
  }
}
