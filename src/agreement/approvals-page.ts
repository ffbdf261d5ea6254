import {
  mapOf,
  percentOf,
  readerPage,
  textOf,
  warningsOf,
  type MapContent,
  type Mooc,
  type Reader,
} from '../integration-map/index.js';
import type { Course } from '../launch/course.js';
import { differencesOf } from './differences.js';
import { AGREEING_ROLES, daysBetween, owedBy, standingOf, type Answer } from './rules.js';
import { waitsSince, type Version, type WholeVersion } from './version.js';
import type { Waiting } from './waiting.js';
import { changesView, courseName, lookOf, moment, nameOf, say, waitsText } from './words.js';

/** A version that waits for the reader. */
const LATE_DAYS = 3;

const addressOf = ({ version, course }: Waiting) => `/my/approvals/${course.id}/${version.number}`;

export const queueView = (reader: Reader, waiting: readonly Waiting[], current: string | null) =>
  waiting.map((one) => {
    const { version, course } = one;
    const days = daysBetween(waitsSince(version), reader.now);
    const changes =
      version.basedOn === null ? say(reader, 'new-map') : say(reader, 'changes.count', { count: version.changes });
    const href = addressOf(one);
    return {
      href,
      current: href === current,
      title: version.discipline,
      label: course.label === '' ? course.title : course.label,
      who: nameOf(reader, version.submittedBy.name),
      what: `${say(reader, 'version', { number: version.number })}, ${changes}`,
      ...(days >= LATE_DAYS ? { tone: 'warn', icon: 'exclamation-triangle-fill' } : { tone: 'idle', icon: 'clock' }),
      waits: waitsText(reader, version, reader.now),
    };
  });

export interface ApprovalInput {
  readonly reader: Reader;
  readonly course: Course;
  readonly version: WholeVersion;
  readonly versions: readonly Version[];
  /** The version that is in force, or nothing. */
  readonly before: MapContent;
  readonly mine: Answer;
  readonly waiting: readonly Waiting[];
  readonly notice: string | undefined;
  /** What was typed, where the form comes back. */
  readonly typed: {
    readonly comment: string;
    readonly about: string;
    readonly cells: Readonly<Record<string, string>>;
  };
}

/** What one looks at first: match, model, workload. */
function factsOf(reader: Reader, content: MapContent) {
  const { head, moocs } = content;
  const fact = (name: string, text: string) => ({ name: say(reader, `fact.${name}`), text: text === '' ? '–' : text });
  const percent = (mooc: Mooc) => {
    const match = percentOf(content, mooc) ?? mooc.match;
    return match === '' ? '–' : `${match} %`;
  };
  return [
    fact('match', moocs.map(percent).join(', ')),
    { name: '', text: textOf(reader, { group: 'head', field: 'model' }, head.model) },
    fact('workload', [head.hours, head.credits].map((text) => (text === '' ? '–' : text)).join(' / ')),
  ];
}

function answerView(reader: Reader, { version, mine, typed }: ApprovalInput) {
  if (!('role' in mine)) return null;
  const next = AGREEING_ROLES[AGREEING_ROLES.indexOf(mine.role) + 1];
  const abouts = ['map', 'section.1', 'section.2', 'section.3', 'section.4'].map((value) => ({
    value,
    label: value === 'map' ? say(reader, 'place.map') : reader.t(`integration-map:rail.${value.slice(-1)}`),
    selected: value === typed.about,
  }));
  return {
    revision: version.revision,
    as: say(reader, `role.${mine.role}`),
    comment: typed.comment,
    abouts,
    next: next ? say(reader, 'answer.next', { role: say(reader, `role.${next}`) }) : say(reader, 'answer.last'),
  };
}

export function approvalPage(input: ApprovalInput) {
  const { reader, course, version, versions, before, mine, waiting, notice, typed } = input;
  const { content, comments, submittedBy, submittedAt, reason, signatures } = version;
  const differences = differencesOf(before, content);
  const changes = changesView(reader, before, content, { differences, comments });
  const good = notice === 'agreed' || notice === 'in-force' || notice === 'returned';
  const open = owedBy(version.state) !== undefined;
  const map = mapOf(content, submittedAt);
  return {
    ...readerPage(reader, map),
    action: addressOf({ version, course }),
    queue: queueView(reader, waiting, addressOf({ version, course })),
    title: say(reader, 'approval.title', { discipline: version.discipline, number: version.number }),
    chip: lookOf(reader, standingOf(version, versions)),
    course: courseName(course),
    submitted: say(reader, 'line.submitted', {
      at: moment(reader, submittedAt),
      who: nameOf(reader, submittedBy.name),
      reason,
    }),
    signed: signatures.map(({ role, name, at, comment }) => ({
      text: say(reader, 'approval.signed', {
        role: say(reader, `role.${role}`),
        name: nameOf(reader, name),
        at: moment(reader, at),
      }),
      comment,
    })),
    notice:
      notice === undefined
        ? null
        : {
            tone: good ? 'ok' : 'warn',
            icon: good ? 'check-circle-fill' : 'exclamation-triangle-fill',
            text: say(reader, `notice.${notice}`),
          },
    glance: factsOf(reader, content),
    warnings: say(reader, 'warnings', { count: warningsOf(map) }),
    basis:
      version.basedOn === null ? say(reader, 'new-map') : say(reader, 'approval.since', { number: version.basedOn }),
    rows: changes.rows.map((row) => ({
      ...row,
      id: `c-${row.place.replaceAll('.', '-')}`,
      typed: typed.cells[row.place] ?? '',
      about: say(reader, 'answer.cell', { place: `${row.where}, ${row.field}` }),
    })),
    others: changes.others,
    answer: answerView(reader, input),
    refused: open && 'refused' in mine ? say(reader, `refused.${mine.refused}`) : '',
  };
}
