import type { Request } from 'express';

/** The query as it stands in the address; `+` is a space, names come once. */
export const queryOf = (req: Request): URLSearchParams => new URLSearchParams(req.originalUrl.split('?')[1] ?? '');

export const numberIn = (query: URLSearchParams, name: string): number => {
  const value = Number(query.get(name) ?? '');
  return Number.isInteger(value) && value > 0 ? value : 0;
};

/** RFC 8288. */
export const linkHeader = (address: string, relation: 'next' | 'differences' = 'next'): string =>
  `<${address}>; rel="${relation}"`;

/** Moodle's grade services: curly quotes, and an address escaped for HTML. No parser of links finds a next page here. */
export const brokenLinkHeader = (next: string): string =>
  Buffer.from(`<${next.replaceAll('&', '&amp;')}>; rel=“next”`, 'utf8').toString('latin1');
