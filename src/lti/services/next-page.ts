/** Our token goes where the LMS's services are, and nowhere else. */
export const sameOrigin = (url: string, other: string): boolean =>
  URL.canParse(url) && URL.canParse(other) && new URL(url).origin === new URL(other).origin;

/** The address with this relation in a `Link` header (RFC 8288), or nothing. */
export function linkTo(relation: string, link: string | undefined, base: string): string | undefined {
  for (const part of (link ?? '').split(/,(?=\s*<)/)) {
    const match = /^\s*<([^>]*)>\s*;(.*)$/s.exec(part);
    const rels =
      /\brel="?([^";]+)"?/i
        .exec(match?.[2] ?? '')?.[1]
        ?.trim()
        .toLowerCase()
        .split(/\s+/) ?? [];
    const url = match?.[1];
    if (url !== undefined && rels.includes(relation) && URL.canParse(url, base)) return new URL(url, base).href;
  }
  return undefined;
}

/**
 * The address of the next page, or nothing. Moodle's grade services write curly quotes and `&amp;`; such a header has no
 * next page that can be trusted, and with no limit they send everything at once.
 */
export const nextPage = (link: string | undefined, base: string): string | undefined => linkTo('next', link, base);
