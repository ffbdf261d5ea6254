import { z } from 'zod';
import { CONTROLS, LARGEST_MAXIMUM, type ControlId } from './controls.js';

export const ROWS_A_PAGE = 60;
/** So that one request stays small; the rest is offered again. */
export const SENT_AT_ONCE = 500;

export const FILTERS = ['none', 'changed', 'waiting', 'sent', 'newer', 'refused', 'over', 'cleared'] as const;
export type Filter = (typeof FILTERS)[number];

const Control = z.enum(CONTROLS);
const Sub = z.string().min(1).max(255);
const Value = z.number().min(0).max(1e6);

/** Which part of the sheet is looked at; whatever makes no sense shows all of it. */
export const ViewQuery = z.object({
  q: z.string().max(200).catch(''),
  state: z.enum(FILTERS).or(z.literal('')).catch(''),
  column: Control.catch('midterm-1'),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
  /** One student, by the LMS's id: the gradebook of the LMS asks for somebody. */
  who: z.string().max(255).catch(''),
});
export type View = z.output<typeof ViewQuery>;

export function queryOf(
  { q, state, column, page, who }: View,
  more: Readonly<Record<string, string | number>> = {},
): string {
  const query = new URLSearchParams();
  if (who !== '') query.set('who', who);
  if (q !== '') query.set('q', q);
  if (state !== '') query.set('state', state);
  if (column !== 'midterm-1') query.set('column', column);
  if (page > 1) query.set('page', String(page));
  for (const [name, value] of Object.entries(more)) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** A stored mark as pages carry it: empty, or a plain number. */
const Base = z
  .union([z.number(), z.null(), z.string().max(20)])
  .transform((raw) => (raw === null || raw === '' ? null : Number(raw)))
  .refine((value) => value === null || Number.isFinite(value));

export const MarkChange = z.object({
  column: Control,
  sub: Sub,
  base: Base,
  value: z.union([z.number(), z.null(), z.string().max(1000)]).transform((raw) => (raw === null ? '' : String(raw))),
});

export interface TypedMark {
  /** As the page names it: row and control. */
  readonly field: string;
  readonly column: ControlId;
  readonly sub: string;
  readonly base: number | null;
  readonly text: string;
}

export const fieldOf = (row: number, column: ControlId): string => `${row}.${column}`;

const Fields = z.record(z.string(), z.unknown());

/** The whole sheet as a browser without script posts it, by row number; a row that makes no sense refuses the form. */
export const MarksForm = Fields.transform((body, context): readonly TypedMark[] => {
  const typed: TypedMark[] = [];
  for (let row = 0; row < ROWS_A_PAGE && `sub.${row}` in body; row++)
    for (const column of CONTROLS) {
      const field = fieldOf(row, column);
      if (!(`mark.${field}` in body)) continue;
      const read = MarkChange.safeParse({
        column,
        sub: body[`sub.${row}`],
        base: body[`base.${field}`],
        value: body[`mark.${field}`],
      });
      if (read.success) typed.push({ field, column, sub: read.data.sub, base: read.data.base, text: read.data.value });
      else context.addIssue({ code: 'custom', message: field });
    }
  return typed;
});

/** What was chosen where two marks met: `theirs <field>`, or `mine <field> <the other mark>`. */
export function choiceOf(body: unknown): { field: string; base: number | null; mine: boolean } | undefined {
  const text = Fields.safeParse(body).data?.['take'];
  const [choice, field, other = ''] = typeof text === 'string' ? text.split(' ') : [];
  if (field === undefined || (choice !== 'mine' && choice !== 'theirs')) return undefined;
  const base = other === '' ? null : Number(other);
  return base !== null && !Number.isFinite(base) ? undefined : { field, base, mine: choice === 'mine' };
}

const parsed = (text: string, context: z.RefinementCtx): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
};
const Shown = z.tuple([Control, Sub, Value]).transform(([column, sub, value]) => ({ column, sub, value }));

/** Marks as they were shown to whoever presses "Send". */
export const SendForm = z.object({
  marks: z.string().max(900_000).transform(parsed).pipe(z.array(Shown).min(1).max(SENT_AT_ONCE)),
});

/** What becomes of a mark that somebody else changed in the LMS. */
export const DecisionForm = z.object({
  do: z.enum(['keep', 'ours']),
  column: Control,
  sub: Sub,
  value: z.coerce.number().pipe(Value),
  theirs: z
    .string()
    .max(20)
    .transform((text) => (text === '' ? null : Number(text)))
    .refine((value) => value === null || Number.isFinite(value)),
});

export const MaximumForm = z.object({ column: Control, maximum: z.string().max(200) });

/** A whole number, since Open edX takes no other as a line item's maximum. */
export function readMaximum(text: string): number | undefined {
  const plain = text.replace(/\s/g, '');
  const value = /^\d{1,6}$/.test(plain) ? Number(plain) : 0;
  return value >= 1 && value <= LARGEST_MAXIMUM ? value : undefined;
}

export const NoticeQuery = z.object({
  /** Marks of people who left the course meanwhile: not saved. */
  gone: z.coerce.number().int().min(0).max(100_000).optional().catch(undefined),
  saved: z.coerce.number().int().min(0).max(100_000).optional().catch(undefined),
  sent: z.coerce.number().int().min(0).max(100_000).optional().catch(undefined),
  left: z.coerce.number().int().min(0).max(100_000).optional().catch(undefined),
  notice: z.enum(['kept', 'changed', 'maximum', 'fixed']).optional().catch(undefined),
});
export type NoticeOf = z.output<typeof NoticeQuery>;
