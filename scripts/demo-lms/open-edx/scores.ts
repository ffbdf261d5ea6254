import { Router, text, type Request, type Response } from 'express';
import { personById } from '../enrolment.js';
import { putGrade } from '../gradebook.js';
import { numeric } from '../line-item-json.js';
import type { Lms } from '../lms.js';
import { moodleErrorPage, sendJson } from '../refusals.js';
import { sentScore } from '../sent-score.js';
import { faulty, note, recorded } from '../service-door.js';
import { MEDIA, SCOPE, type LineItem, type PostedScore } from '../types.js';
import { itemAsked, missing } from './line-items.js';
import { breaksTheServer, scoreFaults, timestampOf } from './score-json.js';
import { allowed, guestAt, wrongMethod } from './service-door.js';

function postedScore(item: LineItem, score: Record<string, unknown>): PostedScore {
  return {
    lineItemId: item.id,
    userId: String(score['userId']),
    timestampMs: timestampOf(score['timestamp']) ?? 0,
    given: numeric(score['scoreGiven']) ?? null,
    maximum: numeric(score['scoreMaximum']) ?? null,
    comment: typeof score['comment'] === 'string' ? score['comment'] : '',
  };
}

/** A score that is no later than the one before is 400, not 409 (fact 0.9). */
function timestampFault(before: PostedScore | undefined, { timestampMs }: PostedScore): string | undefined {
  if (!before || timestampMs > before.timestampMs) return undefined;
  return timestampMs === before.timestampMs
    ? 'Score already exists for the provided timestamp'
    : 'Score timestamp can only be updated to a later point in time';
}

/** Whether the LMS tries to publish: a final score with points, on an item of the component's own link, in time. */
function isForGradebook(req: Request, item: LineItem, score: Record<string, unknown>, posted: PostedScore): boolean {
  const { link, component } = guestAt(req);
  return (
    item.resourceLinkId === link.id &&
    score['gradingProgress'] === 'FullyGraded' &&
    posted.given !== null &&
    !component.pastDue
  );
}

/** One cell for each component, as large as its weight: the last score of any of its items wins (fact 0.2). */
function publish(lms: Lms, req: Request, posted: PostedScore): boolean {
  const { link, component } = guestAt(req);
  if (!component.graded) return false;
  const share = Math.min((posted.given ?? 0) / (posted.maximum ?? 1), 1);
  putGrade(lms.world, {
    lineItemId: link.id,
    userId: posted.userId,
    mark: share * component.weight,
    feedback: posted.comment,
    modifiedMs: posted.timestampMs,
    byTeacher: false,
  });
  return true;
}

function store(lms: Lms, posted: PostedScore): void {
  const { world } = lms;
  world.postedScores = world.postedScores.filter(
    ({ lineItemId, userId }) => lineItemId !== posted.lineItemId || userId !== posted.userId,
  );
  world.postedScores.push(posted);
  world.changed();
}

function takeScore(lms: Lms, req: Request, res: Response): void {
  const score = sentScore(req, res);
  const item = itemAsked(lms, req);
  if (!item) return missing(res);
  const faults = scoreFaults(score);
  if (faults) return void res.status(400).json(faults);
  if (breaksTheServer(score)) return moodleErrorPage(res, 500, 'Server Error');
  const posted = postedScore(item, score);
  const before = lms.world.postedScores.find(
    ({ lineItemId, userId }) => lineItemId === item.id && userId === posted.userId,
  );
  const late = timestampFault(before, posted);
  if (late !== undefined) return void res.status(400).json({ timestamp: [late] });
  const forGradebook = isForGradebook(req, item, score, posted);
  // Only publishing looks for the person (fact 0.10).
  if (forGradebook && !personById(lms.world, posted.userId)) return moodleErrorPage(res, 500, 'Server Error');
  store(lms, posted);
  note(res, { accepted: forGradebook && publish(lms, req, posted) });
  sendJson(res.status(201), MEDIA.score, score);
}

/** Whatever becomes of a good score, the answer is 201 with its echo (fact 0.1). */
export function scoreRoutes(lms: Lms): Router {
  const route = `${lms.at.routes.lineItem}/scores`;
  return Router({ strict: true })
    .all(route, recorded(lms, 'scores'), faulty(lms, 'scores'))
    .post(
      route,
      allowed(lms, [SCOPE.score]),
      text({ type: () => true, limit: '100kb' }),
      (req: Request, res: Response) => takeScore(lms, req, res),
    )
    .all(route, wrongMethod);
}
