import { z } from 'zod';
import { parsePath } from '../integration-map/index.js';
import { AGREEING_ROLES } from './rules.js';

const text = (max: number) =>
  z
    .string()
    .max(max)
    .transform((typed) => typed.normalize('NFC').replaceAll('\r\n', '\n').trim());
const whole = z.coerce.number().int().min(1).max(1_000_000_000);

export const SubmitForm = z.object({ revision: whole, reason: text(500) });
export const WithdrawForm = z.object({ version: whole, revision: whole });

/** By its number; `draft` is the map as it stands now, `none` an empty one. */
const side = z.union([z.literal('draft'), z.literal('none'), whole]);
export const CompareQuery = z.object({
  from: side.optional().catch(undefined),
  to: side.optional().catch(undefined),
  notice: z
    .enum(['submitted', 'withdrawn', 'changed', 'open', 'same', 'no-map', 'faults', 'refused', 'no-reason'])
    .optional()
    .catch(undefined),
});
export type Side = z.output<typeof side>;

const PART = /^(map|section\.[1-4])$/;
const ITEM = /^(moocs|rows|outcomes|modules)\.[a-z0-9]{2,16}$/;
/** The map, a section, one of its items, or one cell. */
const isPlace = (place: string) => PART.test(place) || ITEM.test(place) || parsePath(place) !== undefined;
export const AnswerForm = z.object({
  revision: whole,
  do: z.enum(['agree', 'return']),
  about: z.string().regex(PART),
  comment: text(2000).default(''),
  cell: z.record(z.string().refine(isPlace), text(2000)).default({}),
});
export const ApprovalQuery = z.object({
  notice: z.enum(['agreed', 'in-force', 'returned', 'changed', 'no-comment']).optional().catch(undefined),
});

export const RolesQuery = z.object({
  search: z.string().max(200).catch(''),
  notice: z.enum(['given', 'taken', 'unknown']).optional().catch(undefined),
});
export const GiveForm = z.object({
  person: z.string().min(1).max(255),
  role: z.enum(AGREEING_ROLES),
  scope: text(200).default(''),
});
export const TakeForm = z.object({ id: z.string().max(40) });

export const CodeQuery = z.object({ code: z.string().max(100).optional().catch(undefined) });
