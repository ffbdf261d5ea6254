import { spanOfDays } from '../web/dates.js';
import type { Place, PlannedStage, Slot, Stage } from './slot.js';
import { dayKey, type Reader } from './times.js';

/** What the map plans for a stage, in words. */
export function plannedView({ t, language }: Pick<Reader, 't' | 'language'>, planned: PlannedStage) {
  const { window, hours, delivery, platform, link } = planned;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  return {
    window: window ? spanOfDays(window.first, window.last, language) : t('consultations:planned.no-window'),
    facts: [
      hours === null ? '' : t('integration-map:totals.hours', { hours: number.format(hours) }),
      delivery ? t(`integration-map:choice.delivery.${delivery}`) : '',
      platform,
    ]
      .filter((fact) => fact !== '')
      .join(' · '),
    link,
  };
}

/** Does the slot begin on a day that the map does not plan for it? */
export function isOutside(slot: Pick<Slot, 'startsAt'>, planned: PlannedStage | undefined, reader: Reader): boolean {
  const day = dayKey(slot.startsAt, reader);
  return planned?.window != null && (day < planned.window.first || day > planned.window.last);
}

/** The first day of the stage's window that is still to come; empty where there is none. */
export function firstDay(planned: PlannedStage | undefined, reader: Reader): string {
  const today = dayKey(reader.now, reader);
  if (!planned?.window || planned.window.last < today) return '';
  return planned.window.first < today ? today : planned.window.first;
}

/** Where a new slot is likely to be; nothing where the map names no place. Only https is a meeting's link. */
export function plannedPlace(planned: PlannedStage | undefined): Place | undefined {
  if (!planned) return undefined;
  const { delivery, platform, link } = planned;
  if (delivery === 'in-class') return { kind: 'room', detail: platform };
  const named = `${platform} ${link ?? ''}`.toLowerCase();
  const kind = (['teams', 'zoom'] as const).find((name) => named.includes(name));
  const detail = link?.startsWith('https:') ? link : '';
  if (kind) return { kind, detail };
  return detail === '' ? undefined : { kind: 'link', detail };
}

/** The line under a stage without slots, for students: never the address to join by. */
export function plannedLine(reader: Pick<Reader, 't' | 'language'>, planned: PlannedStage | undefined): string {
  if (!planned?.window) return '';
  const { window, facts } = plannedView(reader, planned);
  return reader.t('consultations:planned.line', { days: [window, facts].filter((part) => part !== '').join(' · ') });
}

export const plannedOf = (plans: readonly PlannedStage[] | null, stage: Stage): PlannedStage | undefined =>
  plans?.find((planned) => planned.stage === stage);
