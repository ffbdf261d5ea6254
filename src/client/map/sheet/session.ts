import type { TextChange } from './history.js';

const squeezed = (text: string) => text.normalize('NFC').split(/\s+/).filter(Boolean).join(' ');

/**
 * The typing in one cell, from the moment it is entered until it is left: one step to take back. Pure: the page says
 * what happens in it.
 */
export class TypingSession {
  #now: { path: string; before: string; last: string } | null = null;
  /** The browser cannot take back what a script wrote into the field. */
  #scripted = false;
  #undone = false;
  readonly #push: (change: TextChange) => void;

  constructor(push: (change: TextChange) => void) {
    this.#push = push;
  }

  enter(path: string, text: string): void {
    if (this.#now?.path === path) return;
    this.commit();
    this.#now = { path, before: text, last: text };
  }

  typed(path: string, text: string, how: 'typed' | 'scripted' | 'undone' | 'redone' = 'typed'): void {
    if (this.#now?.path !== path) return;
    this.#now.last = text;
    if (how === 'scripted') this.#scripted = true;
    this.#undone = how === 'undone' || (how === 'redone' && this.#undone);
  }

  /** The page shows this text there now. Another one than was typed is somebody else's, and no step of ours. */
  shown(path: string, text: string): void {
    const now = this.#now;
    if (now?.path !== path || now.last === text) return;
    if (squeezed(now.last) === squeezed(text)) {
      now.last = text;
      this.#scripted = true;
      return;
    }
    this.commit();
    this.#now = { path, before: text, last: text };
  }

  get isDirty(): boolean {
    return this.#now !== null && this.#now.last !== this.#now.before;
  }

  /** The browser's own undo has something of this cell. */
  get isNative(): boolean {
    return this.isDirty && !this.#scripted;
  }

  get isNativelyUndone(): boolean {
    return this.#undone && !this.#scripted;
  }

  /** What was typed becomes a step; the cell stays entered. */
  commit(): void {
    const now = this.#now;
    this.#scripted = false;
    this.#undone = false;
    this.#now = null;
    if (!now) return;
    if (now.last !== now.before) this.#push({ path: now.path, before: now.before, after: now.last });
    this.#now = { path: now.path, before: now.last, last: now.last };
  }

  leave(): void {
    this.commit();
    this.#now = null;
  }
}
