/** On a phone one control is shown at a time; changing it here keeps what is typed. */
export function watchColumns(grid: HTMLElement): void {
  const tabs = [...document.querySelectorAll<HTMLAnchorElement>('.res-tabs a[data-column]')];
  const steps = [...document.querySelectorAll<HTMLElement>('.wk-nav a[data-step]')];
  const names = tabs.map((tab) => tab.dataset['column'] ?? '');

  function show(column: string): void {
    grid.dataset['show'] = column;
    for (const tab of tabs) {
      if (tab.dataset['column'] === column) tab.setAttribute('aria-current', 'true');
      else tab.removeAttribute('aria-current');
    }
    for (const field of document.querySelectorAll<HTMLInputElement>('input[type="hidden"][name="column"]'))
      if (!field.closest('[data-max], [data-act]')) field.value = column;
  }

  // The arrows lead only one step from the page's own control; with script they are not needed beside the tabs.
  for (const step of steps) step.hidden = true;
  for (const tab of tabs)
    tab.addEventListener('click', (event) => {
      event.preventDefault();
      show(tab.dataset['column'] ?? names[0] ?? '');
    });
}
