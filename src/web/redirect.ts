import type { Response } from 'express';

/**
 * After a form, and on the way into a page: the browser gets the next address with GET (RFC 9110, section 15.4.4). Without the
 * page that Express writes for browsers that do not follow, in a format that it has to negotiate first.
 */
export function seeOther(res: Response, to: string): void {
  res.status(303).location(to).end();
}
