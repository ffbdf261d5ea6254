import { numeric, parseJson } from '../line-item-json.js';
import type { Lms } from '../lms.js';
import { record } from '../registration-request.js';
import type { LineItem } from '../types.js';
import { isUsageKey } from '../usage-keys.js';

/** What is not there reads as `null`, and `null` is refused when it is sent back (fact 0.5). */
export const itemJson = (lms: Lms, item: LineItem): Record<string, unknown> => ({
  id: lms.at.lineItem(item.pk ?? '', item.id, item.toolId),
  resourceId: item.resourceId ?? '',
  scoreMaximum: item.maximum,
  label: item.label,
  tag: item.tag ?? '',
  resourceLinkId: item.resourceLinkId ?? null,
  startDateTime: item.startDateTime ?? null,
  endDateTime: item.endDateTime ?? null,
});

export type FieldFaults = Readonly<Record<string, readonly string[]>>;

export type ItemFields = Pick<LineItem, 'label' | 'maximum'> &
  Partial<Pick<LineItem, 'resourceId' | 'tag' | 'resourceLinkId' | 'startDateTime' | 'endDateTime'>>;

const LONGEST: Readonly<Record<string, number>> = { label: 100, tag: 50 };
const TEXTS = ['label', 'tag', 'resourceId', 'resourceLinkId', 'startDateTime', 'endDateTime'] as const;

function textFault(name: string, value: unknown): string | undefined {
  if (value === null) return 'This field may not be null.';
  if (typeof value !== 'string') return 'Not a valid string.';
  if (value === '' && name !== 'tag') return 'This field may not be blank.';
  const longest = LONGEST[name] ?? Infinity;
  if (Array.from(value).length > longest) return `Ensure this field has no more than ${longest} characters.`;
  if (name === 'resourceLinkId' && !isUsageKey(value)) return 'Invalid usage key.';
  return undefined;
}

function maximumFault(value: unknown): string | undefined {
  if (value === undefined) return 'This field is required.';
  if (value === null) return 'This field may not be null.';
  // Whole numbers in any spelling, from below zero too.
  return Number.isInteger(numeric(value)) ? undefined : 'A valid integer is required.';
}

/** Reads a line item that a tool sent; the answers are Django REST Framework's, a list of words for each field. */
export function readItem(body: string): ItemFields | { faults: FieldFaults } {
  const sent = record(parseJson(body));
  const given = TEXTS.filter((name) => sent[name] !== undefined);
  const faults = [
    { name: 'label', words: sent['label'] === undefined ? 'This field is required.' : undefined },
    ...given.map((name) => ({ name, words: textFault(name, sent[name]) })),
    { name: 'scoreMaximum', words: maximumFault(sent['scoreMaximum']) },
  ].flatMap(({ name, words }) => (words === undefined ? [] : [[name, [words]] as const]));
  if (faults.length > 0) return { faults: Object.fromEntries(faults) };
  // The standard asks for neither of the two (fact 0.6).
  if (sent['resourceId'] === undefined && sent['resourceLinkId'] === undefined)
    return { faults: { non_field_errors: ['Must provide at least one of resourceId or resourceLinkId.'] } };
  const texts = Object.fromEntries(given.map((name) => [name, String(sent[name])]));
  return { label: '', ...texts, maximum: numeric(sent['scoreMaximum']) ?? 0 };
}
