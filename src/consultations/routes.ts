import { randomBytes } from 'node:crypto';
import { Router, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { allow, visitOf, type Visit } from '../launch/visit.js';
import type { Participants } from '../participants/index.js';
import { AppError } from '../web/errors.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { BookForm, CancelForm, checkSlot, EditFields, SlotFields, StageForm, StageQuery } from './forms.js';
import type { Consultations } from './index.js';
import { tutorNotice, type StudentNotice, type TutorNotice } from './notices.js';
import { clashesOf, LIMITS, madeOf, slotsInRow } from './rules.js';
import { NOTHING_WRONG, type Returned } from './slot-form.js';
import type { Slot, Stage } from './slot.js';
import { studentPage } from './student-page.js';
import { tutorPage } from './tutor-page.js';

export interface ConsultationRoutesDeps {
  readonly views: Views;
  readonly consultations: Consultations;
  readonly participants: Participants;
  /** In which times are entered and shown. */
  readonly timeZone: string;
}

const SlotParams = z.object({ slot: z.string() });

/** One address, two pages: staff see the slots, students the times they may book. */
const allowEither: RequestHandler = (req, _res, next) => {
  const visit = visitOf(req);
  if (visit.may('slots:view') || visit.may('slots:book')) {
    next();
    return;
  }
  throw new AppError('forbidden', 'not-allowed');
};

const noSuchSlot = () => new AppError('not_found', 'not-found');

function place(visit: Visit, stage: Stage, notice?: TutorNotice | StudentNotice, count?: number): string {
  const query = new URLSearchParams({
    stage,
    ...(notice === undefined ? {} : { notice }),
    ...(count === undefined ? {} : { n: String(count) }),
  });
  return `/c/${visit.course.id}/consultations?${query.toString()}`;
}

export function consultationRoutes({ views, consultations, participants, timeZone }: ConsultationRoutesDeps): Router {
  const hostOf = ({ person }: Visit) => ({ sub: person.sub, name: person.name ?? '' });

  async function sendTutorPage(
    res: Response,
    visit: Visit,
    query: StageQuery,
    back: { added?: Returned; edited?: Returned & { id: string } } = {},
    status = 200,
  ): Promise<void> {
    const { course, now, t } = visit;
    const [{ slots }, plans, students] = await Promise.all([
      consultations.board(course, now),
      consultations.planned(course),
      participants.students(course),
    ]);
    const model = tutorPage(visit, timeZone, {
      slots,
      plans,
      students,
      query,
      notice: tutorNotice(t, query.notice, query.n),
      added: back.added ?? null,
      edited: back.edited ?? null,
      newKey: randomBytes(9).toString('base64url'),
    });
    views.send(res, visit, {
      view: 'consultations/tutor',
      title: t('consultations:title'),
      tab: 'slots',
      model,
      status,
    });
  }

  async function sendStudentPage(res: Response, visit: Visit, query: StageQuery): Promise<void> {
    const { course, now, person, t } = visit;
    const [own, offers, plans] = await Promise.all([
      consultations.own(course, person.sub, now),
      consultations.offers(course, now),
      consultations.planned(course),
    ]);
    const model = studentPage(visit, timeZone, { own, offers, plans }, query);
    views.send(res, visit, { view: 'consultations/student', title: t('consultations:title'), tab: 'booking', model });
  }

  async function slotOf(visit: Visit, params: unknown): Promise<Slot> {
    const slot = await consultations.findSlot(visit.course, parse(SlotParams, params).slot);
    if (!slot) throw noSuchSlot();
    return slot;
  }

  const router = Router();

  router.get('/consultations', allowEither, async (req, res) => {
    const visit = visitOf(req);
    const query = parse(StageQuery, req.query);
    if (visit.may('slots:view')) await sendTutorPage(res, visit, query);
    else await sendStudentPage(res, visit, query);
  });

  router.post('/consultations/slots', allow('slots:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { course, now, person } = visit;
    const typed = parse(SlotFields, req.body);
    const query = parse(StageQuery, { stage: typed.stage });
    const checked = checkSlot(typed, timeZone, now);
    if (!checked.ok) {
      await sendTutorPage(res, visit, query, { added: { ...NOTHING_WRONG, typed, problems: checked.problems } }, 400);
      return;
    }
    const { place: where, capacity } = checked.values;
    const times = slotsInRow(checked.values);
    const { slots } = await consultations.board(course, now);
    const ours = new Set(times.map(({ startsAt }) => madeOf(typed.key, startsAt)));
    const earlier = slots.filter(({ made }) => !ours.has(made));
    const clashes = typed.overlap === 'accepted' ? [] : clashesOf(times, earlier, person.sub);
    if (clashes.length > 0) {
      await sendTutorPage(res, visit, query, { added: { ...NOTHING_WRONG, typed, clashes } }, 409);
      return;
    }
    if (earlier.length + times.length > LIMITS.slots) {
      seeOther(res, place(visit, typed.stage, 'too-many'));
      return;
    }
    const asked = {
      stage: typed.stage,
      times,
      zone: timeZone,
      place: where,
      capacity,
      state: typed.state,
      formKey: typed.key,
    };
    const count = await consultations.addSlots(course, asked, hostOf(visit), now);
    seeOther(res, place(visit, typed.stage, typed.state === 'draft' ? 'added' : 'published', count));
  });

  router.post('/consultations/publish', allow('slots:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { stage } = parse(StageForm, req.body);
    const count = await consultations.publish(visit.course, { stage }, visit.person.sub, visit.now);
    seeOther(res, place(visit, stage, count > 0 ? 'published' : 'none-published', count));
  });

  router.post('/consultations/slots/:slot', allow('slots:edit'), async (req, res) => {
    const visit = visitOf(req);
    const { course, now, person } = visit;
    const slot = await slotOf(visit, req.params);
    const typed = parse(EditFields, req.body);
    const query = parse(StageQuery, { stage: slot.stage, edit: slot.id });
    const again = (returned: Partial<Returned>, status: number) =>
      sendTutorPage(res, visit, query, { edited: { ...NOTHING_WRONG, typed, ...returned, id: slot.id } }, status);
    const checked = checkSlot(typed, timeZone, now);
    if (!checked.ok) return again({ problems: checked.problems }, 400);
    const { place: where, capacity } = checked.values;
    const [time] = slotsInRow(checked.values);
    if (!time) throw new Error('A slot without a time');
    const { slots } = await consultations.board(course, now);
    const clashes = typed.overlap === 'accepted' ? [] : clashesOf([time], slots, slot.host.sub, slot.id);
    if (clashes.length > 0) return again({ clashes }, 409);
    const edit = { ...time, zone: timeZone, place: where, capacity, revision: typed.revision };
    const outcome = await consultations.editSlot(course, slot.id, edit, person.sub, now);
    if (outcome.kind === 'no-such-slot') throw noSuchSlot();
    if (outcome.kind === 'below-taken')
      return again({ problems: { capacity: 'capacity-taken' }, taken: outcome.taken }, 409);
    if (outcome.kind === 'changed') return again({ stale: await slotOf(visit, req.params) }, 409);
    seeOther(res, place(visit, slot.stage, outcome.kind));
  });

  router.post('/consultations/slots/:slot/publish', allow('slots:edit'), async (req, res) => {
    const visit = visitOf(req);
    const slot = await slotOf(visit, req.params);
    const count = await consultations.publish(visit.course, { id: slot.id }, visit.person.sub, visit.now);
    const done = count > 0 || slot.state === 'published';
    seeOther(res, place(visit, slot.stage, done ? 'published' : 'none-published', 1));
  });

  router.post('/consultations/slots/:slot/cancel', allow('slots:edit'), async (req, res) => {
    const visit = visitOf(req);
    const slot = await slotOf(visit, req.params);
    const outcome = await consultations.cancelSlot(visit.course, slot.id, visit.person.sub, visit.now);
    if (outcome.kind === 'no-such-slot') throw noSuchSlot();
    if (outcome.kind === 'cancelled')
      seeOther(res, place(visit, slot.stage, 'slot-cancelled', outcome.affected.length));
    else seeOther(res, place(visit, slot.stage, 'closed'));
  });

  router.post('/consultations/slots/:slot/delete', allow('slots:edit'), async (req, res) => {
    const visit = visitOf(req);
    const slot = await slotOf(visit, req.params);
    const outcome = await consultations.deleteDraft(visit.course, slot.id);
    seeOther(res, place(visit, slot.stage, outcome === 'not-a-draft' ? 'not-a-draft' : 'deleted'));
  });

  router.post('/consultations/bookings', allow('slots:book'), async (req, res) => {
    const visit = visitOf(req);
    const { course, person, now } = visit;
    const { slot: id, from } = parse(BookForm, req.body);
    const slot = await slotOf(visit, { slot: id });
    const outcome = await consultations.book(course, { slot: id, from, sub: person.sub, name: person.name ?? '' }, now);
    if (outcome === 'no-such-slot') throw noSuchSlot();
    seeOther(res, place(visit, slot.stage, outcome));
  });

  router.post('/consultations/bookings/cancel', allow('slots:book'), async (req, res) => {
    const visit = visitOf(req);
    const { slot: id } = parse(CancelForm, req.body);
    const slot = await slotOf(visit, { slot: id });
    const outcome = await consultations.cancelBooking(visit.course, { slot: id, sub: visit.person.sub }, visit.now);
    if (outcome === 'no-such-slot') throw noSuchSlot();
    seeOther(res, place(visit, slot.stage, outcome));
  });

  return router;
}
