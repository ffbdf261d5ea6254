import {
  textOf,
  whereOf,
  isItemGroup,
  itemName,
  lineOf,
  linesOf,
  parsePath,
  type MapContent,
  type Reader,
} from '../integration-map/index.js';
import { localTime } from '../web/dates.js';
import type { Difference } from './differences.js';
import type { Course } from '../launch/course.js';
import { daysBetween, type Standing } from './rules.js';
import { waitsSince, type Comment, type Version } from './version.js';

export const say = ({ t }: Pick<Reader, 't'>, key: string, params?: Record<string, unknown>) =>
  t(`agreement:${key}`, params);

/** "Fri 9 Oct, 16:20"; with the year where it is not this one. */
export function moment({ language, timeZone, now }: Omit<Reader, 'sub' | 't'>, at: Date): string {
  const [local, today] = [localTime(at, language, timeZone), localTime(now, language, timeZone)];
  const year = local.year === today.year ? {} : ({ year: 'numeric' } as const);
  const day = local.toLocaleString({ weekday: 'short', day: 'numeric', month: 'short', ...year });
  return `${day}, ${local.toFormat('HH:mm')}`;
}

/** "Waits for 3 days". */
export function waitsText(reader: Pick<Reader, 't'>, version: Version, now: Date): string {
  const count = daysBetween(waitsSince(version), now);
  return say(reader, count === 0 ? 'waits-today' : 'waits', { count });
}

/** "HBM-2026 · Hotel business management". */
export const courseName = ({ label, title }: Pick<Course, 'label' | 'title'>): string =>
  [label, title].filter((text) => text !== '').join(' · ');

export const nameOf = (reader: Pick<Reader, 't'>, name: string): string =>
  name === '' ? say(reader, 'no-name') : name;

const LOOKS: Readonly<Record<Standing, { readonly tone: string; readonly icon: string; readonly dot: string }>> = {
  draft: { tone: 'idle', icon: 'pencil', dot: '' },
  submitted: { tone: 'warn', icon: 'hourglass-split', dot: 'now' },
  'agreed-by-leader': { tone: 'warn', icon: 'hourglass-split', dot: 'now' },
  'in-force': { tone: 'ok', icon: 'check-circle-fill', dot: 'ok' },
  returned: { tone: 'bad', icon: 'reply', dot: 'bad' },
  withdrawn: { tone: 'idle', icon: 'dash-circle', dot: '' },
  replaced: { tone: 'idle', icon: 'clock-history', dot: '' },
};

export const lookOf = (reader: Pick<Reader, 't'>, standing: Standing) => ({
  ...LOOKS[standing],
  text: say(reader, `state.${standing}`),
});

/** A remark as it stands beside a cell or below the answer. */
export const commentView = (reader: Reader, { name, at, text }: Comment) => ({
  name: nameOf(reader, name),
  at: moment(reader, at),
  text,
});

/** Where a remark belongs that has no changed cell to stand at. */
export function placeText(reader: Reader, content: MapContent, place: string): string {
  if (place === 'map') return say(reader, 'place.map');
  const [group = '', id = ''] = place.split('.');
  if (group === 'section') return reader.t(`integration-map:section.${id}`);
  const path = parsePath(place);
  if (path) {
    const { place: where, field } = whereOf(reader, content, path);
    return `${where}, ${field}`;
  }
  return isItemGroup(group) ? itemName(reader, content, group, id) : place;
}

export interface ChangeRow {
  readonly place: string;
  readonly where: string;
  readonly field: string;
  readonly before: string;
  readonly after: string;
  readonly moved: string;
  readonly comments: readonly ReturnType<typeof commentView>[];
}

const WHOLE = {
  rows: 'whole-row',
  moocs: 'whole-mooc',
  outcomes: 'whole-outcome',
  modules: 'whole-module',
} as const;

function rowOf(reader: Reader, before: MapContent, after: MapContent, difference: Difference) {
  if (difference.kind === 'changed') {
    const path = parsePath(difference.path);
    if (!path) throw new Error(`No such cell: ${difference.path}`);
    const { place: where, field } = whereOf(reader, after, path);
    const shown = (text: string) => textOf(reader, path, text);
    return {
      place: difference.path,
      where,
      field,
      before: shown(difference.before),
      after: shown(difference.after),
      moved: '',
    };
  }
  const { kind, group, id } = difference;
  const there = kind === 'removed' ? before : after;
  return {
    place: `${group}.${id}`,
    where: itemName(reader, there, group, id),
    field: say(reader, WHOLE[group]),
    before: kind === 'removed' ? linesOf(reader, before, group, id) : '',
    after: kind === 'added' ? linesOf(reader, after, group, id) : '',
    moved: kind === 'moved' ? `${say(reader, 'moved')} ${lineOf(reader, after, group, id)}` : '',
  };
}

/** Each changed cell with what was remarked on it; the remarks on all other places come apart. */
export function changesView(
  reader: Reader,
  before: MapContent,
  after: MapContent,
  {
    differences,
    comments = [],
  }: { readonly differences: readonly Difference[]; readonly comments?: readonly Comment[] },
) {
  const rows = differences.map((difference): ChangeRow => {
    const row = rowOf(reader, before, after, difference);
    return {
      ...row,
      comments: comments.filter(({ place }) => place === row.place).map((comment) => commentView(reader, comment)),
    };
  });
  const places = new Set(rows.map(({ place }) => place));
  const others = comments
    .filter(({ place }) => !places.has(place))
    .map((comment) => ({ ...commentView(reader, comment), where: placeText(reader, after, comment.place) }));
  return { rows, others };
}
