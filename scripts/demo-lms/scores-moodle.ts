import type { Request, Response } from 'express';
import { isGradable } from './enrolment.js';
import { gradeOf, putGrade } from './gradebook.js';
import { numeric, parseJson } from './line-item-json.js';
import { secondsOf, type Lms } from './lms.js';
import { moodleErrorPage, refuseService } from './refusals.js';
import { record } from './registration-request.js';
import { note } from './service-door.js';
import { timestampMs } from './timestamp.js';
import { MEDIA, type LineItem } from './types.js';

const present = (value: unknown) => value !== undefined && value !== null;

/** The progress fields must be there and are not looked at; numbers may be numeric strings. */
function isGood(lms: Lms, item: LineItem, score: Record<string, unknown>): boolean {
  const { userId, scoreGiven, scoreMaximum } = score;
  if (!present(score['gradingProgress']) || !present(score['activityProgress'])) return false;
  if (timestampMs(score['timestamp']) === undefined) return false;
  if (present(scoreGiven) && (numeric(scoreGiven) === undefined || !present(scoreMaximum))) return false;
  if (present(scoreMaximum) && numeric(scoreMaximum) === undefined) return false;
  return (
    (typeof userId === 'string' || typeof userId === 'number') && isGradable(lms.world, item.courseId, String(userId))
  );
}

/**
 * Moodle writes the refused body into the status line. A line break in it makes PHP drop that line, and the client reads
 * 200.
 */
function refuse(lms: Lms, req: Request, res: Response, body: string): void {
  if (/[\r\n]/.test(body)) res.status(200).type('json').send('[]');
  else refuseService(lms, req, res, 400, `Incorrect score received${body}`);
}

const within = (maximum: number, mark: number) => Math.min(Math.max(mark, 0), maximum);

/** `resources/scores.php` of Moodle 4.4. */
export function moodleScore(lms: Lms, req: Request, res: Response, item: LineItem): void {
  const body = String(req.body);
  const score = record(parseJson(body));
  if (!isGood(lms, item, score)) return refuse(lms, req, res, body);
  const userId = String(score['userId']);
  const sentSeconds = Math.floor((timestampMs(score['timestamp']) ?? 0) / 1000);
  const before = gradeOf(lms.world, item.id, userId);
  if (before && Math.floor(before.modifiedMs / 1000) >= sentSeconds)
    return refuseService(
      lms,
      req,
      res,
      409,
      `Refusing score with an earlier timestamp for item ${item.id} and user ${userId}`,
    );
  if (item.locked === true) {
    res.status(500).end();
    return;
  }
  const given = score['gradingProgress'] === 'FullyGraded' ? numeric(score['scoreGiven']) : undefined;
  const share = numeric(score['scoreMaximum']) ?? 1;
  if (given !== undefined && share === 0) return moodleErrorPage(res, 500, 'Division by zero');
  const mark = given === undefined ? null : within(item.maximum, (given * item.maximum) / share);
  // Without a final score the row carries the server's time, which then refuses an honest score of a little earlier.
  const seconds = given === undefined ? secondsOf(lms.now()) : sentSeconds;
  const feedback = typeof score['comment'] === 'string' ? score['comment'] : '';
  // A teacher's edit wins on the link's own item, silently; on a manual item the newer score does.
  const held = before?.byTeacher === true && item.own;
  putGrade(lms.world, {
    lineItemId: item.id,
    userId,
    mark: held ? before.mark : mark,
    feedback: held ? before.feedback : feedback,
    modifiedMs: seconds * 1000,
    byTeacher: held,
  });
  note(res, { accepted: !held });
  res.status(200).set('Content-Type', MEDIA.score).end();
}
