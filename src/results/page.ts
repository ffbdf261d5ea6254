import type { Visit } from '../launch/visit.js';
import { displayName, type Participant } from '../participants/index.js';
import { shortDay } from '../web/dates.js';
import { asideOf } from './aside.js';
import type { ControlId } from './controls.js';
import { fieldOf, FILTERS, queryOf, ROWS_A_PAGE, type NoticeOf, type View } from './forms.js';
import { markText, momentText } from './marks-as-text.js';
import type { Mark, MarkFault } from './rules.js';
import type { Sheet } from './sheet.js';
import { groupOf, isWaiting, looksOf } from './states.js';

/** A mark that somebody else changed while it was being typed. */
export interface Conflict {
  readonly field: string;
  readonly column: ControlId;
  readonly sub: string;
  readonly mine: string;
  readonly theirs: Pick<Mark, 'value' | 'by' | 'at'>;
}

/** What a page that is sent back adds to the sheet as it is stored, by field. */
export interface Returned {
  readonly typed: ReadonlyMap<string, { readonly text: string; readonly base: number | null }>;
  readonly faults: ReadonlyMap<string, MarkFault>;
  readonly conflicts: readonly Conflict[];
  /** The rows as the browser numbered them. */
  readonly subs: readonly string[];
  readonly maximum?: { readonly column: ControlId; readonly text: string } | undefined;
}

export const faultText = ({ t, language }: Visit, fault: MarkFault, maximum: number): string =>
  t(`results:fault.${fault}`, { maximum: markText(language, maximum) });

export function conflictView(visit: Visit, sheet: Sheet, conflict: Conflict, zone: string) {
  const { t, language } = visit;
  const { theirs, mine, field, column, sub } = conflict;
  const student = sheet.students.find((person) => person.sub === sub) ?? { sub };
  const value = markText(language, theirs.value);
  const who =
    theirs.by.sub === visit.person.sub
      ? t('results:conflict.you')
      : theirs.by.name === ''
        ? t('results:conflict.somebody')
        : theirs.by.name;
  const cleared = theirs.value === null;
  const words = { who, at: momentText(theirs.at, visit, zone), theirs: value, mine };
  return {
    key: `${column} ${sub}`,
    field,
    who: `${displayName(t, student)}, ${t(`results:column.${column}`)}.`,
    text: t(cleared ? 'results:conflict.cleared' : 'results:conflict.text', words),
    keep: t(cleared ? 'results:conflict.keep-empty' : 'results:conflict.keep', words),
    put: t(mine.trim() === '' ? 'results:conflict.clear' : 'results:conflict.put', words),
    base: theirs.value === null ? '' : String(theirs.value),
  };
}

function found(visit: Visit, sheet: Sheet, { q, state, who }: View): readonly Participant[] {
  if (who !== '') return sheet.students.filter(({ sub }) => sub === who);
  const wanted = q.trim().toLocaleLowerCase(visit.language);
  return sheet.students.filter(({ name, email, sub }) => {
    const matches =
      wanted === '' || [name, email, sub].some((text) => text?.toLocaleLowerCase(visit.language).includes(wanted));
    return matches && (state === '' || sheet.columns.some(({ id }) => groupOf(sheet.cell(id, sub).state) === state));
  });
}

function noticeText({ t, course }: Visit, notice: NoticeOf): { tone: string; icon: string; text: string } | null {
  const lms = course.lmsName;
  const ok = (text: string) => ({ tone: 'ok', icon: 'check-circle-fill', text });
  const warn = (text: string) => ({ tone: 'warn', icon: 'exclamation-triangle-fill', text });
  if (notice.left) return warn(t('results:notice.left', { count: notice.left, sent: notice.sent ?? 0, lms }));
  if (notice.sent !== undefined) return ok(t('results:notice.sent', { count: notice.sent, lms }));
  if (notice.gone) return warn(t('results:notice.gone', { count: notice.gone, saved: notice.saved ?? 0 }));
  if (notice.saved !== undefined)
    return notice.saved === 0
      ? ok(t('results:notice.nothing-new'))
      : ok(t('results:notice.saved', { count: notice.saved }));
  if (notice.notice === undefined) return null;
  const text = t(`results:notice.${notice.notice}`, { lms });
  return notice.notice === 'kept' || notice.notice === 'maximum' ? ok(text) : warn(text);
}

function rowsOf(visit: Visit, sheet: Sheet, people: readonly Participant[], returned: Returned | undefined) {
  const { t, language, course } = visit;
  const looks = new Map(looksOf(t, course.lmsName).map((look) => [look.state, look]));
  const maxima = new Map(sheet.columns.map(({ id, maximum }) => [id, maximum]));
  const contested = new Set(returned?.conflicts.map(({ field }) => field));
  return people.map((student, index) => {
    const name = displayName(t, student);
    return {
      index,
      sub: student.sub,
      name,
      cells: sheet.columns.map(({ id: column }) => {
        const cell = sheet.cell(column, student.sub);
        const field = fieldOf(index, column);
        const typed = returned?.typed.get(field);
        const fault = returned?.faults.get(field);
        const base = typed ? typed.base : cell.value;
        const message = contested.has(field)
          ? t('results:conflict.cell')
          : fault === undefined
            ? ''
            : faultText(visit, fault, maxima.get(column) ?? 0);
        return {
          key: `${column} ${student.sub}`,
          field,
          column,
          label: t('results:cell-label', { control: t(`results:column.${column}`), name }),
          columnName: t(`results:column.${column}`),
          base: base === null ? '' : String(base),
          value: typed?.text ?? markText(language, cell.value),
          shown: markText(language, cell.value),
          look: looks.get(cell.state) ?? null,
          message,
        };
      }),
    };
  });
}

const dueText = ({ t, language }: Visit, day: string | undefined): string =>
  day === undefined ? '' : t('results:due', { day: shortDay(day, language) });

export interface Reading {
  readonly visit: Visit;
  readonly sheet: Sheet;
  /** The last day of each control. */
  readonly due?: ReadonlyMap<ControlId, string> | undefined;
  readonly view: View;
  readonly zone: string;
  readonly notice?: NoticeOf | undefined;
  readonly returned?: Returned | undefined;
}

export function resultsPage({ visit, sheet, due, view, zone, notice = {}, returned }: Reading) {
  const { t, language, course } = visit;
  const all = found(visit, sheet, view);
  const pages = Math.max(1, Math.ceil(all.length / ROWS_A_PAGE));
  const page = Math.min(view.page, pages);
  const from = (page - 1) * ROWS_A_PAGE;
  // A page that is sent back keeps its rows, so that what was typed stands where it was.
  const people =
    returned && returned.subs.length > 0
      ? returned.subs.map((sub) => sheet.students.find((one) => one.sub === sub) ?? { sub })
      : all.slice(from, from + ROWS_A_PAGE);
  const href = (more: Partial<View>) => `/results${queryOf({ ...view, page, ...more })}`;
  const mayEdit = visit.may('results:edit');
  const narrow = sheet.columns.findIndex(({ id }) => id === view.column);
  const neighbour = (step: number) => {
    const id = sheet.columns[narrow + step]?.id;
    return id === undefined ? null : { id, href: href({ column: id }), name: t(`results:column.${id}`) };
  };
  return {
    ...asideOf(visit, sheet),
    lead: t('results:lead', { count: sheet.students.length }),
    mayEdit,
    waiting: isWaiting(sheet),
    notice: noticeText(visit, notice),
    isEmpty: sheet.students.length === 0,
    noneFound: sheet.students.length > 0 && people.length === 0,
    view: { ...view, page },
    query: queryOf({ ...view, page }),
    filters: ['' as const, ...FILTERS].map((state) => ({
      value: state,
      text: t(`results:filter.${state === '' ? 'any' : state}`, { lms: course.lmsName }),
      on: state === view.state,
    })),
    columns: sheet.columns.map(({ id, maximum, fixed }) => ({
      id,
      name: t(`results:column.${id}`),
      of: t('results:of', { maximum: markText(language, maximum) }),
      due: dueText(visit, due?.get(id)),
      maximum: returned?.maximum?.column === id ? returned.maximum.text : String(maximum),
      fixed,
      fixedText: t('results:maximum.fixed', { maximum: markText(language, maximum) }),
      fault: returned?.maximum?.column === id ? t('results:maximum.fault') : '',
      on: id === view.column,
      href: href({ column: id }),
    })),
    earlier: neighbour(-1),
    later: neighbour(1),
    looks: looksOf(t, course.lmsName),
    rows: rowsOf(visit, sheet, people, returned),
    conflicts: (returned?.conflicts ?? []).map((conflict) => conflictView(visit, sheet, conflict, zone)),
    faults: returned && returned.faults.size > 0 ? t('results:fault.summary', { count: returned.faults.size }) : '',
    leftText: sheet.left > 0 ? t('results:left', { count: sheet.left }) : '',
    range: t('results:range', { from: all.length === 0 ? 0 : from + 1, to: from + people.length, count: all.length }),
    previous: page > 1 ? href({ page: page - 1 }) : '',
    next: page < pages ? href({ page: page + 1 }) : '',
    texts: JSON.stringify({ saved: t('results:save.saved-at', { at: '{}' }), conflict: t('results:conflict.cell') }),
  };
}
