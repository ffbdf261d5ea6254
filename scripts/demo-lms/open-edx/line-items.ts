import { Router, text, type Request, type Response } from 'express';
import type { Lms } from '../lms.js';
import { queryOf } from '../paging.js';
import { moodleErrorPage, sendJson } from '../refusals.js';
import { faulty, recorded } from '../service-door.js';
import { MEDIA, SCOPE, type LineItem } from '../types.js';
import { isUsageKey } from '../usage-keys.js';
import { itemsOfComponent } from './component.js';
import { itemJson, readItem, type ItemFields } from './line-item-json.js';
import { accepts, allowed, guestAt, wrongMethod } from './service-door.js';

export function itemAsked(lms: Lms, req: Request): LineItem | undefined {
  const { component } = guestAt(req);
  return itemsOfComponent(lms, component).find(({ id }) => id === String(req.params['item']));
}

export const missing = (res: Response): void => void res.status(404).json({ detail: 'Not found.' });

function sendItems(lms: Lms, req: Request, res: Response): void {
  const query = queryOf(req);
  const linkId = query.get('resource_link_id');
  // Nobody catches the parser's exception (fact 0.10); a `+` that is not percent-encoded is a space.
  if (linkId !== null && !isUsageKey(linkId)) return moodleErrorPage(res, 500, 'InvalidKeyError');
  const wanted = (name: string, value: string | undefined) => !query.has(name) || query.get(name) === (value ?? '');
  const items = itemsOfComponent(lms, guestAt(req).component).filter(
    (item) =>
      wanted('resource_link_id', item.resourceLinkId) &&
      wanted('resource_id', item.resourceId) &&
      wanted('tag', item.tag),
  );
  sendJson(
    res,
    MEDIA.lineItems,
    items.map((item) => itemJson(lms, item)),
  );
}

/** Reads what was sent, or answers by itself. */
function fieldsFrom(req: Request, res: Response): ItemFields | undefined {
  const read = readItem(String(req.body));
  if (!('faults' in read)) return read;
  res.status(400).json(read.faults);
  return undefined;
}

function createItem(lms: Lms, req: Request, res: Response): void {
  const fields = fieldsFrom(req, res);
  if (!fields) return;
  const { component, link, tool } = guestAt(req);
  const place = { courseId: link.courseId, toolId: tool.id, pk: component.pk };
  const item: LineItem = { id: lms.world.nextId(), ...place, own: false, ...fields };
  lms.world.lineItems.push(item);
  lms.world.changed();
  sendJson(res.status(201), MEDIA.lineItem, itemJson(lms, item));
}

function sendItem(lms: Lms, req: Request, res: Response): void {
  const item = itemAsked(lms, req);
  if (item) sendJson(res, MEDIA.lineItem, itemJson(lms, item));
  else missing(res);
}

/** What is left out stays as it was. */
function replaceItem(lms: Lms, req: Request, res: Response): void {
  const item = itemAsked(lms, req);
  if (!item) return missing(res);
  const fields = fieldsFrom(req, res);
  if (!fields) return;
  Object.assign(item, fields);
  lms.world.changed();
  sendJson(res, MEDIA.lineItem, itemJson(lms, item));
}

/** Assignment and Grade Services without DELETE, which its permissions never let through (fact 0.4). */
export function lineItemRoutes(lms: Lms): Router {
  const { lineItems, lineItem } = lms.at.routes;
  const reading = allowed(lms, [SCOPE.lineItem, SCOPE.lineItemReadOnly]);
  const writing = allowed(lms, [SCOPE.lineItem]);
  const types = accepts([MEDIA.lineItem, MEDIA.lineItems]);
  const body = [
    (req: Request, res: Response, next: () => void) => {
      if (req.is(MEDIA.lineItem) !== false) next();
      else res.status(415).json({ detail: `Unsupported media type "${req.get('content-type') ?? ''}" in request.` });
    },
    text({ type: () => true, limit: '100kb' }),
  ];
  return Router({ strict: true })
    .all([lineItems, lineItem], recorded(lms, 'lineitems'), faulty(lms, 'lineitems'))
    .get(lineItems, reading, types, (req, res) => sendItems(lms, req, res))
    .post(lineItems, writing, types, body, (req: Request, res: Response) => createItem(lms, req, res))
    .get(lineItem, reading, types, (req, res) => sendItem(lms, req, res))
    .put(lineItem, writing, types, body, (req: Request, res: Response) => replaceItem(lms, req, res))
    .all([lineItems, lineItem], wrongMethod);
}
