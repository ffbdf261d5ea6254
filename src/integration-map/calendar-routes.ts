import { Router } from 'express';
import { z } from 'zod';
import type { Course } from '../launch/course.js';
import { allow, visitOf } from '../launch/visit.js';
import { AppError } from '../web/errors.js';
import type { Catalogues } from '../web/i18n.js';
import { limitRequests } from '../web/rate-limit.js';
import type { Views } from '../web/views.js';
import type { PlannedOf } from './agreed.js';
import type { CalendarAddresses } from './calendar-address.js';
import { icalendar } from './ical.js';
import { planCalendar } from './plan-calendar.js';
import { planOf } from './plan-page.js';

export interface CalendarPageDeps {
  readonly views: Views;
  readonly planned: PlannedOf;
  readonly addresses: CalendarAddresses;
}

/** Below the course: the page that tells its students the address. */
export function calendarPageRoutes({ views, planned, addresses }: CalendarPageDeps): Router {
  return Router().get('/plan/calendar', allow('plan:view'), async (req, res) => {
    const visit = visitOf(req);
    const plan = await planned(visit.course);
    const dated = plan !== null && planOf(plan.map).some(({ dates }) => dates !== null);
    const address = dated ? addresses.of(visit.course.id, visit.language) : '';
    views.send(res, visit, {
      view: 'integration-map/calendar',
      title: visit.t('integration-map:calendar.title'),
      tab: 'plan',
      model: { address, open: address.replace(/^https?:/, 'webcal:') },
      scripts: ['copy.js'],
    });
  });
}

export interface CalendarDoorDeps {
  readonly planned: PlannedOf;
  readonly addresses: CalendarAddresses;
  readonly catalogues: Catalogues;
  /** A course that may still be read; nothing where it, its LMS or its deployment is out. */
  readonly courseOf: (id: string) => Promise<Course | undefined>;
  readonly publicUrl: string;
  readonly timeZone: string;
  readonly now: () => Date;
}

/** Calendar programs have no session. They come a few times a day, many of them from one address. */
const PER_MINUTE = 600;
const KEPT_SECONDS = 600;

export function calendarDoor(deps: CalendarDoorDeps): Router {
  const { planned, addresses, catalogues, publicUrl, timeZone } = deps;
  const { hostname } = new URL(publicUrl);
  return Router().get('/calendar/:token.ics', limitRequests(PER_MINUTE), async (req, res) => {
    const asked = addresses.read(z.string().parse(req.params['token']));
    const course = asked && (await deps.courseOf(asked.course));
    const plan = course ? await planned(course) : null;
    if (!asked || !course || !plan) throw new AppError('not_found', 'not-found');
    const { language } = asked;
    const reader = { sub: '', t: catalogues.translator(language), language, timeZone, now: deps.now() };
    const calendar = planCalendar(reader, plan.map, { course: course.id, host: hostname });
    if (calendar.events.length === 0) throw new AppError('not_found', 'not-found');
    res.setHeader('Content-Disposition', 'inline; filename="plan.ics"');
    res.setHeader('Cache-Control', `private, max-age=${KEPT_SECONDS}`);
    res.type('text/calendar; charset=utf-8').send(icalendar(calendar));
  });
}
