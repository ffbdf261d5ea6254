export function replace(selector: string, html: string | undefined): void {
  const place = document.querySelector(selector);
  if (!place || html === undefined) return;
  // The server's own fragment, in which every text is escaped.
  place.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
}

const shown = new Map<string, string>();

/** Most saves change none of these parts; drawing them anew would make the next key wait. */
export function replaceChanged(selector: string, html: string | undefined): void {
  if (html === undefined || shown.get(selector) === html) return;
  shown.set(selector, html);
  replace(selector, html);
}

/** What stands in the MOOCs' part and was never sent: lists that are being written, and notes that are open. */
export function unsentParts(): () => void {
  const lists = [...document.querySelectorAll<HTMLTextAreaElement>('#new-outcomes, #new-modules')];
  const texts = lists.map(({ id, value }) => ({ id, value }));
  const open = [...document.querySelectorAll('#map-moocs details[open]')].map(({ id }) => id);
  return () => {
    for (const { id, value } of texts) {
      const list = document.querySelector<HTMLTextAreaElement>(`#${id}`);
      if (list) list.value = value;
    }
    for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  };
}

export const caretOf = (element: HTMLElement): [number, number] | null =>
  element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement
    ? [element.selectionStart ?? 0, element.selectionEnd ?? 0]
    : null;

export function restoreFocus(id: string, caret: [number, number] | null): void {
  const element = document.getElementById(id);
  if (!element || element === document.activeElement) return;
  element.focus({ preventScroll: true });
  if (caret && (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement)) {
    try {
      element.setSelectionRange(...caret);
    } catch {
      // Not every kind of input has a caret.
    }
  }
}
