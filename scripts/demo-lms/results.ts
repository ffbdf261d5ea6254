import { Router, type Request, type Response } from 'express';
import { itemAsked } from './line-items.js';
import { isMoodle, type Lms } from './lms.js';
import { brokenLinkHeader, linkHeader, numberIn, queryOf } from './paging.js';
import { moodleErrorPage, refuseService, sendJson, wrongMethod } from './refusals.js';
import { accepts, allowed, faulty, recorded, tokenOf } from './service-door.js';
import { MEDIA, SCOPE, type Grade, type LineItem } from './types.js';

function resultJson(lms: Lms, item: LineItem, grade: Grade, toolId: string): Record<string, unknown> {
  const scoreOf = lms.at.lineItem(item.courseId, item.id, toolId);
  const url = new URL(scoreOf);
  if (isMoodle(lms)) {
    url.pathname += '/results';
    url.searchParams.set('user_id', grade.userId);
  } else {
    url.pathname += `/results/${grade.userId}`;
  }
  const head = { id: url.href, userId: grade.userId };
  if (grade.mark === null) return head;
  const comment = grade.feedback === '' ? {} : { comment: grade.feedback };
  const timestamp = new Date(grade.modifiedMs).toISOString();
  return { ...head, resultScore: grade.mark, resultMaximum: item.maximum, ...comment, scoreOf, timestamp };
}

/** Moodle lists people whose grade was taken away; whoever never had one is missing in both. */
const listed = (lms: Lms, item: LineItem, userId: string | null): Grade[] =>
  lms.world.grades.filter(
    (grade) =>
      grade.lineItemId === item.id &&
      (userId === null || userId === '' || grade.userId === userId) &&
      (isMoodle(lms) || grade.mark !== null),
  );

function sendResults(lms: Lms, req: Request, res: Response): void {
  const item = itemAsked(lms, req);
  if (!item) return refuseService(lms, req, res, 404, 'Not Found: Line item does not exist');
  const query = queryOf(req);
  const limit = numberIn(query, 'limit');
  if (isMoodle(lms) && limit > 0 && query.has('type_id'))
    return moodleErrorPage(res, 404, 'Exception - Call to a member function out() on null');
  const from = numberIn(query, 'from');
  const grades = listed(lms, item, query.get('user_id'));
  const shown = limit > 0 ? grades.slice(from, from + limit) : grades;
  if (limit > 0 && grades.length > from + limit) {
    query.set('from', String(from + limit));
    const next = `${lms.url}${req.path}?${query.toString()}`;
    res.set('Link', isMoodle(lms) ? brokenLinkHeader(next) : linkHeader(next));
  }
  const { toolId } = tokenOf(req);
  const results = shown.map((grade) => resultJson(lms, item, grade, toolId));
  sendJson(res, MEDIA.results, results);
}

/** Assignment and Grade Services 2.0, section 3.3. */
export function resultRoutes(lms: Lms): Router {
  const route = `${lms.at.routes.lineItem}/results`;
  const door = [allowed(lms, [SCOPE.resultReadOnly]), accepts(lms, MEDIA.results)];
  return Router()
    .all(route, recorded(lms, 'results'), faulty(lms, 'results'))
    .get(route, ...(isMoodle(lms) ? door.reverse() : door), (req, res) => sendResults(lms, req, res))
    .all(route, wrongMethod(lms));
}
