import { plannedView, type PlannedStage } from '../consultations/index.js';
import type { Visit } from '../launch/visit.js';
import { localTime, shortDay } from '../web/dates.js';
import type { Preview } from './index.js';
import { changedFields, type Act, type PlannedColumn, type PreviewLine, type StageLine } from './rules.js';
import type { ApplyRecord } from './store.js';

export const NOTICES = ['applied', 'changed', 'nothing'] as const;
export type NoticeName = (typeof NOTICES)[number];

/** The older ones are kept too, but nobody looks at them here. */
const SHOWN_RECORDS = 20;

export const say = ({ t }: Pick<Visit, 't'>, key: string, params?: Record<string, unknown>) =>
  t(`course-plan:${key}`, params);

const LOOKS: Readonly<Record<Act, { tone: string; icon: string }>> = {
  create: { tone: 'ok', icon: 'plus-lg' },
  change: { tone: 'info', icon: 'pencil' },
  remove: { tone: 'bad', icon: 'dash-lg' },
  keep: { tone: 'warn', icon: 'pin-angle' },
  same: { tone: 'idle', icon: 'check2' },
};
const ACTS = Object.keys(LOOKS) as Act[];

/** "13 Oct 2026, 10:41". */
export const momentText = (at: Date, { language }: Pick<Visit, 'language'>, timeZone: string): string =>
  localTime(at, language, timeZone).toFormat('d LLL yyyy, HH:mm');

const nameOf = ({ t }: Visit, { what, id }: Pick<PreviewLine, 'what' | 'id'>): string =>
  what === 'stage' ? t(`consultations:about.${id}`) : t('course-plan:column', { name: t(`results:column.${id}`) });

const fieldsText = (visit: Visit, { before, after }: StageLine): string =>
  before && after
    ? changedFields(before, after)
        .map((field) => say(visit, `field.${field}`))
        .join(', ')
    : '';

/** What happens to one stage or column, as a sentence. */
function sentenceOf(visit: Visit, line: PreviewLine): string {
  const { what, act } = line;
  if (act === 'same') return say(visit, 'line.same');
  if (what === 'stage') {
    if (act === 'change') return say(visit, 'line.stage.change', { fields: fieldsText(visit, line) });
    if (act !== 'keep') return say(visit, `line.stage.${act}`);
    return line.booked > 0
      ? say(visit, 'line.stage.booked', { count: line.booked })
      : say(visit, 'line.stage.slots', { count: line.slots });
  }
  if (act === 'change' && line.before?.due == null) return say(visit, 'line.column.dated');
  if (act !== 'keep') return say(visit, `line.column.${act}`);
  return say(visit, `line.column.${line.hold ?? 'marks'}`, { lms: visit.course.lmsName });
}

function stageText(visit: Visit, plan: PlannedStage | null): readonly string[] {
  if (!plan) return ['–'];
  const { window, facts, link } = plannedView(visit, plan);
  return [window, facts, link ?? ''].filter((text) => text !== '');
}

function columnText(visit: Visit, plan: PlannedColumn | null): readonly string[] {
  if (!plan) return ['–'];
  const { due } = plan;
  return [due === null ? say(visit, 'no-due') : visit.t('results:due', { day: shortDay(due, visit.language) })];
}

const textsOf = (visit: Visit, line: PreviewLine) =>
  line.what === 'stage'
    ? { before: stageText(visit, line.before), after: stageText(visit, line.after) }
    : { before: columnText(visit, line.before), after: columnText(visit, line.after) };

const lineView = (visit: Visit, line: PreviewLine) => ({
  name: nameOf(visit, line),
  ...LOOKS[line.act],
  act: say(visit, `act.${line.act}`),
  sentence: sentenceOf(visit, line),
  ...textsOf(visit, line),
});

/** "2 created, 1 changed": what there is of each. */
const countsOf = (visit: Visit, lines: readonly PreviewLine[], tense: 'will' | 'was'): string =>
  ACTS.map((act) => ({ act, count: lines.filter((line) => line.act === act).length }))
    .filter(({ count }) => count > 0)
    .map(({ act, count }) => say(visit, `count.${tense}.${act}`, { count }))
    .join(' · ');

const sourceText = (visit: Visit, version: number | null, mapRevision: number): string =>
  version === null
    ? say(visit, 'record.map', { revision: mapRevision })
    : say(visit, 'record.version', { number: version });

function recordView(visit: Visit, timeZone: string, record: ApplyRecord) {
  const { by, version, mapRevision, lines } = record;
  return {
    at: momentText(by.at, visit, timeZone),
    who: by.name === '' ? say(visit, 'record.somebody') : by.name,
    source: sourceText(visit, version, mapRevision),
    counts: countsOf(visit, lines, 'was'),
    lines: lines.map((line) => `${nameOf(visit, line)}: ${sentenceOf(visit, line)}`),
  };
}

function noticeOf(visit: Visit, name: NoticeName | null, { records }: Preview) {
  const last = records.at(-1);
  if (name === null || (name === 'applied' && !last)) return null;
  const tone = name === 'applied' ? 'ok' : name === 'changed' ? 'warn' : 'info';
  const icon = { ok: 'check-circle-fill', warn: 'exclamation-triangle-fill', info: 'info-circle-fill' }[tone];
  return {
    tone,
    icon,
    title: say(visit, `notice.${name}.title`),
    text: name === 'applied' ? countsOf(visit, last?.lines ?? [], 'was') : say(visit, `notice.${name}.text`),
  };
}

export function applyPage(visit: Visit, timeZone: string, preview: Preview, notice: NoticeName | null) {
  const { source, lines, records, digest } = preview;
  const { version, map, mapRevision } = source;
  const todo = lines.filter((line) => line.todo);
  const unchanged = lines.filter((line) => !line.todo);
  const undated = preview.asked.columns.every(({ due }) => due === null);
  const noDates = undated && preview.asked.stages.every(({ window }) => window === null);
  return {
    notice: noticeOf(visit, notice, preview),
    source: version
      ? say(visit, 'source.version', {
          number: version.number,
          day: localTime(version.inForceAt, visit.language, timeZone).toFormat('d LLL yyyy'),
        })
      : say(visit, 'source.map', { revision: mapRevision }),
    noStart: noDates
      ? {
          text: say(visit, map.head.semesterStart === '' ? 'no-start.missing' : 'no-start.no-dates'),
          also: version ? say(visit, 'no-start.version') : '',
        }
      : null,
    summary: countsOf(visit, lines, 'will'),
    todo: todo.map((line) => lineView(visit, line)),
    unchanged: unchanged.map((line) => lineView(visit, line)),
    button: say(visit, 'apply', { count: todo.length }),
    digest,
    records: records
      .slice(-SHOWN_RECORDS)
      .reverse()
      .map((record) => recordView(visit, timeZone, record)),
    older: records.length > SHOWN_RECORDS ? say(visit, 'record.older', { count: records.length - SHOWN_RECORDS }) : '',
  };
}
