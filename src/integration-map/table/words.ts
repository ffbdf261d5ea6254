/** Nothing, or the dash that stands for it. */
export const isBlank = (text: string): boolean => /^[\s–—-]*$/.test(text);

/** Words without case, marks and runs of blanks, with a blank before each. */
const plain = (text: string) =>
  ` ${text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()}`;

/** The choice that the words name, in any language; nothing where they name none or several. */
export function choiceOf(text: string, choices: Readonly<Record<string, readonly string[]>>): string | null {
  const words = plain(text);
  const named = Object.entries(choices).filter(([, stems]) => stems.some((stem) => words.includes(plain(stem))));
  return named.length === 1 ? (named[0]?.[0] ?? null) : null;
}

/** The consultation or control that a text begins with, as this page calls it, and what stands after the name. */
export function rowNameIn(
  text: string,
  names: readonly (readonly [spelling: string, name: string])[],
): { name: string; rest: string } | null {
  const longestFirst = [...names].sort(([a], [b]) => b.length - a.length);
  for (const [spelling, name] of longestFirst) {
    const words = plain(spelling).trim().split(' ');
    const pattern = words.map((word) => word.replaceAll('е', '[её]')).join('[^\\p{L}\\p{N}]+');
    const found = new RegExp(`^[^\\p{L}\\p{N}]*${pattern}(?![\\p{L}\\p{N}])[\\s.,:;·–—-]*`, 'iu').exec(
      text.normalize('NFC'),
    );
    if (found) return { name, rest: text.normalize('NFC').slice(found[0].length).trim() };
  }
  return null;
}
