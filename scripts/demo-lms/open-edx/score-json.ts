import { numeric } from '../line-item-json.js';
import type { FieldFaults } from './line-item-json.js';

const ACTIVITY = ['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed'];
const GRADING = ['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady'];

const BASIC = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})/;

/** With or without a zone (none is UTC), a date alone, and ISO's basic format; a number is not a time. */
export function timestampOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const extended = value.replace(BASIC, '$1-$2-$3T$4:$5:$6');
  const zoned = /T.*(Z|[+-]\d{2}:?\d{2})$/i.test(extended) || !extended.includes('T') ? extended : `${extended}Z`;
  const ms = /^\d{4}-\d{2}-\d{2}/.test(extended) ? Date.parse(zoned) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

const absent = (value: unknown) => value === undefined || value === null;

/** What the serializer says of a score. */
export function scoreFaults(score: Record<string, unknown>): FieldFaults | undefined {
  const required = ['timestamp', 'activityProgress', 'gradingProgress', 'userId'];
  const faults: Record<string, readonly string[]> = Object.fromEntries(
    required.filter((name) => absent(score[name])).map((name) => [name, ['This field is required.']]),
  );
  if (!absent(score['timestamp']) && timestampOf(score['timestamp']) === undefined)
    faults['timestamp'] = ['Datetime has wrong format.'];
  const maximum = numeric(score['scoreMaximum']);
  if (!absent(score['scoreGiven']) && (maximum === undefined || maximum <= 0))
    faults['scoreMaximum'] = ['scoreMaximum must be a positive number when scoreGiven is there.'];
  return Object.keys(faults).length === 0 ? undefined : faults;
}

/** What nobody catches: the answer is 500, and nothing is stored (fact 0.10). */
export function breaksTheServer(score: Record<string, unknown>): boolean {
  const given = score['scoreGiven'];
  return (
    !ACTIVITY.includes(String(score['activityProgress'])) ||
    !GRADING.includes(String(score['gradingProgress'])) ||
    (!absent(given) && (numeric(given) ?? -1) < 0)
  );
}
