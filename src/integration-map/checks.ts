import { readNumber } from './hours.js';
import { liveMoocs, STAGES, type IntegrationMap, type RowField, type Stage } from './map.js';
import { HOURS_OF_CREDIT, linkFault, matchFault, placeRows, totals, type PlacedRow } from './rules.js';

/**
 * What a person should look at again. Nothing here stops anyone from saving: a map is written over weeks, and the
 * regulation asks for a whole one only when it is agreed.
 */
export type Check =
  | { readonly code: 'topics-missing'; readonly weeks: readonly number[]; readonly cells: readonly string[] }
  | { readonly code: 'delivery-missing' | 'hours-missing'; readonly cells: readonly string[] }
  | { readonly code: 'link-not-https' | 'link-not-address' | 'match-range'; readonly cells: readonly [string] }
  | { readonly code: 'model-missing' | 'no-moocs' | 'no-lectures'; readonly cells: readonly string[] }
  | { readonly code: 'weeks-out-of-order'; readonly week: number; readonly cells: readonly [string] }
  | { readonly code: 'consultation-missing'; readonly stage: Stage; readonly cells: readonly string[] }
  | {
      readonly code: 'workload-differs';
      readonly hours: number;
      readonly credits: number;
      readonly cells: readonly string[];
    }
  | {
      readonly code: 'contact-over';
      readonly contact: number;
      readonly hours: number;
      readonly cells: readonly string[];
    };

export type CheckCode = Check['code'];

/** What is in order, and is said so: each needs its counterpart in the list above to be absent. */
export type Passed = 'consultations-in-place' | 'delivery-complete' | 'links-in-order' | 'topics-complete';

const cell = ({ row }: PlacedRow, field: RowField) => `rows.${row.id}.${field}`;

function planChecks(placed: readonly PlacedRow[]): Check[] {
  const lectures = placed.filter(({ row }) => row.kind === 'lecture');
  const timed = placed.filter(({ row }) => row.kind !== 'control');
  const bare = placed.filter(({ row }) => (row.kind === 'lecture' || row.kind === 'practical') && row.topic === '');
  const undelivered = timed.filter(({ row }) => row.delivery === '');
  const unhoured = timed.filter(({ row }) => (readNumber(row.hours) ?? -1) < 0);
  const weeks = [...new Set(bare.flatMap(({ week }) => week ?? []))];
  return [
    ...(lectures.length === 0 ? [{ code: 'no-lectures', cells: ['rows'] } as const] : []),
    ...(bare.length > 0
      ? [{ code: 'topics-missing', weeks, cells: bare.map((row) => cell(row, 'topic')) } as const]
      : []),
    ...(unhoured.length > 0
      ? [{ code: 'hours-missing', cells: unhoured.map((row) => cell(row, 'hours')) } as const]
      : []),
    ...(undelivered.length > 0
      ? [{ code: 'delivery-missing', cells: undelivered.map((row) => cell(row, 'delivery')) } as const]
      : []),
    ...outOfOrder(lectures),
  ];
}

function outOfOrder(lectures: readonly PlacedRow[]): Check[] {
  const late = lectures.find((lecture, index) => {
    const before = lectures[index - 1]?.week ?? null;
    return lecture.week === null || (before !== null && lecture.week < before);
  });
  if (!late) return [];
  return [{ code: 'weeks-out-of-order', week: late.week ?? 0, cells: [cell(late, 'week')] }];
}

/** 7.2: a consultation before midterm 1, midterm 2 and the exam. */
function consultationChecks(placed: readonly PlacedRow[]): Check[] {
  return STAGES.flatMap((stage): Check[] => {
    const control = placed.findIndex(({ row }) => row.kind === 'control' && row.stage === stage);
    const before = placed.slice(0, control < 0 ? placed.length : control);
    const held = before.some(({ row }) => row.kind === 'consultation' && row.stage === stage);
    const jump = placed[control];
    return held ? [] : [{ code: 'consultation-missing', stage, cells: jump ? [cell(jump, 'topic')] : ['rows'] }];
  });
}

function linkChecks(map: IntegrationMap, placed: readonly PlacedRow[]): Check[] {
  const links = [
    ...liveMoocs(map).map((mooc) => ({ path: `moocs.${mooc.id}.link`, text: mooc.link })),
    ...placed.map((row) => ({ path: cell(row, 'link'), text: row.row.link })),
  ];
  return links.flatMap(({ path, text }): Check[] => {
    const code = linkFault(text);
    return code ? [{ code, cells: [path] }] : [];
  });
}

function hoursChecks(map: IntegrationMap): Check[] {
  const [hours, credits] = [readNumber(map.head.hours), readNumber(map.head.credits)];
  const { contact } = totals(map);
  const cells = ['head.hours'];
  return [
    ...(hours !== undefined && credits !== undefined && hours !== credits * HOURS_OF_CREDIT
      ? [{ code: 'workload-differs', hours, credits, cells } as const]
      : []),
    ...(hours !== undefined && contact > hours ? [{ code: 'contact-over', contact, hours, cells } as const] : []),
  ];
}

export function checksOf(map: IntegrationMap): Check[] {
  const placed = placeRows(map);
  const moocs = liveMoocs(map);
  return [
    ...(moocs.length === 0 ? [{ code: 'no-moocs', cells: ['moocs'] } as const] : []),
    ...linkChecks(map, placed),
    ...moocs
      .filter(({ match }) => matchFault(match))
      .map(({ id }): Check => ({ code: 'match-range', cells: [`moocs.${id}.match`] })),
    ...(map.head.model === '' ? [{ code: 'model-missing', cells: ['head.model'] } as const] : []),
    ...planChecks(placed),
    ...consultationChecks(placed),
    ...hoursChecks(map),
  ];
}

export function passedOf(checks: readonly Check[]): Passed[] {
  const failed = (...codes: CheckCode[]) => checks.some(({ code }) => codes.includes(code));
  const passed: Passed[] = [];
  if (!failed('consultation-missing')) passed.push('consultations-in-place');
  if (!failed('topics-missing', 'no-lectures')) passed.push('topics-complete');
  if (!failed('delivery-missing')) passed.push('delivery-complete');
  if (!failed('link-not-https', 'link-not-address')) passed.push('links-in-order');
  return passed;
}
