/** How wide a text is, in points. */
export type Measure = (text: string) => number;

const AFTER_BLANK = /(?<= )/;
/** Addresses break where their parts end; at the very last, anything breaks anywhere. */
const FINER = [/(?<=[/?&=_.,;-])/, /(?:)/u];

/** Pieces that stay whole; what is wider than a line is taken apart by the next finer rule. */
function piecesOf(text: string, fits: (text: string) => boolean, [rule, ...finer]: readonly RegExp[]): string[] {
  if (!rule || fits(text.trimEnd())) return [text];
  return text.split(rule).flatMap((piece) => piecesOf(piece, fits, finer));
}

function wrapLine(text: string, fits: (text: string) => boolean): string[] {
  const lines: string[] = [];
  let current = '';
  for (const piece of text.split(AFTER_BLANK).flatMap((word) => piecesOf(word, fits, FINER))) {
    if (current.trim() !== '' && !fits((current + piece).trimEnd())) {
      lines.push(current.trimEnd());
      current = piece.trimStart();
    } else current += piece;
  }
  return [...lines, current.trimEnd()];
}

/** The lines of a text in a column: its own line breaks, and those that the width asks for. */
export const wrap = (text: string, width: number, measure: Measure): string[] =>
  text.split('\n').flatMap((line) => wrapLine(line.replaceAll('\t', ' '), (part) => measure(part) <= width));
