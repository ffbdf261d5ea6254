import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { SelectionRequest } from './launch.js';
import type { Platform, Platforms } from './platforms.js';

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';

/** One thing that the teacher places in the course: a link to a part of this tool. */
export interface Placement {
  readonly title: string;
  readonly text?: string | undefined;
  /** Carried by the link and sent back at every launch. Names in lower case: Moodle writes others twice. */
  readonly custom: Readonly<Record<string, string>>;
  /** A grade column that the LMS makes with the link. */
  readonly lineItem?: {
    readonly label: string;
    readonly scoreMaximum: number;
    readonly resourceId: string;
    readonly tag: string;
  };
}

/** Moodle refuses to save a maximum that is no whole number up to the site's limit, 100 as it ships. */
const LARGEST_MAXIMUM = 100;
const ANSWER_SECONDS = 300;

/** What became of the teacher's choice, to be posted by the browser: `JWT` to `url` (LTI Deep Linking 2.0, section 4.5). */
export interface SelectionAnswer {
  readonly url: string;
  readonly jwt: string;
}

/** An empty list is a good answer too: nothing was chosen. */
export async function selectionAnswer(
  { platforms, publicUrl, now }: { platforms: Platforms; publicUrl: string; now: () => Date },
  platform: Platform,
  deployment: string,
  request: SelectionRequest,
  placements: readonly Placement[],
): Promise<SelectionAnswer> {
  const { key, kid } = await platforms.signingKey(platform);
  const seconds = Math.floor(now().getTime() / 1000);
  const items = placements.slice(0, request.acceptsMultiple ? undefined : 1).map(({ lineItem, ...item }) => ({
    type: 'ltiResourceLink',
    url: `${publicUrl}/lti/launch`,
    title: item.title,
    ...(item.text === undefined ? {} : { text: item.text }),
    custom: item.custom,
    ...(lineItem === undefined || !request.acceptsLineItem
      ? {}
      : { lineItem: { ...lineItem, scoreMaximum: Math.min(LARGEST_MAXIMUM, Math.ceil(lineItem.scoreMaximum)) } }),
  }));
  const jwt = await new SignJWT({
    nonce: randomUUID(),
    [`${CLAIM}/message_type`]: 'LtiDeepLinkingResponse',
    [`${CLAIM}/version`]: '1.3.0',
    [`${CLAIM}/deployment_id`]: deployment,
    [`${DL}/content_items`]: items,
    ...(request.data === undefined ? {} : { [`${DL}/data`]: request.data }),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(platform.clientId)
    .setAudience(platform.issuer)
    // Moodle and Open edX refuse a clock one second ahead of theirs.
    .setIssuedAt(seconds - 60)
    .setExpirationTime(seconds + ANSWER_SECONDS)
    .sign(key);
  return { url: request.returnUrl, jwt };
}
