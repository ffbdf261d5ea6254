import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { readerOf } from '../integration-map/index.js';
import type { Course } from '../launch/course.js';
import { deskVisitOf, type DeskVisit } from '../launch/desk.js';
import { AppError } from '../web/errors.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { approvalPage, queueView } from './approvals-page.js';
import { NOTHING } from './differences.js';
import { AnswerForm, ApprovalQuery } from './forms.js';
import { hasRoleFor, type Agreement } from './index.js';
import { mayAnswer, type GivenRole } from './rules.js';
import type { WholeVersion } from './version.js';
import { courseOf, waitingFor, type WaitingDeps } from './waiting.js';
import { say } from './words.js';

export interface ApprovalRouteDeps extends WaitingDeps {
  readonly views: Views;
  readonly agreement: Agreement;
  readonly timeZone: string;
}

const Place = z.object({ course: z.string().max(40), version: z.coerce.number().int().min(1).max(1_000_000) });
const NOTHING_TYPED = { comment: '', about: 'map', cells: {} };

/** What waits for those whom an administrator of the LMS gave an agreeing role. For everybody else it is not there. */
export function approvalRoutes(deps: ApprovalRouteDeps): Router {
  const { views, agreement, timeZone } = deps;
  async function asked(req: Request): Promise<{
    visit: DeskVisit;
    course: Course;
    version: WholeVersion;
    roles: readonly GivenRole[];
  }> {
    const visit = deskVisitOf(req);
    const place = Place.safeParse(req.params);
    const roles = await agreement.rolesOf(visit.platform.key, visit.person.sub);
    const course = place.success ? await courseOf(deps, visit.platform.key, place.data.course) : undefined;
    if (!place.success || !course || !hasRoleFor(roles, course)) throw new AppError('not_found', 'not-found');
    const version = await agreement.version(course, place.data.version);
    if (!version) throw new AppError('not_found', 'not-found');
    return { visit, course, version, roles };
  }

  async function sendPage(
    req: Request,
    res: Response,
    {
      notice,
      typed = NOTHING_TYPED,
      status = 200,
    }: { notice?: string | undefined; typed?: typeof NOTHING_TYPED; status?: number },
  ): Promise<void> {
    const { visit, course, version, roles } = await asked(req);
    const [versions, base, waiting = []] = await Promise.all([
      agreement.versions(course),
      version.basedOn === null ? undefined : agreement.version(course, version.basedOn),
      waitingFor(deps, visit.platform.key, visit.person.sub),
    ]);
    const model = approvalPage({
      reader: readerOf(visit, timeZone),
      course,
      version,
      versions,
      before: base?.content ?? NOTHING,
      mine: mayAnswer({ version, course, sub: visit.person.sub, roles }, deps.agreeOwnMap),
      waiting,
      notice,
      typed,
    });
    views.sendDesk(res, visit, { view: 'agreement/approval', title: model.title, model, status });
  }

  return Router()
    .get('/approvals', async (req, res) => {
      const visit = deskVisitOf(req);
      const waiting = await waitingFor(deps, visit.platform.key, visit.person.sub);
      if (!waiting) throw new AppError('not_found', 'not-found');
      const { notice } = parse(ApprovalQuery, req.query);
      const reader = readerOf(visit, timeZone);
      const model = {
        notice: notice === undefined ? '' : say(reader, `notice.${notice}`),
        lead: say(reader, 'approvals.lead', { count: waiting.length }),
        queue: queueView(reader, waiting, null),
      };
      views.sendDesk(res, visit, { view: 'agreement/approvals', title: say(reader, 'approvals.title'), model });
    })
    .get('/approvals/:course/:version', async (req, res) => {
      await sendPage(req, res, { notice: parse(ApprovalQuery, req.query).notice });
    })
    .post('/approvals/:course/:version', async (req, res) => {
      const { visit, course, version, roles } = await asked(req);
      const { revision, do: act, about, comment, cell } = parse(AnswerForm, req.body);
      const typed = { comment, about, cells: cell };
      if (version.revision !== revision) return sendPage(req, res, { notice: 'changed', typed, status: 409 });
      const mine = mayAnswer({ version, course, sub: visit.person.sub, roles }, deps.agreeOwnMap);
      if (!('role' in mine)) throw new AppError('forbidden', 'not-allowed');
      const cells = Object.entries(cell).flatMap(([place, text]) => (text === '' ? [] : [{ place, text }]));
      const comments = [
        ...cells,
        ...(comment !== '' && (act === 'return' || about !== 'map') ? [{ place: about, text: comment }] : []),
      ];
      if (act === 'return' && comments.length === 0)
        return sendPage(req, res, { notice: 'no-comment', typed, status: 400 });
      const { sub, name = '' } = visit.person;
      const outcome = await agreement.answer(version, {
        act,
        role: mine.role,
        by: { sub, name },
        at: visit.now,
        comment: about === 'map' ? comment : '',
        comments,
      });
      if (outcome !== 'decided') return sendPage(req, res, { notice: 'changed', typed, status: 409 });
      const said = act === 'return' ? 'returned' : mine.role === 'director' ? 'in-force' : 'agreed';
      seeOther(res, `/my/approvals?notice=${said}`);
    });
}
