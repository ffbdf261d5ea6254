import type { DeliveryState } from '../outbox/index.js';
import type { ControlId } from './controls.js';

/** What a tutor entered for one student and one control, and what the LMS holds of it. Values have at most two decimals. */
export interface Mark {
  readonly column: ControlId;
  readonly sub: string;
  /** Null: entered once and cleared again. */
  readonly value: number | null;
  readonly by: { readonly sub: string; readonly name: string };
  readonly at: Date;
  /** What the LMS took last; nothing while it never took any. */
  readonly inLms?: { readonly value: number; readonly at: Date } | undefined;
  /** Values that may have reached the LMS since, without an answer; and those of the LMS that a tutor decided to replace. */
  readonly mayBeInLms: readonly number[];
}

export const MARK_STATES = [
  'none',
  'changed',
  'waiting',
  'sending',
  'sent',
  'newer',
  'refused',
  'cleared',
  'over',
  'left',
] as const;
export type MarkState = (typeof MARK_STATES)[number];

/** The delivery of one mark, read back from the outbox. */
export interface Sending {
  readonly state: DeliveryState['state'];
  readonly value: number;
  readonly reason: string;
  /** What the LMS holds instead; null where it holds nothing, missing where it was not read. */
  readonly theirs?: number | null | undefined;
}

export type MarkText =
  { readonly ok: true; readonly value: number | null } | { readonly ok: false; readonly fault: MarkFault };
export type MarkFault = 'not-a-number' | 'too-many-decimals' | 'below-zero' | 'above-maximum';

const NUMBER = /^\d{1,7}(?:[.,](\d+))?$/;

/** A mark as people type it: point or comma, at most two decimals, from 0 to the column's maximum; nothing clears it. */
export function parseMark(text: string, maximum: number): MarkText {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '');
  if (plain === '') return { ok: true, value: null };
  if (/^[-−–]\d/.test(plain)) return { ok: false, fault: 'below-zero' };
  const match = NUMBER.exec(plain);
  if (!match) return { ok: false, fault: 'not-a-number' };
  if ((match[1] ?? '').replace(/0+$/, '').length > 2) return { ok: false, fault: 'too-many-decimals' };
  const value = Number(plain.replace(',', '.'));
  return value > maximum ? { ok: false, fault: 'above-maximum' } : { ok: true, value };
}

/** The scale of the column is not always the LMS's: Moodle answers on the item's own. Two decimals are compared. */
export function sameMark(
  held: { readonly score: number | undefined; readonly maximum: number | undefined },
  mark: { readonly value: number; readonly maximum: number },
): boolean {
  if (held.score === undefined) return false;
  const scale = held.maximum === undefined || held.maximum <= 0 ? 1 : mark.maximum / held.maximum;
  return Math.abs(held.score * scale - mark.value) < 0.005;
}

/** The LMS's value on the column's scale, with two decimals. */
export function onScale(
  held: { readonly score: number; readonly maximum: number | undefined },
  maximum: number,
): number {
  const scale = held.maximum === undefined || held.maximum <= 0 ? 1 : maximum / held.maximum;
  return Math.round(held.score * scale * 100) / 100;
}

export function stateOf(
  mark: Mark | undefined,
  sending: Sending | undefined,
  { onRoster, maximum }: { readonly onRoster: boolean; readonly maximum: number },
): MarkState {
  if (!mark) return 'none';
  const pending = sending?.state === 'waiting' || sending?.state === 'sending';
  if (mark.value === null) return mark.inLms || pending ? 'cleared' : 'none';
  if (pending && sending.value === mark.value) return sending.state === 'sending' ? 'sending' : 'waiting';
  if (!pending && mark.inLms?.value === mark.value) return 'sent';
  if (sending?.state === 'refused' && sending.value === mark.value)
    return sending.reason === 'newer-in-lms' ? 'newer' : 'refused';
  if (mark.value > maximum) return 'over';
  return onRoster ? 'changed' : 'left';
}

/** States that a tutor has to look at. */
export const needsDecision = (state: MarkState): boolean => state === 'newer' || state === 'refused';
