import type { Translate } from '../web/i18n.js';
import type { Filter } from './forms.js';
import type { MarkState } from './rules.js';
import type { Sheet } from './sheet.js';

export interface StateLook {
  readonly state: MarkState;
  readonly tone: 'ok' | 'info' | 'warn' | 'bad' | 'idle';
  readonly icon: string;
  /** The cell's class. */
  readonly cell: string;
  /** The word is said to screen readers only. */
  readonly quiet: boolean;
}

const LOOKS: readonly StateLook[] = [
  { state: 'sent', tone: 'ok', icon: 'check2', cell: 's-ok', quiet: true },
  { state: 'waiting', tone: 'idle', icon: 'clock', cell: 's-wait', quiet: false },
  { state: 'sending', tone: 'info', icon: 'arrow-repeat', cell: 's-wait', quiet: false },
  { state: 'changed', tone: 'info', icon: 'pencil', cell: 's-ch', quiet: false },
  { state: 'newer', tone: 'warn', icon: 'arrow-left-right', cell: 's-newer', quiet: false },
  { state: 'refused', tone: 'bad', icon: 'x-octagon-fill', cell: 's-bad', quiet: false },
  { state: 'over', tone: 'bad', icon: 'exclamation-triangle-fill', cell: 's-bad', quiet: false },
  { state: 'cleared', tone: 'idle', icon: 'eraser', cell: 's-wait', quiet: false },
];

export const groupOf = (state: MarkState): Filter =>
  state === 'sending' ? 'waiting' : state === 'left' ? 'changed' : state;

export const looksOf = (t: Translate, lms: string) =>
  LOOKS.map((look) => ({ ...look, word: t(`results:cell.${look.state}`, { lms }) }));

/** How many marks are in each state; those that are rare are named only where there are some. */
export function legendOf(sheet: Sheet, t: Translate, lms: string) {
  const count = (group: Filter) => sheet.cells.filter(({ state }) => groupOf(state) === group).length;
  return LOOKS.filter(({ state }) => state !== 'sending')
    .map((look) => ({ ...look, count: count(groupOf(look.state)) }))
    .filter(({ state, count: many }) => many > 0 || ['sent', 'waiting', 'changed'].includes(state))
    .map((look) => ({ ...look, word: t(`results:legend.${look.state}`, { lms, count: look.count }) }));
}

/** For the live region: "58 sent, 1 waiting, 1 refused". */
export function sentenceOf(sheet: Sheet, t: Translate, lms: string): string {
  return legendOf(sheet, t, lms)
    .filter(({ count }) => count > 0)
    .map(({ word }) => word)
    .join(', ');
}

export const isWaiting = (sheet: Sheet): boolean => sheet.cells.some(({ state }) => groupOf(state) === 'waiting');
