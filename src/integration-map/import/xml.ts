import { SaxesParser } from 'saxes';
import { TableRefused } from './limits.js';

/** Told of elements by their local names, and of texts, in their order. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

const DEEPEST = 200;
const MOST_ATTRIBUTES = 100;

const local = (name: string) => name.slice(name.indexOf(':') + 1);

/** Attributes without their prefix, but for the relationship's `r:id`, which stands beside another `id`. */
const attributeName = (name: string) => (/^\w+:id$/.test(name) ? 'r:id' : local(name));

const encodingOf = ([first, second]: Buffer) =>
  first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';

/**
 * Reads XML piece by piece; the loop over the pieces lets others work in between. A document type is refused and
 * nothing in it is read, so that there are no entities but the five of XML itself.
 */
export async function readXml(pieces: AsyncIterable<Buffer>, handler: XmlHandler): Promise<void> {
  const parser = new SaxesParser();
  let depth = 0;
  let attributes = 0;
  parser.on('opentagstart', () => {
    attributes = 0;
    if (++depth > DEEPEST) throw new TableRefused('inflates');
  });
  parser.on('attribute', () => {
    if (++attributes > MOST_ATTRIBUTES) throw new TableRefused('inflates');
  });
  parser.on('opentag', (tag) => {
    const entries = Object.entries(tag.attributes).map(([name, value]) => [attributeName(name), value]);
    handler.open(local(tag.name), Object.fromEntries(entries) as Record<string, string>);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    handler.close?.(local(tag.name));
  });
  parser.on('text', (text) => handler.text?.(text));
  parser.on('cdata', (text) => handler.text?.(text));
  parser.on('doctype', () => {
    throw new TableRefused('broken');
  });
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  for await (const piece of pieces) {
    decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
    parser.write(decoder.decode(piece, { stream: true }));
  }
  parser.close();
}
