import { contentOf } from './content.js';
import { deletedView } from './deleted.js';
import { gridGroups, weeksOf, type Overlay } from './grid.js';
import { semesterOf, standingOf } from './dates.js';
import { datesText, say, todayOf, when, who, type Reader } from './labels.js';
import {
  CELL_FIELDS,
  hasField,
  HEAD_FIELDS,
  liveModules,
  liveMoocs,
  liveOutcomes,
  liveRows,
  MODELS,
  MODULE_FIELDS,
  modulesOf,
  MOOC_FIELDS,
  OUTCOME_FIELDS,
  ROW_FIELDS,
  type IntegrationMap,
} from './map.js';
import { coverageView, hintView, outcomesView, readMatrix } from './matrix-view.js';
import { USUALLY, type CheckedBy } from './norms.js';
import type { ProblemView } from './problems.js';
import { sheetTexts } from './sheet-texts.js';
import { headView, kindsView, modelsView, moocsView } from './section-views.js';
import { cellWarnings, checksView, railOf, totalsView } from './status.js';
import { fingerprint } from './text.js';

export interface Notice {
  readonly tone: 'ok' | 'warn';
  readonly icon: string;
  readonly text: string;
  /** The act that takes it back. */
  readonly undo: string | null;
}

/** What a page shows beside the map as it is stored; most of it where it is sent back. */
export interface Returned {
  readonly problems: readonly ProblemView[];
  readonly typed: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, string>>;
  /** Fingerprints that the sender's page knew; a choice that was not made must be asked again. */
  readonly bases: Readonly<Record<string, string>>;
  /** The MOOC whose matrix is open. */
  readonly matrix: string | null;
  /** Lists that could not be added. */
  readonly lists: { readonly outcomes: string; readonly modules: string };
}

export const NOTHING_RETURNED: Returned = {
  problems: [],
  typed: {},
  messages: {},
  bases: {},
  matrix: null,
  lists: { outcomes: '', modules: '' },
};

type Texts = [path: string, text: string][];

const textsIn = <F extends string>(
  group: string,
  fields: readonly F[],
  items: readonly ({ readonly id: string } & Readonly<Record<F, string>>)[],
): Texts =>
  items.flatMap((item) => fields.map((field): [string, string] => [`${group}.${item.id}.${field}`, item[field]]));

/** The stored text of every field of the map, by path; of the matrices, the cells that are not empty. */
export const valuesOf = (map: IntegrationMap): Record<string, string> => {
  const head = HEAD_FIELDS.map((field): [string, string] => [`head.${field}`, map.head[field]]);
  const cells = Object.entries(contentOf(map).cells).map(([id, cell]) => ({ id, ...cell }));
  const rows = liveRows(map).flatMap((row) =>
    ROW_FIELDS.filter((field) => hasField(row.kind, field)).map((field): [string, string] => [
      `rows.${row.id}.${field}`,
      row[field],
    ]),
  );
  return Object.fromEntries([
    ...head,
    ...textsIn('moocs', MOOC_FIELDS, liveMoocs(map)),
    ...textsIn('outcomes', OUTCOME_FIELDS, liveOutcomes(map)),
    ...textsIn('modules', MODULE_FIELDS, liveModules(map)),
    ...textsIn('cells', CELL_FIELDS, cells),
    ...rows,
  ]);
};

/** Of modules and cells only those of the open matrix have fields on the page. */
function isOnPage(map: IntegrationMap, path: string, open: string | null): boolean {
  const [group, id = ''] = path.split('.');
  if (group !== 'modules' && group !== 'cells') return true;
  const module = group === 'modules' ? id : (id.split('-')[1] ?? '');
  return open !== null && modulesOf(map, open).some((one) => one.id === module);
}

function basesOf(map: IntegrationMap, returned: Returned): string {
  const prints = Object.entries(valuesOf(map))
    .filter(([path]) => isOnPage(map, path, returned.matrix))
    .map(([path, value]) => [path, fingerprint(value)]);
  return JSON.stringify({ ...Object.fromEntries(prints), ...returned.bases });
}

export function lastSaved(reader: Reader, map: IntegrationMap): string {
  const key = map.revision === 1 ? 'lead-new' : 'lead';
  return say(reader, key, { time: when(reader, map.updatedAt), who: who(reader, map.updatedBy) });
}

/** The parts that stand on the page and that a script exchanges after a save. */
export function statusParts(reader: Reader, map: IntegrationMap, by: CheckedBy = USUALLY) {
  return {
    rail: railOf(reader, map),
    checks: checksView(reader, map, by),
    totals: totalsView(reader, map, by.norms),
    coverage: coverageView(reader, map),
    hint: hintView(reader, map, by.norms),
  };
}

/** The weeks to choose from on a narrow page, which begins at this one. */
function weekOptions(reader: Reader, map: IntegrationMap) {
  const [semester, today] = [semesterOf(map.head), todayOf(reader)];
  return weeksOf(map).map((week) => {
    const dates = semester(week);
    const name = week === 0 ? say(reader, 'plan.before') : say(reader, 'plan.week', { week });
    return {
      value: String(week),
      label: dates ? `${name} · ${datesText(reader, dates)}` : name,
      now: dates !== null && standingOf(dates, today) === 'now',
    };
  });
}

export function structureParts(reader: Reader, map: IntegrationMap, returned: Returned, newId: string) {
  const overlay: Overlay = { typed: returned.typed, messages: { ...cellWarnings(reader, map), ...returned.messages } };
  const inRows = new Set(liveRows(map).map(({ id }) => id));
  return {
    plan: {
      groups: gridGroups(reader, map, overlay, returned.problems),
      weeks: weekOptions(reader, map),
      kinds: kindsView(reader),
      deleted: deletedView(reader, map),
      newId,
    },
    moocs: moocsView(reader, map, overlay, returned.matrix),
    matrix: returned.matrix ?? '',
    outcomes: outcomesView(reader, map, overlay),
    lists: returned.lists,
    /** Notes that have no row to stand under. */
    notes: returned.problems.filter(({ row }) => row === null || !inRows.has(row)),
  };
}

/** Sentences that the script needs; those with a number come for one and for many as the language has it. */
const textsOf = (reader: Reader) =>
  JSON.stringify({
    saving: say(reader, 'state.saving'),
    waiting: say(reader, 'state.waiting'),
    stuck: say(reader, 'state.stuck'),
    untitled: say(reader, 'mooc.untitled'),
    notOpened: say(reader, 'matrix.not-opened'),
    hours: say(reader, 'totals.hours', { hours: '{}' }),
    sheet: sheetTexts(reader),
  });

export function editorPage(
  reader: Reader,
  map: IntegrationMap,
  notice: Notice | null,
  returned: Returned,
  newId: string,
  by: CheckedBy = USUALLY,
) {
  const overlay: Overlay = { typed: returned.typed, messages: { ...cellWarnings(reader, map), ...returned.messages } };
  return {
    revision: String(map.revision),
    bases: basesOf(map, returned),
    texts: textsOf(reader),
    saved: say(reader, 'state.saved', { time: when(reader, map.updatedAt) }),
    unsaved: returned.problems.length > 0 || Object.keys(returned.messages).length > 0,
    lead: lastSaved(reader, map),
    notice,
    head: headView(reader, map, overlay),
    models: modelsView(reader, overlay.typed['head.model'] ?? map.head.model),
    ...statusParts(reader, map, by),
    ...structureParts(reader, map, returned, newId),
  };
}

/** The map for those who read it only. */
export function readerPage(reader: Reader, map: IntegrationMap, { norms }: CheckedBy = USUALLY) {
  const overlay: Overlay = { typed: {}, messages: {} };
  const head = headView(reader, map, overlay);
  const model = MODELS.find((candidate) => candidate === map.head.model);
  return {
    lead: lastSaved(reader, map),
    facts: [head.discipline, ...head.selects, head.semester, head.semesterStart, head.holidays, head.attestation].map(
      ({ label, text }) => ({
        label,
        text: text === '' ? '–' : text,
      }),
    ),
    workload: [head.hours.text, head.credits.text].map((text) => (text === '' ? '–' : text)).join(' / '),
    outcomes: outcomesView(reader, map, overlay),
    coverage: coverageView(reader, map),
    moocs: moocsView(reader, map, overlay).map((mooc, index) => {
      const stored = liveMoocs(map)[index];
      return { ...mooc, matrix: stored ? readMatrix(reader, map, stored) : null };
    }),
    model: model ? { name: say(reader, `model.${model}.name`), text: say(reader, `model.${model}.text`) } : null,
    rail: railOf(reader, map),
    totals: totalsView(reader, map, norms),
    groups: gridGroups(reader, map, overlay, []),
  };
}
