import {
  LIMITS,
  liveModules,
  liveOutcomes,
  modulesOf,
  specOf,
  type FieldPath,
  type IntegrationMap,
  type LearningOutcome,
  type Module,
} from './map.js';
import type { Performed } from './patch.js';
import { newModule, newOutcome } from './template.js';
import { readText } from './text.js';

/** What lists begin their lines with: "1.", "2)", "•", "–". */
const MARK = /^\s*(?:\d{1,2}[.)]|[-–—•·▪●*])\s+/;

/** The entries of a list as it is pasted: one a line, without their numbers and bullets. */
const entriesOf = (text: string): string[] =>
  text
    .split(/[\r\n\v\f\u2028\u2029]+/)
    .map((line) => line.replace(MARK, '').trim())
    .filter((line) => line !== '');

/** Each entry as the field keeps it; nothing where one of them is none. */
function readEntries(text: string, path: FieldPath): string[] | null {
  const read = entriesOf(text).map((entry) => readText(path, entry));
  const entries = read.flatMap((entry) => ('text' in entry ? [entry.text] : []));
  return entries.length === read.length ? entries : null;
}

/** Any id: limits are of the field and not of its owner. */
const ANY = {
  outcomes: { group: 'outcomes', id: 'x1', field: 'text' },
  modules: { group: 'modules', id: 'x1', field: 'title' },
} as const satisfies Record<string, FieldPath>;

/** In characters, of one entry. */
export const LONGEST = { outcomes: specOf(ANY.outcomes).max, modules: specOf(ANY.modules).max } as const;

interface Group<T> {
  readonly name: 'outcomes' | 'modules';
  readonly there: readonly T[];
  readonly room: number;
  make(id: string, text: string): T;
}

/** All of them or none: a list of which half is there has to be compared line by line. */
function add<T extends LearningOutcome | Module>(group: Group<T>, id: string, text: string): Performed {
  const entries = readEntries(text, ANY[group.name]);
  if (!entries) return { outcome: 'too-long', patch: null };
  if (entries.length === 0) return { outcome: 'nothing-to-add', patch: null };
  const items = entries.map((entry, index) => group.make(`${id}${index}`, entry));
  const known = new Set(group.there.map((item) => item.id));
  if (items.some((item) => known.has(item.id))) return { outcome: 'already', patch: null };
  if (items.length > group.room) return { outcome: 'full', patch: null };
  const ids = [...group.there, ...items].map((item) => item.id);
  const newItems = { group: group.name, items } as NonNullable<Performed['patch']>['newItems'] & object;
  return { outcome: 'done', patch: { newItems, order: { group: group.name, ids } } };
}

export const addOutcomes = (map: IntegrationMap, id: string, text: string): Performed =>
  add(
    {
      name: 'outcomes',
      there: map.outcomes,
      room: LIMITS.outcomes - liveOutcomes(map).length,
      make: newOutcome,
    },
    id,
    text,
  );

export function addModules(
  map: IntegrationMap,
  { id, mooc, text }: { readonly id: string; readonly mooc: string; readonly text: string },
): Performed {
  if (!map.moocs.some((one) => one.id === mooc && !one.deleted)) return { outcome: 'not-there', patch: null };
  const room = Math.min(LIMITS.modulesOfMooc - modulesOf(map, mooc).length, LIMITS.modules - liveModules(map).length);
  const make = (its: string, title: string) => newModule(its, mooc, title);
  return add({ name: 'modules', there: map.modules, room, make }, id, text);
}
