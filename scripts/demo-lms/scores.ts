import { Router, text, type Request, type Response } from 'express';
import { isGradable } from './enrolment.js';
import { gradeOf, putGrade } from './gradebook.js';
import { numeric } from './line-item-json.js';
import { itemAsked } from './line-items.js';
import { isMoodle, type Lms } from './lms.js';
import { refuseService, wrongMethod } from './refusals.js';
import { moodleScore } from './scores-moodle.js';
import { sentScore } from './sent-score.js';
import { allowed, consumes, faulty, note, recorded } from './service-door.js';
import { timestampMs } from './timestamp.js';
import { MEDIA, SCOPE, type LineItem } from './types.js';

const ACTIVITY = ['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed'];
const GRADING = ['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady'];

const among = (names: readonly string[], value: unknown) => typeof value === 'string' && names.includes(value);

function faultOf(lms: Lms, item: LineItem, score: Record<string, unknown>): string | undefined {
  const { userId, scoreGiven, scoreMaximum } = score;
  if (typeof userId !== 'string' || userId === '') return 'userId is required';
  if (timestampMs(score['timestamp']) === undefined) return 'timestamp must be ISO 8601 with a zone';
  if (!among(ACTIVITY, score['activityProgress'])) return 'activityProgress is unknown';
  if (!among(GRADING, score['gradingProgress'])) return 'gradingProgress is unknown';
  if (scoreGiven !== undefined && (typeof scoreGiven !== 'number' || scoreGiven < 0))
    return 'scoreGiven must be a number from 0';
  if (scoreGiven !== undefined && (typeof scoreMaximum !== 'number' || scoreMaximum <= 0))
    return 'scoreMaximum must be positive';
  if (!isGradable(lms.world, item.courseId, userId)) return 'userId names no learner of this course';
  return undefined;
}

/** Assignment and Grade Services 2.0, section 3.4, to the letter. */
function standardScore(lms: Lms, req: Request, res: Response, item: LineItem, score: Record<string, unknown>): void {
  const fault = faultOf(lms, item, score);
  if (fault !== undefined) return refuseService(lms, req, res, 400, fault);
  const userId = String(score['userId']);
  const at = timestampMs(score['timestamp']) ?? 0;
  const before = gradeOf(lms.world, item.id, userId);
  if (before && at <= before.modifiedMs) return refuseService(lms, req, res, 409, 'A newer score is stored');
  if (item.locked === true) {
    refuseService(lms, req, res, 403, 'The column is locked');
    return;
  }
  const given = numeric(score['scoreGiven']);
  const final = score['gradingProgress'] === 'FullyGraded';
  // A score that is not final yet leaves the one before; none at all takes it away.
  const kept = final || given === undefined ? null : (before?.mark ?? null);
  const mark = given !== undefined && final ? (given * item.maximum) / (numeric(score['scoreMaximum']) ?? 1) : kept;
  const feedback = typeof score['comment'] === 'string' ? score['comment'] : '';
  putGrade(lms.world, { lineItemId: item.id, userId, mark, feedback, modifiedMs: at, byTeacher: false });
  note(res, { accepted: true });
  res.status(204).end();
}

function takeScore(lms: Lms, req: Request, res: Response): void {
  const score = sentScore(req, res);
  const item = itemAsked(lms, req);
  if (!item) return refuseService(lms, req, res, 404, 'Not Found: Line item does not exist');
  if (isMoodle(lms)) moodleScore(lms, req, res, item);
  else standardScore(lms, req, res, item, score);
}

export function scoreRoutes(lms: Lms): Router {
  const route = `${lms.at.routes.lineItem}/scores`;
  const door = [allowed(lms, [SCOPE.score]), consumes(lms, MEDIA.score)];
  return Router()
    .all(route, recorded(lms, 'scores'), faulty(lms, 'scores'))
    .post(route, ...(isMoodle(lms) ? door.reverse() : door), text({ type: () => true, limit: '100kb' }), (req, res) =>
      takeScore(lms, req, res),
    )
    .all(route, wrongMethod(lms));
}
