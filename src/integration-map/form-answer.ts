import type { SentMap } from './forms.js';
import type { Reader } from './labels.js';
import type { IntegrationMap } from './map.js';
import type { Outcome } from './merge.js';
import type { Returned } from './page.js';
import { problemsView, refusals, typedTexts } from './problems.js';
import type { ActOutcome } from './patch.js';
import type { Act } from './structure.js';

/** A list that was not added, and goes back to the person. */
export const isListRefused = (act: Act, outcome: ActOutcome): boolean =>
  (act.do === 'add-outcomes' || act.do === 'add-modules') && outcome !== 'done' && outcome !== 'already';

const SECTION_2 = /-(mooc|outcome|module|outcomes|modules)$/;

/** The word of a notice about an act; what a group has too many of is in it. */
function wordOf({ do: name }: Act, outcome: ActOutcome | null): string | null {
  if (outcome === 'done' || outcome === 'already') return name;
  const [, item] = /-(mooc|outcome|module)$/.exec(name) ?? [];
  return outcome === 'full' && item !== undefined ? `full-${item}s` : outcome;
}

/** Back to where the person was, with a word about what happened. */
export function placeAfter(base: string, sent: SentMap, outcome: ActOutcome | null): string {
  const { act, matrix } = sent;
  const open: Record<string, string> = matrix === null ? {} : { matrix };
  const address = (query: Record<string, string>, anchor: string) =>
    `${base}/map?${new URLSearchParams({ ...query, ...open }).toString()}${anchor}`;
  if (!act) return address({ notice: 'saved' }, sent.section === '' ? '' : `#${sent.section}`);
  const gone = act.do.startsWith('delete');
  const id = 'id' in act ? act.id : '';
  const inModules = act.do.includes('module') && matrix !== null;
  const place = inModules ? `#mooc-${matrix}` : SECTION_2.test(act.do) ? '#s2' : `#row-${id}`;
  return address(
    { notice: wordOf(act, outcome) ?? 'saved', id, since: String(sent.since) },
    gone && !inModules ? '' : place,
  );
}

/** The page once more, with every text that was not saved still in it, and what to decide about each. */
export function returnedOf(reader: Reader, map: IntegrationMap, sent: SentMap, outcomes: readonly Outcome[]): Returned {
  const typed = new Map(sent.changes.map(({ path, value }) => [path, value]));
  const unsaved = outcomes.filter(({ kind }) => kind !== 'saved');
  const bases = sent.changes.filter(({ path }) => unsaved.some((outcome) => outcome.path === path));
  return {
    problems: problemsView(reader, map, outcomes),
    typed: typedTexts(outcomes, typed),
    messages: refusals(reader, outcomes),
    matrix: sent.matrix,
    lists: sent.lists,
    bases: Object.fromEntries(bases.map(({ path }) => [path, sent.bases[path] ?? ''])),
  };
}
