import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { AppError } from './errors.js';

/** A bound per address and minute. Generous, because a whole university may share one address. */
export const limitRequests = (perMinute: number): RequestHandler =>
  rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-6',
    legacyHeaders: false,
    handler: (_req, _res, next) => next(new AppError('too_many', 'too-many')),
  });
