import type { Visit } from '../launch/visit.js';
import type { Views } from '../web/views.js';
import { readDay } from './dates.js';
import { isOwn, nameOf, say, when, type Reader } from './labels.js';
import { liveMoocs, type Edit, type IntegrationMap } from './map.js';
import type { Outcome } from './merge.js';
import type { CheckedBy } from './norms.js';
import { lastSaved, NOTHING_RETURNED, statusParts, structureParts, valuesOf } from './page.js';
import { matchWords } from './matrix-view.js';
import { problemsView, refusals } from './problems.js';
import { cellWarnings } from './status.js';

export interface AnswerDeps {
  readonly views: Views;
  readonly visit: Visit;
  readonly reader: Reader;
  readonly newId: string;
  readonly by: CheckedBy;
  /** The MOOC whose matrix is open on the page. */
  readonly matrix: string | null;
}

interface OthersEdit {
  readonly path: string;
  readonly edit: Edit;
}

/** What others wrote since that revision, where it still stands on the page. */
const editsSince = (reader: Reader, map: IntegrationMap, since: number): OthersEdit[] =>
  Object.entries(map.edits)
    .filter(([, edit]) => edit.revision > since && !isOwn(reader, edit))
    .map(([path, edit]) => ({ path, edit }));

function othersText(reader: Reader, edits: readonly OthersEdit[]): string | null {
  const latest = edits.reduce<OthersEdit | null>((a, b) => (a && a.edit.revision > b.edit.revision ? a : b), null);
  if (!latest) return null;
  return say(reader, 'notice.others', { who: nameOf(reader, latest.edit), count: edits.length });
}

/** The per cent that each matrix gives, and what is said beside it. */
const matchesOf = (reader: Reader, map: IntegrationMap) =>
  Object.fromEntries(
    liveMoocs(map).map((mooc) => {
      const { computed, words, needsReason } = matchWords(reader, map, mooc);
      return [mooc.id, { computed, words, needsReason }];
    }),
  );

/** The dates of weeks stand in the table beside fields that nobody touched. */
function movesDates({ head }: IntegrationMap, paths: readonly string[]): boolean {
  if (paths.some((path) => path === 'head.semesterStart' || path === 'head.holidays')) return true;
  return readDay(head.semesterStart) !== null && paths.some((path) => /^rows\.[^.]+\.week$/.test(path));
}

/**
 * What the script is told after a save, an act or a look: what was saved, what others wrote since, and the parts of the
 * page that say how the map stands. Rows and MOOCs come as a fragment only where there are others than the page has, or
 * where a matrix is opened or closed.
 */
export function answerFor(
  { views, visit, reader, newId, by, matrix }: AnswerDeps,
  map: IntegrationMap,
  since: number,
  outcomes: readonly Outcome[] = [],
  opening = false,
) {
  const fragment = (name: string, model: object) => views.fragment(visit, `integration-map/${name}`, model);
  const problems = problemsView(reader, map, outcomes);
  const values = valuesOf(map);
  const changed = Object.entries(map.edits).filter(
    ([path, edit]) => edit.revision > since && Object.hasOwn(values, path),
  );
  const dated = movesDates(
    map,
    changed.map(([path]) => path),
  );
  const redrawn = map.structureRevision > since || dated;
  const structure = redrawn || opening ? structureParts(reader, map, { ...NOTHING_RETURNED, matrix }, newId) : null;
  const status = statusParts(reader, map, by);
  return {
    revision: map.revision,
    saved: Object.fromEntries(
      outcomes.flatMap((o): [string, string][] => (o.kind === 'saved' ? [[o.path, o.value]] : [])),
    ),
    savedText: say(reader, 'state.saved', { time: when(reader, reader.now) }),
    lead: lastSaved(reader, map),
    values: Object.fromEntries(changed.map(([path]) => [path, values[path] ?? ''])),
    others: othersText(reader, editsSince(reader, map, since)),
    problems: problems.map((problem) => ({
      key: problem.key,
      row: problem.row,
      theirs: problem.theirsRaw,
      lost: problem.lost.map(({ path }) => path),
      html: fragment('problem', { problem }),
    })),
    refused: refusals(reader, outcomes),
    warnings: cellWarnings(reader, map),
    matches: matchesOf(reader, map),
    html: {
      rail: fragment('rail', status),
      checks: fragment('checks', status),
      totals: fragment('totals', status),
      match: fragment('match', status),
      hint: fragment('hint', status),
      ...(structure ? { moocs: fragment('moocs', structure) } : {}),
      ...(structure && redrawn
        ? {
            plan: fragment('plan', structure),
            links: fragment('links', structure),
            outcomes: fragment('outcomes', structure),
          }
        : {}),
    },
  };
}
