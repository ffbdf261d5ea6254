import type { Language } from '../../web/i18n.js';
import { dayOf, number, rowName, say, type Reader } from '../labels.js';
import { liveMoocs, MODELS, type IntegrationMap, type Mooc, type MoocField } from '../map.js';
import { percentOf } from '../match.js';
import { placeRows, type PlacedRow } from '../rules.js';
import { signaturesOf, unsigned, type Agreed, type Signatory, type Signature } from './signatures.js';

export interface Run {
  readonly text: string;
  readonly bold?: boolean;
}

export interface Cell extends Run {
  /** Columns that the cell reaches over. */
  readonly span?: number;
}

export interface Table {
  readonly kind: 'table';
  /** Widths of the columns, as parts of their sum. */
  readonly shares: readonly number[];
  /** Printed again on each page. */
  readonly heads: readonly string[] | null;
  readonly rows: readonly (readonly Cell[])[];
  /** A short table that a page shall not tear. */
  readonly together: boolean;
}

/** A picture of a QR code (PNG) with lines beside it; stays on one page. */
export interface CheckBlock {
  readonly kind: 'check';
  readonly picture: Buffer;
  /** What the picture says to those who do not see it. */
  readonly name: string;
  readonly lines: readonly Run[];
}

export type Block =
  | { readonly kind: 'title' | 'section' | 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly runs: readonly Run[] }
  | Table
  | CheckBlock;

/** The map as it is printed, whatever the format: texts in their order, without a word on fonts or files. */
export interface PrintedMap {
  readonly language: Language;
  readonly title: string;
  readonly sheets: readonly { readonly landscape: boolean; readonly blocks: readonly Block[] }[];
}

/** What a reader program speaks and checks the spelling of. */
export const SPOKEN: Readonly<Record<Language, string>> = { kk: 'kk-KZ', ru: 'ru-RU', en: 'en-GB' };

const COLUMNS = ['week', 'topic', 'hours', 'tasks', 'assessment', 'delivery', 'platform'] as const;
const SHARES = [6, 24, 7, 24, 14, 12, 17];
const NOTHING = '–';
const BLANK = '____________________';
const BLANK_DATE = '______________';

// XML 1.0, section 2.2: these may not stand in a document, not even escaped. C1 controls have no glyph.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu;
const printable = (text: string) => text.replace(UNPRINTABLE, '');

const printed = <T extends object>(values: T): T =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? printable(value) : value,
    ]),
  ) as T;

const word = ({ t }: Reader, key: string, params?: Record<string, unknown>) => t(`map-document:${key}`, params);

const or = (text: string, other: string) => (text === '' ? other : text);

const choice = (reader: Reader, name: string, code: string) =>
  code === '' ? '' : say(reader, `choice.${name}.${code}`);

const moocName = (reader: Reader, index: number) => word(reader, 'mooc', { number: index + 1 });

/** One MOOC's text by itself; of several, a line each. */
function ofMoocs(reader: Reader, moocs: readonly Mooc[], field: MoocField): string {
  if (moocs.length <= 1) return or(moocs[0]?.[field] ?? '', NOTHING);
  return moocs.map((mooc, index) => `${moocName(reader, index)}: ${or(mooc[field], NOTHING)}`).join('\n');
}

function choosing(reader: Reader, head: IntegrationMap['head'], moocs: readonly Mooc[]): Table {
  const facts = {
    discipline: head.discipline,
    title: ofMoocs(reader, moocs, 'title'),
    link: ofMoocs(reader, moocs, 'link'),
    workload: `${or(head.hours, NOTHING)} / ${or(head.credits, NOTHING)}`,
    form: choice(reader, 'form', head.form),
    level: choice(reader, 'level', head.level),
    language: choice(reader, 'language', head.language),
    semester: head.semester,
    attestation: choice(reader, 'attestation', head.attestation),
  };
  return {
    kind: 'table',
    shares: [2, 3],
    heads: null,
    rows: Object.entries(facts).map(([name, text]) => [
      { text: word(reader, `fact.${name}`), bold: true },
      { text: or(text, NOTHING) },
    ]),
    together: false,
  };
}

/** 2.1: "MOOC 1 – 80 %, MOOC 2 – 60 %", and below what each of them is. */
function matches(reader: Reader, map: IntegrationMap, moocs: readonly Mooc[]): Block[] {
  if (moocs.length === 0) return [{ kind: 'text', runs: [{ text: word(reader, 'moocs-none') }] }];
  const percent = (mooc: Mooc) => {
    const read = percentOf(map, mooc);
    return read === null ? or(mooc.match, word(reader, 'match-none')) : `${number(reader, read)} %`;
  };
  const line = moocs.map((mooc, index) => `${moocName(reader, index)} – ${percent(mooc)}`).join(', ');
  return [
    { kind: 'text', runs: [{ text: line, bold: true }] },
    ...moocs.map((mooc, index): Block => {
      const hours = mooc.hours === '' ? '' : word(reader, 'mooc-hours', { hours: mooc.hours });
      const facts = [mooc.platform, mooc.language, hours, mooc.licence].filter((fact) => fact !== '').join(', ');
      const title = or(mooc.title, NOTHING);
      return {
        kind: 'text',
        runs: [{ text: `${moocName(reader, index)}: ${title}${facts === '' ? '' : ` (${facts})`}` }],
      };
    }),
  ];
}

function topicOf(reader: Reader, { row, number: count }: PlacedRow): string {
  const name =
    row.kind === 'lecture'
      ? say(reader, 'kind.lecture-short', { number: count })
      : rowName(reader, { row, number: count });
  return row.kind === 'consultation' || row.topic === '' ? name : `${name}. ${row.topic}`;
}

function scheduleRow(reader: Reader, placed: PlacedRow, week: string): Cell[] {
  const { row } = placed;
  if (row.kind === 'control') {
    const name = rowName(reader, placed);
    return [{ text: row.topic === '' ? name : `${name}. ${row.topic}`, bold: true, span: COLUMNS.length }];
  }
  const cells = {
    week: row.kind === 'consultation' ? '' : week,
    topic: topicOf(reader, placed),
    hours: row.hours,
    tasks: row.tasks,
    assessment: row.assessment,
    delivery: choice(reader, 'delivery', row.delivery),
    platform: [row.platform, row.link].filter((text) => text !== '').join('\n'),
  };
  return COLUMNS.map((column) =>
    column === 'topic' && row.kind === 'consultation' ? { text: cells[column], bold: true } : { text: cells[column] },
  );
}

function schedule(reader: Reader, map: IntegrationMap): Block {
  const placed = placeRows({ rows: map.rows.map(printed) });
  if (placed.length === 0) return { kind: 'text', runs: [{ text: word(reader, 'schedule-none') }] };
  let week = '';
  const rows = placed.map((one) => {
    if (one.row.kind === 'lecture') week = one.row.week;
    return scheduleRow(reader, one, week);
  });
  const heads = COLUMNS.map((column) => word(reader, `column.${column}`));
  return { kind: 'table', shares: SHARES, heads, rows, together: false };
}

function signed(reader: Reader, heading: string, agreement: readonly Signature[], roles: readonly Signatory[]) {
  return [
    [{ text: heading, bold: true, span: 4 } as const],
    ...signaturesOf(agreement, roles).map(({ role, name, at, state }): Cell[] => [
      { text: word(reader, `sign.role.${role}`) },
      { text: or(printable(name), BLANK) },
      { text: at ? dayOf(reader, at) : BLANK_DATE },
      { text: word(reader, `sign.state.${state}`) },
    ]),
  ];
}

function signatures(reader: Reader, agreement: readonly Signature[]): Table {
  return {
    kind: 'table',
    shares: [34, 30, 18, 18],
    heads: ['role-head', 'name', 'date', 'state-head'].map((name) => word(reader, `sign.${name}`)),
    rows: [
      ...signed(reader, word(reader, 'sign.compiled'), agreement, ['teacher']),
      ...signed(reader, word(reader, 'sign.agreed'), agreement, ['programme-leader', 'director']),
    ],
    together: true,
  };
}

/** Which version the paper is, and where that is checked. */
function standing(reader: Reader, agreed: Agreed | null): Block[] {
  if (!agreed) return [{ kind: 'text', runs: [{ text: word(reader, 'version.draft') }] }];
  const { version, standing: state, since, check } = agreed;
  const text = word(reader, `version.${state}`, { version, day: since ? dayOf(reader, since) : '' });
  if (!check) return [{ kind: 'text', runs: [{ text }] }];
  const lines = [
    { text, bold: true },
    { text: word(reader, 'check.text') },
    { text: check.code, bold: true },
    { text: check.url },
  ];
  return [{ kind: 'check', picture: check.qr, name: word(reader, 'check.picture'), lines }];
}

/**
 * Appendix 1 in its order and with its headings: the chosen model only, none of the template's hints, nothing that was
 * taken out. What people typed is text and nothing else.
 */
export function printedMap(reader: Reader, map: IntegrationMap, agreed: Agreed | null = null): PrintedMap {
  const signers = agreed?.signatures ?? unsigned(map);
  const head = printed(map.head);
  const moocs = liveMoocs(map).map(printed);
  const model = MODELS.find((candidate) => candidate === head.model);
  const none = word(reader, 'model-none');
  const name = model && say(reader, `model.${model}.name`);
  const title = word(reader, 'title', { discipline: or(head.discipline, '…') });
  const section = (which: 1 | 2 | 3 | 4): Block => ({ kind: 'section', text: say(reader, `section.${which}`) });
  const heading = (key: string): Block => ({ kind: 'heading', text: word(reader, key) });
  return {
    language: reader.language,
    title,
    sheets: [
      {
        landscape: false,
        blocks: [
          { kind: 'title', text: title },
          { kind: 'text', runs: [{ text: word(reader, 'purpose') }] },
          section(1),
          choosing(reader, head, moocs),
          section(2),
          heading('match'),
          ...matches(reader, map, moocs),
          section(3),
          heading('model-choice'),
          {
            kind: 'text',
            runs:
              model && name
                ? [{ text: `${name} `, bold: true }, { text: say(reader, `model.${model}.text`) }]
                : [{ text: none }],
          },
          section(4),
          heading('model-name'),
          { kind: 'text', runs: [{ text: name ? name.replace(/:$/, '') : none }] },
        ],
      },
      {
        landscape: true,
        blocks: [heading('schedule'), schedule(reader, map), signatures(reader, signers), ...standing(reader, agreed)],
      },
    ],
  };
}
