import { announce } from '../../shared/live.js';
import { newId } from '../acts.js';
import type { MapEditor } from '../editor.js';
import { ownCell, type ClipCell } from '../../../integration-map/table/clip.js';
import { toHtml, toTsv } from './copy-out.js';
import { cellAt, columnOf, COLUMNS, isCell, isWhole, pathOf, readRows, rowIdOf, select, type Cell } from './grid.js';
import { History, ofTexts, type Act, type Step, type TextChange } from './history.js';
import { cellsOfHtml } from './html-table.js';
import { askBeforePaste, sentenceOf } from './paste-note.js';
import { isPlain, planPaste, type PastePlan } from './paste-plan.js';
import { Range } from './range.js';
import { TypingSession } from './session.js';
import { fill, sizeText, type SheetTexts } from './texts.js';
import { cellsOfTsv, isFormula } from '../../../integration-map/table/tsv.js';

const language = () => document.documentElement.lang;

/** A table on the clipboard, or nothing: plain text goes into the cell as in any field. */
function cellsOn(clipboard: DataTransfer): ClipCell[][] | null {
  const html = clipboard.getData('text/html');
  const fromHtml = html === '' ? null : cellsOfHtml(html);
  if (fromHtml) return fromHtml;
  const text = clipboard.getData('text/plain');
  return text.includes('\t') ? cellsOfTsv(text) : null;
}

/** The weekly table as a sheet: ranges in and out, and what was done taken back. Saving is the editor's. */
export class Sheet {
  readonly range = new Range();
  readonly #editor: MapEditor;
  readonly #texts: SheetTexts;
  readonly #history = new History();
  readonly #session = new TypingSession((change) => this.#history.push(ofTexts([change])));
  #stepping = false;

  constructor(editor: MapEditor, texts: SheetTexts) {
    this.#editor = editor;
    this.#texts = texts;
  }

  watch(form: HTMLFormElement): void {
    form.addEventListener('focusin', ({ target }) => {
      if (isCell(target)) this.#session.enter(target.name, target.value);
      else this.#session.leave();
      this.range.clear();
      this.#showButtons();
    });
    form.addEventListener('input', (event) => {
      const { target } = event;
      if (!isCell(target)) return;
      const kind = event instanceof InputEvent ? event.inputType : 'scripted';
      const how = ({ historyUndo: 'undone', historyRedo: 'redone', scripted: 'scripted' } as const)[kind] ?? 'typed';
      this.#session.typed(target.name, target.value, target instanceof HTMLSelectElement ? 'scripted' : how);
      this.range.clear();
      this.#showButtons();
    });
    form.addEventListener('map:shown', () => {
      const focused = document.activeElement;
      if (isCell(focused)) this.#session.shown(focused.name, focused.value);
      this.#showButtons();
    });
    form.addEventListener('mousedown', (event) => {
      const { target } = event;
      if (!isCell(target)) return;
      const focused = document.activeElement;
      if (!event.shiftKey || !isCell(focused) || focused === target) this.range.clear();
      else {
        event.preventDefault();
        this.range.reach(target);
        this.sayRange(focused);
      }
    });
    form.addEventListener('paste', (event) => this.#paste(event));
    form.addEventListener('copy', (event) => this.#copy(event));
    form.addEventListener('cut', (event) => {
      const { target } = event;
      if (this.#copy(event) && isCell(target)) this.clear(target);
    });
    form.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('[data-step]') : null;
      if (button) void this.step(button.dataset['step'] === 'undo' ? 'undo' : 'redo');
    });
    for (const place of form.querySelectorAll<HTMLElement>('[data-history]')) place.hidden = false;
    this.#showButtons();
  }

  sayRange(focused: Cell): void {
    const { rows, columns } = this.range.area(focused);
    announce(fill(this.#texts.selected, { size: sizeText(this.#texts, language(), rows.length, columns.length) }));
  }

  /** Escape brings a cell's text back: that is no step. */
  restored({ name }: Cell, text: string): void {
    this.#session.typed(name, text, 'scripted');
  }

  /** Empties all selected cells. */
  clear(focused: Cell): void {
    this.#write(this.range.cells(focused).map(({ name }) => ({ path: name, text: '' })));
  }

  /** An act that was done, and how it is taken back. */
  record(step: Step): void {
    this.#session.commit();
    this.#history.push(step);
    this.#showButtons();
  }

  /** Does the browser itself have something to take back, or to bring again, in this cell? */
  isNative(direction: 'undo' | 'redo'): boolean {
    return direction === 'undo' ? this.#session.isNative : this.#session.isNativelyUndone;
  }

  async step(direction: 'undo' | 'redo'): Promise<void> {
    if (this.#stepping) return;
    this.#session.commit();
    const step = direction === 'undo' ? this.#history.undo() : this.#history.redo();
    this.#showButtons();
    if (!step) return;
    const texts = step.texts.map(({ path, before, after }) =>
      direction === 'undo' ? { path, text: before, over: after } : { path, text: after, over: before },
    );
    this.#stepping = true;
    const inGrid = isCell(document.activeElement);
    if (texts.length > 0) this.#editor.write(texts);
    for (const act of step[direction]) await this.#editor.act(act);
    this.#stepping = false;
    announce(direction === 'undo' ? this.#texts.undone : this.#texts.redone);
    const [, row = '', column = ''] = (texts[0]?.path ?? '').split('.');
    const first = cellAt(row, column);
    if (inGrid && first) select(first);
    this.#showButtons();
  }

  /** Several texts at once, as one step; a text that is there already is none. */
  #write(
    texts: readonly { path: string; text: string }[],
    acts: { undo: Act[]; redo: Act[] } = { undo: [], redo: [] },
  ) {
    this.#session.commit();
    const changes = texts.flatMap(({ path, text }): TextChange[] => {
      const before = this.#editor.text(path);
      return before === text ? [] : [{ path, before, after: text }];
    });
    if (changes.length > 0) this.#editor.write(changes.map(({ path, after }) => ({ path, text: after })));
    if (changes.length + acts.undo.length > 0) this.#history.push({ texts: changes, ...acts });
    this.#showButtons();
  }

  /** True where a range went to the clipboard; else the browser copies the text that is selected in the cell. */
  #copy(event: ClipboardEvent): boolean {
    const { target, clipboardData } = event;
    if (!isCell(target) || !clipboardData) return false;
    const risky = isWhole(target) && isFormula(target.value);
    if (!this.range.isThere && !risky && !(target instanceof HTMLSelectElement)) return false;
    event.preventDefault();
    const rows = this.range.texts(target);
    clipboardData.setData('text/plain', toTsv(rows));
    clipboardData.setData('text/html', toHtml(rows));
    announce(fill(this.#texts.copied, { size: sizeText(this.#texts, language(), rows.length, rows[0]?.length ?? 0) }));
    return true;
  }

  #paste(event: ClipboardEvent): void {
    const { target, clipboardData } = event;
    if (!isCell(target) || !clipboardData) return;
    const one = target instanceof HTMLSelectElement ? [[ownCell(clipboardData.getData('text/plain').trim())]] : null;
    const cells = cellsOn(clipboardData) ?? one;
    const single = cells?.length === 1 && cells[0]?.length === 1 ? cells[0][0] : undefined;
    if (!cells) return;
    event.preventDefault();
    if (!single) void this.#pasteCells(target, cells);
    else if (this.range.isThere) this.#fill(target, single);
    else if (target instanceof HTMLSelectElement) void this.#pasteCells(target, cells);
    else this.#insert(target, single.text);
  }

  /** One cell into all that are selected. */
  #fill(focused: Cell, cell: ClipCell): void {
    const texts = this.range.cells(focused).flatMap((place) => {
      const rows = readRows();
      const at = { rows, row: rows.findIndex(({ id }) => id === rowIdOf(place)), column: columnIndex(place) };
      return planPaste(at, [[{ ...cell, link: null }]], this.#texts, newId).texts;
    });
    this.#write(texts.map(({ row, column, text }) => ({ path: pathOf(row, column), text })));
  }

  /** Into the text of the cell, as typing does it. */
  #insert(target: Exclude<Cell, HTMLSelectElement>, text: string): void {
    target.setRangeText(text, target.selectionStart ?? 0, target.selectionEnd ?? 0, 'end');
    target.dispatchEvent(new Event('input', { bubbles: true }));
  }

  async #pasteCells(target: Cell, cells: readonly (readonly ClipCell[])[]): Promise<void> {
    const rows = readRows();
    const place = { rows, row: rows.findIndex(({ id }) => id === rowIdOf(target)), column: columnIndex(target) };
    const plan = planPaste(place, cells, this.#texts, newId);
    const row = target.closest('tr');
    const agreed =
      isPlain(plan) || (row !== null && (await askBeforePaste(row, sentenceOf(plan, this.#texts, language()))));
    if (agreed) await this.#apply(plan);
    const back = document.getElementById(target.id);
    if (isCell(back)) select(back);
  }

  async #apply(plan: PastePlan): Promise<void> {
    const added = plan.added.map(({ id }) => id);
    if (added.length > 0 && !(await this.#editor.act({ do: 'add-rows', rows: plan.added }))) return;
    const written = plan.texts.map(({ row, column, text }) => ({ row, path: pathOf(row, column), text }));
    // The texts of new rows go and come with them.
    this.#editor.write(written.filter(({ row }) => added.includes(row)));
    const acts =
      added.length > 0
        ? { undo: [{ do: 'delete-rows', ids: added }], redo: [{ do: 'restore-rows', ids: added }] }
        : { undo: [], redo: [] };
    this.#write(
      written.filter(({ row }) => !added.includes(row)),
      acts,
    );
    announce(fill(this.#texts.pasted, { size: sizeText(this.#texts, language(), plan.height, plan.width) }));
  }

  #showButtons(): void {
    const able = {
      undo: this.#history.canUndo || this.#session.isDirty,
      redo: this.#history.canRedo && !this.#session.isDirty,
    };
    const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-step]')];
    const focused = document.activeElement;
    for (const button of buttons) button.disabled = !able[button.dataset['step'] === 'undo' ? 'undo' : 'redo'];
    // A button that is disabled under the hand would take the keyboard with it.
    if (focused instanceof HTMLButtonElement && focused.disabled && buttons.includes(focused))
      buttons.find(({ disabled }) => !disabled)?.focus();
  }
}

const columnIndex = (cell: Cell) => COLUMNS.findIndex((column) => column === columnOf(cell));
