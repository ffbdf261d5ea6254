import type { PastePlan } from './paste-plan.js';
import { fill, plural, sizeText, type SheetTexts } from './texts.js';

/** "15 rows × 7 columns; 3 rows will be added." */
export function sentenceOf(plan: PastePlan, texts: SheetTexts, language: string): string {
  const counted: [string, number][] = [
    ['adds', plan.added.length],
    ['no-room', plan.noRoom],
    ['no-column', plan.noColumn],
    ['no-place', plan.noPlace],
    ['too-long', plan.tooLong],
  ];
  const unknown = [...new Set(plan.notChoices)].map((text) => `“${text}”`).join(', ');
  return `${[
    sizeText(texts, language, plan.height, plan.width),
    ...counted.filter(([, number]) => number > 0).map(([key, number]) => plural(texts, language, key, number)),
    ...(unknown === '' ? [] : [fill(texts.notChoices, { texts: unknown })]),
  ].join('; ')}.`;
}

/** Asks under the row that the range begins in; answers whether to paste. */
export function askBeforePaste(row: HTMLElement, sentence: string): Promise<boolean> {
  document.querySelector('[data-paste-note]')?.remove();
  const frame = document.querySelector<HTMLTemplateElement>('#note-row')?.content.firstElementChild?.cloneNode(true);
  const note = document.querySelector<HTMLTemplateElement>('#paste-note')?.content.firstElementChild?.cloneNode(true);
  if (!(frame instanceof HTMLElement) || !(note instanceof HTMLElement)) return Promise.resolve(false);
  frame.dataset['pasteNote'] = '';
  frame.dataset['week'] = row.dataset['week'] ?? '';
  note.setAttribute('aria-label', sentence);
  const words = note.querySelector('[data-text]');
  if (words) words.textContent = sentence;
  frame.querySelector('td')?.append(note);
  // Not between the rows that share a week's cell: a row in there would shift the columns.
  const group = [...document.querySelectorAll<HTMLElement>('#map-plan tr[data-group]')].filter(
    (one) => one.dataset['group'] === row.dataset['group'],
  );
  (group.at(-1) ?? row).after(frame);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      frame.remove();
      resolve(yes);
    };
    note.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>('[data-paste]') : null;
      if (button) answer(button.dataset['paste'] === 'go');
    });
    note.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') answer(false);
    });
    note.querySelector<HTMLElement>('[data-paste="go"]')?.focus();
  });
}
