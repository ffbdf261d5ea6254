import { cellNameAt, idOf, isOwn, nameOf, say, textOf, when, type Reader } from './labels.js';
import { parsePath, specOf, type Edit, type IntegrationMap } from './map.js';
import type { Outcome } from './merge.js';
import { fingerprint } from './text.js';

/** A choice that a person has to make before a text of theirs is saved; both texts stay until then. */
export interface ProblemView {
  /** The path for a conflict; `rows.l3`, `outcomes.o1` for what was taken out. */
  readonly key: string;
  readonly domId: string;
  /** The row that the note stands under; nothing where it stands above the plan. */
  readonly row: string | null;
  readonly conflict: boolean;
  readonly cell: string;
  readonly title: string;
  readonly todo: string;
  readonly yours: string;
  readonly theirs: string;
  readonly theirsRaw: string;
  readonly theirsLabel: string;
  /** The values of the two buttons, as the form without script sends them. */
  readonly keepYours: string;
  readonly keepTheirs: string;
  /** Texts typed into a row that is no longer on the page. */
  readonly lost: readonly { readonly path: string; readonly label: string; readonly text: string }[];
}

const shown = (reader: Reader, path: string, text: string): string => {
  const field = parsePath(path);
  const words = field ? textOf(reader, field, text) : text;
  return words === '' ? say(reader, 'empty-text') : words;
};

function conflictView(
  reader: Reader,
  map: IntegrationMap,
  outcome: Extract<Outcome, { kind: 'conflict' }>,
): ProblemView {
  const { path, yours, theirs, edit } = outcome;
  const field = parsePath(path);
  const print = fingerprint(theirs);
  return {
    key: path,
    domId: `p${idOf(path)}`,
    row: field?.group === 'rows' ? field.id : null,
    conflict: true,
    cell: cellNameAt(reader, map, path),
    title: isOwn(reader, edit)
      ? say(reader, 'conflict.own')
      : say(reader, 'conflict.text', { who: nameOf(reader, edit) }),
    todo: say(reader, 'conflict.choose'),
    yours: shown(reader, path, yours),
    theirs: shown(reader, path, theirs),
    theirsRaw: theirs,
    theirsLabel: edit
      ? say(reader, 'keep-theirs', { who: nameOf(reader, edit), time: when(reader, edit.at) })
      : say(reader, 'conflict.somebody'),
    keepYours: `yours:${path}:${print}`,
    keepTheirs: `theirs:${path}:${print}`,
    lost: [],
  };
}

type Lost = Extract<Outcome, { kind: 'deleted' }>;

const DELETED: Readonly<Record<string, string>> = {
  moocs: 'deleted-mooc',
  outcomes: 'deleted-outcome',
  modules: 'deleted-module',
};

function deletedProblem(
  reader: Reader,
  map: IntegrationMap,
  key: string,
  deleted: Edit,
  lost: readonly Lost[],
): ProblemView {
  const kind = DELETED[key.split('.')[0] ?? ''] ?? 'deleted';
  return {
    key,
    domId: `p${idOf(key)}`,
    row: null,
    conflict: false,
    cell: '',
    title: isOwn(reader, deleted)
      ? say(reader, `conflict.${kind}-own`, { time: when(reader, deleted.at) })
      : say(reader, `conflict.${kind}`, { who: nameOf(reader, deleted), time: when(reader, deleted.at) }),
    todo: say(reader, 'conflict.your-text'),
    yours: '',
    theirs: '',
    theirsRaw: '',
    theirsLabel: '',
    keepYours: `restore:${key}`,
    keepTheirs: `leave:${key}`,
    lost: lost.map(({ path, yours }) => ({ path, label: cellNameAt(reader, map, path), text: yours })),
  };
}

/** One note for each cell with two texts, and one for each row, MOOC, outcome or module that was taken out under somebody's hands. */
export function problemsView(reader: Reader, map: IntegrationMap, outcomes: readonly Outcome[]): ProblemView[] {
  const conflicts = outcomes.filter((outcome) => outcome.kind === 'conflict');
  const lost = outcomes.filter((outcome) => outcome.kind === 'deleted');
  const owners = new Map(lost.map((outcome) => [outcome.owner, outcome.deleted]));
  return [
    ...conflicts.map((outcome) => conflictView(reader, map, outcome)),
    ...[...owners].map(([key, deleted]) => {
      const texts = lost.filter(({ owner }) => owner === key);
      return deletedProblem(reader, map, key, deleted, texts);
    }),
  ];
}

/** What a cell says whose text could not be taken, by path. */
export function refusals(reader: Reader, outcomes: readonly Outcome[]): Record<string, string> {
  return Object.fromEntries(
    outcomes.flatMap((outcome): [string, string][] => {
      if (outcome.kind !== 'refused') return [];
      const field = parsePath(outcome.path);
      return [[outcome.path, say(reader, `refused.${outcome.fault}`, { max: field ? specOf(field).max : 0 })]];
    }),
  );
}

/** The text to show in a cell of a page that is sent back. */
export function typedTexts(outcomes: readonly Outcome[], sent: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    outcomes.flatMap((outcome): [string, string][] =>
      outcome.kind === 'conflict' || outcome.kind === 'refused' ? [[outcome.path, sent.get(outcome.path) ?? '']] : [],
    ),
  );
}
