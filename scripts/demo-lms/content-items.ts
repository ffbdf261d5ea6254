import { isMoodle, type Lms } from './lms.js';
import { record } from './registration-request.js';
import type { ContentItem } from './types.js';

const filled = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const MOODLE_MOST = 100;

/** Moodle makes 100 of any maximum that its form would refuse. */
function maximumOf(lms: Lms, value: unknown): number {
  const number = typeof value === 'number' && value > 0 ? value : MOODLE_MOST;
  return isMoodle(lms) && (!Number.isInteger(number) || number > MOODLE_MOST) ? MOODLE_MOST : number;
}

function lineItemOf(lms: Lms, value: unknown): ContentItem['lineItem'] {
  const { scoreMaximum, resourceId, tag } = record(value);
  if (scoreMaximum === undefined) return undefined;
  return { maximum: maximumOf(lms, scoreMaximum), resourceId: filled(resourceId), tag: filled(tag) };
}

/** Each key only where it has a value. */
function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

/** Reads the items of a deep-linking answer; Moodle takes every type for a launch link, the standard only asked ones. */
export function contentItems(lms: Lms, value: unknown): ContentItem[] {
  const items = Array.isArray(value) ? value.map(record) : [];
  return items
    .filter((item) => isMoodle(lms) || item['type'] === 'ltiResourceLink')
    .map((item) => ({
      ...optional('title', filled(item['title'])),
      ...optional('text', filled(item['text'])),
      ...optional('url', filled(item['url'])),
      ...optional('lineItem', lineItemOf(lms, item['lineItem'])),
      custom: Object.fromEntries(
        Object.entries(record(item['custom'])).map(([name, one]) => [
          name,
          typeof one === 'string' ? one : JSON.stringify(one),
        ]),
      ),
    }));
}
