import type { Problem } from './answer.js';

/** The notes in which a person chooses between two texts. A note stays until it is answered, whatever is redrawn. */
export class ProblemNotes {
  readonly #problems = new Map<string, Problem>();
  /** The note on the page was made of this. */
  readonly #shown = new Map<string, string>();

  add(problem: Problem): void {
    const known = this.#problems.get(problem.key);
    // More texts may turn up for a row that was taken out; those that are there already stay listed.
    const lost = [...new Set([...(known?.lost ?? []), ...problem.lost])];
    this.#problems.set(problem.key, { ...problem, lost });
  }

  get(key: string): Problem | undefined {
    return this.#problems.get(key);
  }

  remove(key: string): void {
    this.#problems.delete(key);
    this.#shown.delete(key);
    const note = noteOf(key);
    (note?.closest('tr.note-row') ?? note)?.remove();
  }

  /** The text that is still being typed while the choice waits. */
  typed(key: string, text: string): void {
    const place = noteOf(key)?.querySelector('[data-yours]');
    if (place) place.textContent = text;
  }

  /** Puts every note where it belongs: under its row's week, under its field, or above the plan. */
  show(): void {
    for (const { key, row, html } of this.#problems.values()) {
      const old = noteOf(key);
      if (old && this.#shown.get(key) === html) continue;
      const fresh = new DOMParser().parseFromString(html, 'text/html').body.firstElementChild;
      if (!fresh) continue;
      this.#shown.set(key, html);
      if (old) old.replaceWith(fresh);
      else place(fresh, key, row);
    }
  }
}

const noteOf = (key: string) =>
  [...document.querySelectorAll<HTMLElement>('[data-problem]')].find((note) => note.dataset['problem'] === key);

function place(note: Element, key: string, row: string | null): void {
  const under = row === null ? null : document.querySelector<HTMLElement>(`#row-${row}`);
  if (under) {
    // Not between the rows that share a week's cell: a row in there would shift the columns.
    const group = under.dataset['group'] ?? '';
    const last = [...document.querySelectorAll<HTMLElement>('#map-plan tr[data-group]')].findLast(
      (candidate) => candidate.dataset['group'] === group,
    );
    const frame = document.querySelector<HTMLTemplateElement>('#note-row')?.content.firstElementChild?.cloneNode(true);
    if (!last || !(frame instanceof HTMLElement)) return;
    frame.dataset['week'] = last.dataset['week'] ?? '';
    frame.querySelector('td')?.append(note);
    last.after(frame);
    return;
  }
  const field = document.querySelector<HTMLElement>(`#map-form [name="${CSS.escape(key)}"]`);
  const beside = field?.closest('.choice')
    ? field.closest('fieldset')
    : (field?.closest('.matrix-scroll, li') ?? field);
  if (beside) beside.after(note);
  else document.querySelector('#map-problems')?.append(note);
}
