import { MapEditor, type Texts } from './map/editor.js';
import { put } from './map/fields.js';
import { watchAreas } from './map/grow.js';
import { watchKeys } from './map/grid-keys.js';
import { watchMatrix } from './map/matrix.js';
import { watchMenus } from './map/row-menus.js';
import { watchWeeks, showWeekOf } from './map/week-choice.js';
import { actOf } from './map/acts.js';
import { rowBefore, watchDrags } from './map/sheet/drag.js';
import { isCell } from './map/sheet/grid.js';
import { Sheet } from './map/sheet/sheet.js';
import { stepOf } from './map/sheet/steps.js';

const form = document.querySelector<HTMLFormElement>('#map-form');
if (form) open(form);

function open(map: HTMLFormElement): void {
  const texts = JSON.parse(map.dataset['texts'] ?? '{}') as Texts;
  const editor = new MapEditor(map, texts);
  const sheet = new Sheet(editor, texts.sheet);
  map.classList.add('is-live');
  watchAreas(map);
  watchWeeks(map);
  watchMenus(map);
  watchMatrix(map);
  sheet.watch(map);
  watchDrags(map, (id, after) => void performAct({ do: 'place-row', id, after }));
  watchKeys(map, sheet, (cell, text) => {
    sheet.restored(cell, text);
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

  /** Does it, and remembers how to take it back. */
  async function performAct(act: Readonly<Record<string, unknown>>): Promise<boolean> {
    const id = String(act['id']);
    const from = rowBefore(id);
    const done = await editor.act(act);
    const step = done ? stepOf(act, from, rowBefore(id)) : null;
    if (step) sheet.record(step);
    return done;
  }

  async function perform(button: HTMLButtonElement): Promise<void> {
    const { act, focus, list } = actOf(button, map);
    button.closest('details')?.removeAttribute('open');
    if (!(await performAct(act))) return;
    const entries = list === undefined ? null : document.querySelector<HTMLTextAreaElement>(list);
    if (entries) entries.value = '';
    const target = focus === null ? null : document.querySelector<HTMLElement>(focus);
    // Whoever waited for a connection may have gone on typing.
    if (!target || isCell(document.activeElement)) return;
    showWeekOf(target);
    target.focus();
  }

  async function showMatrix(mooc: string, link: string): Promise<void> {
    if (await editor.openMatrix(mooc)) document.getElementById(link)?.focus();
  }

  map.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-matrix]') : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void showMatrix(link.dataset['matrix'] ?? '', link.id);
  });

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
