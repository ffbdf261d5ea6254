/** What is read of a table from outside, so that no file takes much memory or time, whatever it says of itself. */
export const MOST = {
  fileBytes: 5_000_000,
  /** Of all parts of a package that are read, after inflating. */
  inflatedBytes: 16_000_000,
  packageParts: 3000,
  tables: 30,
  /** Of one table, without those in which nothing stands. */
  rows: 600,
  columns: 40,
  /** In all tables together. */
  letters: 1_000_000,
} as const;

export type FileFault =
  | 'empty'
  | 'too-large'
  | 'inflates'
  | 'broken'
  | 'protected'
  | 'old-format'
  | 'pdf'
  | 'other-office'
  | 'map-file'
  | 'page-source'
  | 'not-read'
  | 'no-table'
  | 'too-many-tables'
  | 'too-many-rows'
  | 'too-many-columns'
  | 'too-much-text';

/** Why a table cannot be read; `page.ts` has the sentence for it. */
export class TableRefused extends Error {
  readonly fault: FileFault;

  constructor(fault: FileFault, options?: ErrorOptions) {
    super(fault, options);
    this.fault = fault;
  }
}
