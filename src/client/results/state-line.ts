export type SaveState = 'saving' | 'saved' | 'waiting' | 'stuck';

/** The one line that says whether what was typed is safe. */
export function showState(state: SaveState, savedText?: string): void {
  for (const line of document.querySelectorAll<HTMLElement>('#res-state [data-state]')) {
    line.hidden = line.dataset['state'] !== state;
    const words = line.querySelector('span');
    if (line.dataset['state'] === 'saved' && savedText !== undefined && words) words.textContent = savedText;
  }
}

/** Why saving cannot go on by itself (signed out, another person signed in). */
export function showStuck({ title, text }: { title: string; text: string }): void {
  const note = document.querySelector<HTMLElement>('#res-stuck');
  if (!note) return;
  note.hidden = title === '';
  const [head, body] = [note.querySelector('[data-title]'), note.querySelector('[data-text]')];
  if (head) head.textContent = title;
  if (body) body.textContent = text;
}

/** "Saved 10:44", by the reader's own clock. */
export function timeNow(form: HTMLFormElement): string {
  const { saved } = JSON.parse(form.dataset['texts'] ?? '{}') as { saved: string };
  const time = new Date().toLocaleTimeString('ru', { hour: '2-digit', minute: '2-digit' });
  return saved.replace('{}', time);
}
