import { z } from 'zod';
import {
  ID,
  isItemGroup,
  LIMITS,
  parsePath,
  ROW_KINDS,
  specOf,
  STAGES,
  type FieldPath,
  type ItemGroup,
} from './map.js';
import type { Change } from './merge.js';
import type { Act } from './structure.js';
import { fingerprint, normalise } from './text.js';

const id = z.string().regex(ID);
const revision = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** The MOOC whose matrix is open on the page. */
const matrix = id.nullable().default(null).catch(null);

/** One spelling of what the page showed, as the store spells it. */
const printOf = (path: string, base: string) => {
  const field = parsePath(path);
  return fingerprint(normalise(base, field ? specOf(field).lines : false));
};

const ChangeForm = z
  .object({ path: z.string().max(80), base: z.string().max(5000), value: z.string() })
  .transform(({ path, base, value }): Change => ({ path, base: printOf(path, base), value }));

const unrepeated = (changes: readonly Change[]) => new Set(changes.map(({ path }) => path)).size === changes.length;

/** What the script sends: `since` is the revision that the page knows. */
export const ChangesForm = z.object({
  since: revision,
  matrix,
  changes: z.array(ChangeForm).min(1).max(600).refine(unrepeated),
});

/** Each new item's id is this one with its place in the list. */
const stem = id.max(13);
const list = z.string().max(20_000);

const staged = ['consultation', 'control'] as const;

const AddRow = z
  .object({
    do: z.literal('add-row'),
    id,
    kind: z.enum(ROW_KINDS),
    stage: z.enum(STAGES).nullable().default(null),
    after: id.nullable().default(null),
  })
  .refine(({ kind, stage }) => staged.some((name) => name === kind) === (stage !== null));

const Ids = z.array(id).min(1).max(LIMITS.rows);

const AddedRows = z
  .array(z.object({ id, kind: z.enum(['lecture', 'practical']) }))
  .min(1)
  .max(LIMITS.rows)
  .refine((rows) => new Set(rows.map((row) => row.id)).size === rows.length);

export const ActForm = z.discriminatedUnion('do', [
  AddRow,
  z.object({ do: z.literal('move-row'), id, by: z.union([z.literal(-1), z.literal(1)]) }),
  z.object({ do: z.literal('duplicate-row'), id, of: id }),
  z.object({ do: z.literal('place-row'), id, after: id.nullable() }),
  z.object({ do: z.literal('add-rows'), rows: AddedRows }),
  z.object({ do: z.literal('delete-rows'), ids: Ids }),
  z.object({ do: z.literal('restore-rows'), ids: Ids }),
  z.object({ do: z.literal('add-outcomes'), id: stem, text: list }),
  z.object({ do: z.literal('add-modules'), id: stem, mooc: id, text: list }),
  z.object({ do: z.literal('add-mooc'), id }),
  ...(['delete', 'restore'] as const).flatMap((verb) =>
    (['row', 'mooc', 'outcome', 'module'] as const).map((name) => z.object({ do: z.literal(`${verb}-${name}`), id })),
  ),
]);

export const ActRequest = z.object({ since: revision, matrix, act: ActForm });

/** `opening`: the MOOCs are wanted, whatever has changed. */
export const SinceQuery = z.object({
  since: revision,
  matrix,
  opening: z.literal('1').optional().catch(undefined).transform(Boolean),
});

export const MatrixQuery = z.object({ matrix });

/** What a note about two texts was answered with: which text, where, and the other text that was on the screen. */
const KEEP = /^(yours|theirs|restore|leave):([a-z0-9.-]{1,80})(?::([\w-]{11}))?$/;

const Bases = z.record(z.string().max(80), z.string().max(20));

const MapFields = z
  .object({
    _base: z.string().transform((json, context) => {
      try {
        return Bases.parse(JSON.parse(json));
      } catch {
        context.addIssue({ code: 'custom', message: 'not the fingerprints of a page' });
        return z.NEVER;
      }
    }),
    _since: revision,
    _new: id,
    _kind: z.string().max(40).default('lecture'),
    _matrix: matrix,
    _outcomes: list.default(''),
    _modules: list.default(''),
    do: z.string().max(60).default('save'),
    keep: z.string().regex(KEEP).optional(),
  })
  .catchall(z.unknown());

/**
 * An act as a button of the form without script names it: `up:l3`, `delete-row:l3`, `add-practical:l3`, `add-row`.
 * `newId` came with the page, so that a form that is sent twice adds one row.
 */
function actOfButton(form: z.output<typeof MapFields>): unknown {
  const { _new: newId } = form;
  const [name, target = ''] = form.do.split(':');
  const [kind, stage = null] = form._kind.split(':');
  switch (name) {
    case 'up':
      return { do: 'move-row', id: target, by: -1 };
    case 'down':
      return { do: 'move-row', id: target, by: 1 };
    case 'add-lecture':
      return { do: 'add-row', id: newId, kind: 'lecture', after: target };
    case 'add-practical':
      return { do: 'add-row', id: newId, kind: 'practical', after: target };
    case 'duplicate-row':
      return { do: 'duplicate-row', id: newId, of: target };
    case 'add-row':
      return { do: 'add-row', id: newId, kind, stage };
    case 'add-mooc':
      return { do: 'add-mooc', id: newId };
    case 'add-outcomes':
      return { do: name, id: newId, text: form._outcomes };
    case 'add-modules':
      return { do: name, id: newId, mooc: target, text: form._modules };
    case 'save':
      return null;
    default:
      return { do: name, id: target };
  }
}

/** A list that was written and only saved is added too. */
function addingOf({ _new: id, _matrix: mooc, _outcomes, _modules }: z.output<typeof MapFields>): Act | null {
  if (_outcomes.trim() !== '') return { do: 'add-outcomes', id, text: _outcomes };
  return mooc !== null && _modules.trim() !== '' ? { do: 'add-modules', id, mooc, text: _modules } : null;
}

export interface SentMap {
  readonly since: number;
  /** Fields whose text is not the one that the page showed. */
  readonly changes: readonly Change[];
  readonly act: Act | null;
  /** The section to come back to. */
  readonly section: string;
  /** What is to be brought back before its texts are written. */
  readonly restore: { readonly group: ItemGroup; readonly id: string } | null;
  /** What stays taken out, together with the texts that were typed into it: `rows.l3`. */
  readonly left: string | null;
  readonly matrix: string | null;
  readonly lists: { readonly outcomes: string; readonly modules: string };
  readonly bases: Readonly<Record<string, string>>;
}

/** Empty cells of a matrix are many, and the page does not name their texts one by one. */
const EMPTY_PRINT = fingerprint('');
const unnamed = ({ group }: FieldPath) => (group === 'cells' ? EMPTY_PRINT : '');

/** The whole page as a browser without script sends it. */
export const MapForm = MapFields.transform((form, context): SentMap => {
  const [, answer = '', target = '', print = ''] = KEEP.exec(form.keep ?? '') ?? [];
  const changes = Object.entries(form).flatMap(([path, value]): Change[] => {
    const field = parsePath(path);
    if (!field || typeof value !== 'string') return [];
    if (answer === 'theirs' && path === target) return [];
    if (answer === 'leave' && path.startsWith(`${target}.`)) return [];
    const base = answer === 'yours' && path === target ? print : (form._base[path] ?? unnamed(field));
    return fingerprint(normalise(value.slice(0, 10_000), specOf(field).lines)) === base ? [] : [{ path, base, value }];
  });
  const [name, detail = ''] = form.do.split(':');
  const act = form.keep === undefined ? (actOfButton(form) ?? addingOf(form)) : null;
  const parsed = act === null ? { success: true as const, data: null } : ActForm.safeParse(act);
  if (!parsed.success) {
    context.addIssue({ code: 'custom', message: 'no such act' });
    return z.NEVER;
  }
  const [group, owner = ''] = target.split('.');
  const restorable = answer === 'restore' && ID.test(owner) && group !== undefined && isItemGroup(group);
  return {
    since: form._since,
    changes,
    act: parsed.data,
    section: name === 'save' && /^s[1-4]$/.test(detail) ? detail : '',
    restore: restorable ? { group, id: owner } : null,
    left: answer === 'leave' ? target : null,
    matrix: form._matrix,
    lists: { outcomes: form._outcomes, modules: form._modules },
    bases: form._base,
  };
});
