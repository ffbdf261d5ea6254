import type { AllDayEvent, Calendar } from './ical.js';
import { rowName, say, type Reader } from './labels.js';
import type { IntegrationMap } from './map.js';
import { planOf, type PlanRow } from './plan-page.js';
import { placeRows } from './rules.js';

const joined = (parts: readonly (string | null)[], by: string) =>
  parts.filter((part) => part !== null && part !== '').join(by);

/** What a row says of itself: its topic, its tasks, where it takes place. */
const told = (row: PlanRow, topic: string) => joined([topic, row.tasks, row.platform, row.link], '\n');

/**
 * The plan as events of whole weeks: a lecture with its practical classes is one, each consultation and control another. It
 * holds what the plan says and no person; rows without dates are left out.
 */
export function planCalendar(reader: Reader, map: IntegrationMap, { course, host }: { course: string; host: string }) {
  const placed = placeRows(map);
  const plan = new Map(planOf(map).map((row) => [row.id, row]));
  const events = placed.flatMap((place): AllDayEvent[] => {
    const row = plan.get(place.row.id);
    // A practical class stands in its lecture's event.
    if (!row?.dates || place.group !== row.id) return [];
    const name = rowName(reader, place);
    const practical = placed.filter(({ group, row: { id } }) => group === row.id && id !== row.id);
    const below = practical.flatMap((inner) => {
      const own = plan.get(inner.row.id);
      return own ? [told(own, joined([rowName(reader, inner), own.topic], ': '))] : [];
    });
    const week = row.week === null ? '' : say(reader, 'plan.week', { week: row.week });
    const isClass = row.kind === 'lecture' || row.kind === 'practical';
    return [
      {
        uid: `${row.id}.${course}@${host}`,
        first: row.dates.first,
        last: row.dates.last,
        summary: isClass ? joined([week, row.topic.replaceAll('\n', ' ') || name], ' · ') : name,
        description: joined([isClass ? told(row, name) : told(row, row.topic), ...below], '\n\n'),
        link: row.link,
      },
    ];
  });
  return {
    name: map.head.discipline === '' ? say(reader, 'plan.student-title') : map.head.discipline,
    language: reader.language,
    changedAt: map.updatedAt,
    sequence: map.revision,
    events,
  } satisfies Calendar;
}
