/** A cell of a table on the clipboard. */
export interface ClipCell {
  readonly text: string;
  /** Where its text leads; nothing where it is no link. */
  readonly link: string | null;
  /** Its own text, or the place of a merged cell that begins further up (`row`) or to the left (`column`). */
  readonly part: 'own' | 'row' | 'column';
}

export interface SpannedCell {
  readonly text: string;
  readonly link: string | null;
  readonly rowSpan: number;
  readonly colSpan: number;
}

/** A table of a hostile page may say that one cell is a million columns wide. */
const WIDEST = 200;

const EMPTY: ClipCell = { text: '', link: null, part: 'own' };

export const ownCell = (text: string): ClipCell => ({ text, link: null, part: 'own' });

/** Lays merged cells out, so that every row has as many cells as the widest. A text goes down all rows of its cell. */
export function laidOut(rows: readonly (readonly SpannedCell[])[]): ClipCell[][] {
  const grid: (ClipCell | undefined)[][] = rows.map(() => []);
  rows.forEach((cells, rowIndex) => {
    let column = 0;
    for (const { text, link, rowSpan, colSpan } of cells) {
      while (grid[rowIndex]?.[column]) column += 1;
      if (column >= WIDEST) break;
      // 0 reaches to the table's end, says HTML.
      const last = rowSpan === 0 ? rows.length : Math.min(rows.length, rowIndex + Math.max(1, rowSpan));
      const end = Math.min(WIDEST, column + Math.max(1, colSpan));
      for (let down = rowIndex; down < last; down++)
        for (let across = column; across < end; across++) {
          const part = across > column ? 'column' : down > rowIndex ? 'row' : 'own';
          const row = grid[down];
          if (row && !row[across])
            row[across] = part === 'column' ? { text: '', link: null, part } : { text, link, part };
        }
      column = end;
    }
  });
  return squared(grid);
}

/** Fills short rows up. */
export function squared(rows: readonly (readonly (ClipCell | undefined)[])[]): ClipCell[][] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return rows.map((row) => Array.from({ length: width }, (_, column) => row[column] ?? EMPTY));
}
