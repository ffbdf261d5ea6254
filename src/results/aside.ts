import type { Visit } from '../launch/visit.js';
import { displayName } from '../participants/index.js';
import { SENT_AT_ONCE } from './forms.js';
import { markText } from './marks-as-text.js';
import { groupOf, legendOf } from './states.js';
import type { Cell, Sheet } from './sheet.js';

const LISTED = 12;
const DECIDED_AT_ONCE = 20;

const shown = (cells: readonly Cell[]): string =>
  JSON.stringify(cells.slice(0, SENT_AT_ONCE).map(({ column, sub, value }) => [column, sub, value]));

/** What stands beside the sheet: the changes to be sent, and what the LMS did not take. */
export function asideOf(visit: Visit, sheet: Sheet) {
  const { t, language, course } = visit;
  const lms = course.lmsName;
  const names = new Map(sheet.students.map((student) => [student.sub, displayName(t, student)]));
  const nameOf = ({ sub }: Cell) => names.get(sub) ?? sub;
  const columnOf = ({ column }: Cell) => t(`results:column.${column}`);
  const text = (value: number | null) => markText(language, value);
  const maySend = visit.may('results:send');

  const changed = sheet.cells.filter(({ state }) => state === 'changed');
  const changes = changed.map((cell) => ({
    name: nameOf(cell),
    column: columnOf(cell),
    inLms: cell.inLms === null ? t('results:before.none') : text(cell.inLms),
    value: text(cell.value),
  }));
  const count = Math.min(changed.length, SENT_AT_ONCE);

  const newer = sheet.cells.filter(({ state }) => state === 'newer');
  const refused = sheet.cells.filter(({ state }) => state === 'refused');
  const reasons = [...new Set(refused.map(({ reason }) => reason))];
  const slowly = [...new Set(sheet.cells.filter(({ state }) => groupOf(state) === 'waiting').map((c) => c.reason))];
  const [slow = ''] = slowly.filter((reason) => reason !== '');

  return {
    maySend,
    legend: legendOf(sheet, t, lms),
    before: {
      count,
      text: changed.length === 0 ? t('results:before.nothing', { lms }) : t('results:before.text', { lms }),
      jump: t('results:before.jump', { count }),
      send: t('results:before.send', { count }),
      first: changes.slice(0, LISTED),
      more: changes.slice(LISTED),
      moreText: t('results:before.more', { count: Math.max(0, changes.length - LISTED) }),
      marks: shown(changed),
      inLms: t('results:before.in-lms', { lms }),
    },
    slow: slow === '' ? '' : t(`results:reason.${slow}`, { lms }),
    decisions: {
      count: newer.length + refused.length,
      open: t('results:decide.open', { count: newer.length + refused.length }),
      newer: newer.slice(0, DECIDED_AT_ONCE).map((cell) => {
        const [ours, theirs] = [text(cell.value), text(cell.theirs)];
        const empty = cell.theirs === null;
        const words = { lms, ours, theirs };
        return {
          who: `${nameOf(cell)}, ${columnOf(cell)}.`,
          text: t(empty ? 'results:decide.emptied' : 'results:decide.newer', words),
          keep: t(empty ? 'results:decide.keep-empty' : 'results:decide.keep', words),
          ours: t('results:decide.ours', words),
          confirm: t(empty ? 'results:decide.confirm-empty' : 'results:decide.confirm', words),
          replace: t(empty ? 'results:decide.ours-now' : 'results:decide.replace', words),
          column: cell.column,
          sub: cell.sub,
          value: String(cell.value ?? ''),
          theirs: empty ? '' : String(cell.theirs),
        };
      }),
      more: newer.length > DECIDED_AT_ONCE ? t('results:decide.more', { count: newer.length - DECIDED_AT_ONCE }) : '',
      refused: reasons.map((reason) => {
        const cells = refused.filter((cell) => cell.reason === reason);
        const people = cells.map((cell) => `${nameOf(cell)}, ${columnOf(cell)}: ${text(cell.value)}`);
        const [single = ''] = people;
        return {
          lead: people.length === 1 ? `${single}.` : t('results:decide.many', { count: people.length }),
          text: t(`results:reason.${reason}`, { lms }),
          todo: t(`results:todo.${reason}`, { lms }),
          again: t('results:decide.again', { count: Math.min(cells.length, SENT_AT_ONCE) }),
          marks: shown(cells),
          people: people.length === 1 ? [] : people,
          peopleText: t('results:decide.who'),
        };
      }),
    },
  };
}
