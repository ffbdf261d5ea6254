/** The menus of rows: one open at a time; Escape and a click elsewhere close it. */
const openMenus = (form: HTMLFormElement) => form.querySelectorAll<HTMLDetailsElement>('details.row-menu[open]');

export function watchMenus(form: HTMLFormElement): void {
  document.addEventListener('click', ({ target }) => {
    for (const menu of openMenus(form)) if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  });
  form.addEventListener('keydown', (event) => {
    const menu =
      event.target instanceof Element ? event.target.closest<HTMLDetailsElement>('details.row-menu[open]') : null;
    if (!menu || event.key !== 'Escape') return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
}
