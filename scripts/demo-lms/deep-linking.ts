import { Router, urlencoded, type Request, type Response } from 'express';
import type { JWTPayload } from 'jose';
import { checkAsMoodle, verifySignature } from './assertion.js';
import { contentItems } from './content-items.js';
import { courseById } from './enrolment.js';
import { html } from './html.js';
import { messagePage, page } from './layout.js';
import { deploymentOf, isMoodle, secondsOf, toolById, type Lms } from './lms.js';
import { addOwnItem } from './own-items.js';
import { queryOf } from './paging.js';
import { CLAIM, type ContentItem, type ResourceLink, type Tool } from './types.js';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';

/** Moodle looks at the signature, the expiry and `iss`; the standard at all of it (Deep Linking 2.0, section 4.5). */
function claimFault(lms: Lms, tool: Tool, courseId: string, payload: JWTPayload): string | undefined {
  if (payload.iss !== tool.clientId) return 'iss is not the client id';
  if (isMoodle(lms)) return undefined;
  if (![payload.aud].flat().includes(lms.url)) return 'aud is not this LMS';
  const now = secondsOf(lms.now());
  if (payload.exp === undefined || payload.exp <= now || payload.iat === undefined)
    return 'exp and iat must be there and hold';
  if (payload[`${CLAIM}/message_type`] !== 'LtiDeepLinkingResponse') return 'message_type is wrong';
  if (payload[`${CLAIM}/version`] !== '1.3.0') return 'version is wrong';
  if (payload[`${CLAIM}/deployment_id`] !== deploymentOf(lms, tool, courseById(lms.world, courseId)))
    return 'deployment_id is wrong';
  if (payload[`${DL}/data`] !== `selection-${tool.id}`) return 'data was not returned';
  return undefined;
}

async function checked(lms: Lms, tool: Tool, courseId: string, jwt: string): Promise<JWTPayload | string> {
  try {
    const payload = await verifySignature(lms, tool, jwt);
    if (isMoodle(lms)) checkAsMoodle(lms, payload);
    return claimFault(lms, tool, courseId, payload) ?? payload;
  } catch (error) {
    return error instanceof Error ? error.message : 'The answer cannot be read';
  }
}

function addLink(lms: Lms, courseId: string, tool: Tool, item: ContentItem): void {
  const link: ResourceLink = {
    id: lms.world.nextId(),
    courseId,
    title: item.title ?? tool.name,
    description: item.text ?? '',
    toolId: tool.id,
    ...(item.url === undefined ? {} : { url: item.url }),
    custom: item.custom,
  };
  lms.world.links.push(link);
  if (item.lineItem) addOwnItem(lms.world, link, tool.id, { ...item.lineItem, declared: true });
  lms.world.changed();
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The tool's answer. Nothing is saved until the teacher presses the button, as in Moodle's form. */
async function takeSelection(lms: Lms, req: Request, res: Response): Promise<void> {
  const refuse = (words: string) =>
    res
      .status(400)
      .type('html')
      .send(messagePage(lms, undefined, 'Invalid selection', words));
  const selection = lms.selections.read(queryOf(req).get('sesskey') ?? '');
  const tool = toolById(lms, selection?.toolId);
  if (!selection || !tool) return void refuse('This selection is over.');
  const payload = await checked(lms, tool, selection.courseId, text((req.body as Record<string, unknown>)['JWT']));
  if (typeof payload === 'string') return void refuse(payload);
  const error = text(payload[`${DL}/errormsg`]);
  const items = error === '' ? contentItems(lms, payload[`${DL}/content_items`]) : [];
  const key = lms.selections.issue({ ...selection, items }, 3600);
  const body = html`${error !== '' && html`<div class="alert alert-danger" role="alert">${error}</div>`}
  ${text(payload[`${DL}/msg`]) !== '' && html`<div class="alert alert-info">${text(payload[`${DL}/msg`])}</div>`}
  ${
    items.length === 0
      ? html`<p>Nothing was selected.</p>`
      : html`<ul>
            ${items.map(({ title }) => html`<li>${title ?? tool.name}</li>`)}
          </ul>
          <form method="post" action="/course/${selection.courseId}/links" target="_top">
            <input type="hidden" name="key" value="${key}" />
            <button class="btn btn-primary" type="submit">Save and return to course</button>
          </form>`
  }`;
  res.type('html').send(page(lms, undefined, { title: 'Selected content', body }));
}

function saveSelection(lms: Lms, req: Request, res: Response): void {
  const key = text((req.body as Record<string, unknown>)['key']);
  const selection = lms.selections.take(key);
  const tool = toolById(lms, selection?.toolId);
  const course = courseById(lms.world, selection?.courseId);
  if (!selection || !tool || !course)
    return void res
      .status(400)
      .type('html')
      .send(messagePage(lms, undefined, 'Invalid selection', 'It is over.'));
  for (const item of selection.items ?? []) addLink(lms, course.id, tool, item);
  res.redirect(303, `/course/${course.id}`);
}

/** LTI Deep Linking 2.0. */
export function deepLinkingRoutes(lms: Lms): Router {
  const form = urlencoded({ extended: false, limit: '500kb' });
  return Router()
    .post('/mod/lti/contentitem_return.php', form, (req, res) => takeSelection(lms, req, res))
    .post('/course/:id/links', form, (req, res) => saveSelection(lms, req, res));
}
