import { randomInt } from 'node:crypto';
import { Router, type Response } from 'express';
import { allow, editorOf, visitOf, type Visit } from '../launch/visit.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { answerFor } from './answer.js';
import { placeAfter, returnedOf } from './form-answer.js';
import { ActRequest, ChangesForm, MapForm, SinceQuery, type SentMap } from './forms.js';
import { readerOf, theMap } from './from-visit.js';
import type { Maps } from './index.js';
import { say } from './labels.js';
import type { IntegrationMap } from './map.js';
import { noticeOf, noticeOfQuery } from './notices.js';
import { editorPage, NOTHING_RETURNED, readerPage, type Notice } from './page.js';
import { planPage } from './plan-page.js';
import { emptyMooc, templateHead, templateRows } from './template.js';

export interface MapRoutesDeps {
  readonly views: Views;
  readonly maps: Maps;
  readonly timeZone: string;
}

const newId = () => `n${Array.from({ length: 9 }, () => randomInt(36).toString(36)).join('')}${randomInt(10)}`;

export function mapRoutes({ views, maps, timeZone }: MapRoutesDeps): Router {
  const title = (visit: Visit) => visit.t('integration-map:title');

  function sendEditor(
    res: Response,
    visit: Visit,
    map: IntegrationMap,
    notice: Notice | null,
    returned = NOTHING_RETURNED,
    status = 200,
  ) {
    const model = editorPage(readerOf(visit, timeZone), map, notice, returned, newId());
    views.send(res, visit, {
      view: 'integration-map/editor',
      title: title(visit),
      tab: 'map',
      model,
      scripts: ['map-editor.js'],
      status,
    });
  }

  async function postMap(res: Response, visit: Visit, sent: SentMap): Promise<void> {
    const reader = readerOf(visit, timeZone);
    const editor = editorOf(visit);
    const { course } = visit;
    if (sent.restore) {
      const { group, id } = sent.restore;
      await maps.act(course, { do: group === 'rows' ? 'restore-row' : 'restore-mooc', id }, editor);
    }
    const { outcomes } = theMap(await maps.change(course, sent.changes, editor));
    const acted = sent.act ? theMap(await maps.act(course, sent.act, editor)) : null;
    if (outcomes.every(({ kind }) => kind === 'saved')) {
      seeOther(res, placeAfter(`/c/${course.id}`, sent, acted?.outcome ?? null));
      return;
    }
    const map = acted?.map ?? theMap(await maps.find(course));
    const notice = {
      tone: 'warn',
      icon: 'exclamation-triangle-fill',
      text: say(reader, 'notice.problems'),
      undo: null,
    } as const;
    const status = outcomes.some(({ kind }) => kind === 'conflict' || kind === 'deleted') ? 409 : 400;
    sendEditor(res, visit, map, notice, returnedOf(reader, map, sent, outcomes), status);
  }

  const router = Router();

  router.get('/map', allow('map:view'), async (req, res) => {
    const visit = visitOf(req);
    const reader = readerOf(visit, timeZone);
    const map = await maps.find(visit.course);
    if (!map) {
      const mayStart = visit.may('map:edit');
      const model = { mayStart, problem: null, text: '' };
      const scripts = mayStart ? ['map-import.js'] : [];
      views.send(res, visit, { view: 'integration-map/empty', title: title(visit), tab: 'map', model, scripts });
    } else if (visit.may('map:edit')) {
      sendEditor(res, visit, map, noticeOfQuery(reader, map, req.query));
    } else {
      views.send(res, visit, {
        view: 'integration-map/reader',
        title: title(visit),
        tab: 'map',
        model: readerPage(reader, map),
      });
    }
  });

  router.post('/map/start', allow('map:edit'), async (req, res) => {
    const visit = visitOf(req);
    const seed = { head: templateHead(visit.course), moocs: [emptyMooc('m1')], rows: templateRows() };
    const outcome = await maps.create(visit.course, seed, editorOf(visit));
    seeOther(res, `/c/${visit.course.id}/map${outcome === 'created' ? '?notice=created' : ''}`);
  });

  router.post('/map', allow('map:edit'), async (req, res) => {
    await postMap(res, visitOf(req), parse(MapForm, req.body));
  });

  router.patch('/map', allow('map:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { since, changes } = parse(ChangesForm, req.body);
    const { map, outcomes } = theMap(await maps.change(visit.course, changes, editorOf(visit)));
    const deps = { views, visit, reader: readerOf(visit, timeZone), newId: newId() };
    res.status(outcomes.every(({ kind }) => kind === 'saved') ? 200 : 409).json(answerFor(deps, map, since, outcomes));
  });

  router.post('/map/act', allow('map:edit'), async (req, res) => {
    const visit = visitOf(req);
    const reader = readerOf(visit, timeZone);
    const { since, act } = parse(ActRequest, req.body);
    const { map, outcome } = theMap(await maps.act(visit.course, act, editorOf(visit)));
    const notice = noticeOf(reader, map, act, outcome, since);
    const html = notice && views.fragment(visit, 'integration-map/notice', { notice });
    const answer = answerFor({ views, visit, reader, newId: newId() }, map, since);
    res.json({ ...answer, outcome, notice: notice && { text: notice.text, html } });
  });

  router.get('/map/changes', allow('map:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { since } = parse(SinceQuery, req.query);
    const map = theMap(await maps.find(visit.course));
    if (map.revision === since) {
      res.json({ revision: since });
      return;
    }
    res.json(answerFor({ views, visit, reader: readerOf(visit, timeZone), newId: newId() }, map, since));
  });

  router.get('/plan', allow('plan:view'), async (req, res) => {
    const visit = visitOf(req);
    const map = await maps.find(visit.course);
    const model = planPage(readerOf(visit, timeZone), map);
    const view = map ? 'integration-map/plan-student' : 'integration-map/plan-empty';
    views.send(res, visit, { view, title: visit.t('integration-map:plan.student-title'), tab: 'plan', model });
  });

  return router;
}
