import { Router, type Response } from 'express';
import { z } from 'zod';
import { allow, editorOf, visitOf, type Visit } from '../launch/visit.js';
import { AppError } from '../web/errors.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import type { CoursePlan } from './index.js';
import { applyPage, momentText, NOTICES, say, type NoticeName } from './page.js';

export interface CoursePlanRouteDeps {
  readonly views: Views;
  readonly coursePlan: CoursePlan;
  readonly timeZone: string;
}

const NoticeQuery = z.object({ notice: z.enum(NOTICES).nullable().default(null).catch(null) });
const ApplyForm = z.object({ shown: z.string().max(100) });

/** What the map changes in the course: seen first, then applied. */
export function coursePlanRoutes({ views, coursePlan, timeZone }: CoursePlanRouteDeps): Router {
  async function sendPreview(res: Response, visit: Visit, notice: NoticeName | null, status = 200): Promise<void> {
    const preview = await coursePlan.preview(visit.course, visit.now);
    if (!preview) throw new AppError('not_found', 'no-map');
    views.send(res, visit, {
      view: 'course-plan/apply',
      title: say(visit, 'title'),
      tab: 'map',
      model: applyPage(visit, timeZone, preview, notice),
      status,
    });
  }

  return Router()
    .get('/map/apply', allow('map:edit'), async (req, res) => {
      await sendPreview(res, visitOf(req), parse(NoticeQuery, req.query).notice);
    })
    .post('/map/apply', allow('map:edit'), async (req, res) => {
      const visit = visitOf(req);
      const { shown } = parse(ApplyForm, req.body);
      const outcome = await coursePlan.apply(visit.course, shown, editorOf(visit));
      if (outcome === null) throw new AppError('not_found', 'no-map');
      if (outcome === 'changed') await sendPreview(res, visit, outcome, 409);
      else seeOther(res, `/c/${visit.course.id}/map/apply?notice=${outcome}`);
    });
}

/** For the course's first page: that the map asks otherwise than when it was applied. */
export async function changedNote({ coursePlan, timeZone }: Omit<CoursePlanRouteDeps, 'views'>, visit: Visit) {
  const changed = visit.may('map:edit') ? await coursePlan.changed(visit.course) : null;
  if (!changed) return null;
  const { at, count } = changed;
  return {
    tone: 'warn',
    icon: 'calendar3',
    text: say(visit, 'note.text', { at: momentText(at, visit, timeZone), count }),
    act: say(visit, 'note.act'),
    path: '/map/apply',
  };
}
