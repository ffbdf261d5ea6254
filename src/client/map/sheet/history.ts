export interface TextChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export type Act = Readonly<Record<string, unknown>>;

/** What Ctrl+Z takes back at once. */
export interface Step {
  readonly texts: readonly TextChange[];
  readonly undo: readonly Act[];
  readonly redo: readonly Act[];
}

const KEPT = 100;

export const ofTexts = (texts: readonly TextChange[]): Step => ({ texts, undo: [], redo: [] });
export const ofAct = (undo: Act, redo: Act): Step => ({ texts: [], undo: [undo], redo: [redo] });

/** What was done on this page, and what of it was taken back. Pure: who takes it back says so. */
export class History {
  readonly #done: Step[] = [];
  readonly #undone: Step[] = [];

  push(step: Step): void {
    this.#done.push(step);
    if (this.#done.length > KEPT) this.#done.shift();
    this.#undone.length = 0;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  undo(): Step | undefined {
    const step = this.#done.pop();
    if (step) this.#undone.push(step);
    return step;
  }

  redo(): Step | undefined {
    const step = this.#undone.pop();
    if (step) this.#done.push(step);
    return step;
  }
}
