export type SaveState = 'saving' | 'saved' | 'waiting' | 'stuck';

/** The line that says whether what was typed is safe; it stands above the plan once more, which is taller than a screen. */
export function showState(state: SaveState, savedText?: string): void {
  for (const line of document.querySelectorAll<HTMLElement>('#map-form [data-state]')) {
    line.hidden = line.dataset['state'] !== state;
    if (line.dataset['state'] === 'saved' && savedText !== undefined) {
      const words = line.querySelector('span');
      if (words) words.textContent = savedText;
    }
  }
}

/** Why saving cannot go on by itself (signed out, another person signed in); empty where it can. */
export function showStuck({ title, text }: { title: string; text: string }): void {
  const note = document.querySelector<HTMLElement>('#map-stuck');
  if (!note) return;
  note.hidden = title === '';
  const [head, body] = [note.querySelector('[data-title]'), note.querySelector('[data-text]')];
  if (head) head.textContent = title;
  if (body) body.textContent = text;
}
