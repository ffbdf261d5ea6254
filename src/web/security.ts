import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** What may stand in a source list: an LMS chooses the host, and `;` or `,` in it would begin a directive of its own. */
const SOURCE = /^(\*|https?:\/\/(\*\.)?([\w-]+(\.[\w-]+)*\.?|\[[\da-f:.]+\])(:\d+)?)$/i;
const safe = (sources: readonly string[]) => sources.filter((source) => SOURCE.test(source));

/** Sources of the strict policy; `form-action` grows by the LMS's address on the deep-linking page only. */
const policy = (frameAncestors: readonly string[], formAction: readonly string[]) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `form-action ${["'self'", ...formAction].join(' ')}`,
    "base-uri 'none'",
    `frame-ancestors ${frameAncestors.join(' ')}`,
  ].join('; ');

/** Lets these origins show the page in a frame, and forms go to these addresses. */
export function setFramePolicy(
  res: Response,
  frameAncestors: readonly string[],
  formAction: readonly string[] = [],
): void {
  const frames = safe(frameAncestors);
  res.setHeader('Content-Security-Policy', policy(frames.length > 0 ? frames : ["'none'"], safe(formAction)));
}

const headers = helmet({
  contentSecurityPolicy: false,
  // Embedding is what `frame-ancestors` decides; X-Frame-Options cannot name an origin.
  frameguard: false,
  // `no-referrer` makes browsers send `Origin: null` with every form.
  referrerPolicy: { policy: 'strict-origin' },
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: { policy: 'same-origin' },
});

/** Until a route knows better, nobody may frame a page. */
export const securityHeaders: RequestHandler[] = [
  headers,
  (_req, res, next) => {
    setFramePolicy(res, []);
    res.setHeader('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=()');
    res.setHeader('Cache-Control', 'no-store');
    next();
  },
];
