import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { allow, editorOf, visitOf, type Visit } from '../launch/visit.js';
import { languageOf, type Catalogues } from '../web/i18n.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { printedMap, type PrintedMap } from './documents/document.js';
import { docxOf } from './documents/docx.js';
import { faultText } from './documents/file-fault.js';
import { attachment } from './documents/file-name.js';
import { mapFile } from './documents/map-file.js';
import { pdfOf } from './documents/pdf.js';
import { readMapFile } from './documents/read-map-file.js';
import { readerOf, theMap } from './from-visit.js';
import type { Maps } from './index.js';
import type { Reader } from './labels.js';
import type { IntegrationMap } from './map.js';
import { planPage } from './plan-page.js';

export interface DocumentRoutesDeps {
  readonly views: Views;
  readonly maps: Maps;
  /** The maps as students see them. */
  readonly followed?: Pick<Maps, 'find'>;
  readonly catalogues: Catalogues;
  readonly timeZone: string;
}

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** Not `lang`: that would change the language of the person's pages too. */
const LanguageQuery = z.object({ language: z.string().optional().catch(undefined) });
const ImportForm = z.object({ text: z.string().default('') });

export function documentRoutes({ views, maps, followed = maps, catalogues, timeZone }: DocumentRoutesDeps): Router {
  const reading = (visit: Visit) => readerOf(visit, timeZone);
  const mapOf = async ({ course }: Visit): Promise<IntegrationMap> => theMap(await maps.find(course));

  const nameOf = ({ t }: Reader, { head }: IntegrationMap) =>
    head.discipline === '' ? t('map-document:file-plain') : t('map-document:file', { discipline: head.discipline });

  /** The map in the language that was asked for, else in that of the person's pages. */
  async function sendDocument(
    req: Request,
    res: Response,
    format: { ending: string; type: string; render: (map: PrintedMap) => Promise<Buffer> },
  ): Promise<void> {
    const visit = visitOf(req);
    const { language } = parse(LanguageQuery, req.query);
    const wished = languageOf(language) ?? visit.language;
    const reader = { ...reading(visit), language: wished, t: catalogues.translator(wished) };
    const map = await mapOf(visit);
    const file = await format.render(printedMap(reader, map));
    const plain = `integration-map-${reader.language}`;
    res
      .set('Content-Disposition', attachment(`${nameOf(reader, map)} (${reader.language})`, plain, format.ending))
      .type(format.type)
      .send(file);
  }

  /** What was sent comes back with the sentence, so that nothing has to be looked for again. */
  function refuse(req: Request, res: Response, status: 400 | 409, problem: string, text: string): void {
    const visit = visitOf(req);
    if (req.accepts(['html', 'json']) === 'json') {
      res.status(status).json({ problem });
      return;
    }
    views.send(res, visit, {
      view: 'integration-map/import',
      title: visit.t('map-document:import.title'),
      tab: 'map',
      model: { problem, text, exists: status === 409 },
      scripts: ['map-import.js'],
      status,
    });
  }

  const router = Router();

  router.get('/map/document.docx', allow('map:view'), (req, res) =>
    sendDocument(req, res, { ending: 'docx', type: WORD, render: docxOf }),
  );

  router.get('/map/document.pdf', allow('map:view'), (req, res) =>
    sendDocument(req, res, { ending: 'pdf', type: 'application/pdf', render: pdfOf }),
  );

  router.get('/map/document.json', allow('map:view'), async (req, res) => {
    const visit = visitOf(req);
    const map = await mapOf(visit);
    res
      .set('Content-Disposition', attachment(nameOf(reading(visit), map), 'integration-map', 'json'))
      .type('json')
      .send(`${JSON.stringify(mapFile(map), null, 2)}\n`);
  });

  /** Where a language is chosen on the page of a refused import. */
  router.get('/map/import', allow('map:edit'), (req, res) => seeOther(res, `/c/${visitOf(req).course.id}/map`));

  router.post('/map/import', allow('map:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { text } = parse(ImportForm, req.body);
    const reader = reading(visit);
    if (await maps.find(visit.course)) {
      refuse(req, res, 409, visit.t('map-document:import.exists'), text);
      return;
    }
    const read = readMapFile(text);
    if ('fault' in read) {
      refuse(req, res, 400, faultText(reader, read.fault), text);
      return;
    }
    if ((await maps.create(visit.course, read.map, editorOf(visit))) === 'exists') {
      refuse(req, res, 409, visit.t('map-document:import.exists'), text);
      return;
    }
    const href = `/c/${visit.course.id}/map?notice=imported`;
    if (req.accepts(['html', 'json']) === 'json') res.json({ href });
    else seeOther(res, href);
  });

  router.get('/plan/print', allow('plan:view'), async (req, res) => {
    const visit = visitOf(req);
    const map = await followed.find(visit.course);
    const model = planPage(reading(visit), map);
    views.send(res, visit, {
      view: map ? 'integration-map/plan-print' : 'integration-map/plan-empty',
      title: visit.t('integration-map:plan.student-title'),
      tab: 'plan',
      model: { ...model, course: visit.course.title },
      scripts: map ? ['print.js'] : [],
    });
  });

  return router;
}
