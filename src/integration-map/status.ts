import { checksOf, passedOf, type Check, type Level } from './checks.js';
import { idOf, cellNameAt, number, rowName, say, type Reader } from './labels.js';
import { parsePath, valueAt, type IntegrationMap } from './map.js';
import { USUALLY, USUAL_NORMS, type CheckedBy, type Norms } from './norms.js';
import { emptyRow } from './template.js';
import { progressOf, totals } from './rules.js';

const OK = { tone: 'ok', icon: 'check-circle-fill' };
const WARN = { tone: 'warn', icon: 'exclamation-triangle-fill' };
const LOOKS: Readonly<Record<Level, typeof WARN>> = { error: { tone: 'bad', icon: 'x-octagon-fill' }, warning: WARN };

/** A first map lacks everything at once: the list stays one that is read. */
const SHOWN = 8;

export const railOf = (reader: Reader, map: IntegrationMap) =>
  progressOf(map).map(({ section, missing, complete }) => ({
    href: `#s${section}`,
    label: say(reader, `rail.${section}`),
    text: complete ? say(reader, 'complete') : say(reader, 'missing', { count: missing }),
    ...(complete ? OK : WARN),
  }));

export function totalsView(reader: Reader, map: IntegrationMap, norms: Norms = USUAL_NORMS) {
  const sums = totals(map);
  const hours = (value: number) => say(reader, 'totals.hours', { hours: number(reader, value) });
  const item = (name: string, value: number, note = '') => ({
    name,
    label: say(reader, `totals.${name}`),
    hours: hours(value),
    note,
  });
  // 7.2 names an hour of the tutor's load, the table the learners' hours: both are shown, neither is a fault.
  const load = say(reader, 'totals.load', { hours: hours(norms.consultationLoadHours) });
  return [
    item('lectures', sums.lectures),
    item('practical', sums.practical),
    item('consultations', sums.consultations, load),
    item('contact', sums.contact),
    ...(sums.independent === null || sums.independent < 0 ? [] : [item('independent', sums.independent)]),
  ];
}

/** 1, 2, 3, 7 as "1–3, 7". */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const value of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && value === last[1] + 1) last[1] = value;
    else runs.push([value, value]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
}

/** Where to go first. */
const firstOf = ({ cells }: { readonly cells: readonly string[] }): string => cells[0] ?? 'rows';

/** A finding's numbers by their names, as they are read in this language. */
const numbersIn = (reader: Reader, check: Check): Record<string, string> =>
  Object.fromEntries(
    Object.entries(check).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'number' ? [[name, number(reader, value)]] : [],
    ),
  );

function sentenceOf(reader: Reader, map: IntegrationMap, check: Check): string {
  const cell = cellNameAt(reader, map, firstOf(check));
  const key = `checks.${check.code}`;
  switch (check.code) {
    case 'topics-missing':
      if (check.weeks.length === 0) return say(reader, `${key}-rows`, { count: check.cells.length });
      return say(reader, check.weeks.length === 1 ? `${key}-week` : key, { weeks: ranges(check.weeks) });
    case 'outcomes-uncovered':
      return say(reader, key, { count: check.outcomes.length, outcomes: ranges(check.outcomes) });
    case 'delivery-missing':
    case 'platform-missing':
      return say(reader, key, { count: check.cells.length });
    case 'hours-missing':
      return check.cells.length === 1
        ? say(reader, key, { cell })
        : say(reader, `${key}-many`, { count: check.cells.length });
    case 'consultation-missing':
    case 'consultation-late':
      return say(reader, key, {
        what: rowName(reader, { row: emptyRow('x0', 'consultation', check.stage), number: null }),
      });
    case 'workload-differs':
    case 'contact-over':
    case 'contact-norm':
    case 'match-low':
      return say(reader, key, { cell, ...numbersIn(reader, check) });
    case 'holiday-not-a-date':
    case 'holiday-backwards':
      return say(reader, key, { line: check.line, text: check.text });
    default:
      return say(reader, key, { cell });
  }
}

/** Groups have no cell of their own to go to: their section's heading is where they begin. */
const SECTION_OF_GROUP: Readonly<Record<string, string>> = { moocs: 's2', rows: 's4' };

function jumpOf(reader: Reader, check: Check) {
  const path = firstOf(check);
  const section = SECTION_OF_GROUP[path];
  return section === undefined
    ? { href: `#${idOf(path)}`, label: say(reader, 'checks.go') }
    : { href: `#${section}`, label: say(reader, 'checks.go-section') };
}

function countOf(reader: Reader, checks: readonly Check[]): string {
  const errors = checks.filter(({ level }) => level === 'error').length;
  const warnings = checks.length - errors;
  if (checks.length === 0) return say(reader, 'checks.none');
  return [
    ...(errors > 0 ? [say(reader, 'checks.errors', { count: errors })] : []),
    ...(warnings > 0 ? [say(reader, 'checks.count', { count: warnings })] : []),
  ].join(', ');
}

/** What is wrong, and the way to it on the map's page. */
export const checkView = (reader: Reader, map: IntegrationMap, check: Check) => ({
  text: sentenceOf(reader, map, check),
  ...jumpOf(reader, check),
});

export function checksView(reader: Reader, map: IntegrationMap, by: CheckedBy = USUALLY) {
  const checks = checksOf(map, by);
  const warnings = checks.slice(0, SHOWN).map((check) => ({
    ...checkView(reader, map, check),
    ...LOOKS[check.level],
    level: say(reader, `checks.level.${check.level}`),
    /** For screen readers: which of the many "Go to the cell". */
    about: cellNameAt(reader, map, firstOf(check)),
  }));
  return {
    count: countOf(reader, checks),
    warnings,
    more: checks.length > SHOWN ? say(reader, 'checks.more', { count: checks.length - SHOWN }) : null,
    passed: passedOf(checks).map((code) => say(reader, `checks.${code}`)),
  };
}

const SAID_IN_CELL: ReadonlySet<string> = new Set([
  'link-not-https',
  'link-not-address',
  'match-range',
  'match-reason-missing',
  'hours-missing',
  'workload-not-number',
  'start-not-date',
  'holiday-not-a-date',
  'holiday-backwards',
]);

/** What a cell says inside itself, by path. A cell that is only empty says nothing: the rail counts it. */
export function cellWarnings(reader: Reader, map: IntegrationMap): Record<string, string> {
  const warned = checksOf(map).filter(({ code }) => SAID_IN_CELL.has(code));
  return Object.fromEntries(
    warned.flatMap(({ code, cells }) =>
      cells
        .filter((path) => {
          const field = parsePath(path);
          return field && (code !== 'workload-not-number' || valueAt(map, field) !== '');
        })
        .map((path): [string, string] => [path, say(reader, `cell-warning.${code}`)]),
    ),
  );
}
