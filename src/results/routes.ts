import { Router, type Request, type Response } from 'express';
import { allow, editorOf, visitOf, type Visit } from '../launch/visit.js';
import type { Participants } from '../participants/index.js';
import { AppError } from '../web/errors.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { answerOf } from './answer.js';
import { type ControlId } from './controls.js';
import { csvOf } from './csv.js';
import {
  choiceOf,
  DecisionForm,
  MarkChange,
  MarksForm,
  MaximumForm,
  NoticeQuery,
  queryOf,
  readMaximum,
  SendForm,
  ViewQuery,
  type TypedMark,
  type View,
} from './forms.js';
import type { Results } from './index.js';
import { conflictView, faultText, resultsPage, type Returned } from './page.js';
import { isUntouched, saveMark, saveMarks } from './save.js';
import type { SendWish } from './send.js';

export interface ResultRouteDeps {
  readonly views: Views;
  readonly results: Results;
  readonly participants: Participants;
  readonly timeZone: string;
}

/** A form that a script sends as JSON is answered with the new state of the sheet. */
const fromScript = (req: Request) => req.is('json') !== false && req.is('json') !== null;

const viewOf = (req: Request): View =>
  ViewQuery.parse(req.method === 'GET' ? req.query : { ...req.query, ...(req.body as object) });

export function resultRoutes({ views, results, participants, timeZone }: ResultRouteDeps): Router {
  async function sendPage(
    req: Request,
    res: Response,
    { returned, status = 200 }: { returned?: Returned; status?: number } = {},
  ) {
    const visit = visitOf(req);
    const [sheet, due] = await Promise.all([results.sheet(visit.course), results.dueDays(visit.course)]);
    const notice = parse(NoticeQuery, req.query);
    views.send(res, visit, {
      view: 'results/sheet',
      title: visit.t('results:title'),
      tab: 'results',
      model: resultsPage({ visit, sheet, due, view: viewOf(req), zone: timeZone, notice, returned }),
      scripts: visit.may('results:edit') ? ['results-grid.js'] : [],
      status,
    });
  }

  /** Back to the part of the sheet that the form came from. */
  const back = (req: Request, res: Response, more: Readonly<Record<string, string | number>>) => {
    seeOther(res, `/c/${visitOf(req).course.id}/results${queryOf(viewOf(req), more)}`);
  };

  async function answer(req: Request, more: object = {}) {
    const visit = visitOf(req);
    return { ...answerOf({ views, visit, sheet: await results.sheet(visit.course) }), ...more };
  }

  async function maxima(visit: Visit): Promise<(column: ControlId) => number> {
    const { columns } = await results.sheet(visit.course);
    return (column) => columns.find(({ id }) => id === column)?.maximum ?? 0;
  }

  /** Only of students of this course: of anybody else no mark is stored. */
  async function ofStudents<M extends Pick<TypedMark, 'sub'>>(
    visit: Visit,
    marks: readonly M[],
  ): Promise<readonly M[]> {
    const known = await participants.find(visit.course, [...new Set(marks.map(({ sub }) => sub))]);
    const own = marks.filter(({ sub }) => known.get(sub)?.role === 'student');
    if (own.length === 0 && marks.length > 0) throw new AppError('not_found', 'not-a-student-here');
    return own;
  }

  async function send(req: Request, res: Response, wishes: readonly SendWish[]): Promise<void> {
    const visit = visitOf(req);
    const labelOf = (column: ControlId) => visit.t(`results:column.${column}`);
    const { queued, left } = await results.send(visit.course, wishes, labelOf);
    const counts = { sent: queued, ...(left > 0 ? { left } : {}) };
    if (!fromScript(req)) {
      back(req, res, counts);
      return;
    }
    const lms = visit.course.lmsName;
    const said =
      left > 0
        ? visit.t('results:notice.left', { count: left, sent: queued, lms })
        : visit.t('results:notice.sent', { count: queued, lms });
    res.json(await answer(req, { said }));
  }

  const router = Router();

  router.get('/results', allow('results:view'), (req, res) => sendPage(req, res));

  router.get('/results/state.json', allow('results:view'), async (req, res) => {
    res.set('Cache-Control', 'no-store').json(await answer(req));
  });

  router.get('/results.csv', allow('results:view'), async (req, res) => {
    const visit = visitOf(req);
    const name = `results-${visit.now.toISOString().slice(0, 10)}.csv`;
    res
      .set({ 'Cache-Control': 'no-store', 'Content-Disposition': `attachment; filename="${name}"` })
      .type('text/csv; charset=utf-8')
      .send(csvOf(visit, await results.sheet(visit.course)));
  });

  router.patch('/results', allow('results:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { column, sub, base, value } = parse(MarkChange, req.body);
    await ofStudents(visit, [{ sub }]);
    const maximum = await results.maximum(visit.course, column);
    const deps = { results, course: visit.course, editor: editorOf(visit), maximumOf: () => maximum };
    const field = `${column} ${sub}`;
    const outcome = await saveMark(deps, { field, column, sub, base, text: value });
    if (outcome.kind === 'fault') {
      res.status(400).json(await answer(req, { fault: faultText(visit, outcome.fault, maximum) }));
    } else if (outcome.kind === 'conflict') {
      const { theirs } = outcome.conflict;
      const sheet = await results.sheet(visit.course);
      const conflict = conflictView(visit, sheet, outcome.conflict, timeZone);
      res.status(409).json(
        await answer(req, {
          conflict: {
            theirs: theirs.value,
            mine: value,
            by: theirs.by.name,
            html: views.fragment(visit, 'results/conflict-part', { conflict }),
          },
        }),
      );
    } else res.json(await answer(req));
  });

  router.post('/results', allow('results:edit'), async (req, res) => {
    const visit = visitOf(req);
    const all = parse(MarksForm, req.body);
    const posted = await ofStudents(visit, all);
    const gone = all.filter((mark) => !posted.includes(mark) && !isUntouched(mark)).length;
    const choice = choiceOf(req.body);
    const marks = posted.flatMap((mark): TypedMark[] => {
      if (!choice || mark.field !== choice.field) return [mark];
      return choice.mine ? [{ ...mark, base: choice.base }] : [];
    });
    const deps = { results, course: visit.course, editor: editorOf(visit), maximumOf: await maxima(visit) };
    const { saved, returned } = await saveMarks(deps, marks);
    if (returned) {
      const subs = [...new Set(posted.map(({ sub }) => sub))];
      await sendPage(req, res, { returned: { ...returned, subs }, status: returned.conflicts.length > 0 ? 409 : 400 });
    } else back(req, res, { saved, ...(gone > 0 ? { gone } : {}) });
  });

  router.post('/results/send', allow('results:send'), (req, res) => send(req, res, parse(SendForm, req.body).marks));

  /** Marks that were refused go once more, with a newer time. */
  router.post('/results/again', allow('results:send'), (req, res) => send(req, res, parse(SendForm, req.body).marks));

  router.post('/results/decide', allow('results:send'), async (req, res) => {
    const visit = visitOf(req);
    const { do: act, column, sub, value, theirs } = parse(DecisionForm, req.body);
    if (act === 'ours') {
      await send(req, res, [{ column, sub, value, ...(theirs === null ? {} : { replacing: theirs }) }]);
      return;
    }
    const notice = await results.keepTheirs(visit.course, { column, sub }, { ours: value, theirs }, editorOf(visit));
    if (fromScript(req))
      res.json(await answer(req, { said: visit.t(`results:notice.${notice}`, { lms: visit.course.lmsName }) }));
    else back(req, res, { notice });
  });

  router.post('/results/maximum', allow('results:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { column, maximum: text } = parse(MaximumForm, req.body);
    const maximum = readMaximum(text);
    if (maximum === undefined) {
      const nothing = { typed: new Map(), faults: new Map(), conflicts: [], subs: [] };
      await sendPage(req, res, { returned: { ...nothing, maximum: { column, text } }, status: 400 });
      return;
    }
    const outcome = await results.setMaximum(visit.course, column, maximum);
    back(req, res, { notice: outcome === 'set' ? 'maximum' : 'fixed' });
  });

  return router;
}
