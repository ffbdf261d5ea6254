/** Markup that is safe to print: whatever goes into `html` as plain text is escaped. */
export class Html {
  readonly #markup: string;
  constructor(markup: string) {
    this.#markup = markup;
  }
  toString(): string {
    return this.#markup;
  }
}

type Printable = Html | string | number | undefined | false | readonly Printable[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

function print(value: Printable): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return value.map(print).join('');
}

export function html(parts: TemplateStringsArray, ...values: Printable[]): Html {
  return new Html(parts.map((part, index) => (index === 0 ? '' : print(values[index - 1])) + part).join(''));
}
