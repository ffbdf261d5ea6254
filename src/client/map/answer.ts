/** What the server answers to a save, an act or a look; `src/integration-map/answer.ts` makes it. */
export interface Problem {
  readonly key: string;
  readonly row: string | null;
  readonly theirs: string;
  readonly lost: readonly string[];
  readonly html: string;
}

type StatusPart = 'rail' | 'checks' | 'totals' | 'match' | 'hint';
type StructurePart = 'plan' | 'moocs' | 'links' | 'outcomes';

export interface MapAnswer {
  readonly revision: number;
  readonly saved: Readonly<Record<string, string>>;
  readonly savedText: string;
  readonly lead: string;
  readonly values: Readonly<Record<string, string>>;
  readonly others: string | null;
  readonly problems: readonly Problem[];
  readonly refused: Readonly<Record<string, string>>;
  readonly warnings: Readonly<Record<string, string>>;
  /** By the MOOC's id: the per cent of its matrix, and what stands beside it. */
  readonly matches: Readonly<
    Record<string, { readonly computed: string; readonly words: string; readonly needsReason: boolean }>
  >;
  readonly html: Readonly<Partial<Record<StatusPart | StructurePart, string>>>;
  readonly outcome?: string;
  readonly notice?: { readonly text: string; readonly html: string } | null;
}

const isObject = (body: unknown): body is Record<string, unknown> => typeof body === 'object' && body !== null;

export const isUnchanged = (body: unknown): boolean =>
  isObject(body) && Object.keys(body).length === 1 && 'revision' in body;

export const isMapAnswer = (body: unknown): body is MapAnswer => isObject(body) && 'revision' in body && 'html' in body;

/** Why the server does not take it, in the words of its error pages. */
export const refusalOf = (body: unknown): { title: string; text: string } =>
  isObject(body) && typeof body['title'] === 'string' && typeof body['text'] === 'string'
    ? { title: body['title'], text: body['text'] }
    : { title: '', text: '' };
