import { Router, text, type Request, type Response } from 'express';
import { courseById } from './enrolment.js';
import { itemById, itemsOf, removeItem, rescale } from './gradebook.js';
import { itemJson, readItem, type ItemFields } from './line-item-json.js';
import { isMoodle, type Lms } from './lms.js';
import { brokenLinkHeader, linkHeader, numberIn, queryOf } from './paging.js';
import { refuseService, sendJson, wrongMethod } from './refusals.js';
import { accepts, allowed, consumes, faulty, recorded, tokenOf } from './service-door.js';
import { MEDIA, SCOPE, type LineItem } from './types.js';

const STANDARD_PAGE = 25;

/** The items of a course that this tool sees. */
const visibleItems = (lms: Lms, req: Request): LineItem[] =>
  itemsOf(lms.world, String(req.params['course'])).filter((item) => item.toolId === tokenOf(req).toolId);

/** Moodle does not compare the tool of an item that is asked for by its id. */
export function itemAsked(lms: Lms, req: Request): LineItem | undefined {
  const item = itemById(lms.world, String(req.params['course']), String(req.params['item']));
  return isMoodle(lms) || item?.toolId === tokenOf(req).toolId ? item : undefined;
}

function matching(items: readonly LineItem[], query: URLSearchParams): LineItem[] {
  const wanted = (name: string, value: string | undefined) => !query.get(name) || query.get(name) === (value ?? '');
  return items.filter(
    (item) =>
      wanted('resource_link_id', item.resourceLinkId) &&
      wanted('resource_id', item.resourceId) &&
      wanted('tag', item.tag),
  );
}

function sendItems(lms: Lms, req: Request, res: Response): void {
  const courseId = String(req.params['course']);
  if (!courseById(lms.world, courseId)) return refuseService(lms, req, res, 404, 'Not Found');
  const query = queryOf(req);
  const items = matching(visibleItems(lms, req), query);
  const asked = numberIn(query, 'limit');
  const limit = asked > 0 ? asked : isMoodle(lms) ? Infinity : STANDARD_PAGE;
  const from = numberIn(query, 'from');
  if (items.length > from + limit) {
    query.set('limit', String(limit));
    query.set('from', String(from + limit));
    const [collection = ''] = lms.at.lineItems(courseId, '').split('?');
    const next = `${collection}?${query.toString()}`;
    res.set('Link', isMoodle(lms) ? brokenLinkHeader(next) : linkHeader(next));
  }
  const shown = items.slice(from, from + limit).map((item) => itemJson(lms, item, tokenOf(req).toolId));
  sendJson(res, MEDIA.lineItems, shown);
}

/** Reads what was sent, or answers by itself. */
function fieldsFrom(lms: Lms, req: Request, res: Response): ItemFields | undefined {
  const read = readItem(lms, String(req.params['course']), String(req.body));
  if (!('status' in read)) return read;
  // A label that the database column cannot hold: the exception leaves nothing but the status.
  if (read.status === 500) res.status(500).end();
  else refuseService(lms, req, res, read.status, read.reason);
  return undefined;
}

function createItem(lms: Lms, req: Request, res: Response): void {
  const courseId = String(req.params['course']);
  if (!courseById(lms.world, courseId)) return refuseService(lms, req, res, 404, 'Not Found');
  const fields = fieldsFrom(lms, req, res);
  if (!fields) return;
  const { toolId } = tokenOf(req);
  const { sent, ...stored } = fields;
  const item: LineItem = { id: lms.world.nextId(), courseId, toolId, own: false, ...stored };
  lms.world.lineItems.push(item);
  lms.world.changed();
  // Moodle echoes the request, unknown fields included.
  const body = isMoodle(lms)
    ? { ...sent, id: lms.at.lineItem(courseId, item.id, toolId) }
    : itemJson(lms, item, toolId);
  sendJson(res.status(201), MEDIA.lineItem, body);
}

const missing = (lms: Lms, req: Request, res: Response) =>
  refuseService(lms, req, res, 404, 'Not Found: Line item does not exist');

function sendItem(lms: Lms, req: Request, res: Response): void {
  const item = itemAsked(lms, req);
  if (!item) return missing(lms, req, res);
  sendJson(res, MEDIA.lineItem, itemJson(lms, item, tokenOf(req).toolId));
}

/** A full replacement. Moodle uncouples an item whose link is left out; the standard lets a tool not change the link. */
function replaceItem(lms: Lms, req: Request, res: Response): void {
  const item = itemAsked(lms, req);
  if (!item) return missing(lms, req, res);
  const fields = fieldsFrom(lms, req, res);
  if (!fields) return;
  const { sent, maximum, resourceLinkId, ...rest } = fields;
  rescale(lms.world, item, maximum);
  Object.assign(item, rest, isMoodle(lms) ? { resourceLinkId } : {});
  lms.world.changed();
  const { toolId } = tokenOf(req);
  const body = isMoodle(lms)
    ? { ...sent, id: lms.at.lineItem(item.courseId, item.id, toolId) }
    : itemJson(lms, item, toolId);
  sendJson(res, MEDIA.lineItem, body);
}

function deleteItem(lms: Lms, req: Request, res: Response): void {
  const item = itemAsked(lms, req);
  if (!item) return missing(lms, req, res);
  removeItem(lms.world, item);
  res.status(204).end();
}

/** Assignment and Grade Services 2.0, section 3.2. */
export function lineItemRoutes(lms: Lms): Router {
  const { lineItems, lineItem } = lms.at.routes;
  const doors = (...handlers: ReturnType<typeof allowed>[]) => (isMoodle(lms) ? handlers.reverse() : handlers);
  const reading = allowed(lms, [SCOPE.lineItem, SCOPE.lineItemReadOnly]);
  const writing = allowed(lms, [SCOPE.lineItem]);
  const body = text({ type: () => true, limit: '100kb' });
  return Router()
    .all([lineItems, lineItem], recorded(lms, 'lineitems'), faulty(lms, 'lineitems'))
    .get(lineItems, ...doors(reading, accepts(lms, MEDIA.lineItems, false)), (req, res) => sendItems(lms, req, res))
    .post(lineItems, ...doors(writing, consumes(lms, MEDIA.lineItem)), body, (req, res) => createItem(lms, req, res))
    .get(lineItem, ...doors(reading, accepts(lms, MEDIA.lineItem, false)), (req, res) => sendItem(lms, req, res))
    .put(lineItem, ...doors(writing, consumes(lms, MEDIA.lineItem)), body, (req, res) => replaceItem(lms, req, res))
    .delete(lineItem, writing, (req, res) => deleteItem(lms, req, res))
    .all([lineItems, lineItem], wrongMethod(lms));
}
