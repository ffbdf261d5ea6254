import type { Visit } from '../launch/visit.js';
import { displayName, type Participant } from '../participants/index.js';
import type { Slot, StageCoverage } from './slot.js';

const tenth = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10);

/** Who is booked, how many seats are free, and how many are missing, for one stage. */
export function coveragePanel(
  { t, course }: Visit,
  coverage: StageCoverage,
  capacity: number,
  slots: readonly Slot[],
  students: readonly Participant[],
) {
  const { stage, booked, freeSeats, missingSeats, taken, draftSeats } = coverage;
  const seated = new Set(
    slots.filter(({ state }) => state === 'published').flatMap(({ bookings }) => bookings.map(({ sub }) => sub)),
  );
  const unbooked = students.filter(({ sub }) => !seated.has(sub));
  const total = students.length;
  const usable = Math.min(freeSeats, unbooked.length);
  const guests = Math.max(0, taken - booked);
  const reach =
    missingSeats > 0
      ? t('consultations:coverage.more', { count: Math.ceil(missingSeats / capacity), capacity })
      : t('consultations:coverage.enough');
  return {
    title: t('consultations:coverage.title', { stage: t(`consultations:stage.${stage}`) }),
    known: total > 0,
    noRoster: t('consultations:coverage.no-roster', { lms: course.lmsName }),
    taken: t('consultations:coverage.taken', { count: taken }),
    booked,
    of: t('consultations:coverage.of', { count: total }),
    free: freeSeats,
    missing: missingSeats,
    bar: {
      booked: tenth(booked, total),
      free: tenth(usable, total),
      freeAt: tenth(booked, total),
      missing: tenth(missingSeats, total),
      missingAt: tenth(booked + usable, total),
      label: t('consultations:coverage.bar', { booked, free: freeSeats, missing: missingSeats }),
    },
    advice:
      unbooked.length === 0
        ? t('consultations:coverage.all')
        : `${t('consultations:coverage.unbooked', { count: unbooked.length })} ${reach}`,
    drafts: missingSeats > 0 && draftSeats > 0 ? t('consultations:coverage.drafts-help', { count: draftSeats }) : '',
    guests: guests > 0 ? t('consultations:coverage.guests', { count: guests }) : '',
    seeWho: unbooked.length > 0 ? t('consultations:coverage.see-who', { count: unbooked.length }) : '',
    unbooked: unbooked.map((student) => displayName(t, student)),
  };
}
