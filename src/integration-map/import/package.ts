import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { MOST, TableRefused } from './limits.js';
import { readXml, type XmlHandler } from './xml.js';

/** A target outside the package is an address; it is never asked for. */
export interface Relationship {
  readonly type: string;
  readonly target: string;
  readonly outside: boolean;
}

const folderOf = (part: string) => part.slice(0, part.lastIndexOf('/') + 1);

/** The part that a relationship names, seen from the part that has it. */
function resolved(from: string, target: string): string {
  const { pathname } = new URL(target, new URL(`http://package/${folderOf(from)}`));
  return decodeURIComponent(pathname).slice(1);
}

/**
 * An Office file: a zip of XML parts (ECMA-376, part 2). Only parts that are asked for are inflated, in a stream and within the
 * limits; sizes that the file names itself are held against what comes out.
 */
export class OfficePackage {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  #left: number = MOST.inflatedBytes;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  static async open(bytes: Buffer): Promise<OfficePackage> {
    try {
      const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true, autoClose: false });
      if (zip.entryCount > MOST.packageParts) throw new TableRefused('inflates');
      const entries = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
      return new OfficePackage(zip, entries);
    } catch (error) {
      throw error instanceof TableRefused ? error : new TableRefused('broken', { cause: error });
    }
  }

  has(part: string): boolean {
    return this.#entries.has(part);
  }

  /** Nothing is read, and nothing said, where there is no such part. */
  async read(part: string, handler: XmlHandler): Promise<void> {
    const entry = this.#entries.get(part);
    if (!entry) return;
    if (entry.isEncrypted()) throw new TableRefused('protected');
    if (entry.uncompressedSize > this.#left) throw new TableRefused('inflates');
    try {
      await readXml(this.#counted(await this.#zip.openReadStreamPromise(entry)), handler);
    } catch (error) {
      throw error instanceof TableRefused ? error : new TableRefused('broken', { cause: error });
    }
  }

  async *#counted(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      this.#left -= chunk.length;
      if (this.#left < 0) throw new TableRefused('inflates');
      yield chunk;
    }
  }

  /** By id, of one part, or of the package where none is named. Targets inside are names of parts. */
  async relationships(of = ''): Promise<ReadonlyMap<string, Relationship>> {
    const found = new Map<string, Relationship>();
    await this.read(`${folderOf(of)}_rels/${of.slice(folderOf(of).length)}.rels`, {
      open: (name, attributes) => {
        if (name !== 'Relationship') return;
        const { Id = '', Type = '', Target = '', TargetMode = '' } = attributes;
        const outside = TargetMode === 'External';
        found.set(Id, { type: Type, target: outside ? Target : resolved(of, Target), outside });
      },
    });
    return found;
  }

  /** The workbook or the document. */
  async mainPart(): Promise<string> {
    const all = [...(await this.relationships()).values()];
    return all.find(({ type, outside }) => type.endsWith('/officeDocument') && !outside)?.target ?? '';
  }
}
