/** The state of the sheet; `src/results/answer.ts` makes it. */
export interface StoredMark {
  readonly state: string;
  /** The stored mark: empty, or a plain number. */
  readonly base: string;
  /** As people read it. */
  readonly text: string;
}

export interface SheetAnswer {
  readonly cells: Readonly<Record<string, StoredMark>>;
  readonly waiting: boolean;
  readonly sentence: string;
  readonly fixed: readonly string[];
  readonly html: { readonly legend: string; readonly aside: string };
  readonly fault?: string;
  readonly conflict?: { readonly html: string };
  readonly said?: string;
}

const isObject = (body: unknown): body is Record<string, unknown> => typeof body === 'object' && body !== null;

export const isSheetAnswer = (body: unknown): body is SheetAnswer =>
  isObject(body) && 'cells' in body && 'html' in body && 'sentence' in body;

/** Why the server does not take it, in the words of its error pages. */
export const refusalOf = (body: unknown): { title: string; text: string } =>
  isObject(body) && typeof body['title'] === 'string' && typeof body['text'] === 'string'
    ? { title: body['title'], text: body['text'] }
    : { title: '', text: '' };
