/** Words of the page for the sheet; `src/integration-map/sheet-texts.ts` makes them. */
export interface SheetTexts {
  readonly maxRows: number;
  readonly max: Readonly<Record<string, number>>;
  readonly choices: Readonly<Record<string, readonly string[]>>;
  readonly names: readonly (readonly [spelling: string, name: string])[];
  readonly plurals: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly size: string;
  readonly notChoices: string;
  readonly pasted: string;
  readonly selected: string;
  readonly copied: string;
  readonly undone: string;
  readonly redone: string;
  readonly notMoved: string;
}

export const fill = (pattern: string, params: Readonly<Record<string, string | number>>): string =>
  pattern.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : whole));

export function plural(texts: SheetTexts, language: string, key: string, number: number): string {
  const forms = texts.plurals[key] ?? {};
  const rule = new Intl.PluralRules(language).select(number);
  return fill(forms[rule] ?? forms['other'] ?? '', { number, max: texts.maxRows });
}

export const sizeText = (texts: SheetTexts, language: string, rows: number, columns: number): string =>
  fill(texts.size, {
    rows: plural(texts, language, 'rows', rows),
    columns: plural(texts, language, 'columns', columns),
  });
