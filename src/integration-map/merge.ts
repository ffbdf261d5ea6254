import { ownersOf, parsePath, valueAt, type Edit, type IntegrationMap } from './map.js';
import { fingerprint, readText, type TextFault } from './text.js';

/** One field as one person wants it, and the fingerprint of the text that this person saw before. */
export interface Change {
  readonly path: string;
  readonly base: string;
  readonly value: string;
}

export type Outcome =
  /** It stands there now; `value` is the text put in order. */
  | { readonly kind: 'saved'; readonly path: string; readonly value: string }
  /** Somebody wrote another text since; both are kept until a person chooses. */
  | {
      readonly kind: 'conflict';
      readonly path: string;
      readonly yours: string;
      readonly theirs: string;
      readonly edit: Edit | null;
    }
  /** What it lies in was taken out since: the row `rows.l3`; of a cell the outcome, the module or its MOOC. */
  | {
      readonly kind: 'deleted';
      readonly path: string;
      readonly owner: string;
      readonly yours: string;
      readonly deleted: Edit;
    }
  | { readonly kind: 'refused'; readonly path: string; readonly fault: TextFault | 'no-such-field' };

function outcomeOf(map: IntegrationMap, change: Change): Outcome {
  const { path } = change;
  const field = parsePath(path);
  const stored = field && valueAt(map, field);
  if (!field || stored === undefined) return { kind: 'refused', path, fault: 'no-such-field' };
  const read = readText(field, change.value);
  if ('fault' in read) return { kind: 'refused', path, fault: read.fault };
  const gone = ownersOf(map, field).find(({ item }) => item.deleted);
  if (gone?.item.deleted) {
    const { group, item } = gone;
    return { kind: 'deleted', path, owner: `${group}.${item.id}`, yours: read.text, deleted: gone.item.deleted };
  }
  if (stored === read.text || fingerprint(stored) === change.base) return { kind: 'saved', path, value: read.text };
  return { kind: 'conflict', path, yours: read.text, theirs: stored, edit: map.edits[path] ?? null };
}

/** What becomes of each change, each by itself, and the texts that have to be written for it. */
export function merge(map: IntegrationMap, changes: readonly Change[]) {
  const outcomes = changes.map((change) => outcomeOf(map, change));
  const values: Record<string, string> = {};
  for (const outcome of outcomes) {
    if (outcome.kind !== 'saved') continue;
    const field = parsePath(outcome.path);
    if (field && valueAt(map, field) !== outcome.value) values[outcome.path] = outcome.value;
  }
  return { outcomes, values };
}
