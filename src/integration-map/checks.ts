import { readDay, readHolidays } from './dates.js';
import { readNumber } from './hours.js';
import { liveMoocs, STAGES, type IntegrationMap, type Mooc, type RowField, type Stage } from './map.js';
import { USUALLY, type CheckedBy, type Norms } from './norms.js';
import { coverageOf, isOverridden, matchFault, percentOf } from './match.js';
import { linkFault, placeRows, totals, type PlacedRow } from './rules.js';

/**
 * What a person should look at again. Nothing here stops anyone from saving: a map is written over weeks, and the
 * regulation asks for a whole one only when it is agreed. An error has to be mended before the map is submitted.
 */
export type Finding =
  | { readonly code: 'topics-missing'; readonly weeks: readonly number[]; readonly cells: readonly string[] }
  | {
      readonly code: 'delivery-missing' | 'hours-missing' | 'platform-missing' | 'assessment-missing';
      readonly cells: readonly string[];
    }
  | {
      readonly code:
        | 'link-not-https'
        | 'link-not-address'
        | 'match-range'
        | 'match-reason-missing'
        | 'workload-not-number'
        | 'start-not-date';
      readonly cells: readonly [string];
    }
  | {
      readonly code: 'model-missing' | 'no-moocs' | 'no-lectures' | 'mooc-not-counted';
      readonly cells: readonly string[];
    }
  | { readonly code: 'weeks-out-of-order'; readonly week: number; readonly cells: readonly [string] }
  | {
      readonly code: 'consultation-missing' | 'consultation-late';
      readonly stage: Stage;
      readonly cells: readonly string[];
    }
  | {
      readonly code: 'holiday-not-a-date' | 'holiday-backwards';
      readonly line: number;
      readonly text: string;
      readonly cells: readonly [string];
    }
  | {
      readonly code: 'outcomes-uncovered';
      /** Their numbers among the discipline's. */
      readonly outcomes: readonly number[];
      readonly cells: readonly string[];
    }
  | {
      readonly code: 'match-low';
      readonly match: number;
      readonly threshold: number;
      readonly cells: readonly [string];
    }
  | {
      readonly code: 'workload-differs';
      readonly hours: number;
      readonly credits: number;
      readonly each: number;
      readonly cells: readonly string[];
    }
  | {
      readonly code: 'contact-over';
      readonly contact: number;
      readonly hours: number;
      readonly cells: readonly string[];
    }
  | {
      readonly code: 'contact-norm';
      readonly contact: number;
      readonly credits: number;
      readonly norm: number;
      readonly cells: readonly string[];
    };

export type Level = 'error' | 'warning';
export type Check = Finding & { readonly level: Level };
export type CheckCode = Finding['code'];

/** What is in order, and is said so: each needs its counterpart in the list above to be absent. */
export type Passed = 'consultations-in-place' | 'delivery-complete' | 'links-in-order' | 'topics-complete';

const cell = ({ row }: PlacedRow, field: RowField) => `rows.${row.id}.${field}`;

const isClass = ({ row }: PlacedRow) => row.kind === 'lecture' || row.kind === 'practical';

function planChecks(placed: readonly PlacedRow[]): Finding[] {
  const lectures = placed.filter(({ row }) => row.kind === 'lecture');
  const timed = placed.filter(({ row }) => row.kind !== 'control');
  const bare = placed.filter((one) => isClass(one) && one.row.topic === '');
  const undelivered = timed.filter(({ row }) => row.delivery === '');
  // In class there is a room, and no platform.
  const homeless = timed.filter(({ row }) => row.delivery !== 'in-class' && row.platform === '' && row.link === '');
  const unhoured = timed.filter(({ row }) => (readNumber(row.hours) ?? -1) < 0);
  const weeks = [...new Set(bare.flatMap(({ week }) => week ?? []))];
  const many = (code: 'delivery-missing' | 'hours-missing' | 'platform-missing', rows: PlacedRow[], field: RowField) =>
    rows.length > 0 ? [{ code, cells: rows.map((row) => cell(row, field)) }] : [];
  return [
    ...(lectures.length === 0 ? [{ code: 'no-lectures', cells: ['rows'] } as const] : []),
    ...(bare.length > 0
      ? [{ code: 'topics-missing', weeks, cells: bare.map((row) => cell(row, 'topic')) } as const]
      : []),
    ...many('hours-missing', unhoured, 'hours'),
    ...many('delivery-missing', undelivered, 'delivery'),
    ...many('platform-missing', homeless, 'platform'),
    ...assessmentChecks(placed),
    ...outOfOrder(lectures),
  ];
}

function assessmentChecks(placed: readonly PlacedRow[]): Finding[] {
  const classes = placed.filter(isClass);
  const [first] = classes;
  if (!first || classes.some(({ row }) => row.assessment !== '')) return [];
  return [{ code: 'assessment-missing', cells: [cell(first, 'assessment')] }];
}

function outOfOrder(lectures: readonly PlacedRow[]): Finding[] {
  const late = lectures.find((lecture, index) => {
    const before = lectures[index - 1]?.week ?? null;
    return lecture.week === null || (before !== null && lecture.week < before);
  });
  if (!late) return [];
  return [{ code: 'weeks-out-of-order', week: late.week ?? 0, cells: [cell(late, 'week')] }];
}

/** 7.2: a consultation before midterm 1, midterm 2 and the exam. */
function consultationChecks(placed: readonly PlacedRow[]): Finding[] {
  return STAGES.flatMap((stage): Finding[] => {
    const of = (kind: string) => placed.findIndex(({ row }) => row.kind === kind && row.stage === stage);
    const [control, held] = [of('control'), of('consultation')];
    if (held >= 0 && (control < 0 || held < control)) return [];
    const [there, jump] = [placed[held], placed[control]];
    if (there) return [{ code: 'consultation-late', stage, cells: [cell(there, 'hours')] }];
    return [{ code: 'consultation-missing', stage, cells: jump ? [cell(jump, 'topic')] : ['rows'] }];
  });
}

function linkChecks(map: IntegrationMap, placed: readonly PlacedRow[]): Finding[] {
  const links = [
    ...liveMoocs(map).map((mooc) => ({ path: `moocs.${mooc.id}.link`, text: mooc.link })),
    ...placed.map((row) => ({ path: cell(row, 'link'), text: row.row.link })),
  ];
  return links.flatMap(({ path, text }): Finding[] => {
    const code = linkFault(text);
    return code ? [{ code, cells: [path] }] : [];
  });
}

function matchChecks(map: IntegrationMap, { matchThreshold: threshold }: Norms): Finding[] {
  return liveMoocs(map).flatMap((mooc): Finding[] => {
    const cells = [`moocs.${mooc.id}.match`] as const;
    if (matchFault(mooc.match)) return [{ code: 'match-range', cells }];
    const match = percentOf(map, mooc);
    return [
      ...(match !== null && match < threshold ? [{ code: 'match-low', match, threshold, cells } as const] : []),
      ...(mooc.reason === '' && isOverridden(map, mooc)
        ? [{ code: 'match-reason-missing', cells: [`moocs.${mooc.id}.reason`] } as const]
        : []),
    ];
  });
}

/** Outcomes that no module of any MOOC serves. */
function coverageChecks(map: IntegrationMap): Finding[] {
  const open = coverageOf(map)?.outcomes.filter(({ level }) => level === 'none') ?? [];
  if (open.length === 0) return [];
  const cells = open.map(({ outcome }) => `outcomes.${outcome.id}.text`);
  return [{ code: 'outcomes-uncovered', outcomes: open.map(({ number }) => number), cells }];
}

/** As people write it, in Latin and Cyrillic letters, and in the two mixed. */
const MOOC = /[mм][oо]{2}[cсkк]|spoc/iu;

/** Model 3 lets the MOOC's result count: some assessment names it, or the results have a column for it. */
function countsMooc(placed: readonly PlacedRow[], moocs: readonly Mooc[]): boolean {
  const names = moocs.flatMap(({ title, platform }) => [title, platform]).filter((name) => name.length > 2);
  return placed.some(({ row: { assessment } }) => {
    const text = assessment.toLowerCase();
    return MOOC.test(text) || names.some((name) => text.includes(name.toLowerCase()));
  });
}

/** Does the MOOC's result count: by model 3, or because some assessment names it? */
export const moocCounts = (map: Pick<IntegrationMap, 'head' | 'moocs' | 'rows'>): boolean =>
  map.head.model === '3' || countsMooc(placeRows(map), liveMoocs(map));

function modelChecks(map: IntegrationMap, placed: readonly PlacedRow[], moocResult: boolean): Finding[] {
  if (map.head.model === '') return [{ code: 'model-missing', cells: ['head.model'] }];
  if (map.head.model !== '3' || moocResult || countsMooc(placed, liveMoocs(map))) return [];
  const first = placed.find(isClass);
  return [{ code: 'mooc-not-counted', cells: [first ? cell(first, 'assessment') : 'rows'] }];
}

function hoursChecks(map: IntegrationMap, { hoursPerCredit: each, contactHoursPerCredit }: Norms): Finding[] {
  const workload = (['hours', 'credits'] as const).flatMap((field): Finding[] =>
    (readNumber(map.head[field]) ?? 0) > 0 ? [] : [{ code: 'workload-not-number', cells: [`head.${field}`] }],
  );
  const [hours, credits] = [readNumber(map.head.hours), readNumber(map.head.credits)];
  const { contact } = totals(map);
  const cells = ['head.hours'];
  const norm = credits === undefined || contactHoursPerCredit === undefined ? contact : credits * contactHoursPerCredit;
  return [
    ...workload,
    ...(hours !== undefined && credits !== undefined && hours !== credits * each && workload.length === 0
      ? [{ code: 'workload-differs', hours, credits, each, cells } as const]
      : []),
    ...(hours !== undefined && contact > hours ? [{ code: 'contact-over', contact, hours, cells } as const] : []),
    ...(credits !== undefined && credits > 0 && norm !== contact
      ? [{ code: 'contact-norm', contact, credits, norm, cells: ['rows'] } as const]
      : []),
  ];
}

function dateChecks({ head }: IntegrationMap): Finding[] {
  const start = head.semesterStart !== '' && readDay(head.semesterStart) === null;
  return [
    ...(start ? [{ code: 'start-not-date', cells: ['head.semesterStart'] } as const] : []),
    ...readHolidays(head.holidays).faults.map(({ fault, line, text }): Finding => ({
      code: `holiday-${fault}`,
      line,
      text,
      cells: ['head.holidays'],
    })),
  ];
}

const ERRORS: ReadonlySet<CheckCode> = new Set([
  'no-lectures',
  'no-moocs',
  'model-missing',
  'match-range',
  'workload-not-number',
]);

const isError = (finding: Finding, classes: number) =>
  ERRORS.has(finding.code) || (finding.code === 'topics-missing' && finding.cells.length === classes);

/** Errors first: they are what has to be done. */
export function checksOf(map: IntegrationMap, { norms, moocResult }: CheckedBy = USUALLY): Check[] {
  const placed = placeRows(map);
  const moocs = liveMoocs(map);
  const findings: Finding[] = [
    ...(moocs.length === 0 ? [{ code: 'no-moocs', cells: ['moocs'] } as const] : []),
    ...linkChecks(map, placed),
    ...matchChecks(map, norms),
    ...coverageChecks(map),
    ...modelChecks(map, placed, moocResult),
    ...dateChecks(map),
    ...planChecks(placed),
    ...consultationChecks(placed),
    ...hoursChecks(map, norms),
  ];
  const classes = placed.filter(isClass).length;
  const checks = findings.map((finding): Check => ({
    ...finding,
    level: isError(finding, classes) ? 'error' : 'warning',
  }));
  return [...checks.filter(({ level }) => level === 'error'), ...checks.filter(({ level }) => level === 'warning')];
}

export function passedOf(checks: readonly Check[]): Passed[] {
  const failed = (...codes: CheckCode[]) => checks.some(({ code }) => codes.includes(code));
  const passed: Passed[] = [];
  if (!failed('consultation-missing', 'consultation-late')) passed.push('consultations-in-place');
  if (!failed('topics-missing', 'no-lectures')) passed.push('topics-complete');
  if (!failed('delivery-missing')) passed.push('delivery-complete');
  if (!failed('link-not-https', 'link-not-address')) passed.push('links-in-order');
  return passed;
}

const ofLevel = (map: IntegrationMap, level: Level) => checksOf(map).filter((check) => check.level === level);

/** What has to be mended before the map is submitted. */
export const errorsOf = (map: IntegrationMap): Check[] => ofLevel(map, 'error');

/** How many checks a person should still look at, beside the errors. */
export const warningsOf = (map: IntegrationMap): number => ofLevel(map, 'warning').length;
