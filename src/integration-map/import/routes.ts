import { Router, type Request, type Response } from 'express';
import { allow, editorOf, visitOf, type Visit } from '../../launch/visit.js';
import { parse } from '../../web/parse.js';
import { seeOther } from '../../web/redirect.js';
import type { Views } from '../../web/views.js';
import { readerOf } from '../from-visit.js';
import type { Maps } from '../index.js';
import { liveRows, type IntegrationMap } from '../map.js';
import { newId } from '../new-id.js';
import { beginning } from '../start.js';
import { readCarried } from './carried.js';
import { readingOf, TableForm, type SentTable } from './form.js';
import { MOST, TableRefused, type FileFault } from './limits.js';
import { choosePage, goalOf, previewPage, problemOf, usualWay, type Preview } from './page.js';
import { readTableFile, readTableText } from './read-file.js';
import { draftsOf, rowsOf } from './rows.js';
import type { Table } from './tables.js';
import { receiveUpload, uploadOf } from './upload.js';

export interface TableRoutesDeps {
  readonly views: Views;
  readonly maps: Maps;
  readonly timeZone: string;
}

const PATH = '/map/table';

/** Reads the forms that bring a file. It stands before the check of the token, which is one of their fields. */
export const tableUploads = (): Router => Router().post(PATH, allow('map:edit'), receiveUpload);

async function tablesOf(req: Request, sent: SentTable): Promise<readonly Table[]> {
  const { bytes, tooLarge } = uploadOf(req);
  if (tooLarge) throw new TableRefused('too-large');
  if (bytes.length > 0) return readTableFile(bytes);
  return sent.tables === '' ? readTableText(sent.text) : readCarried(sent.tables);
}

export function tableRoutes({ views, maps, timeZone }: TableRoutesDeps): Router {
  function send(res: Response, visit: Visit, view: string, model: object, status = 200): void {
    views.send(res, visit, {
      view: `integration-map/${view}`,
      title: visit.t('table-import:title'),
      tab: 'map',
      model,
      scripts: ['table-import.js'],
      status,
    });
  }

  async function sendChoose(res: Response, visit: Visit, fault: FileFault | null = null, text = ''): Promise<void> {
    const exists = await maps.exists(visit.course);
    const status = fault === null ? 200 : fault === 'too-large' ? 413 : 400;
    send(res, visit, 'table-import', choosePage(visit, { fault, exists, text }), status);
  }

  /** Nothing where somebody was quicker, and the map is another than the page showed. */
  async function add(visit: Visit, map: IntegrationMap | null, { drafts, how, seed }: Preview) {
    const { course } = visit;
    const rows = rowsOf(drafts, seed);
    const editor = editorOf(visit);
    if (!map) {
      if ((await maps.create(course, beginning(course, rows), editor)) === 'created') return 'added';
      const made = await maps.find(course);
      return made?.rows.some(({ id }) => id === rows[0]?.id) ? 'added' : null;
    }
    const acted = await maps.act(course, { do: 'bring-rows', rows, replace: how === 'replace' }, editor);
    if (acted?.outcome !== 'done' && acted?.outcome !== 'already') return null;
    return how === 'replace' ? 'replaced' : 'added';
  }

  async function answer(res: Response, visit: Visit, sent: SentTable, tables: readonly Table[]): Promise<void> {
    const reader = readerOf(visit, timeZone);
    const map = await maps.find(visit.course);
    const { at, table, reading } = readingOf(tables, sent);
    const seed = sent.do === 'read' ? newId('t') : sent.new;
    const how = sent.how ?? usualWay(map);
    const goal = goalOf(reader, map, how);
    const preview = { tables, at, table, reading, drafts: draftsOf(table, reading, goal), how, seed };
    const problem = sent.do === 'add' ? problemOf(reader, preview, goal) : null;
    const added = sent.do === 'add' && problem === null ? await add(visit, map, preview) : null;
    if (added) {
      seeOther(res, `/c/${visit.course.id}/map?notice=table-${added}`);
      return;
    }
    const said = problem ?? (sent.do === 'add' ? visit.t('table-import:problem.busy') : null);
    const now = said === null ? map : await maps.find(visit.course);
    const model = previewPage(reader, preview, { goal, problem: said, live: now && liveRows(now).length });
    send(res, visit, 'table-import-preview', model, sent.do === 'add' ? 409 : 200);
  }

  return Router()
    .get(PATH, allow('map:edit'), (req, res) => sendChoose(res, visitOf(req)))
    .post(PATH, allow('map:edit'), async (req, res) => {
      const visit = visitOf(req);
      const sent = parse(TableForm, req.body ?? {});
      try {
        await answer(res, visit, sent, await tablesOf(req, sent));
      } catch (error) {
        if (!(error instanceof TableRefused)) throw error;
        await sendChoose(res, visit, error.fault, sent.text.slice(0, MOST.letters));
      }
    });
}
