import { Router, type Request, type Response } from 'express';
import type { Lms } from '../lms.js';
import { numberIn, queryOf } from '../paging.js';
import { moodleErrorPage, sendJson } from '../refusals.js';
import { faulty, recorded } from '../service-door.js';
import { MEDIA, SCOPE, type LineItem, type PostedScore } from '../types.js';
import { itemAsked, missing } from './line-items.js';
import { allowed, wrongMethod } from './service-door.js';

/** As the tool posted it: final or not, over the maximum or not, and of the score's own maximum. */
function resultJson(lms: Lms, item: LineItem, { userId, given, maximum, comment }: PostedScore) {
  const scoreOf = lms.at.lineItem(item.pk ?? '', item.id, item.toolId);
  return {
    id: `${scoreOf}/results/${userId}`,
    scoreOf,
    userId,
    resultScore: given,
    resultMaximum: maximum,
    comment: comment === '' ? null : comment,
  };
}

/** `?user_id=` is ignored, `/results/{userId}` is not; `limit` cuts the list without a Link. */
function sendResults(lms: Lms, req: Request, res: Response): void {
  const item = itemAsked(lms, req);
  if (!item) return missing(res);
  const query = queryOf(req);
  if (query.has('limit') && !/^-?\d+$/.test(query.get('limit') ?? ''))
    return moodleErrorPage(res, 500, 'invalid literal for int()');
  const asked: unknown = req.params['user'];
  const results = lms.world.postedScores
    .filter(({ lineItemId, userId, given }) => lineItemId === item.id && given !== null && (asked ?? userId) === userId)
    .map((posted) => resultJson(lms, item, posted));
  sendJson(res, MEDIA.results, results.slice(0, numberIn(query, 'limit') || Infinity));
}

export function resultRoutes(lms: Lms): Router {
  const routes = [`${lms.at.routes.lineItem}/results`, `${lms.at.routes.lineItem}/results/:user`];
  return Router({ strict: true })
    .all(routes, recorded(lms, 'results'), faulty(lms, 'results'))
    .get(routes, allowed(lms, [SCOPE.resultReadOnly]), (req, res) => sendResults(lms, req, res))
    .all(routes, wrongMethod);
}
