import { readNumber, totalsOf } from '../../integration-map/hours.js';
import { fieldsIn, type Field } from './fields.js';

const KINDS: Readonly<Record<string, string>> = { lec: 'lecture', prac: 'practical', cons: 'consultation' };

/** Of a field that stands on the page once; its id is made of its path. */
function text(path: string): string {
  const field = document.getElementById(`f-${path.replaceAll('.', '-')}`);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.value : '';
}

/** The hours as they are typed; the server says the same after the save. */
function showTotals(form: HTMLFormElement, pattern: string): void {
  const rows = [...form.querySelectorAll<HTMLElement>('#map-plan tbody tr[id]')].map((row) => ({
    kind: KINDS[row.className.split(' ')[0] ?? ''] ?? '',
    hours: row.querySelector<HTMLInputElement>('input[name$=".hours"]')?.value ?? '',
  }));
  const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2, useGrouping: false });
  for (const [name, value] of Object.entries(totalsOf(rows, text('head.hours')))) {
    const place = form.querySelector(`[data-total="${name}"]`);
    if (place && typeof value === 'number' && value >= 0)
      place.textContent = pattern.replace('{}', format.format(value));
  }
}

/** The card's heading and bar follow what is typed about the MOOC. */
function showMoocs(form: HTMLFormElement, untitled: string): void {
  for (const heading of form.querySelectorAll<HTMLElement>('[data-mirror]')) {
    const title = text(heading.dataset['mirror'] ?? '').trim();
    heading.textContent = title === '' ? untitled : title;
  }
  for (const bar of form.querySelectorAll<SVGElement>('[data-bar]')) {
    const field = document.querySelector<HTMLInputElement>(`#f-${(bar.dataset['bar'] ?? '').replaceAll('.', '-')}`);
    const match = readNumber(field?.value === '' ? field.placeholder : (field?.value ?? ''));
    const shown = match !== undefined && match >= 0 && match <= 100 ? match : 0;
    const rect = bar.querySelector('rect');
    rect?.setAttribute('width', String(shown));
    rect?.setAttribute('class', shown >= 70 ? 'f-ok' : 'f-warn');
  }
}

function showModel(form: HTMLFormElement): void {
  for (const radio of form.querySelectorAll<HTMLInputElement>('input[name="head.model"]'))
    radio.closest('.choice')?.classList.toggle('on', radio.checked);
}

export function showLive(form: HTMLFormElement, texts: { hours: string; untitled: string }): void {
  showTotals(form, texts.hours);
  showMoocs(form, texts.untitled);
  showModel(form);
}

/** What the matrices say beside the per cents, and where a reason is asked for. */
export function showMatches(
  form: HTMLFormElement,
  matches: Readonly<Record<string, { computed: string; words: string; needsReason: boolean }>>,
): void {
  for (const [mooc, { computed, words, needsReason }] of Object.entries(matches)) {
    const field = form.querySelector<HTMLInputElement>(`#f-moocs-${mooc}-match`);
    if (field) field.placeholder = computed;
    const place = form.querySelector(`[data-match-words="${mooc}"]`);
    if (place && place.textContent !== words) place.textContent = words;
    const reason = form.querySelector<HTMLElement>(`[data-match-reason="${mooc}"]`);
    if (reason) reason.hidden = !needsReason;
  }
}

/** Says in a cell what should be looked at again, or nothing any more; what is said already stays untouched. */
export function showMessages(form: HTMLFormElement, messages: Readonly<Record<string, string>>): void {
  for (const field of fieldsIn(form)) {
    const shown = document.getElementById(`${field.id}-m`);
    const message = messages[field.name];
    if (message === shown?.querySelector('span')?.textContent) continue;
    shown?.remove();
    field.removeAttribute('aria-describedby');
    if (message !== undefined) sayAt(field, message);
    const cell = field.closest('td');
    cell?.classList.toggle('warned', cell.querySelector('.cell-msg') !== null);
  }
}

function sayAt(field: Field, message: string): void {
  const template = document.querySelector<HTMLTemplateElement>('#cell-message');
  const made = template?.content.firstElementChild?.cloneNode(true);
  if (!(made instanceof HTMLElement)) return;
  made.id = `${field.id}-m`;
  const words = made.querySelector('span');
  if (words) words.textContent = message;
  field.after(made);
  field.setAttribute('aria-describedby', made.id);
}
