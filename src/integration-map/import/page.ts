import type { Visit } from '../../launch/visit.js';
import { rowName, say, type Reader } from '../labels.js';
import { LIMITS, liveRows, type IntegrationMap, type RowField } from '../map.js';
import { placeRows } from '../rules.js';
import { deliveryWords } from '../sheet-texts.js';
import { emptyRow } from '../template.js';
import { carry } from './carried.js';
import { LEAVE_OUT, shownOf } from './form.js';
import { MEANINGS } from './headings.js';
import { MOST, type FileFault } from './limits.js';
import type { Draft, Goal, Note, Reading } from './reading.js';
import { BECOMES, kindOf, type Becomes } from './row-kinds.js';
import { rowsOf } from './rows.js';
import type { Table } from './tables.js';

/** Rows go behind those of the map, or in their place. */
export type Way = 'append' | 'replace';

export interface Preview {
  readonly tables: readonly Table[];
  readonly at: number;
  readonly table: Table;
  readonly reading: Reading;
  readonly drafts: readonly Draft[];
  readonly how: Way;
  readonly seed: string;
}

const word = ({ t }: Pick<Reader, 't'>, key: string, params?: Record<string, unknown>) =>
  t(`table-import:${key}`, params);

const short = (text: string, length: number) => {
  const line = text.replaceAll('\n', ' ');
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
};

const LIMIT_PARAMS = {
  megabytes: MOST.fileBytes / 1_000_000,
  rows: MOST.rows,
  columns: MOST.columns,
  tables: MOST.tables,
};

/** Where a file or a text is chosen; what was wrong with the last one, with the text that was pasted. */
export const choosePage = (
  visit: Pick<Visit, 't'>,
  { fault, exists, text }: { fault: FileFault | null; exists: boolean; text: string },
) => ({
  problem: fault && word(visit, `fault.${fault}`, LIMIT_PARAMS),
  toMapImport: fault === 'map-file' && !exists,
  text,
  most: MOST.fileBytes,
  fileLabel: word(visit, 'choose.file', LIMIT_PARAMS),
  tooLarge: word(visit, 'fault.too-large', LIMIT_PARAMS),
  pasted: word(visit, 'choose.pasted', { rows: '{rows}', columns: '{columns}' }),
});

/** Rows in which nobody wrote yet, as a template leaves them, are there to be replaced. */
export const usualWay = (map: IntegrationMap | null): Way =>
  map && liveRows(map).some(({ topic, tasks, link }) => topic !== '' || tasks !== '' || link !== '')
    ? 'append'
    : 'replace';

export function goalOf(reader: Reader, map: IntegrationMap | null, how: Way): Goal {
  const kept = map && how === 'append' ? liveRows(map) : [];
  const weeks = placeRows({ rows: kept }).map(({ week }) => week ?? 0);
  return { room: LIMITS.rows - kept.length, lastWeek: weeks.at(-1) ?? 0, delivery: deliveryWords(reader) };
}

const takenOf = (drafts: readonly Draft[]) => drafts.filter(({ becomes }) => becomes !== '');
const longNotes = (drafts: readonly Draft[]) =>
  takenOf(drafts).flatMap(({ at, notes }) => notes.flatMap((note) => (note.kind === 'too-long' ? [{ at, note }] : [])));

/** Why these rows cannot be added yet. */
export function problemOf(reader: Reader, { drafts, reading }: Preview, { room }: Goal): string | null {
  const taken = takenOf(drafts).length;
  if (taken === 0) return word(reader, 'problem.none');
  if (taken > room) return word(reader, 'problem.full', { count: taken, room, max: LIMITS.rows });
  return reading.long === null && longNotes(drafts).length > 0 ? word(reader, 'problem.long') : null;
}

const fieldName = (reader: Reader, field: RowField) => say(reader, `field.${field}`);

function noteText(reader: Reader, note: Note): string {
  switch (note.kind) {
    case 'too-long':
      return word(reader, 'note.too-long', {
        field: word(reader, `column.${note.field}`),
        length: note.text.length,
        max: note.max,
      });
    case 'no-place':
      return word(reader, 'note.no-place', { field: word(reader, `column.${note.field}`), text: short(note.text, 80) });
    case 'not-a-choice':
    case 'week-not-number':
    case 'hours-not-number':
    case 'week-counted':
    case 'week-differs':
      return word(reader, `note.${note.kind}`, { text: short(note.text, 80) });
    default:
      return word(reader, `note.${note.kind}`, { max: LIMITS.rows });
  }
}

const INFORMING: ReadonlySet<Note['kind']> = new Set(['week-counted', 'sum', 'across', 'numbers', 'heading-again']);

function becomesText(reader: Reader, becomes: Becomes): string {
  if (becomes === '') return word(reader, 'kind.leave-out');
  const { kind, stage } = kindOf(becomes);
  return rowName(reader, { row: emptyRow('r1', kind, stage), number: null });
}

/** What each kind of row is called, asked for once: there are many rows. */
const kindNames = (reader: Reader) => new Map(BECOMES.map((becomes) => [becomes, becomesText(reader, becomes)]));

type KindNames = ReturnType<typeof kindNames>;

function kindOptions(reader: Reader, { at, recognised }: Draft, { chosen }: Reading, names: KindNames) {
  const now = chosen.get(at);
  return [
    {
      value: '',
      label: word(reader, 'kind.recognised', { kind: names.get(recognised) }),
      selected: now === undefined,
    },
    ...BECOMES.map((becomes) => ({
      value: becomes === '' ? LEAVE_OUT : becomes,
      label: names.get(becomes),
      selected: now === becomes,
    })),
  ];
}

const LOOKS = { lecture: 'lec', practical: 'prac', consultation: 'cons', control: 'ctrl' } as const;
const SHOWN_LETTERS = 240;

/** Long texts are folded, and still there to be read in full. */
const shownText = (text: string) =>
  text.length > SHOWN_LETTERS ? { text: '', start: short(text, 120), rest: text } : { text, start: null, rest: '' };

function rowView(reader: Reader, draft: Draft, reading: Reading, { name, kinds }: { name: string; kinds: KindNames }) {
  const { at, becomes, values, notes, source } = draft;
  const out = becomes === '';
  const own = source.filter(({ part }) => part !== 'column').map(({ text }) => text);
  const { delivery } = values;
  /** A text that nobody decided about yet is shown as it came. */
  const cell = (field: RowField) => {
    const note = reading.long === null ? longOf(notes, field) : undefined;
    return shownText(note?.text ?? values[field]);
  };
  return {
    at,
    number: at + 1,
    look: out ? 'out' : LOOKS[kindOf(becomes).kind],
    out: out ? short(own.filter((text) => text !== '').join(' · '), SHOWN_LETTERS) : null,
    name,
    label: word(reader, 'kind.label', { number: at + 1 }),
    options: kindOptions(reader, draft, reading, kinds),
    week: cell('week'),
    topic: cell('topic'),
    hours: cell('hours'),
    tasks: cell('tasks'),
    assessment: shownText(values.assessment),
    hasTopic: values.topic !== '' || longOf(notes, 'topic') !== undefined,
    hasLink: values.link !== '' || longOf(notes, 'link') !== undefined,
    delivery: delivery === '' ? '' : say(reader, `choice.delivery.${delivery}`),
    platform: cell('platform'),
    link: cell('link'),
    notes: notes.map((note) => ({
      tone: INFORMING.has(note.kind) ? 'info' : 'warn',
      icon: INFORMING.has(note.kind) ? 'info-circle-fill' : 'exclamation-triangle-fill',
      text: noteText(reader, note),
    })),
  };
}

const longOf = (notes: readonly Note[], field: RowField) =>
  notes.find((note) => note.kind === 'too-long' && note.field === field) as Extract<Note, { text: string }> | undefined;

/** Names with the numbers that the rows get among the others of this table. */
function rowNames(reader: Reader, drafts: readonly Draft[], seed: string): Map<number, string> {
  const rows = placeRows({ rows: rowsOf(drafts, seed) });
  return new Map(takenOf(drafts).map(({ at }, index) => [at, rows[index] ? rowName(reader, rows[index]) : '']));
}

function columnViews(reader: Reader, { table, reading }: Preview) {
  const heading = reading.heading === null ? undefined : table.rows[reading.heading];
  const below = table.rows.slice(reading.heading === null ? 0 : reading.heading + 1);
  return reading.columns.map((meaning, index) => {
    const title = short(heading?.[index]?.text ?? '', 80);
    const samples = below
      .map((row) => row[index])
      .filter((cell) => cell !== undefined && cell.part !== 'column' && cell.text !== '');
    return {
      index,
      label: word(reader, 'column.label', { title: title === '' ? String(index + 1) : title }),
      title: title === '' ? word(reader, 'column.number', { number: index + 1 }) : title,
      samples: samples.slice(0, 3).map((cell) => short(cell?.text ?? '', 60)),
      options: MEANINGS.map((one) => ({
        value: one,
        label: word(reader, `column.${one === '' ? 'ignore' : one}`),
        selected: one === meaning,
      })),
    };
  });
}

const HEADING_CHOICES = 15;

const headingOptions = (reader: Reader, { table, reading }: Preview) => [
  { value: '', label: word(reader, 'heading.none'), selected: reading.heading === null },
  ...table.rows.slice(0, HEADING_CHOICES).map((row, index) => ({
    value: String(index),
    label: word(reader, 'heading.row', {
      number: index + 1,
      text: short(
        row
          .filter(({ part, text }) => part === 'own' && text !== '')
          .map(({ text }) => text)
          .join(' | '),
        70,
      ),
    }),
    selected: index === reading.heading,
  })),
];

const tableOptions = (reader: Reader, { tables, at }: Preview) =>
  tables.map(({ name, rows }, index) => ({
    value: String(index),
    label: word(reader, name === '' ? 'table.numbered' : 'table.named', {
      name,
      number: index + 1,
      count: rows.length,
    }),
    selected: index === at,
  }));

function longView(reader: Reader, { drafts, reading }: Preview) {
  const notes = longNotes(drafts);
  if (notes.length === 0) return null;
  return {
    keep: reading.long === 'keep',
    leave: reading.long === 'leave',
    items: notes.map(({ at, note }) =>
      word(reader, 'long.item', {
        number: at + 1,
        field: fieldName(reader, note.field),
        length: note.text.length,
        max: note.max,
        end: short(note.end, 60),
      }),
    ),
  };
}

export interface PreviewContext {
  readonly goal: Goal;
  readonly problem: string | null;
  /** Rows of the map that is there; nothing where there is none yet. */
  readonly live: number | null;
}

/** What was read, what it becomes, and what may be said to it before any of it is done. */
export function previewPage(reader: Reader, preview: Preview, { goal, problem, live }: PreviewContext) {
  const { tables, at, reading, drafts, how, seed } = preview;
  const taken = takenOf(drafts).length;
  const names = rowNames(reader, drafts, seed);
  const kinds = kindNames(reader);
  const warned = drafts.filter(({ notes }) => notes.some(({ kind }) => !INFORMING.has(kind))).length;
  const above = reading.heading ?? 0;
  return {
    problem,
    carried: carry(tables),
    shown: shownOf(at, reading),
    seed,
    tables: tables.length > 1 ? tableOptions(reader, preview) : null,
    table: String(at),
    headings: headingOptions(reader, preview),
    above: above > 0 ? word(reader, 'heading.above', { count: above }) : null,
    columns: columnViews(reader, preview),
    rows: drafts.map((draft) => rowView(reader, draft, reading, { name: names.get(draft.at) ?? '', kinds })),
    summary: word(reader, 'summary', { count: taken, all: drafts.length }),
    warned: warned > 0 ? word(reader, 'warned', { count: warned }) : null,
    over: drafts.some(({ notes }) => notes.some(({ kind }) => kind === 'over'))
      ? word(reader, 'over', { max: LIMITS.rows, room: goal.room })
      : null,
    long: longView(reader, preview),
    ways: live === null ? null : { append: how === 'append', live: word(reader, 'way.live', { count: live }) },
    add: word(reader, 'add', { count: taken }),
  };
}
