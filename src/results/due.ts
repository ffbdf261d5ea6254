import { DateTime } from 'luxon';
import type { CourseRef } from '../launch/course.js';
import type { ControlId } from './controls.js';

/** The last day of each control, `2026-10-18`, as the applied map has it. */
export type DueDays = (course: CourseRef) => Promise<ReadonlyMap<ControlId, string>>;

/** The last second of a day in this zone, as a line item of the LMS carries it (AGS 2.0, `endDateTime`). */
export const endOfDay = (day: string, zone: string): string | undefined =>
  DateTime.fromISO(day, { zone }).endOf('day').startOf('second').toISO({ suppressMilliseconds: true }) ?? undefined;
