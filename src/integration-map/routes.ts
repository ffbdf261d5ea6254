import { Router, type Response } from 'express';
import type { Course } from '../launch/course.js';
import { allow, editorOf, visitOf, type Visit } from '../launch/visit.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { draftOf, type PlannedOf } from './agreed.js';
import { answerFor } from './answer.js';
import { isListRefused, placeAfter, returnedOf } from './form-answer.js';
import { ActRequest, ChangesForm, MapForm, MatrixQuery, SinceQuery, type SentMap } from './forms.js';
import { readerOf, theMap } from './from-visit.js';
import type { Maps } from './index.js';
import { say } from './labels.js';
import type { IntegrationMap } from './map.js';
import { newId } from './new-id.js';
import { USUAL_NORMS, type CheckedBy, type Norms } from './norms.js';
import { noticeOf, noticeOfQuery } from './notices.js';
import { editorPage, NOTHING_RETURNED, readerPage, type Notice } from './page.js';
import { planPage } from './plan-page.js';
import { RESTORING } from './structure.js';
import { startMap, startView, type StartChoice, type StartDeps } from './start.js';

export interface MapRoutesDeps {
  readonly views: Views;
  readonly maps: Maps;
  readonly timeZone: string;
  readonly norms?: Norms;
  /** Do the course's results have a column for the MOOC? */
  readonly moocResult?: (course: Course) => Promise<boolean>;
  readonly taughtBefore?: StartDeps['taughtBefore'];
  readonly planned?: PlannedOf;
  /** That the plan is not as it was applied to the course; nothing as a rule. */
  readonly noteOf?: (visit: Visit) => Promise<object | null>;
  /** A student's own consultations, as lines ready to show. */
  readonly consultationsOf?: (visit: Visit) => Promise<readonly object[]>;
}

export function mapRoutes({
  views,
  maps,
  timeZone,
  norms = USUAL_NORMS,
  moocResult = () => Promise.resolve(false),
  taughtBefore = () => Promise.resolve([]),
  planned = draftOf(maps),
  noteOf = () => Promise.resolve(null),
  consultationsOf = () => Promise.resolve([]),
}: MapRoutesDeps): Router {
  const start: StartDeps = { maps, taughtBefore };
  /** The results are asked only where the answer counts. */
  const checkedBy = async ({ course }: Visit, map: IntegrationMap): Promise<CheckedBy> => ({
    norms,
    moocResult: map.head.model === '3' && (await moocResult(course)),
  });
  const title = (visit: Visit) => visit.t('integration-map:title');

  async function sendEditor(
    res: Response,
    visit: Visit,
    map: IntegrationMap,
    notice: Notice | null,
    returned = NOTHING_RETURNED,
    status = 200,
  ) {
    const [by, note] = await Promise.all([checkedBy(visit, map), noteOf(visit)]);
    const model = { ...editorPage(readerOf(visit, timeZone), map, notice, returned, newId('n'), by), note };
    views.send(res, visit, {
      view: 'integration-map/editor',
      title: title(visit),
      tab: 'map',
      model,
      scripts: ['map-editor.js'],
      status,
    });
  }

  const answerDeps = (visit: Visit, by: CheckedBy, matrix: string | null) => ({
    views,
    visit,
    reader: readerOf(visit, timeZone),
    newId: newId('n'),
    by,
    matrix,
  });

  async function sendEmpty(res: Response, visit: Visit, again?: StartChoice) {
    const mayStart = visit.may('map:edit');
    const model = { mayStart, start: mayStart ? await startView(start, visit, again) : null, problem: null, text: '' };
    const status = again ? 400 : 200;
    views.send(res, visit, {
      view: 'integration-map/empty',
      title: title(visit),
      tab: 'map',
      model,
      scripts: mayStart ? ['map-start.js', 'map-import.js'] : [],
      status,
    });
  }

  async function postMap(res: Response, visit: Visit, sent: SentMap): Promise<void> {
    const reader = readerOf(visit, timeZone);
    const editor = editorOf(visit);
    const { course } = visit;
    if (sent.restore) {
      const { group, id } = sent.restore;
      await maps.act(course, { do: RESTORING[group], id }, editor);
    }
    const changed = theMap(await maps.change(course, sent.changes, editor));
    const outcomes = changed.outcomes.filter((outcome) => !(outcome.kind === 'deleted' && outcome.owner === sent.left));
    const acted = sent.act ? theMap(await maps.act(course, sent.act, editor)) : null;
    if (acted && sent.act && isListRefused(sent.act, acted.outcome)) {
      const { map, outcome } = acted;
      const notice = noticeOf(reader, map, sent.act, outcome, sent.since);
      await sendEditor(res, visit, map, notice, returnedOf(reader, map, sent, outcomes), 400);
      return;
    }
    if (outcomes.every(({ kind }) => kind === 'saved')) {
      seeOther(res, placeAfter(`/c/${course.id}`, sent, acted?.outcome ?? null));
      return;
    }
    const map = acted?.map ?? theMap(await maps.find(course));
    const { lists } = NOTHING_RETURNED;
    const notice = {
      tone: 'warn',
      icon: 'exclamation-triangle-fill',
      text: say(reader, 'notice.problems'),
      undo: null,
    } as const;
    const status = outcomes.some(({ kind }) => kind === 'conflict' || kind === 'deleted') ? 409 : 400;
    await sendEditor(res, visit, map, notice, { ...returnedOf(reader, map, sent, outcomes), lists }, status);
  }

  const router = Router();

  router.get('/map', allow('map:view'), async (req, res) => {
    const visit = visitOf(req);
    const reader = readerOf(visit, timeZone);
    const map = await maps.find(visit.course);
    if (!map) {
      await sendEmpty(res, visit);
    } else if (visit.may('map:edit')) {
      const { matrix } = parse(MatrixQuery, req.query);
      await sendEditor(res, visit, map, noticeOfQuery(reader, map, req.query), { ...NOTHING_RETURNED, matrix });
    } else {
      views.send(res, visit, {
        view: 'integration-map/reader',
        title: title(visit),
        tab: 'map',
        model: readerPage(reader, map, await checkedBy(visit, map)),
      });
    }
  });

  router.post('/map/start', allow('map:edit'), async (req, res) => {
    const visit = visitOf(req);
    const started = await startMap(start, visit, req.body, editorOf(visit));
    if ('again' in started) await sendEmpty(res, visit, started.again);
    else seeOther(res, `/c/${visit.course.id}/map${started.notice === null ? '' : `?notice=${started.notice}`}`);
  });

  router.post('/map', allow('map:edit'), async (req, res) => {
    await postMap(res, visitOf(req), parse(MapForm, req.body));
  });

  router.patch('/map', allow('map:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { since, matrix, changes } = parse(ChangesForm, req.body);
    const { map, outcomes } = theMap(await maps.change(visit.course, changes, editorOf(visit)));
    const deps = answerDeps(visit, await checkedBy(visit, map), matrix);
    res.status(outcomes.every(({ kind }) => kind === 'saved') ? 200 : 409).json(answerFor(deps, map, since, outcomes));
  });

  router.post('/map/act', allow('map:edit'), async (req, res) => {
    const visit = visitOf(req);
    const reader = readerOf(visit, timeZone);
    const { since, matrix, act } = parse(ActRequest, req.body);
    const { map, outcome } = theMap(await maps.act(visit.course, act, editorOf(visit)));
    const notice = noticeOf(reader, map, act, outcome, since);
    const html = notice && views.fragment(visit, 'integration-map/notice', { notice });
    const answer = answerFor(answerDeps(visit, await checkedBy(visit, map), matrix), map, since);
    res.json({ ...answer, outcome, notice: notice && { text: notice.text, html } });
  });

  router.get('/map/changes', allow('map:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { since, matrix, opening } = parse(SinceQuery, req.query);
    const map = theMap(await maps.find(visit.course));
    if (map.revision === since && !opening) {
      res.json({ revision: since });
      return;
    }
    res.json(answerFor(answerDeps(visit, await checkedBy(visit, map), matrix), map, since, [], opening));
  });

  router.get('/plan', allow('plan:view'), async (req, res) => {
    const visit = visitOf(req);
    const [plan, mine] = await Promise.all([planned(visit.course), consultationsOf(visit)]);
    const model = { ...planPage(readerOf(visit, timeZone), plan), mine };
    const view = plan ? 'integration-map/plan-student' : 'integration-map/plan-empty';
    views.send(res, visit, { view, title: visit.t('integration-map:plan.student-title'), tab: 'plan', model });
  });

  return router;
}
