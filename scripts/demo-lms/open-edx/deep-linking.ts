import { Router, urlencoded, type Request, type Response } from 'express';
import { mayTeach } from '../enrolment.js';
import { html } from '../html.js';
import { messagePage, page } from '../layout.js';
import type { Lms } from '../lms.js';
import { moodleErrorPage } from '../refusals.js';
import { record } from '../registration-request.js';
import { standingIn } from '../session.js';
import { CLAIM, type SelectedItem } from '../types.js';
import { componentByPk } from './component.js';
import { SignatureRefused, verifyAsOpenEdx } from './tool-keys.js';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const TYPES = ['ltiResourceLink', 'link', 'html', 'image'];
const LONGEST_TITLE = 255;

/** Django's URL check: a name with a dot, an address, or localhost. */
const isUrl = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /\.|^localhost$|^\[/.test(new URL(value).hostname);

const isTitle = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && Array.from(value).length <= LONGEST_TITLE;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const fits = (value: unknown, check: (value: unknown) => boolean): boolean => value === undefined || check(value);

const isSized = (icon: unknown): boolean =>
  typeof record(icon)['width'] === 'number' && typeof record(icon)['height'] === 'number';

/** 400 where the type is looked up, 500 where the serializer's exception is not caught. */
function statusOf(item: Record<string, unknown>): 200 | 400 | 500 {
  if (item['type'] === undefined) return 500;
  if (!TYPES.some((type) => type === item['type'])) return 400;
  const good =
    fits(item['url'], isUrl) &&
    fits(item['title'], isTitle) &&
    fits(item['custom'], isObject) &&
    fits(item['lineItem'], (value) => typeof record(value)['scoreMaximum'] === 'number') &&
    (item['type'] !== 'link' || fits(item['icon'], isSized));
  return good ? 200 : 500;
}

/** `lineItem`, `text`, `icon`, `window` and `iframe` are stored at best, and never used (fact 0.12). */
const selected = ({ title, url, custom }: Record<string, unknown>): SelectedItem => ({
  ...(typeof title === 'string' ? { title } : {}),
  ...(typeof url === 'string' ? { url } : {}),
  ...(isObject(custom) ? { custom: record(custom) } : {}),
});

interface Outcome {
  readonly status: 200 | 400 | 500;
  readonly items: readonly Record<string, unknown>[];
}

/** The signature, its times and the message type are checked; audience, issuer, nonce, deployment and data are not. */
async function read(lms: Lms, pk: string, jwt: string): Promise<Outcome> {
  const place = componentByPk(lms, pk);
  if (!place) return { status: 400, items: [] };
  try {
    const payload = await verifyAsOpenEdx(lms, place.tool, jwt);
    if (payload[`${CLAIM}/message_type`] !== 'LtiDeepLinkingResponse') return { status: 400, items: [] };
    const sent: unknown = payload[`${DL}/content_items`];
    const items = Array.isArray(sent) ? sent.map(record) : [];
    const bad = items.map(statusOf).find((status) => status !== 200);
    return { status: bad ?? 200, items };
  } catch (error) {
    return { status: error instanceof SignatureRefused ? 400 : 500, items: [] };
  }
}

/** Every answer replaces what was selected before: an error message and an empty list too. */
async function takeSelection(lms: Lms, req: Request, res: Response): Promise<void> {
  const pk = String(req.params['component']);
  const place = componentByPk(lms, pk);
  const standing = place && standingIn(lms, req, place.link.courseId);
  if (!place || !standing || !mayTeach(standing.role)) {
    const words = 'Course authors only, with their session.';
    return void res
      .status(403)
      .type('html')
      .send(messagePage(lms, undefined, 'Permission denied', words));
  }
  const { JWT: jwt } = (req.body ?? {}) as { JWT?: unknown };
  const { status, items } = await read(lms, pk, typeof jwt === 'string' ? jwt : '');
  if (status === 500) {
    moodleErrorPage(res, 500, 'Server Error');
    return;
  }
  if (status === 400)
    return void res
      .status(400)
      .type('html')
      .send(messagePage(lms, standing.visitor, 'Invalid selection', 'The tool sent something else.'));
  place.component.selection = items.filter(({ type }) => type === 'ltiResourceLink').map(selected);
  lms.world.changed();
  const title = 'Deep Linking is configured';
  res.type('html').send(page(lms, standing.visitor, { title, body: html`<p>The selected content was saved.</p>` }));
}

/** LTI Deep Linking 2.0, as the component takes it. */
export const deepLinkingRoutes = (lms: Lms): Router =>
  Router().post(
    '/api/lti_consumer/v1/lti/:component/lti-dl/response',
    urlencoded({ extended: false, limit: '500kb' }),
    (req, res) => takeSelection(lms, req, res),
  );
