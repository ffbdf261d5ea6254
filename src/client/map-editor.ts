import { MapEditor } from './map/editor.js';
import { put } from './map/fields.js';
import { watchAreas } from './map/grow.js';
import { watchKeys } from './map/grid-keys.js';
import { watchMenus } from './map/row-menus.js';
import { watchWeeks, showWeekOf } from './map/week-choice.js';
import { actOf } from './map/acts.js';

const form = document.querySelector<HTMLFormElement>('#map-form');
if (form) open(form);

function open(map: HTMLFormElement): void {
  const texts = JSON.parse(map.dataset['texts'] ?? '{}') as { hours: string; untitled: string };
  const editor = new MapEditor(map, texts);
  map.classList.add('is-live');
  watchAreas(map);
  watchWeeks(map);
  watchMenus(map);
  watchKeys(map, (cell, text) => {
    put(map, cell.name, text);
    editor.typed(cell, 0);
  });
  editor.start();

  map.addEventListener('submit', (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    if (button.name === 'keep') {
      const [choice = '', key = ''] = button.value.split(':');
      void editor.choose(choice, key);
    } else if (button.value.startsWith('save')) void editor.save();
    else void perform(button);
  });

  async function perform(button: HTMLButtonElement): Promise<void> {
    const { act, focus } = actOf(button, map);
    button.closest('details')?.removeAttribute('open');
    if (!(await editor.act(act))) return;
    const target = focus === null ? null : document.querySelector<HTMLElement>(focus);
    if (!target) return;
    showWeekOf(target);
    target.focus();
  }

  map.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-jump]') : null;
    const target = link ? document.querySelector<HTMLElement>(link.hash) : null;
    if (!target?.matches('input, select, textarea')) return;
    event.preventDefault();
    showWeekOf(target);
    target.focus();
    target.scrollIntoView({ block: 'center' });
  });

  window.addEventListener('beforeunload', (event) => {
    if (editor.hasUnsaved) event.preventDefault();
  });
}
