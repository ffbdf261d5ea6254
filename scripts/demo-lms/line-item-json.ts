import { isMoodle, type Lms } from './lms.js';
import { record } from './registration-request.js';
import type { LineItem } from './types.js';

const LONGEST_LABEL = 255;

export interface ItemFields extends Pick<
  LineItem,
  'label' | 'maximum' | 'resourceId' | 'tag' | 'resourceLinkId' | 'startDateTime' | 'endDateTime'
> {
  /** The request's own object, for a platform that echoes it. */
  readonly sent: Record<string, unknown>;
}

export interface ItemFault {
  readonly status: 400 | 403 | 404 | 500;
  readonly reason: string;
}

export function itemJson(lms: Lms, item: LineItem, toolId: string): Record<string, unknown> {
  const { label, maximum, resourceId, tag, resourceLinkId, startDateTime, endDateTime } = item;
  const head = { id: lms.at.lineItem(item.courseId, item.id, toolId), label, scoreMaximum: maximum };
  if (isMoodle(lms)) {
    const link = resourceLinkId === undefined ? {} : { resourceLinkId, ltiLinkId: resourceLinkId };
    return { ...head, resourceId: resourceId ?? '', tag: tag ?? '', ...link };
  }
  // JSON leaves out what is not there.
  return { ...head, resourceId, tag, resourceLinkId, startDateTime, endDateTime };
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** PHP's idea of a number: a numeric string passes too. */
export const numeric = (value: unknown): number | undefined => {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
};

const optional = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The maximum, or nothing where this LMS refuses it: Moodle takes 0 and "20", the standard positive numbers only. */
function maximumOf(lms: Lms, value: unknown): number | undefined {
  if (isMoodle(lms)) return numeric(value);
  return typeof value === 'number' && value > 0 ? value : undefined;
}

/** Reads a line item that a tool sent. */
export function readItem(lms: Lms, courseId: string, body: string): ItemFields | ItemFault {
  const sent = record(parseJson(body));
  const label = sent['label'];
  const maximum = maximumOf(lms, sent['scoreMaximum']);
  if (typeof label !== 'string' || label === '' || maximum === undefined)
    return {
      status: 400,
      reason: isMoodle(lms) ? 'No label or Score Maximum' : 'label and a positive scoreMaximum are required',
    };
  if (isMoodle(lms) && Array.from(label).length > LONGEST_LABEL)
    return { status: 500, reason: 'Error writing to database' };
  const resourceLinkId = optional(sent['resourceLinkId']);
  const known = lms.world.links.some((link) => link.courseId === courseId && link.id === resourceLinkId);
  if (resourceLinkId !== undefined && !known)
    return { status: isMoodle(lms) ? 403 : 404, reason: 'The resource link is not of this course' };
  const dates = isMoodle(lms)
    ? {}
    : { startDateTime: optional(sent['startDateTime']), endDateTime: optional(sent['endDateTime']) };
  return {
    sent,
    label,
    maximum,
    resourceId: optional(sent['resourceId']),
    tag: optional(sent['tag']),
    resourceLinkId,
    ...dates,
  };
}
