import { announce } from './shared/live.js';

/** A button beside a value that somebody types into another form. Where the browser allows no copying, the value is selected. */
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
  button.addEventListener('click', () => {
    const field = document.querySelector<HTMLInputElement>(`#${CSS.escape(button.dataset['copy'] ?? '')}`);
    if (!field) return;
    field.select();
    void navigator.clipboard
      .writeText(field.value)
      .then(() => announce(button.dataset['copied'] ?? ''))
      .catch(() => undefined);
  });
}
