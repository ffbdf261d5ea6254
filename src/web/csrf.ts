import { timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { AppError } from './errors.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

const equal = (a: string, b: string) => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

function tokenOf(body: unknown, header: string | undefined): string {
  if (header !== undefined) return header;
  const field = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['_csrf'] : undefined;
  return typeof field === 'string' ? field : '';
}

/**
 * Every change carries the session's token, and where the browser names an origin it is ours. A token of another session
 * means a stale page (another person signed in since): the page says so, and nothing is changed.
 */
export const requireCsrf =
  (publicUrl: string, csrfOf: (req: Request) => string): RequestHandler =>
  (req, _res, next) => {
    if (SAFE.has(req.method)) {
      next();
      return;
    }
    const origin = req.get('origin');
    if (origin !== undefined && origin !== new URL(publicUrl).origin) throw new AppError('forbidden', 'foreign-origin');
    if (!equal(tokenOf(req.body, req.get('x-csrf-token')), csrfOf(req))) throw new AppError('conflict', 'stale-page');
    next();
  };
