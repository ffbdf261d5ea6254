import type { Edit, ItemGroup, LearningOutcome, Module, Mooc, Row } from './map.js';

export type ActOutcome = 'done' | 'already' | 'full' | 'at-the-edge' | 'not-there' | 'nothing-to-add' | 'too-long';

/** What has to be written. Everything that is not named stays as it is. */
export interface Patch {
  readonly values?: Readonly<Record<string, string>>;
  readonly newRows?: readonly Row[];
  readonly newMooc?: Mooc;
  readonly rowOrder?: readonly string[];
  readonly moocOrder?: readonly string[];
  readonly newItems?:
    | { readonly group: 'outcomes'; readonly items: readonly LearningOutcome[] }
    | { readonly group: 'modules'; readonly items: readonly Module[] };
  readonly order?: { readonly group: 'outcomes' | 'modules'; readonly ids: readonly string[] };
  readonly deleted?: {
    readonly group: ItemGroup;
    readonly ids: readonly string[];
    readonly edit: Edit | null;
  };
  /** Rows taken out so long ago that others took their place in the store. */
  readonly purgedRows?: readonly string[];
  readonly purgedMoocs?: readonly string[];
  /** Addresses of outcomes, modules and cells that went the same way: `outcomes.o1`, `cells.o1-d3`. */
  readonly purged?: readonly string[];
}

export interface Performed {
  readonly outcome: ActOutcome;
  readonly patch: Patch | null;
}
