import { decodeHTML, decodeHTMLAttribute } from 'entities';
import { parsers } from 'prettier/plugins/html';

interface Node {
  readonly kind: string;
  readonly name?: string;
  readonly value?: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string | null }[];
  readonly children?: readonly Node[];
}

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Of its own children only, as it is read. */
  readonly text: string;
}

/** The elements of a page, by a real HTML parser (Angular's, that comes with Prettier). A broken page throws. */
export async function elementsOf(html: string): Promise<readonly Element[]> {
  const options = { originalText: html, filepath: 'page.html', name: 'html' } as never;
  const root = (await parsers.html.parse(html, options)) as Node;
  const found: Element[] = [];
  const walk = (node: Node) => {
    if (node.kind === 'element')
      found.push({
        name: (node.name ?? '').toLowerCase(),
        attributes: new Map(
          (node.attrs ?? []).map(({ name, value }) => [name.toLowerCase(), decodeHTMLAttribute(value ?? '')]),
        ),
        text: (node.children ?? []).map(({ kind, value = '' }) => (kind === 'text' ? decodeHTML(value) : '')).join(''),
      });
    for (const child of node.children ?? []) walk(child);
  };
  walk(root);
  return found;
}

/** Everything that no template of ours writes. */
const STRANGERS = ['iframe', 'frame', 'object', 'embed', 'applet', 'base', 'style', 'img', 'video', 'audio', 'math'];
const ADDRESSES = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data-next', 'data-lms-origin', 'data-origin'];
/** A browser reads over blanks and control characters in a scheme. */
// eslint-disable-next-line no-control-regex
const schemeOf = (address: string) => /^([a-z][a-z0-9+.-]*):/i.exec(address.replace(/[\u0000-\u0020]/g, ''))?.[1];

function faultsOfElement({ name, attributes, text }: Element): string[] {
  const faults: string[] = [];
  if (STRANGERS.includes(name) || name.startsWith('xss')) faults.push(`<${name}>`);
  if (name === 'meta' && attributes.has('http-equiv')) faults.push('<meta http-equiv>');
  const src = attributes.get('src');
  if (name === 'script' && (src?.startsWith('/assets/') !== true || text.trim() !== ''))
    faults.push(`<script> ${text}`);
  for (const [attribute, value] of attributes) {
    const odd = /^on|^style$|^srcdoc$|^xss|["'<>]/.test(attribute);
    if (odd) faults.push(`${attribute} at <${name}>`);
    const scheme = ADDRESSES.includes(attribute) ? schemeOf(value)?.toLowerCase() : undefined;
    const icon = name === 'link' && value === 'data:,';
    if (scheme !== undefined && !icon && !['http', 'https'].includes(scheme))
      faults.push(`${attribute}="${value}" at <${name}>`);
  }
  return faults;
}

/** What is on a page that only an injection could have put there. */
export const faultsOf = (elements: readonly Element[]): string[] => elements.flatMap(faultsOfElement);

/** All that a person may read or send on, as it is read. */
export const readable = (elements: readonly Element[]): string =>
  elements.flatMap(({ text, attributes }) => [text, ...attributes.values()]).join('\n');
