import { readNumber, totalsOf, type Totals } from './hours.js';
import {
  hasField,
  liveMoocs,
  liveRows,
  MODELS,
  type HeadField,
  type IntegrationMap,
  type Row,
  type RowField,
} from './map.js';
import { percentOf } from './match.js';

/** A row where it stands: its number among those of its kind, its week, and the lecture that it belongs to. */
export interface PlacedRow {
  readonly row: Row;
  /** Л 1…Л 15, practical class 1…; nothing for consultations and controls. */
  readonly number: number | null;
  /** Of the lecture itself or of the last one before; nothing before the first, or where that is no number. */
  readonly week: number | null;
  /** The id of the row that a lecture and its practical classes are gathered under. */
  readonly group: string;
}

export function placeRows(map: Pick<IntegrationMap, 'rows'>): PlacedRow[] {
  const counts = { lecture: 0, practical: 0 };
  let week: number | null = null;
  let group = '';
  return liveRows(map).map((row) => {
    if (row.kind === 'lecture') {
      const read = readNumber(row.week);
      week = read !== undefined && read >= 1 ? Math.floor(read) : null;
    }
    if (row.kind !== 'practical' || group === '') group = row.id;
    const number = row.kind === 'lecture' || row.kind === 'practical' ? ++counts[row.kind] : null;
    const placed = { row, number, week, group };
    if (row.kind === 'consultation' || row.kind === 'control') group = '';
    return placed;
  });
}

/** The address, where it may be made a link: http and https, nothing that runs in our page. */
export function safeLink(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

/** A link that a person should look at again: no address, or one that can be read on its way. */
export function linkFault(text: string): 'link-not-address' | 'link-not-https' | null {
  if (text === '') return null;
  const link = safeLink(text);
  if (link === null) return 'link-not-address';
  return link.startsWith('https:') ? null : 'link-not-https';
}

const rowPath = (row: Row, field: RowField) => `rows.${row.id}.${field}`;

const lacksHours = (text: string) => (readNumber(text) ?? -1) < 0;

export const totals = (map: IntegrationMap): Totals => totalsOf(liveRows(map), map.head.hours);

export interface SectionProgress {
  readonly section: 1 | 2 | 3 | 4;
  /** Fields still to fill. */
  readonly missing: number;
  readonly complete: boolean;
  /** The first of them: where to go. */
  readonly first: string | null;
}

const MUST: readonly HeadField[] = [
  'discipline',
  'hours',
  'credits',
  'form',
  'level',
  'language',
  'semester',
  'attestation',
];

function missingFields(map: IntegrationMap): Record<1 | 2 | 3 | 4, string[]> {
  const moocs = liveMoocs(map);
  const head = MUST.filter((field) => map.head[field] === '').map((field) => `head.${field}`);
  const chosen = moocs.flatMap((mooc) =>
    (['title', 'link'] as const).filter((field) => mooc[field] === '').map((field) => `moocs.${mooc.id}.${field}`),
  );
  const cells = liveRows(map).flatMap((row) => {
    const must: RowField[] = row.kind === 'control' ? [] : ['topic', 'hours', 'delivery'];
    return must
      .filter((field) => hasField(row.kind, field) && (field === 'hours' ? lacksHours(row.hours) : row[field] === ''))
      .map((field) => rowPath(row, field));
  });
  return {
    1: [...head, ...(moocs.length === 0 ? ['moocs'] : chosen)],
    2:
      moocs.length === 0
        ? ['moocs']
        : moocs.filter((mooc) => percentOf(map, mooc) === null).map(({ id }) => `moocs.${id}.match`),
    3: MODELS.some((model) => model === map.head.model) ? [] : ['head.model'],
    4: liveRows(map).some((row) => row.kind === 'lecture') ? cells : ['rows', ...cells],
  };
}

export function progressOf(map: IntegrationMap): SectionProgress[] {
  const missing = missingFields(map);
  return ([1, 2, 3, 4] as const).map((section) => ({
    section,
    missing: missing[section].length,
    complete: missing[section].length === 0,
    first: missing[section][0] ?? null,
  }));
}
