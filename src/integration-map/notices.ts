import { describe } from './deleted.js';
import { isOwn, nameOf, say, when, type Reader } from './labels.js';
import { LIMITS, type Edit, type IntegrationMap } from './map.js';
import { LONGEST } from './matrix-acts.js';
import type { Notice } from './page.js';
import type { ActOutcome } from './patch.js';
import { groupOf, RESTORING, type Act } from './structure.js';

const OK = { tone: 'ok', icon: 'check-circle-fill' } as const;
const WARN = { tone: 'warn', icon: 'exclamation-triangle-fill' } as const;

/** The latest text that somebody else wrote in a row since the page of the one who deleted it was made. */
function newerEdit(reader: Reader, map: IntegrationMap, prefix: string, since: number): Edit | null {
  const newer = Object.entries(map.edits)
    .filter(([path, edit]) => path.startsWith(prefix) && edit.revision > since && !isOwn(reader, edit))
    .map(([, edit]) => edit);
  return newer.sort((a, b) => b.revision - a.revision)[0] ?? null;
}

function deletedNewer(reader: Reader, what: string, newer: Edit, undo: string): Notice {
  const params = { what, who: nameOf(reader, newer), time: when(reader, newer.at) };
  return { ...WARN, text: say(reader, 'notice.deleted-newer', params), undo };
}

const isItemAct = (
  act: Act,
): act is Extract<Act, { do: `${'delete' | 'restore'}-${'row' | 'mooc' | 'outcome' | 'module'}` }> =>
  /^(delete|restore)-(row|mooc|outcome|module)$/.test(act.do);

/** What an act could not do. */
function refusalOf(reader: Reader, act: Act, outcome: ActOutcome): Notice | null {
  const warn = (key: string, params?: Record<string, unknown>) => ({
    ...WARN,
    text: say(reader, key, params),
    undo: null,
  });
  const modules = act.do === 'add-modules' || act.do === 'restore-module';
  switch (outcome) {
    case 'full':
      if (modules) return warn('notice.full-modules', { max: LIMITS.modulesOfMooc, all: LIMITS.modules });
      if (act.do === 'add-outcomes' || act.do === 'restore-outcome')
        return warn('notice.full-outcomes', { max: LIMITS.outcomes });
      return act.do.endsWith('mooc')
        ? warn('notice.full-moocs', { max: LIMITS.moocs })
        : warn('notice.full', { max: LIMITS.rows });
    case 'too-long':
      return warn('notice.too-long', { max: LONGEST[modules ? 'modules' : 'outcomes'] });
    case 'nothing-to-add':
      return warn('notice.nothing-to-add');
    case 'at-the-edge':
      return warn('notice.edge');
    case 'not-there':
      return warn('notice.gone');
    default:
      return null;
  }
}

/** Rows that go together go without a word, unless somebody else wrote in one of them. */
function newerInRows(reader: Reader, map: IntegrationMap, ids: readonly string[], since: number): Notice | null {
  for (const id of ids) {
    const newer = newerEdit(reader, map, `rows.${id}.`, since);
    if (newer && map.rows.some((row) => row.id === id))
      return deletedNewer(reader, describe(reader, map, 'rows', id), newer, `restore-row:${id}`);
  }
  return null;
}

/** What is said after an act: what happened, and how to take it back. */
export function noticeOf(
  reader: Reader,
  map: IntegrationMap,
  act: Act,
  outcome: ActOutcome,
  since: number,
): Notice | null {
  const refusal = refusalOf(reader, act, outcome);
  if (refusal) return refusal;
  if (act.do === 'delete-rows') return newerInRows(reader, map, act.ids, since);
  if (!isItemAct(act)) return null;
  const group = groupOf(act);
  if (!map[group].some(({ id }) => id === act.id)) return null;
  const what = describe(reader, map, group, act.id);
  if (act.do.startsWith('restore')) return { ...OK, text: say(reader, 'notice.restored', { what }), undo: null };
  const undo = `${RESTORING[group]}:${act.id}`;
  const newer = newerEdit(reader, map, `${group}.${act.id}.`, since);
  if (!newer) return { ...OK, text: say(reader, 'notice.deleted', { what }), undo };
  return deletedNewer(reader, what, newer, undo);
}

/** Notices that a redirect names in its address: nothing but these words gets onto the page. */
export function noticeOfQuery(
  reader: Reader,
  map: IntegrationMap,
  query: Readonly<Record<string, unknown>>,
): Notice | null {
  const { notice, id, since } = query;
  if (notice === 'saved') return { ...OK, text: say(reader, 'notice.saved'), undo: null };
  if (notice === 'imported') return { ...OK, text: reader.t('map-document:import.done'), undo: null };
  if (notice === 'taken-over') return { ...OK, text: say(reader, 'notice.taken-over'), undo: null };
  if (notice === 'table-added' || notice === 'table-replaced')
    return { ...OK, text: reader.t(`table-import:done.${notice}`), undo: null };
  if (notice === 'created') return { ...OK, text: say(reader, 'notice.created'), undo: null };
  const found = typeof id === 'string' ? id : '';
  const before = typeof since === 'string' ? Number(since) || map.revision : map.revision;
  const act = /^(delete|restore)-(row|mooc|outcome|module)$/.test(String(notice))
    ? ({ do: notice, id: found } as Act)
    : null;
  if (act && isItemAct(act)) {
    const gone = map[groupOf(act)].some((item) => item.id === found && item.deleted);
    return gone === act.do.startsWith('delete') ? noticeOf(reader, map, act, 'done', before) : null;
  }
  const refused = REFUSED[String(notice)];
  return refused ? refusalOf(reader, { ...refused.act, id: found } as Act, refused.outcome) : null;
}

/** What a redirect says that an act could not do. */
const REFUSED: Readonly<Record<string, { act: Pick<Act, 'do'>; outcome: ActOutcome }>> = {
  full: { act: { do: 'restore-row' }, outcome: 'full' },
  'full-moocs': { act: { do: 'restore-mooc' }, outcome: 'full' },
  'full-outcomes': { act: { do: 'restore-outcome' }, outcome: 'full' },
  'full-modules': { act: { do: 'restore-module' }, outcome: 'full' },
  'at-the-edge': { act: { do: 'move-row' }, outcome: 'at-the-edge' },
  'not-there': { act: { do: 'restore-row' }, outcome: 'not-there' },
};
