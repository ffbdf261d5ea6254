import type { ClipCell } from './clip.js';

const ADDRESS = /https?:\/\/[^\s<>"]+/i;

/** An address in the column of platforms goes to the field of links, where the range has no column for that. */
export function platformAndLink({ text, link }: ClipCell): { platform: string; link: string | null } {
  const found = ADDRESS.exec(text)?.[0] ?? null;
  // In brackets by itself: the closing one is the text's.
  const written = found?.endsWith(')') && !found.includes('(') ? found.slice(0, -1) : found;
  if (written === null) return { platform: text, link };
  const rest = text
    .replace(written, ' ')
    .replace(/[ \t]+/g, ' ')
    .replace(/\(\s*\)/g, '');
  return { platform: rest.replace(/^[\s,;:–—-]+|[\s,;:–—-]+$/g, ''), link: link ?? written };
}
