/** Lets a text area be as tall as its text, where the style sheet cannot (`field-sizing`). */
const byStyle = CSS.supports('field-sizing', 'content');

function grow(area: HTMLTextAreaElement): void {
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
}

export function growAreas(root: ParentNode): void {
  if (byStyle) return;
  for (const area of root.querySelectorAll<HTMLTextAreaElement>('textarea.gin')) grow(area);
}

export function watchAreas(form: HTMLFormElement): void {
  if (byStyle) return;
  form.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLTextAreaElement) grow(target);
  });
  form.addEventListener('map:shown', () => growAreas(form));
  window.addEventListener('resize', () => growAreas(form));
  growAreas(form);
}
