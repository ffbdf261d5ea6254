import { describe } from './deleted.js';
import { isOwn, nameOf, say, when, type Reader } from './labels.js';
import { LIMITS, type Edit, type IntegrationMap } from './map.js';
import type { Notice } from './page.js';
import type { Act, ActOutcome } from './structure.js';

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

/** Rows that go together go without a word, unless somebody else wrote in one of them. */
function newerInRows(reader: Reader, map: IntegrationMap, ids: readonly string[], since: number): Notice | null {
  for (const id of ids) {
    const newer = newerEdit(reader, map, `rows.${id}.`, since);
    const row = map.rows.find((candidate) => candidate.id === id);
    if (newer && row) return deletedNewer(reader, describe(reader, row), newer, `restore-row:${id}`);
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
  const group = act.do.endsWith('mooc') ? 'moocs' : 'rows';
  if (outcome === 'full')
    return {
      ...WARN,
      text: say(reader, group === 'rows' ? 'notice.full' : 'notice.full-moocs', { max: LIMITS[group] }),
      undo: null,
    };
  if (outcome === 'at-the-edge') return { ...WARN, text: say(reader, 'notice.edge'), undo: null };
  if (outcome === 'not-there') return { ...WARN, text: say(reader, 'notice.gone'), undo: null };
  if (act.do === 'delete-rows') return newerInRows(reader, map, act.ids, since);
  if (!('id' in act)) return null;
  const item = [...map.rows, ...map.moocs].find(({ id }) => id === act.id);
  if (!item) return null;
  const what = describe(reader, item);
  if (act.do === 'restore-row' || act.do === 'restore-mooc')
    return { ...OK, text: say(reader, 'notice.restored', { what }), undo: null };
  if (act.do !== 'delete-row' && act.do !== 'delete-mooc') return null;
  const undo = act.do === 'delete-row' ? `restore-row:${act.id}` : `restore-mooc:${act.id}`;
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
  switch (notice) {
    case 'delete-row':
    case 'delete-mooc': {
      const list = notice === 'delete-row' ? map.rows : map.moocs;
      const out = list.some((item) => item.id === found && item.deleted);
      return out ? noticeOf(reader, map, { do: notice, id: found }, 'done', before) : null;
    }
    case 'restore-row':
    case 'restore-mooc':
      return noticeOf(reader, map, { do: notice, id: found }, 'done', before);
    case 'full':
      return noticeOf(reader, map, { do: 'restore-row', id: found }, 'full', before);
    case 'full-moocs':
      return noticeOf(reader, map, { do: 'restore-mooc', id: found }, 'full', before);
    case 'at-the-edge':
      return noticeOf(reader, map, { do: 'move-row', id: found, by: 1 }, 'at-the-edge', before);
    case 'not-there':
      return noticeOf(reader, map, { do: 'restore-row', id: found }, 'not-there', before);
    default:
      return null;
  }
}
