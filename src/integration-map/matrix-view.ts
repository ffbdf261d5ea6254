import { itemName, levelName, number, say, type Reader } from './labels.js';
import { cellAt, LEVELS, liveOutcomes, modulesOf, type IntegrationMap, type Mooc } from './map.js';
import { fieldView, type Overlay } from './grid.js';
import { coverageOf, isOverridden, matrixMatch, percentOf, type Covered } from './match.js';
import { modelHint } from './model-hint.js';
import type { Norms } from './norms.js';

/** How a cell looks, by its level. */
const LOOKS: Readonly<Record<string, string>> = { fully: 'mc-full', partly: 'mc-part' };
const lookOf = (level: string) => LOOKS[level] ?? 'mc-none';

export const outcomesView = (reader: Reader, map: IntegrationMap, overlay: Overlay) =>
  liveOutcomes(map).map(({ id }, index) => ({
    id,
    number: index + 1,
    remove: say(reader, 'outcome.delete', { number: index + 1 }),
    field: fieldView(reader, map, `outcomes.${id}.text`, overlay),
  }));

function levelOptions(reader: Reader, current: string) {
  return ['', ...LEVELS].map((value) => ({
    value,
    label: levelName(reader, value),
    selected: value === current,
  }));
}

/** The matrix of one MOOC: its modules, and a row for each outcome of the discipline. */
export function matrixView(reader: Reader, map: IntegrationMap, mooc: Mooc, overlay: Overlay) {
  const modules = modulesOf(map, mooc.id).map((module, index) => {
    const short = say(reader, 'module.short', { number: index + 1 });
    return {
      id: module.id,
      number: index + 1,
      short,
      title: module.title,
      label: `${short} ${module.title}`.trim(),
      remove: say(reader, 'module.delete', { number: index + 1 }),
      field: fieldView(reader, map, `modules.${module.id}.title`, overlay),
    };
  });
  const rows = liveOutcomes(map).map((outcome, index) => ({
    id: outcome.id,
    number: index + 1,
    text: outcome.text,
    path: `outcomes.${outcome.id}.text`,
    cells: modules.map((module) => {
      const path = `cells.${outcome.id}-${module.id}`;
      const level = fieldView(reader, map, `${path}.level`, overlay);
      const note = fieldView(reader, map, `${path}.note`, overlay);
      return {
        module: module.id,
        outcome: outcome.id,
        column: module.label,
        look: lookOf(level.value),
        text: levelName(reader, level.value),
        level: { ...level, options: levelOptions(reader, level.value) },
        note,
      };
    }),
  }));
  return { modules, rows, filled: rows.length > 0 && modules.length > 0 };
}

/** The same to read, where there is anything in it. */
export function readMatrix(reader: Reader, map: IntegrationMap, mooc: Mooc) {
  const modules = modulesOf(map, mooc.id).map((module, index) => ({
    id: module.id,
    short: say(reader, 'module.short', { number: index + 1 }),
    title: module.title,
  }));
  const outcomes = liveOutcomes(map);
  if (modules.length === 0 || outcomes.length === 0) return null;
  const rows = outcomes.map((outcome, index) => ({
    number: index + 1,
    text: outcome.text,
    cells: modules.map(({ id, short, title }) => {
      const { level, note } = cellAt(map, outcome.id, id);
      return { column: `${short} ${title}`.trim(), look: lookOf(level), text: levelName(reader, level), note };
    }),
  }));
  return { modules, rows };
}

/** What stands beside the per cent of a MOOC: what its matrix says. */
export function matchWords(reader: Reader, map: IntegrationMap, mooc: Mooc) {
  const computed = matrixMatch(map, mooc.id);
  const percent = percentOf(map, mooc);
  const of = computed && {
    percent: number(reader, computed.percent),
    worth: number(reader, computed.worth),
    outcomes: computed.outcomes.length,
  };
  const key = of === null ? 'none' : isOverridden(map, mooc) ? 'overridden' : 'computed';
  return {
    percent,
    computed: of?.percent ?? '',
    words: say(reader, `match.${key}`, of ?? {}),
    /** A per cent over the one of the matrix has a reason. */
    needsReason: key === 'overridden' || mooc.reason !== '',
  };
}

function gapView(reader: Reader, map: IntegrationMap, { outcome, level }: Covered) {
  return {
    name: itemName(reader, map, 'outcomes', outcome.id),
    text: outcome.text,
    what: say(reader, level === 'none' ? 'match.gap-none' : 'match.gap-partly'),
    partly: level === 'partly',
    href: `#f-outcomes-${outcome.id}-text`,
  };
}

/** The discipline by all MOOCs together, and what is missing. */
export function coverageView(reader: Reader, map: IntegrationMap) {
  const coverage = coverageOf(map);
  if (!coverage) return { text: null, gaps: [], whole: false };
  const count = (level: Covered['level']) => coverage.outcomes.filter((covered) => covered.level === level).length;
  const open = coverage.outcomes.filter(({ level }) => level !== 'fully');
  const byLevel = [...open].sort((a, b) => Number(a.level === 'partly') - Number(b.level === 'partly'));
  return {
    text: say(reader, 'match.coverage', {
      percent: coverage.percent,
      fully: count('fully'),
      partly: count('partly'),
      none: count('none'),
    }),
    gaps: byLevel.map((covered) => gapView(reader, map, covered)),
    whole: open.length === 0,
  };
}

/** Which model the numbers speak for, and why. */
export function hintView(reader: Reader, map: IntegrationMap, norms: Norms) {
  const hint = modelHint(map, norms);
  if (!hint) return { model: null, text: say(reader, 'model-hint.none') };
  const { coverage, best, share, moocHours, hours, moocs, model, reason } = hint;
  const params = {
    coverage,
    best: number(reader, best),
    share,
    moocHours: number(reader, moocHours ?? 0),
    hours: number(reader, hours ?? 0),
    count: moocs,
    low: number(reader, norms.matchThreshold),
    high: number(reader, norms.carryingMatch),
    from: number(reader, norms.carryingHoursShare),
  };
  return {
    model: say(reader, `model-hint.${model}`),
    text: `${say(reader, 'model-hint.figures', params)} ${say(reader, `model-hint.${reason}`, params)}`,
  };
}
