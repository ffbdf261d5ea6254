/**
 * What was typed and is not yet in the store. Pure: no page, no clock, no network.
 *
 * One batch is on its way at a time, and it is sent again as it is until an answer comes: an answer that was lost may
 * have been a save, and a second, different text over it would look like somebody else's.
 */
export interface Change {
  readonly path: string;
  readonly base: string;
  readonly value: string;
}

/** So that a pasted book does not make the request itself too large: the server refuses a text of this length as well. */
const REFUSED_ANYWAY = 5000;
const BATCH = 50;

export class ChangeQueue {
  /** The stored text, as far as this page knows. */
  readonly #bases = new Map<string, string>();
  /** What the person wants instead. */
  readonly #wanted = new Map<string, string>();
  /** Waits for a person: a choice between two texts, or another text than the one that was refused. */
  readonly #held = new Set<string>();
  #flight: readonly Change[] | null = null;

  /** What the page shows as stored; a text that is being typed there stays. */
  learn(path: string, stored: string): void {
    this.#bases.set(path, stored);
    if (this.#wanted.get(path) === stored) this.#wanted.delete(path);
  }

  typed(path: string, value: string): void {
    const flying = this.#flight?.some((change) => change.path === path) === true;
    if (value === this.#bases.get(path) && !flying) this.#wanted.delete(path);
    else this.#wanted.set(path, value);
  }

  /**
   * As `typed`, over a text that the page knew earlier. Where another one is stored by now, the server sees that, and a
   * person chooses.
   */
  typedOver(path: string, value: string, earlier: string): void {
    if (!this.isDirty(path)) this.#bases.set(path, earlier);
    this.typed(path, value);
  }

  isDirty(path: string): boolean {
    return this.#wanted.has(path);
  }

  wanted(path: string): string | undefined {
    return this.#wanted.get(path);
  }

  base(path: string): string | undefined {
    return this.#bases.get(path);
  }

  /** Every text that waits, held or not. */
  get unsaved(): ReadonlyMap<string, string> {
    return this.#wanted;
  }

  get isWaiting(): boolean {
    return this.#flight !== null || [...this.#wanted.keys()].some((path) => !this.#held.has(path));
  }

  /** The batch to send now: the one under way if its answer never came, else what was typed since. */
  next(): readonly Change[] | null {
    if (this.#flight) return this.#flight;
    const changes = [...this.#wanted]
      .filter(([path]) => !this.#held.has(path))
      .slice(0, BATCH)
      .map(([path, value]) => ({ path, base: this.#bases.get(path) ?? '', value: value.slice(0, REFUSED_ANYWAY) }));
    if (changes.length === 0) return null;
    this.#flight = changes;
    return changes;
  }

  /** The answer is there; each path of the batch is then told by one of the three below. */
  landed(): void {
    this.#flight = null;
  }

  /** `sent` is what the batch said, so that a text typed meanwhile still goes out. */
  saved(path: string, sent: string, stored: string): void {
    this.#bases.set(path, stored);
    this.#held.delete(path);
    const wanted = this.#wanted.get(path);
    if (wanted === sent || wanted === stored) this.#wanted.delete(path);
  }

  hold(path: string): void {
    this.#held.add(path);
  }

  isHeld(path: string): boolean {
    return this.#held.has(path);
  }

  /** The person chose their own text over the one that is stored. */
  release(path: string, stored: string): void {
    this.#bases.set(path, stored);
    this.#held.delete(path);
  }

  /** The person chose what is stored, or the field is gone. */
  drop(path: string): void {
    this.#wanted.delete(path);
    this.#held.delete(path);
  }
}

/** Milliseconds until the next try after so many that failed. */
export const backoff = (failures: number): number => Math.min(30_000, 1000 * 2 ** Math.min(failures, 6));
