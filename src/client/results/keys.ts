/** The field of the next or last row, in the same column. */
function neighbour(input: HTMLInputElement, step: 1 | -1): HTMLInputElement | null {
  const [, row = '', column = ''] = input.name.split('.');
  return document.querySelector<HTMLInputElement>(`[name="mark.${Number(row) + step}.${column}"]`);
}

function beside(input: HTMLInputElement, step: 1 | -1): HTMLInputElement | undefined {
  const row = [...(input.closest('tr')?.querySelectorAll<HTMLInputElement>('.cellin') ?? [])];
  const next = row[row.indexOf(input) + step];
  return next?.offsetParent ? next : undefined;
}

/** Enter and the arrows up and down move between rows; left and right leave a cell at the ends of its text. */
export function watchKeys(form: HTMLFormElement): void {
  form.addEventListener('keydown', (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.matches('.cellin') || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { selectionStart: start, selectionEnd: end, value } = input;
    const to =
      event.key === 'Enter'
        ? neighbour(input, event.shiftKey ? -1 : 1)
        : event.key === 'ArrowDown'
          ? neighbour(input, 1)
          : event.key === 'ArrowUp'
            ? neighbour(input, -1)
            : event.key === 'ArrowRight' && start === value.length
              ? beside(input, 1)
              : event.key === 'ArrowLeft' && end === 0
                ? beside(input, -1)
                : undefined;
    // Enter never sends the whole form: each mark is saved by itself.
    if (to === undefined) return;
    event.preventDefault();
    to?.focus();
    to?.select();
  });
}
