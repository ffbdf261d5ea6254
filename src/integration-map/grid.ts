import { semesterOf, standingOf } from './dates.js';
import { cellName, datesText, idOf, placeName, rowName, say, todayOf, type Reader } from './labels.js';
import {
  DELIVERIES,
  hasField,
  liveRows,
  parsePath,
  valueAt,
  type FieldPath,
  type IntegrationMap,
  type Row,
  type RowField,
} from './map.js';
import { placeRows, safeLink, type PlacedRow } from './rules.js';

export interface OptionView {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

export interface FieldView {
  readonly path: string;
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly message: string | null;
  readonly options: readonly OptionView[] | null;
  /** As a reader sees it: the name of a choice, the text itself. */
  readonly text: string;
}

/** What stands over the stored texts on this page: what was typed and could not be saved, and what cells say. */
export interface Overlay {
  readonly typed: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, string>>;
}

/** The choices of a field by the catalogue's names for them; the first is none. */
export function optionsOf(reader: Reader, name: string, codes: readonly string[], current: string): OptionView[] {
  return [
    { value: '', label: say(reader, 'choose'), selected: current === '' },
    ...codes.map((code) => ({
      value: code,
      label: say(reader, `choice.${name}.${code}`),
      selected: code === current,
    })),
  ];
}

export function fieldView(
  reader: Reader,
  map: IntegrationMap,
  address: string,
  overlay: Overlay,
  choices: { name: string; codes: readonly string[] } | null = null,
): FieldView {
  const path = parsePath(address) as FieldPath;
  const value = overlay.typed[address] ?? valueAt(map, path) ?? '';
  const options = choices && optionsOf(reader, choices.name, choices.codes, value);
  return {
    path: address,
    id: idOf(address),
    label: cellName(reader, map, path),
    value,
    message: overlay.messages[address] ?? null,
    options,
    text: options ? (value === '' ? '' : (options.find((option) => option.selected)?.label ?? '')) : value,
  };
}

const LOOKS = { lecture: 'lec', practical: 'prac', consultation: 'cons', control: 'ctrl' } as const;
const PEOPLE = { icon: 'people' };
const FLAG = { icon: 'flag' };
const LAST_FLAG = { icon: 'flag-fill' };

const iconOf = (row: Row) => {
  if (row.kind === 'consultation') return PEOPLE.icon;
  if (row.kind === 'control') return row.stage === 'exam' ? LAST_FLAG.icon : FLAG.icon;
  return null;
};

function rowView(reader: Reader, map: IntegrationMap, placed: PlacedRow, overlay: Overlay) {
  const { row, number: count } = placed;
  const field = (name: RowField) => {
    if (!hasField(row.kind, name)) return null;
    const choices = name === 'delivery' ? { name, codes: DELIVERIES } : null;
    return fieldView(reader, map, `rows.${row.id}.${name}`, overlay, choices);
  };
  return {
    id: row.id,
    look: LOOKS[row.kind],
    lecture: row.kind === 'lecture',
    consultation: row.kind === 'consultation',
    control: row.kind === 'control',
    icon: iconOf(row),
    name: rowName(reader, placed),
    short: count === null ? null : say(reader, `kind.${row.kind}-short`, { number: count }),
    actions: say(reader, 'row.actions', { place: placeName(reader, placed) }),
    week: field('week'),
    topic: field('topic'),
    hours: field('hours'),
    tasks: field('tasks'),
    assessment: field('assessment'),
    delivery: field('delivery'),
    platform: field('platform'),
    link: field('link'),
    href: safeLink(row.link),
  };
}

export type RowView = ReturnType<typeof rowView>;

export interface GroupView<N> {
  /** The lecture that its practical classes stand under, or the one row that stands alone. */
  readonly id: string;
  /** For the choice of one week on a narrow page. */
  readonly week: string;
  readonly span: number;
  readonly rows: readonly (RowView & {
    readonly first: boolean;
    readonly span: number;
    readonly weekText: string;
    /** "12–18 Oct"; empty before the semester's start is known. */
    readonly dates: string;
    readonly now: boolean;
  })[];
  readonly notes: readonly N[];
}

export function gridGroups<N extends { readonly row: string | null }>(
  reader: Reader,
  map: IntegrationMap,
  overlay: Overlay,
  notes: readonly N[],
): GroupView<N>[] {
  const placed = placeRows(map);
  const [semester, today] = [semesterOf(map.head), todayOf(reader)];
  return [...new Set(placed.map(({ group }) => group))].map((group) => {
    const members = placed.filter((candidate) => candidate.group === group);
    const week = members[0]?.week ?? null;
    const weekText = String(week ?? '');
    const dates = week === null ? null : semester(week);
    return {
      id: group,
      week: weekText === '' ? '0' : weekText,
      span: members.length,
      rows: members.map((member, index) => ({
        ...rowView(reader, map, member, overlay),
        first: index === 0,
        span: members.length,
        weekText,
        dates: dates ? datesText(reader, dates) : '',
        now: dates !== null && standingOf(dates, today) === 'now',
      })),
      notes: notes.filter(({ row }) => members.some((member) => member.row.id === row)),
    };
  });
}

export const weeksOf = (map: IntegrationMap): number[] => [
  ...new Set(placeRows({ rows: liveRows(map) }).map(({ week }) => week ?? 0)),
];
