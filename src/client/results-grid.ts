import { watchKeys } from './results/keys.js';
import { watchColumns } from './results/one-column.js';
import { SheetEditor } from './results/sheet.js';

const form = document.querySelector<HTMLFormElement>('#res-form');
const grid = document.querySelector<HTMLElement>('#res-grid');
if (form && grid) open(form, grid);

function open(sheet: HTMLFormElement, table: HTMLElement): void {
  const editor = new SheetEditor(sheet);
  sheet.classList.add('is-live');
  watchKeys(sheet);
  watchColumns(table);
  editor.start(document.querySelector('#res-aside[data-waiting]') !== null);

  sheet.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches('.cellin')) target.select();
  });

  document.addEventListener('submit', (event) => {
    const { target, submitter } = event;
    if (!(target instanceof HTMLFormElement)) return;
    if (target === sheet) {
      event.preventDefault();
      if (submitter instanceof HTMLButtonElement && submitter.name === 'take') void editor.choose(submitter);
      else void editor.save();
    } else if (target.dataset['act'] !== undefined) {
      event.preventDefault();
      void editor.act(target, submitter);
    }
  });

  window.addEventListener('beforeunload', (event) => {
    if (editor.hasUnsaved) event.preventDefault();
  });
}
