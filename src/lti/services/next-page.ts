/** Our token goes where the LMS's services are, and nowhere else. */
export const sameOrigin = (url: string, other: string): boolean =>
  URL.canParse(url) && new URL(url).origin === new URL(other).origin;

/**
 * The address of the next page in a `Link` header (RFC 8288), or nothing. Moodle's grade services write curly quotes and
 * `&amp;`; such a header has no next page that can be trusted, and with no limit they send everything at once.
 */
export function nextPage(link: string | undefined, base: string): string | undefined {
  for (const part of (link ?? '').split(/,(?=\s*<)/)) {
    const match = /^\s*<([^>]*)>\s*;(.*)$/s.exec(part);
    const rels =
      /\brel="?([^";]+)"?/i
        .exec(match?.[2] ?? '')?.[1]
        ?.trim()
        .split(/\s+/) ?? [];
    const url = match?.[1];
    if (url !== undefined && rels.includes('next') && URL.canParse(url, base)) return new URL(url, base).href;
  }
  return undefined;
}
