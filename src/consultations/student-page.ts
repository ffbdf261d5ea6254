import type { Visit } from '../launch/visit.js';
import { studentNotice } from './notices.js';
import type { StageQuery } from './forms.js';
import { plannedLine, plannedOf } from './planned.js';
import { stagesOf } from './rules.js';
import type { Offer, OwnBooking, PlannedStage, Stage } from './slot.js';
import { dayKey, dayOf, momentOf, placeOf, timesOf, zoneLine, type Reader } from './times.js';

function ownView(reader: Reader, booking: OwnBooking, offers: readonly Offer[], asked: string | undefined) {
  const { t } = reader;
  const { stage, state, slot } = booking;
  const name = t(`consultations:stage.${stage}`);
  const others = offers.filter((offer) => offer.stage === stage && offer.id !== slot);
  const ahead = state === 'booked';
  return {
    slot,
    title: t('consultations:own.title', { stage: name }),
    name,
    booked: ahead,
    cancelled: state === 'cancelled',
    state: t(`consultations:own.${state === 'over' ? 'booked' : state}`),
    when: `${dayOf(booking.startsAt, reader)}, ${timesOf(booking, reader)}`,
    host: booking.hostName,
    where: placeOf(booking.placeKind, booking.room, reader),
    joinUrl: booking.joinUrl,
    choose: t(others.some(({ free }) => free > 0) ? 'consultations:own.choose' : 'consultations:own.wait'),
    changeHref: ahead && others.length > 0 ? `#times-${stage}` : null,
    mayCancel: ahead,
    cancelHref: `?cancel=${slot}#cancel`,
    until: ahead ? t('consultations:own.until', { time: momentOf(booking.startsAt, reader) }) : '',
    confirm:
      ahead && asked === slot
        ? t('consultations:own.confirm-text', { when: momentOf(booking.startsAt, reader) })
        : null,
  };
}

/** The times of one stage; a student who holds a seat moves it, and presses nothing beside the one they have. */
function stageView(reader: Reader, stage: Stage, offers: readonly Offer[], mine: OwnBooking | undefined) {
  const { t } = reader;
  const name = t(`consultations:stage.${stage}`);
  const moving = mine?.state === 'booked';
  const listed = offers.filter((offer) => offer.stage === stage && offer.id !== mine?.slot);
  const free = listed.filter((offer) => offer.free > 0).length;
  // Said only where there is a choice.
  const hosts = new Set(listed.map(({ hostName }) => hostName));
  const days = new Map<string, Offer[]>();
  for (const offer of listed) {
    const key = dayKey(offer.startsAt, reader);
    days.set(key, [...(days.get(key) ?? []), offer]);
  }
  return {
    id: stage,
    title: t(moving ? 'consultations:offer.other-title' : 'consultations:offer.title', { stage: name }),
    count: t('consultations:offer.free', { count: free }),
    noneFree: free === 0,
    from: moving ? mine.slot : null,
    button: t(moving ? 'consultations:offer.move' : 'consultations:offer.book'),
    days: [...days.values()].map((ofDay) => {
      const title = ofDay[0] ? dayOf(ofDay[0].startsAt, reader) : '';
      return {
        title,
        offers: ofDay.map((offer) => ({
          slot: offer.id,
          times: timesOf(offer, reader),
          what: `${title}, ${timesOf(offer, reader)}`,
          where: placeOf(offer.placeKind, offer.room, reader),
          host: hosts.size > 1 ? offer.hostName : '',
          full: offer.free === 0,
          left: t('consultations:offer.left', { count: offer.free }),
        })),
      };
    }),
  };
}

export function studentPage(
  visit: Visit,
  timeZone: string,
  {
    own,
    offers,
    plans,
  }: {
    readonly own: readonly OwnBooking[];
    readonly offers: readonly Offer[];
    readonly plans: readonly PlannedStage[] | null;
  },
  query: StageQuery,
) {
  const { t, language, now } = visit;
  const reader: Reader = { t, language, now, timeZone };
  const of = (stage: Stage) => own.find((booking) => booking.stage === stage);
  const offered = (stage: Stage) => offers.some((offer) => offer.stage === stage && offer.id !== of(stage)?.slot);
  const done = (stage: Stage) => ['over', 'running'].includes(of(stage)?.state ?? '');
  const stages = stagesOf(plans, [...own, ...offers]);
  const open = stages.filter((stage) => offered(stage) && !done(stage));
  return {
    zone: zoneLine(reader),
    notice: studentNotice(reader, query.notice, query.stage, own, offers),
    own: own.filter(({ state }) => state !== 'over').map((booking) => ownView(reader, booking, offers, query.cancel)),
    stages: open.map((stage) => stageView(reader, stage, offers, of(stage))),
    others: stages
      .filter((stage) => !open.includes(stage) && (of(stage) === undefined || of(stage)?.state === 'over'))
      .map((stage) => {
        const past = of(stage);
        return {
          name: t(`consultations:stage.${stage}`),
          over: past !== undefined,
          text: past
            ? t('consultations:others.over', { when: momentOf(past.startsAt, reader) })
            : t('consultations:others.none'),
          planned: past ? '' : plannedLine(reader, plannedOf(plans, stage)),
        };
      }),
  };
}
