import { Router } from 'express';
import { deskVisitOf } from '../launch/desk.js';
import { localTime } from '../web/dates.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { GiveForm, RolesQuery, TakeForm } from './forms.js';
import type { Agreement } from './index.js';
import { AGREEING_ROLES } from './rules.js';
import { nameOf, say } from './words.js';

export interface AgreementDeskDeps {
  readonly views: Views;
  readonly agreement: Agreement;
  readonly timeZone: string;
  /** Does a mail server stand behind the reminders? */
  readonly reminds: boolean;
}

const SHOWN_PEOPLE = 100;

/** At the administrator's desk: who may agree maps of the LMS that the administrator came from. */
export function agreementDeskRoutes({ views, agreement, timeZone, reminds }: AgreementDeskDeps): Router {
  return Router()
    .get('/agreement', async (req, res) => {
      const visit = deskVisitOf(req);
      const { search, notice } = parse(RolesQuery, req.query);
      const { platform, language } = visit;
      const [holders, people] = await Promise.all([
        agreement.holders(platform.key),
        agreement.people(platform.key, search, SHOWN_PEOPLE),
      ]);
      const day = (at: Date) =>
        localTime(at, language, timeZone).toLocaleString({ day: 'numeric', month: 'short', year: 'numeric' });
      const model = {
        notice: notice === undefined ? null : { ok: notice !== 'unknown', text: say(visit, `notice.${notice}`) },
        lead: say(visit, 'desk.lead', { lms: platform.lmsName }),
        holders: holders.map(({ id, sub, name, role, scope, at, email }) => ({
          id,
          name: nameOf(visit, name),
          sub,
          role: say(visit, `role.${role}`),
          scope: scope === '' ? say(visit, 'desk.all-courses') : say(visit, 'desk.courses-with', { scope }),
          since: day(at),
          mute: reminds && email === '',
        })),
        reminders: say(visit, reminds ? 'desk.reminders' : 'desk.no-reminders'),
        search,
        people: people.map(({ sub, name }) => ({ sub, text: `${nameOf(visit, name)} · ${sub}` })),
        roles: AGREEING_ROLES.map((role) => ({ value: role, label: say(visit, `role.${role}`) })),
      };
      views.sendDesk(res, visit, {
        view: 'agreement/roles',
        title: visit.t('desk:tab.agreement'),
        tab: 'agreement',
        model,
      });
    })
    .post('/agreement/give', async (req, res) => {
      const { platform, person: by, now } = deskVisitOf(req);
      const { person, role, scope } = parse(GiveForm, req.body);
      const known = await agreement.isKnown(platform.key, person);
      // The director of online education is one for all courses.
      if (known)
        await agreement.give(platform.key, person, { role, scope: role === 'director' ? '' : scope }, by.sub, now);
      seeOther(res, `/desk/agreement?notice=${known ? 'given' : 'unknown'}`);
    })
    .post('/agreement/take', async (req, res) => {
      const taken = await agreement.take(deskVisitOf(req).platform.key, parse(TakeForm, req.body).id);
      seeOther(res, `/desk/agreement?notice=${taken ? 'taken' : 'unknown'}`);
    });
}
