import type { SentMap } from './forms.js';
import type { Reader } from './labels.js';
import type { IntegrationMap } from './map.js';
import type { Outcome } from './merge.js';
import type { Returned } from './page.js';
import { problemsView, refusals, typedTexts } from './problems.js';
import type { ActOutcome } from './structure.js';

/** Back to where the person was, with a word about what happened. */
export function placeAfter(base: string, sent: SentMap, outcome: ActOutcome | null): string {
  const { act } = sent;
  if (!act) return `${base}/map?notice=saved${sent.section === '' ? '' : `#${sent.section}`}`;
  const mooc = act.do.endsWith('mooc');
  const gone = act.do === 'delete-row' || act.do === 'delete-mooc';
  const id = 'id' in act ? act.id : '';
  const anchor = gone ? '' : mooc ? '#s2' : `#row-${id}`;
  const word =
    outcome === 'full' && mooc ? 'full-moocs' : outcome === 'done' || outcome === 'already' ? act.do : outcome;
  const query = new URLSearchParams({ notice: word ?? 'saved', id, since: String(sent.since) });
  return `${base}/map?${query.toString()}${anchor}`;
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
    bases: Object.fromEntries(bases.map(({ path }) => [path, sent.bases[path] ?? ''])),
  };
}
