/** On a narrow page the plan shows one week at a time; "all weeks" is a choice as well. */
const choice = () => document.querySelector<HTMLSelectElement>('#week-choice');

let chosen: string | null = null;

/** This week, where the plan has dates; the first one else. */
const firstShown = (select: HTMLSelectElement) =>
  [...select.options].find(({ defaultSelected }) => defaultSelected) ?? select.options[0];

export function showWeek(week: string | null = chosen): void {
  const select = choice();
  const bar = document.querySelector<HTMLElement>('#week-nav');
  if (!select || !bar) return;
  bar.hidden = false;
  const known = [...select.options].some(({ value }) => value === week);
  chosen = known && week !== null ? week : (firstShown(select)?.value ?? 'all');
  select.value = chosen;
  for (const row of document.querySelectorAll<HTMLElement>('#map-plan tbody tr'))
    row.classList.toggle('only-wide', chosen !== 'all' && row.dataset['week'] !== chosen);
  const steps = select.options.length - 2;
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-week-step]')) {
    const step = Number(button.dataset['weekStep']);
    button.disabled = chosen === 'all' || select.selectedIndex + step < 0 || select.selectedIndex + step > steps;
  }
}

/** Brings the week of this element onto the page. */
export function showWeekOf(element: Element): void {
  const row = element.closest<HTMLElement>('#map-plan tbody tr');
  if (row && chosen !== 'all') showWeek(row.dataset['week'] ?? null);
}

export function watchWeeks(form: HTMLFormElement): void {
  form.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLSelectElement && target.id === 'week-choice') showWeek(target.value);
  });
  form.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('[data-week-step]') : null;
    const select = choice();
    if (button && select)
      showWeek(select.options[select.selectedIndex + Number(button.dataset['weekStep'])]?.value ?? null);
  });
  showWeek();
}
