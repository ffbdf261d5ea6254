import type { Request, Response } from 'express';
import { numeric, parseJson } from './line-item-json.js';
import { record } from './registration-request.js';
import { note } from './service-door.js';

/** The score as it was sent, whatever it is; the log knows whose it is before anybody decides about it. */
export function sentScore(req: Request, res: Response): Record<string, unknown> {
  const score = record(parseJson(String(req.body)));
  const given = numeric(score['scoreGiven']);
  note(res, {
    accepted: false,
    ...(typeof score['userId'] === 'string' ? { userId: score['userId'] } : {}),
    ...(given === undefined ? {} : { score: given }),
  });
  return score;
}
