import type { CourseRef } from '../launch/course.js';
import type { ControlId } from './controls.js';
import type { TypedMark } from './forms.js';
import type { Results } from './index.js';
import type { Conflict, Returned } from './page.js';
import { parseMark, type MarkFault } from './rules.js';
import type { Editor } from './store.js';

export type Saved =
  | { readonly kind: 'saved' }
  | { readonly kind: 'fault'; readonly fault: MarkFault }
  | { readonly kind: 'conflict'; readonly conflict: Conflict };

export interface SaveDeps {
  readonly results: Pick<Results, 'enter'>;
  readonly course: CourseRef;
  readonly editor: Editor;
  readonly maximumOf: (column: ControlId) => number;
}

export async function saveMark({ results, course, editor, maximumOf }: SaveDeps, typed: TypedMark): Promise<Saved> {
  const { column, sub, base, text, field } = typed;
  const read = parseMark(text, maximumOf(column));
  if (!read.ok) return { kind: 'fault', fault: read.fault };
  const outcome = await results.enter(course, { column, sub }, base, read.value, editor);
  if (outcome.kind === 'saved') return outcome;
  return { kind: 'conflict', conflict: { field, column, sub, mine: text, theirs: outcome.mark } };
}

/** Whether a form says anything else than the page that it came from. */
export function isUntouched({ base, text }: TypedMark): boolean {
  // A mark that was above the maximum already is not refused again just because it stands on the page.
  const read = parseMark(text, Number.MAX_SAFE_INTEGER);
  return read.ok && read.value === base;
}

/** Saves what a whole form changed, one mark after the other; what cannot be saved comes back as it was typed. */
export async function saveMarks(
  deps: SaveDeps,
  marks: readonly TypedMark[],
): Promise<{ readonly saved: number; readonly returned: Returned | undefined }> {
  const faults = new Map<string, MarkFault>();
  const conflicts: Conflict[] = [];
  const typed = new Map<string, { text: string; base: number | null }>();
  let saved = 0;
  for (const mark of marks) {
    if (isUntouched(mark)) continue;
    const outcome = await saveMark(deps, mark);
    if (outcome.kind === 'saved') {
      saved += 1;
      continue;
    }
    typed.set(mark.field, mark);
    if (outcome.kind === 'fault') faults.set(mark.field, outcome.fault);
    else conflicts.push(outcome.conflict);
  }
  if (typed.size === 0) return { saved, returned: undefined };
  return { saved, returned: { typed, faults, conflicts, subs: [...new Set(marks.map(({ sub }) => sub))] } };
}
